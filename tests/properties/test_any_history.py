"""Any history, through the real service and a real store: whatever is sent, every promise holds.

The invariants are those of the reading on reliability, section 4, and are demanded after each
step: of each line (support/demands.py: 2, 3, 4, 6, 7, 8), of the store (support/watch.py: 1, 10
and who may write, 11), of what is sent and asked (support/watched.py: 5, 9, who may read, 11).
Elsewhere or not yet: that the order within a moment changes nothing (9) is in test_looks.py; a
message is not sent yet, so not sent again either (10); no command erases a reference (12).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from random import Random
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy.exc import IntegrityError

from auditflow.audits import Trigger
from auditflow.commands import FORMS
from auditflow.commands.office import OfficeCommand
from auditflow.machines.charts import CHARTS
from auditflow.policy import NAMED
from auditflow.service.reschedule import Moved
from support.checks import NO_ARROW
from support.lives import BEGINNINGS, Life, beginnings, lived, watched
from support.long import daily
from support.values import VALUES

#: So many seeds in each piece; the long run takes other seeds as well.
PIECES, SEEDS = daily(1, long=50), 400
#: Drawn evenly from a seed that Hypothesis draws: its own draws would favour the first choice,
#: which ends an audit at once.
RANDOMS = st.randoms(use_true_random=True)


def every_thing() -> Iterator[str]:
    """All that must have happened in so many histories, for them to be no formality."""
    names = [f"{kind} {event}" for kind, event in FORMS]
    names += [command.name for command in get_args(OfficeCommand)]
    yield from (f"{name} {how}" for name in (*names, "read") for how in ("done", "refused"))
    for kind, chart in CHARTS.items():
        yield from (
            f"{kind} at {state.name}" for state in chart.states.values() if not state.initial
        )
        yield from (f"{kind} {row.event}" for row in chart.rows)
    yield from Trigger
    yield from (f"audit {event}" for event in NO_ARROW)
    yield from ("action correct", "moved", "substitute", "acting for", "repeated")


@pytest.mark.parametrize("piece", range(PIECES))
def test_any_history_keeps_every_promise_and_so_many_are_no_formality(piece: int) -> None:
    beginnings()
    tally = watched().watch.tally
    tally.clear()
    for seed in range(piece * SEEDS, (piece + 1) * SEEDS):
        lived(seed)
    assert [thing for thing in every_thing() if not tally[thing]] == []


def test_every_setting_is_among_those_that_are_drawn() -> None:
    assert set(VALUES) == set(NAMED)


def test_a_failure_says_its_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_life: Life) -> None:
        raise AssertionError("broken")

    monkeypatch.setattr(Life, "ends", broken)
    with pytest.raises(AssertionError, match="broken") as failure:
        lived(7, steps=1)
    assert failure.value.__notes__ == ["seed 7; again: lived(7)"]


# The watch has teeth.


@pytest.mark.parametrize(
    ("broken", "instead", "says"),
    [
        ("unit_of_work.catch_up", lambda audit, *_: (audit, ()), "late and unnoticed"),
        ("unit_of_work.notices_of", lambda *_: [], "nobody is told"),
        ("reschedule.move_deadlines", lambda *_, **__: Moved(), "left where it was"),
        (
            "audit_commands.require_permission, audit_commands.require_transition_roles",
            lambda *_: None,
            "not theirs to touch",
        ),
        ("audit_commands._demand_unchanged", lambda *_: None, "had not seen"),
        ("audit_commands._demand_past", lambda *_: None, "done before"),
        ("unit_of_work.Register.answered", lambda *_: None, "only grows|sent twice"),
        ("unit_of_work.noting_denials", lambda *_: nullcontext(), "left no line|noted or not"),
    ],
)
def test_a_promise_that_is_broken_is_noticed(
    monkeypatch: pytest.MonkeyPatch, broken: str, instead: Any, says: str
) -> None:
    beginnings()
    for name in broken.split(", "):
        monkeypatch.setattr(f"auditflow.service.{name}", instead)
    with pytest.raises((AssertionError, IntegrityError), match=says):
        _many_lived()


def _many_lived() -> None:
    for seed in range(100):
        lived(seed)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audits SET state = 'closed'",
        "UPDATE audits SET facts = replace(facts, 'North', 'South')",
        "UPDATE duties SET due = '2025-01-01' WHERE ended_at IS NULL",
        "UPDATE duties SET started_at = '2025-01-01'",
        "UPDATE escalations SET state = 'resolved'",
        "UPDATE actions SET owner = 'kw2'",
        "DELETE FROM escalation_steps",
        "UPDATE people SET team = 'Able'",
        "UPDATE store SET policy_version = 1",
    ],
)
def test_a_row_that_was_changed_behind_its_back_is_noticed(change: str) -> None:
    image, now = beginnings()[-1]
    life = Life(image, now, Random(0))
    life.is_proved()
    watched().raw.execute(change)
    with pytest.raises(AssertionError):
        life.is_proved()


# The same, drawn by Hypothesis, which makes what fails as short as it can.


class AnyHistory(RuleBasedStateMachine):
    """People send what they like, time passes, the clock looks when it likes."""

    @initialize(random=RANDOMS, beginning=st.sampled_from(range(BEGINNINGS)))
    def begins(self, random: Random, beginning: int) -> None:
        self.life = Life(*beginnings()[beginning], random)

    @rule(random=RANDOMS, times=st.integers(1, 20))
    def people_send(self, random: Random, times: int) -> None:
        self.life.random = random
        for _ in range(times):
            self.life.people_send()

    @rule(random=RANDOMS)
    def the_office_settles(self, random: Random) -> None:
        self.life.random = random
        self.life.office_settles()

    @rule(random=RANDOMS)
    def time_passes(self, random: Random) -> None:
        self.life.random = random
        self.life.time_passes()

    @rule(random=RANDOMS)
    def somebody_reads(self, random: Random) -> None:
        self.life.random = random
        self.life.somebody_reads()

    @rule()
    def somebody_asks(self) -> None:
        self.life.somebody_asks()

    @rule()
    def the_clock_looks(self) -> None:
        self.life.clock_looks()

    def teardown(self) -> None:
        self.life.ends()
        self.life.is_proved()


AnyHistory.TestCase.settings = settings(
    max_examples=daily(20, long=1000),
    stateful_step_count=30,
    deadline=None,
    print_blob=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate, Phase.shrink),
)
TestAnyHistory = AnyHistory.TestCase
