"""The network cuts a connection at COMMIT: what was sent is saved once, and the sender is told."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from auditflow.application import App
from auditflow.commands import ImportCases, SetPolicy, scheduling
from auditflow.commands.office import Case
from auditflow.errors import StoreTrouble
from auditflow.persistence import postgres
from auditflow.service import Service, sweeping
from support import stores
from support.killing import demand_whole_chains, everything
from support.long import daily
from support.office import Office, add, at, planned
from support.proxy import Cut, Proxy

pytestmark = pytest.mark.only("postgres")

CUTS = daily(60, long=200)
NOW = at("2026-03-10 14:00")
Step = Callable[[Service], object]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """One audit under way, and enough drawn for each sweep to have some to remind of."""
    made = Office(tmp_path)
    made.held("2026-03", "2026-03-10", "2026-01-28")
    made.draw("2026-04", "2026-02-02 09:00", size=60)
    made.app.close()
    yield made
    stores.alone(made.url)


@pytest.fixture
def proxy(office: Office) -> Iterator[Proxy]:
    made = Proxy(office.url)
    yield made
    made.close()


def turn(n: int) -> list[Step]:
    """One of each kind: for a list that grows, for an arrow, for the office, for the clock."""
    now = NOW + timedelta(minutes=n)
    action = add("2026-03-001", planned("kw", f"2026-03-{16 + n % 5}"))
    given = scheduling.Distribute(audit=f"2026-04-{n + 1:03d}", auditor="aud")
    policy = SetPolicy(setting="moderation_share", value=str(1 + n % 50), reason=f"Reason {n}.")
    cases = ImportCases(cases=(Case(f"C{n}", "child_in_need", "Able", "kw"),), as_at=now.date())
    return [
        lambda s: s.do(action, by="aud", now=now),
        lambda s: s.do(given, by="qa1", now=now, key=f"key {n}"),
        lambda s: s.do_office(policy, by="qam", now=now),
        lambda s: s.do_office(cases, by="qa1", now=now),
    ]


def turns(count: int) -> list[Step]:
    clock: list[Step] = [lambda s: s.sweep(at("2026-05-05 10:00"))]
    return [step for n in range(count) for step in turn(n)] + clock


def test_what_is_cut_at_commit_is_done_once_and_told(
    office: Office, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 3)
    seed = random.SystemRandom().randrange(1_000_000)
    print(f"seed {seed}")
    chance = random.Random(seed)
    steps = turns(CUTS // 4)
    fresh = stores.Fresh(office.url)
    with closing(App(office.url)) as app:
        for step in steps:
            step(app.service)
    wanted = rows(office)
    fresh.renew()
    proxy.cuts = chance.choices([*Cut, None], k=CUTS * 4)
    with closing(App(proxy.url)) as app:
        for step in steps:
            step(app.service)
    assert proxy.done >= CUTS
    assert rows(office) == wanted
    demand_whole_chains(office.url)
    print(f"{proxy.done} cuts")


@pytest.mark.parametrize(("cut", "kept"), [(Cut.BEFORE, 0), (Cut.AFTER, 1)])
def test_where_nobody_can_be_asked_the_sender_is_told_to_look(
    office: Office, proxy: Proxy, cut: Cut, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "ASKING", 1.0)
    command = add("2026-03-001", planned("kw", "2026-03-31"))
    with closing(App(proxy.url)) as app:
        app.clock()
        proxy.shut, proxy.cuts = True, [cut]
        with pytest.raises(StoreTrouble, match="Look whether it was saved before you try again"):
            app.service.do(command, by="aud", now=NOW, key="form 1")
        proxy.shut = False
        stores.alone(office.url)
        assert len(office.audit("2026-03-001").actions) == kept
        # Whoever does not look but sends the form again does no harm.
        assert app.service.do(command, by="aud", now=NOW, key="form 1").repeated is bool(kept)
        assert len(office.audit("2026-03-001").actions) == 1
    office.app.close()


def rows(office: Office) -> dict[str, list[tuple[object, ...]]]:
    """What the work changes; the numbers of cases have gaps wherever something was taken back."""
    return everything(office.url) | {
        "policy": stores.asked(office.url, "SELECT * FROM policy ORDER BY version"),
        "cases": stores.asked(office.url, "SELECT reference, as_at FROM cases ORDER BY 1"),
    }
