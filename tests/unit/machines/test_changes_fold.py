"""The journal's changes, written as JSON and folded again, give exactly the audit that was."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import fields, replace

from auditflow.audits import Action, Audit, Escalation, Finding, OpenDuty, Role, Trigger
from auditflow.guidance.tool import ELEMENTS, Element, Grade
from auditflow.machines.charts import CHARTS
from auditflow.machines.diff import changes, fold
from support.long import daily
from support.sketches import ACTION, AUDIT, RAISED, day

#: Whole audits take long to make up.
WHOLE = settings(max_examples=daily(15, long=1000))
INSTANTS = st.datetimes(timezones=st.just(UTC))


def built(kind: type[Any], **own: Any) -> st.SearchStrategy[Any]:
    return st.builds(kind, **({f.name: st.from_type(f.type) for f in fields(kind)} | own))


def parts(one: st.SearchStrategy[Any], key: str) -> st.SearchStrategy[tuple[Any, ...]]:
    """Parts in the order of their keys, no key twice, as the system keeps them."""
    found = st.lists(one, max_size=3, unique_by=lambda p: getattr(p, key))
    return found.map(lambda ps: tuple(sorted(ps, key=lambda p: getattr(p, key))))


#: Everything that may be owed by an audit with two actions and two escalations, in its order.
CARDS = [
    (duty.name, kind if not n else f"{kind} {n} level_2" if kind == "escalation" else f"{kind} {n}")
    for kind, chart in CHARTS.items()
    for n in ((0,) if kind == "audit" else (1, 2))
    for duty in chart.duties
]


def owing(cards: set[tuple[str, str]]) -> st.SearchStrategy[tuple[Any, ...]]:
    stands = [card for card in CARDS if card in cards]
    return st.tuples(
        *(
            built(
                OpenDuty,
                duty=st.just(duty),
                subject=st.just(subject),
                overdue_from=INSTANTS,
                raise_from=INSTANTS,
            )
            for duty, subject in stands
        )
    )


def found(elements: set[Element]) -> st.SearchStrategy[tuple[Any, ...]]:
    """A finding for each of these elements, in the order of the tool."""
    keys = [e.key for e in ELEMENTS if e in elements]
    return st.tuples(*(built(Finding, element=st.just(key)) for key in keys))


PARTS: dict[str, st.SearchStrategy[Any]] = {
    "actions": parts(built(Action), "n"),
    "escalations": parts(built(Escalation, overdue_since=st.none() | INSTANTS), "n"),
    "findings": st.sets(st.sampled_from(ELEMENTS), max_size=3).flatmap(found),
    "duties": st.sets(st.sampled_from(CARDS), max_size=3).flatmap(owing),
}
AUDITS = st.builds(
    Audit, **{f.name: PARTS.get(f.name, st.from_type(f.type)) for f in fields(Audit)}
)


def written(changed: dict[str, Any]) -> dict[str, Any]:
    """What is read back from a journal line."""
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(changed))
    return found


@WHOLE
@given(AUDITS)
def test_the_first_line_holds_the_whole_audit(after: Audit) -> None:
    assert fold(None, written(changes(None, after))) == after


@WHOLE
@given(AUDITS, AUDITS)
def test_changes_between_any_two_audits_fold_into_the_second(before: Audit, after: Audit) -> None:
    folded = fold(before, written(changes(before, after)))
    assert folded == after


@WHOLE
@given(AUDITS, st.data())
def test_few_fields_that_differ_are_all_that_is_written(before: Audit, data: st.DataObject) -> None:
    other = data.draw(AUDITS)
    names = data.draw(st.sets(st.sampled_from(Audit.__struct_fields__), max_size=4))
    after = replace(before, **{name: getattr(other, name) for name in names})
    changed = changes(before, after)
    assert set(changed) == {n for n in names if getattr(before, n) != getattr(after, n)}
    assert fold(before, written(changed)) == after


@WHOLE
@given(AUDITS)
def test_nothing_changed_is_nothing_written(audit: Audit) -> None:
    copy = msgspec.convert(msgspec.to_builtins(audit), Audit)
    assert copy == audit
    assert changes(audit, copy) == {}


@WHOLE
@given(st.lists(AUDITS, min_size=2, max_size=4))
def test_a_whole_history_folds_into_its_last_audit(history: list[Audit]) -> None:
    folded: Audit | None = None
    was: Audit | None = None
    for audit in history:
        folded = fold(folded, written(changes(was, audit)))
        was = audit
    assert folded is not None
    assert folded == history[-1]


def test_of_parts_only_those_that_differ_are_written() -> None:
    before = replace(AUDIT, actions=(ACTION, replace(ACTION, n=2), replace(ACTION, n=3)))
    later = replace(ACTION, n=2, state="done", done_on=day("2026-03-16"))
    after = replace(AUDIT, actions=(ACTION, later))
    assert changes(before, after) == {"actions": {"2": later, "3": None}}
    assert fold(before, written(changes(before, after))) == after


def test_a_fact_taken_back_is_written_as_nothing() -> None:
    before = replace(AUDIT, meeting_on=day("2026-03-10"), grade=Grade.GOOD)
    changed = written(changes(before, AUDIT))
    assert changed == {"meeting_on": None, "grade": None}
    assert fold(before, changed) == AUDIT


def test_a_default_given_back_to_a_part_is_written_too() -> None:
    before = replace(AUDIT, escalations=(replace(RAISED, answer="done", done_noted=True),))
    after = replace(AUDIT, escalations=(RAISED,))
    assert fold(before, written(changes(before, after))) == after


def test_what_a_line_says_is_typed_again() -> None:
    raised = replace(RAISED, trigger=Trigger.T8, lapsed=RAISED.level, advised=Grade.INADEQUATE)
    owed = OpenDuty(
        duty="answer",
        subject="escalation 1 level_2",
        role=Role.QA_TEAM,
        owner="",
        since=day("2026-03-10"),
        due=day("2026-03-17"),
        overdue_from=datetime(2026, 3, 18, tzinfo=UTC),
        raise_from=datetime(2026, 3, 18, tzinfo=UTC),
    )
    after = replace(AUDIT, escalations=(raised,), duties=(owed,), grade=Grade.INADEQUATE)
    folded = fold(AUDIT, written(changes(AUDIT, after)))
    assert folded == after
    assert folded.grade is Grade.INADEQUATE
    assert folded.escalations[0].trigger is Trigger.T8
    assert folded.escalations[0].lapsed is folded.escalations[0].level
    assert folded.duties[0].overdue_from.tzinfo is not None


def test_findings_stand_in_the_order_of_the_tool_whatever_a_journal_line_sorts() -> None:
    one, two = Finding("planning_and_review", "a"), Finding("engagement", "b")
    after = replace(AUDIT, findings=(one, two))
    said = msgspec.json.encode(changes(AUDIT, after), order="deterministic")
    assert fold(AUDIT, msgspec.json.decode(said)) == after
