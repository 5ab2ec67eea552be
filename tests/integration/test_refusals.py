"""Bad input is refused in words that say what to do, and leaves the store as it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from auditflow.audits import Person, Role
from auditflow.commands import (
    AuditCommand,
    DrawRound,
    ImportCases,
    ImportPeople,
    escalations,
    follow_up,
    meeting,
    scheduling,
)
from auditflow.commands.office import OfficeCommand
from auditflow.errors import AuditflowError, BadInput, NotAllowed, NotFound, Refused
from auditflow.guidance.tool import ELEMENTS, Grade
from support.checks import check_store, dump, rows
from support.office import PEOPLE, Office, add, at, planned

pytestmark = pytest.mark.rules

NOW = "2026-03-10 14:00"
LONG = "x" * 1_000_000


@pytest.fixture
def ref(office: Office) -> str:
    """An audit under way on Tue 10 March 2026, with one action."""
    held = office.held("2026-03", "2026-03-10", "2026-01-28")
    office.do(add(held, planned("kw", "2026-03-30")), "aud", "2026-03-10 12:00")
    return held


Making = Callable[[str], AuditCommand]


def reads_well(refusal: AuditflowError, exit_code: int) -> None:
    """A plain sentence or more, short enough to read, with the exit code the design gives."""
    said = str(refusal)
    assert refusal.exit_code == exit_code
    assert re.search(r"(\.|: auditflow [^.]+)$", said), said
    assert len(said) < 600
    assert "Traceback" not in said


def finding(ref: str, evidence: str = "Seen.", element: str = ELEMENTS[0].key) -> AuditCommand:
    return meeting.RecordFindings(audit=ref, element=element, evidence=evidence)


longest = planned("kw", "2026-03-30", what="Do " + LONG)
CASES: list[tuple[str, Making, str, int, str]] = [
    ("unknown reference", lambda _: finding("2026-03-999"), "aud", 3, "no audit “2026-03-999”"),
    ("no reference", lambda _: finding(""), "aud", 3, "no audit"),
    ("a hostile reference", lambda _: finding("' OR 1=1 --"), "aud", 3, "no audit"),
    ("a reference of 1 MB", lambda _: finding(LONG), "aud", 3, "no audit"),
    ("a reference of half letters", lambda _: finding("\ud800"), "aud", 3, "no audit"),
    ("unknown person", finding, "nobody", 4, "no person “nobody” on the people list"),
    ("no person", finding, "", 4, "--as PERSON"),
    ("a person of half letters", finding, "\udcff", 4, "no person"),
    (
        "unknown auditor",
        lambda r: scheduling.Distribute(audit=r, auditor="nobody"),
        "qa1",
        3,
        "people",
    ),
    (
        "an auditor of half letters",
        lambda r: scheduling.Distribute(audit=r, auditor="\udcff"),
        "qa1",
        3,
        "no person",
    ),
    ("not now", lambda r: follow_up.Verify(audit=r), "qa1", 5, "stands at “Audit under way”"),
    ("something missing", lambda r: meeting.Submit(audit=r), "aud", 5, "a grade is agreed"),
    ("unknown element", lambda r: finding(r, element="seventh"), "aud", 2, "none of the six"),
    ("ASAP", lambda r: add(r, planned("kw", "ASAP")), "aud", 2, "ASAP"),
    ("as soon as", lambda r: add(r, planned("kw", "as soon as possible")), "aud", 2, "not a"),
    ("no date", lambda r: add(r, planned("kw", "")), "aud", 2, "empty"),
    ("no such date", lambda r: add(r, planned("kw", "2026-02-30")), "aud", 2, "not a date"),
    ("a past date", lambda r: add(r, planned("kw", "2026-03-09")), "aud", 5, "is past"),
    ("past all calendars", lambda r: add(r, planned("kw", "9999-12-31")), "aud", 2, "calendar"),
    ("owner the team", lambda r: add(r, planned("the team", "2026-03-30")), "aud", 2, "nobody in"),
    ("no owner", lambda r: add(r, planned("", "2026-03-30")), "aud", 2, "nobody is named"),
    ("two owners", lambda r: add(r, planned("kw and rm", "2026-03-30")), "aud", 2, "more than"),
    ("unknown owner", lambda r: add(r, planned("zoe", "2026-03-30")), "aud", 3, "no person “zoe”"),
    ("a text of 1 MB", lambda r: finding(r, LONG), "aud", 2, "1,000,000 characters"),
    (
        "an action of 1 MB",
        lambda r: add(r, planned("kw", "2026-03-30", what="Do " + LONG)),
        "aud",
        2,
        "characters",
    ),
    ("an owner of 1 MB", lambda r: add(r, planned(LONG, "2026-03-30")), "aud", 3, "no person"),
    ("a date of 1 MB", lambda r: add(r, planned("kw", LONG)), "aud", 2, "not a date"),
    ("an empty text", lambda r: finding(r, " \n\t"), "aud", 2, "is empty"),
    (
        "a control character",
        lambda r: finding(r, "a\x1b[2Jb"),
        "aud",
        2,
        "at place 2",
    ),
    ("a zero", lambda r: finding(r, "a\x00"), "aud", 2, "control character"),
    ("half a letter", lambda r: finding(r, "\ud800"), "aud", 2, "control character"),
    ("no such action", lambda r: follow_up.ApproveDate(audit=r, action=9), "qa1", 3, "no action 9"),
    (
        "no such action to complete",
        lambda r: follow_up.Complete(audit=r, action=9, evidence="Done."),
        "rm",
        3,
        "no action 9",
    ),
    (
        "no such escalation",
        lambda r: escalations.Bypass(audit=r, escalation=9, level=3, reason="Now."),
        "qam",
        3,
        "no escalation 9",
    ),
    ("wrong role", lambda r: meeting.Submit(audit=r), "kw", 4, "is for: Auditor"),
    ("a stranger", lambda r: meeting.Submit(audit=r), "aud2", 3, "no audit"),
    (
        "an exit without a reason",
        lambda r: scheduling.Void(audit=r, reason=""),
        "qam",
        2,
        "is empty",
    ),
    (
        "a meeting that is past",
        lambda r: scheduling.RebookMeeting(audit=r, on=date(2026, 3, 9), reason="Ill."),
        "aud",
        2,
        "is past",
    ),
]


@pytest.mark.parametrize(
    ("made", "by", "exit_code", "words"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_what_is_refused_changes_nothing(
    office: Office, ref: str, made: Making, by: str, exit_code: int, words: str
) -> None:
    kept = dump(office, "access_log")
    with pytest.raises(AuditflowError) as refusal:
        office.do(made(ref), by, NOW)
    assert words in str(refusal.value)
    reads_well(refusal.value, exit_code)
    assert dump(office, "access_log") == kept
    check_store(office, NOW)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("2026-03-10 14:01", "in the future"),
        ("2099-01-01 09:00", "in the future"),
        ("2026-03-09 23:59", "10 March 2026"),
        ("1970-01-01 09:00", "10 March 2026"),
    ],
)
def test_a_moment_that_cannot_be_is_refused(
    office: Office, ref: str, when: str, words: str
) -> None:
    kept = dump(office)
    with pytest.raises(BadInput, match=words) as refusal:
        office.do(finding(ref), "aud", NOW, happened_at=when)
    reads_well(refusal.value, 2)
    assert dump(office) == kept


@pytest.mark.parametrize("said", ["", "good-ish", "5", "Excellent", "good\x00", "G" * 1_000_000])
def test_an_unknown_grade_is_refused_with_the_four(said: str) -> None:
    with pytest.raises(BadInput, match="Outstanding, Good, Requires Improvement, Inadequate"):
        Grade.parse(said)


@pytest.mark.parametrize("said", ["Good", " good ", "REQUIRES  improvement", "inadequate"])
def test_a_grade_is_read_in_any_case(said: str) -> None:
    assert Grade.parse(said) in Grade


def test_a_refusal_of_the_chart_names_what_is_missing(office: Office, ref: str) -> None:
    with pytest.raises(Refused) as refusal:
        office.do(meeting.Submit(audit=ref), "aud", NOW)
    assert refusal.value.guards == ("grading_recorded",)


@pytest.mark.parametrize(
    "label", ["<b>bold</b>", "\\", '"', "'; DROP TABLE audits; --", "Zoë 李 🙂", "=1+1", "a\nb\tc"]
)
def test_any_label_is_kept_as_the_text_it_is(office: Office, ref: str, label: str) -> None:
    office.do(finding(ref, label), "aud", NOW)
    (stored,) = (f for f in office.audit(ref).findings if f.element == ELEMENTS[0].key)
    kept = rows(office, "SELECT body FROM texts WHERE digest = ?", stored.evidence)
    assert kept == [(label,)]
    check_store(office, NOW)


@pytest.mark.both
def test_the_same_command_with_the_same_key_is_done_once(office: Office, ref: str) -> None:
    action = add(ref, planned("kw", "2026-03-31"))
    first = office.do(action, "aud", NOW, key="form-1")
    kept = dump(office)
    again = office.do(action, "aud", "2026-03-10 14:05", key="form-1")
    assert (first.repeated, again.repeated) == (False, True)
    assert again.audit == first.audit
    assert dump(office) == kept
    assert len(office.audit(ref).actions) == 2


def test_the_same_command_without_a_key_is_done_as_often_as_the_chart_allows(
    office: Office, ref: str
) -> None:
    action = add(ref, planned("kw", "2026-03-31"))
    office.do(action, "aud", NOW)
    office.do(action, "aud", NOW)
    assert len(office.audit(ref).actions) == 3
    withdraw = scheduling.Withdraw(audit=ref, reason="The case closed.", without_substitute=True)
    office.do(withdraw, "qa1", NOW)
    kept = dump(office)
    with pytest.raises(Refused, match="Withdrawn"):
        office.do(withdraw, "qa1", NOW)
    assert dump(office) == kept


def test_a_key_is_for_one_audit_and_tells_nothing_to_a_stranger(office: Office, ref: str) -> None:
    other = office.booked("2026-05", "2026-05-12", "2026-03-10")
    office.do(finding(ref), "aud", NOW, key="form-1")
    kept = dump(office, "access_log")
    booking = scheduling.RebookMeeting(audit=other, on=date(2026, 5, 13), reason="Ill.")
    with pytest.raises(BadInput, match="its own key"):
        office.do(booking, "aud", NOW, key="form-1")
    with pytest.raises(NotFound):
        office.do(finding(ref), "kw2", NOW, key="form-1")
    assert dump(office, "access_log") == kept


@pytest.mark.parametrize("key", ["k" * 1_000_000, "\ud800", "a\x00b"])
def test_a_key_that_cannot_be_kept_is_refused(office: Office, ref: str, key: str) -> None:
    kept = dump(office)
    with pytest.raises(BadInput, match="--key") as refusal:
        office.do(finding(ref), "aud", NOW, key=key)
    reads_well(refusal.value, 2)
    assert dump(office) == kept


NEW = Person(id="new", name="New", roles=frozenset({Role.QA_TEAM}))
OF_TOMORROW = ImportCases(cases=(), as_at=date(2026, 3, 11))
OLDER = ImportCases(cases=(), as_at=date(2025, 1, 1))


def drawing(month: str, size: int) -> DrawRound:
    return DrawRound(month=date.fromisoformat(f"{month}-01"), size=size)


OFFICE: list[tuple[str, OfficeCommand, str, type[AuditflowError], str]] = [
    ("people by a key worker", ImportPeople(people=(NEW,)), "kw", NotAllowed, "is for"),
    ("people by nobody", ImportPeople(people=PEOPLE), "zoe", NotAllowed, "no person"),
    ("cases of tomorrow", OF_TOMORROW, "qa1", BadInput, "future"),
    ("older cases", OLDER, "qa1", BadInput, "older"),
    ("a month drawn", drawing("2026-03", 1), "qa1", Refused, "drawn already"),
    ("a month begun", drawing("2026-02", 1), "qa1", BadInput, "not ahead"),
    ("too many", drawing("2026-06", 9), "qa1", BadInput, "more than"),
    ("none", drawing("2026-06", 0), "qa1", BadInput, "--size 0"),
    ("minus one", drawing("2026-06", -1), "qa1", BadInput, "--size -1"),
]


@pytest.mark.parametrize("case", OFFICE, ids=lambda c: c[0])
def test_an_office_command_refused_changes_nothing(
    office: Office, ref: str, case: tuple[str, OfficeCommand, str, type[AuditflowError], str]
) -> None:
    _, command, by, kind, words = case
    kept = dump(office, "access_log")
    with pytest.raises(kind, match=words) as refusal:
        office.app.service.do_office(command, by=by, now=at(NOW))
    reads_well(refusal.value, kind.exit_code)
    assert dump(office, "access_log") == kept
    logged = rows(office, "SELECT person, what, denied FROM access_log WHERE audit_id = 0")
    assert logged == ([(by, command.name, 1)] if kind is NotAllowed else [])


def test_a_draw_without_a_case_list_says_how_to_take_one_in(tmp_path: Path) -> None:
    office = Office(tmp_path)
    draw = DrawRound(month=date(2026, 6, 1), size=1)
    with pytest.raises(Refused, match="auditflow import"):
        office.app.service.do_office(draw, by="qa1", now=at(NOW))
    office.app.close()
