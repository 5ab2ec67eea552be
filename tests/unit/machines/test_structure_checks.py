"""A malformed chart cannot be defined: each mistake is refused in words that name it."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Annotated, Any, cast

import pytest

from auditflow.audits import Guard, Moment, Role, State, Trigger
from auditflow.calendar import WorkingDays
from auditflow.guidance.citation import chosen
from auditflow.machines import notation
from auditflow.machines.notation import (
    Chart,
    ChartClass,
    owe,
)
from auditflow.machines.rows import Up
from auditflow.machines.validation import Malformed

QA = Role.QA_TEAM
WHY = chosen("A chart for tests.")
IDLE = "It is a chart for tests."


#: What follows from an event is said by every line; here it matters to none.
SAYS = "Something follows from it."
move, stay, climb, both = (
    cast("Callable[..., Any]", partial(line, says=SAYS))
    for line in (notation.move, notation.stay, notation.climb, notation.both)
)
decision = partial(notation.decision, says=SAYS)

Make = Callable[[State, State, State], Any]


class Facts:
    ready: Annotated[bool, Guard("it is ready", otherwise="it is not ready")] = True
    willing: Annotated[bool, Guard("they are willing", otherwise="they are not willing")] = True
    asked_on: Annotated[date, Moment("the day it was asked for", "the question")] = date(2026, 3, 2)
    unsaid: bool = True
    one_sided: Annotated[bool, Guard("it is said one way only")] = True


def define(**lines: object) -> ChartClass:
    """A chart of these lines, as a class statement would make it."""
    body = ChartClass.__prepare__("Trial", (Chart,))
    for name, line in ({"title": "A trial", "facts": Facts} | lines).items():
        body[name] = line
    return ChartClass("Trial", (Chart,), body)


def boxes() -> tuple[State, State, State]:
    return (
        State("Asked", QA, initial=True, no_duty_because=IDLE),
        State("Doing", QA, no_duty_because=IDLE),
        State("Ended", QA, ended=True, final=True),
    )


def sound(**more: Make) -> ChartClass:
    """A sound chart of three states, with lines added or put in the place of its own."""
    box = dict(zip(("asked", "doing", "ended"), boxes(), strict=True))
    box |= {name: replaced(*box.values()) for name, replaced in more.items() if name in box}
    asked, doing, ended = box.values()
    lines: dict[str, object] = box | {
        "begin": move(asked, doing, by=QA, cite=WHY),
        "finish": move(doing, ended, by=QA, cite=WHY),
    }
    rest = {name: made(asked, doing, ended) for name, made in more.items() if name not in box}
    return define(**(lines | rest))


def owing(
    *,
    since: str = "asked_on",
    met_by: str = "begin",
    at_least: str = "",
    instead: str = "",
    after: str = "",
    missed: Trigger | Up = Trigger.T9,
) -> Make:
    return lambda asked, _doing, _ended: owe(
        asked,
        "Begin",
        QA,
        WorkingDays(5),
        since,
        met_by,
        missed,
        cite=WHY,
        at_least=at_least,
        instead=instead,
        after=after,
    )


def test_the_sound_chart_is_taken_and_read_in_its_own_order() -> None:
    chart = sound(begin_duty=owing())
    assert [(r.event, r.start, r.end) for r in chart.rows] == [
        ("begin", "asked", "doing"),
        ("finish", "doing", "ended"),
    ]
    assert list(chart.states) == ["asked", "doing", "ended"]
    assert [(d.name, d.guards, d.states[0].name) for d in chart.duties] == [("begin", (), "asked")]


def test_a_stay_a_climb_and_a_reserved_word_become_rows() -> None:
    chart = sound(
        note=lambda asked, doing, _: stay((asked, doing), by=QA, cite=WHY, when="not ready"),
        return_=lambda asked, doing, _: climb((asked, doing), by=QA, cite=WHY, when="ready"),
    )
    assert [(r.event, r.start, r.end, r.guards) for r in chart.rows[2:]] == [
        ("note", "asked", "asked", (("ready", False),)),
        ("note", "doing", "doing", (("ready", False),)),
        ("return", "asked", "doing", (("ready", True),)),
    ]


def test_a_name_said_twice() -> None:
    with pytest.raises(TypeError, match="says “begin” twice"):

        class Twice(Chart):
            title = "Twice"
            facts = Facts
            asked = State("Asked", QA, initial=True, no_duty_because=IDLE)
            ended = State("Ended", QA, ended=True, final=True)
            begin = move(asked, ended, by=QA, cite=WHY)
            begin = move(ended, asked, by=QA, cite=WHY)  # noqa: PIE794 - the mistake itself


def lonely(_asked: State, _doing: State, _ended: State) -> State:
    return State("Lonely", QA, ended=True, final=True)


WRONG: dict[str, tuple[dict[str, Make], str]] = {
    "a state nothing leads to": ({"lonely": lonely}, "nothing leads to “lonely”"),
    "a trap": (
        {"finish": lambda _, doing, __: stay(doing, by=QA, cite=WHY)},
        "“doing” is a trap: no end can be reached from it",
    ),
    "a final state that is left": (
        {"again": lambda asked, _, ended: move(ended, asked, by=QA, cite=WHY)},
        "“ended” is final and yet something leaves it",
    ),
    "two arrows without guards": (
        {
            "begin": lambda asked, doing, ended: decision(
                "Which?", move(asked, doing, by=QA, cite=WHY), move(asked, ended, by=QA, cite=WHY)
            )
        },
        "two arrows of “begin” from “asked” may both apply",
    ),
    "guards that both may hold": (
        {
            "begin": lambda asked, doing, ended: both(
                move(asked, doing, by=QA, when="ready", cite=WHY),
                move(asked, ended, by=QA, when="willing", cite=WHY),
            )
        },
        "two arrows of “begin” from “asked” may both apply",
    ),
    "a guard nobody knows": (
        {"finish": lambda _, doing, end: move(doing, end, by=QA, when="raedy", cite=WHY)},
        "“finish” is guarded by “raedy”, which Facts does not know",
    ),
    "a moment nobody knows": (
        {"begin_duty": owing(since="aksed_on")},
        "“begin” counts from “aksed_on”, which Facts does not know",
    ),
    "a least moment nobody knows": (
        {"begin_duty": owing(at_least="due_no")},
        "“begin” counts from “due_no”, which Facts does not know",
    ),
    "a new date nobody knows": (
        {"begin_duty": owing(instead="revised")},
        "“begin” counts from “revised”, which Facts does not know",
    ),
    "a duty no event meets": (
        {"begin_duty": owing(met_by="bigin")},
        "“begin” is met by “bigin”, which is no event of the chart",
    ),
    "a state in which nothing is owed, and no reason": (
        {"asked": lambda *_: State("Asked", QA, initial=True)},
        "nobody owes anything in “asked”, and it does not say why not",
    ),
    "a guard without words": (
        {"finish": lambda _, doing, end: move(doing, end, by=QA, when="unsaid", cite=WHY)},
        "“finish” is guarded by “unsaid”, which Facts does not know, or not in words",
    ),
    "a moment without words": (
        {"begin_duty": owing(since="unsaid")},
        "“begin” counts from “unsaid”, which Facts does not know, or not in words",
    ),
    "a guard denied without words": (
        {"finish": lambda _, doing, end: move(doing, end, by=QA, when="not one_sided", cite=WHY)},
        "“one_sided” is asked not to hold, and no words say what is then so",
    ),
    "an event without words": (
        {"finish": lambda _, doing, end: notation.move(doing, end, by=QA, cite=WHY)},
        "“finish” does not say what follows from it",
    ),
    "a system arrow that nobody fires": (
        {"tidy": lambda _, doing, __: stay(doing, by=Role.SYSTEM, cite=WHY)},
        "nothing brings “tidy”: it is neither by itself nor at a moment",
    ),
    "a person's arrow that comes by itself": (
        {"tidy": lambda _, doing, __: stay(doing, by=QA, by_itself=True, cite=WHY)},
        "“tidy” comes by itself, and yet it is somebody's to bring",
    ),
    "a duty that nothing can meet where it is owed": (
        {"begin_duty": owing(met_by="finish")},
        "“begin” is owed in “asked”, where nothing can meet it",
    ),
    "a duty of somebody who may not meet it": (
        {
            "begin": lambda asked, doing, _: move(asked, doing, by=Role.QA_MANAGER, cite=WHY),
            "begin_duty": owing(),
        },
        "“begin” is owed by Quality Assurance Team, who may not bring what meets it",
    ),
    "a duty that moves up where nothing leads up": (
        {"begin_duty": owing(missed=Up(event="climb"))},
        "“begin” moves up when missed; nothing leads up from “asked”",
    ),
    "a duty after what is no event": (
        {"begin_duty": owing(met_by="finish", after="bigin")},
        "“begin” comes after “bigin”, which is no event of the chart",
    ),
    "an arrow by a role that cannot exist there": (
        {
            "begin": lambda asked, doing, _: move(
                asked, doing, by=QA, appoints=(Role.AUDITOR,), cite=WHY
            ),
            "early": lambda asked, _, __: stay(asked, by=Role.AUDITOR, cite=WHY),
        },
        "“early” in “asked” is for Auditor, and there is none yet",
    ),
    "a state that waits for a party's consent": (
        {"finish": lambda _, doing, end: move(doing, end, by=Role.JUDGE, cite=WHY)},
        "no post can bring “doing” to an end without a party's consent",
    ),
    "an end that is not said to be one": (
        {"ended": lambda *_: State("Ended", QA, final=True)},
        "“ended” is final and yet not said to have ended",
    ),
    "two beginnings": (
        {"doing": lambda *_: State("Doing", QA, initial=True, no_duty_because=IDLE)},
        "there must be one initial state, not 2",
    ),
    "no beginning": (
        {"asked": lambda *_: State("Asked", QA, no_duty_because=IDLE)},
        "there must be one initial state, not 0",
    ),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_malformed_chart_is_refused_and_told_why(mistake: str) -> None:
    lines, told = WRONG[mistake]
    with pytest.raises(Malformed, match=told):
        sound(**lines)


def test_what_must_come_first_makes_a_duty_sound_before_it_can_be_met() -> None:
    """As the audit is owed while no meeting is booked yet."""
    chart = sound(begin_duty=owing(met_by="finish", after="begin"))
    assert chart.duties[0].after == "begin"


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(Malformed) as refused:
        sound(
            lonely=lonely,
            begin_duty=owing(since="aksed_on", met_by="bigin"),
            again=lambda asked, _, ended: move(ended, asked, by=QA, cite=WHY),
        )
    assert str(refused.value).count(";") == 4


def test_a_family_that_excludes_itself_may_share_an_event() -> None:
    asked, doing, ended = boxes()
    lines = {
        "asked": asked,
        "doing": doing,
        "ended": ended,
        "begin": decision(
            "Which?",
            move(asked, doing, by=QA, when="ready", cite=WHY),
            move(asked, ended, by=QA, when="willing", cite=WHY),
        ),
        "finish": move(doing, ended, by=QA, cite=WHY),
    }
    assert len(define(**lines, exclusive=(("ready", "willing"),)).rows) == 3


@pytest.mark.parametrize("cite", ["Prior, 9", "Nowhere, 1", "Prior, 1; Prior, 77", "", "Prior"])
def test_a_citation_of_nothing_is_refused(cite: str) -> None:
    asked, doing, _ = boxes()
    with pytest.raises(LookupError, match=cite.rpartition("; ")[2] or "guidance"):
        move(asked, doing, by=QA, cite=cite)
