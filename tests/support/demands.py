"""What must hold after each line of a journal, whoever wrote it and whatever was sent."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from auditflow.audits import (
    Audit,
    Escalation,
    OpenDuty,
    Role,
    Trigger,
    cause_of,
)
from auditflow.calendar import due, london_date
from auditflow.machines.charts import CHARTS, DUTIES, facts_of, parts
from auditflow.machines.duties import Rules, instants, limit_of, owner_of
from auditflow.machines.replay import lead
from support.checks import NO_ARROW
from support.line import Line

#: Written out, for the chart under test must not be what it is held to.
EXITS = ("withdrawn", "exempted", "voided")
#: What may still be said of an audit that is closed.
_AFTER_CLOSING = {"reopen", "void", "raise_concern", "rederive", "hand_over"}
_ENDS = {"audit": {"closed", *EXITS}, "action": {"filed", "cancelled"}, "escalation": {"resolved"}}
_DUTIES = {
    (kind, state): [d for d in chart.duties if state in {s.name for s in d.states}]
    for kind, chart in CHARTS.items()
    for state in chart.states
}


def demand_all(line: Line) -> None:
    """Everything that must hold of one line."""
    try:
        for demand in _EACH:
            demand(line)
    except AssertionError as broken:
        broken.add_note(f"audit {line.after.id}, {line.body}")
        raise


def _arrow(line: Line) -> None:
    """The second engine leads this line to the same place (reminders are on no chart)."""
    body = line.body
    if line.event in NO_ARROW:
        assert not line.moves
        return
    led = _led(line.kind, body["before"], line.event, tuple(sorted(body["saw"].items())))
    assert led == body["after"], f"the second engine says {led}"


@lru_cache(maxsize=100_000)
def _led(kind: str, state: str, event: str, saw: tuple[tuple[str, bool], ...]) -> str | None:
    return lead(kind, state, event, dict(saw))


def _times(line: Line) -> None:
    """Nothing is done after it is recorded, nor by people before the audit it arises from."""
    assert line.happened_at <= line.recorded_at
    if line.before is None or line.by_the_clock:
        return
    begun = line.before.held_on or line.before.distributed_on or line.before.drawn_on
    assert begun is not None
    assert london_date(line.happened_at) >= begun, f"done before {begun}"


def _once(line: Line) -> None:
    """Each cause has one escalation, each duty one date; numbers run on."""
    causes = [(e.trigger, e.cause) for e in line.after.escalations]
    assert len(causes) == len(set(causes)), f"raised twice: {causes}"
    assert [e.n for e in line.after.escalations] == list(range(1, len(causes) + 1))


def _owed(line: Line) -> None:
    """Each open thing with a rule has one deadline, and each deadline its thing and owner."""
    owed = [(o.duty, o.subject, o.role, o.owner) for o in line.after.duties]
    assert sorted(owed) == sorted(_to_be_owed(line.after))


def _to_be_owed(audit: Audit) -> Iterator[tuple[str, str, Role, str]]:
    for kind, n, facts, state in parts(audit):
        if audit.set_aside and kind != "escalation":
            continue
        subject = f"{kind} {n}" if n else kind
        if kind == "escalation":
            subject = f"{subject} {state}"
        for duty in _DUTIES.get((kind, state), ()):
            counted = (duty.instead and getattr(facts, duty.instead)) or getattr(facts, duty.since)
            if counted and all(getattr(facts, name) is wanted for name, wanted in duty.guards):
                yield duty.name, subject, *owner_of(duty, facts)


def _moved(line: Line) -> None:
    """A deadline begins as the rules in force give it; it moves for a reason, and that is told."""
    stood = {o.key: o for o in line.before.duties} if line.before else {}
    for owed in line.after.duties:
        old = stood.get(owed.key)
        if old is not None and dates(old) == dates(owed):
            continue
        assert dates(owed) == dates_of(owed, line.after, line.rules)
        if old is None:
            continue
        if old.due != owed.due:
            assert f"{old.duty}|{old.subject}|{old.due}" in line.body["ended"]
        if line.event == "rederive":
            assert not old.missed, f"missed already: {old}"
            assert old.overdue_from > line.recorded_at, f"late already: {old}"
        elif old.since == owed.since:
            assert DUTIES[owed.duty].at_least, f"moved for no reason: {old}, {owed}"
            assert "actions" in line.body["changed"]
    if line.event == "rederive":
        assert set(line.body["changed"]) == {"version", "duties"}


def dates(owed: OpenDuty) -> tuple[date, datetime, datetime]:
    """When it is due, when it is late, when the clock acts."""
    return owed.due, owed.overdue_from, owed.raise_from


def dates_of(owed: OpenDuty, audit: Audit, rules: Rules) -> tuple[date, datetime, datetime]:
    """The same, as the rules of this world give it."""
    duty = DUTIES[owed.duty]
    kind, _, rest = owed.subject.partition(" ")
    facts, _ = facts_of(audit, kind, int(rest.partition(" ")[0] or 0))
    on = owed.since
    if not (duty.instead and getattr(facts, duty.instead)):
        on = due(limit_of(duty, rules), on, rules.calendar)
    if duty.at_least:
        on = max(on, getattr(facts, duty.at_least))
    return on, *instants(duty, on, rules)


def _raised(line: Line) -> None:
    """Raised for what was late then, or for what people said; up one level, once told of it."""
    if line.kind != "escalation" or not line.moves:
        return
    new = line.after.escalation(line.n)
    assert new is not None
    if line.event == "raise":
        _for_cause(line, new)
        return
    assert line.before is not None
    old = line.before.escalation(line.n)
    assert old is not None
    if new.level is not None:
        assert old.level is not None
        assert new.level > old.level, "it came down"
    if line.event == "pass_unanswered":
        assert old.told_on is not None
        assert old.told_on < london_date(line.recorded_at), "two levels in one day"
        assert new.level == (old.level or 0) + 1


def _for_cause(line: Line, new: Escalation) -> None:
    """What was late, what would be (raised by hand), or what people said or graded."""
    owed = line.before.duties if line.before else ()
    late = {cause_of(o.duty, o.subject, o.due): o.missed for o in owed}
    if new.overdue_since is not None:
        assert new.overdue_since <= line.recorded_at
        assert new.cause.removesuffix(" again") in late
    elif new.raised_by:
        assert new.raised_by == line.body["who"]
        assert late[new.cause] is False, "raised by hand when it was late already"
    else:
        said = {f"disagreement {line.after.disagreements}", f"concern {line.after.concerns}"}
        assert new.cause in {*said, "grading 1"}


def _ended(line: Line) -> None:
    """Nothing ends by itself: by a person's word, or with an audit that a person ended."""
    if line.moves and line.body["after"] in _ENDS[line.kind]:
        if line.event != "end_with_audit":
            assert not line.by_the_clock, "the clock ended it"
        else:
            assert line.after.set_aside


def _final(line: Line) -> None:
    """What has ended stays ended, and says why."""
    before, after = line.before, line.after
    if before is None:
        return
    if before.state in _ENDS["audit"] and line.kind == "audit":
        assert line.event in _AFTER_CLOSING
    if before.set_aside:
        assert after.state == before.state
    for old in before.escalations:
        new = after.escalation(old.n)
        assert new is not None
        assert (new.cause, new.trigger, new.raised_on) == (old.cause, old.trigger, old.raised_on)
        if old.state == "resolved":
            assert new == old
        elif new.state == "resolved":
            assert new.resolution, f"ended without a word why: {new}"


_EACH: tuple[Callable[[Line], None], ...] = (
    _arrow, _times, _once, _owed, _moved, _raised, _ended, _final,
)  # fmt: skip


def demand_new(new: Audit, others: Collection[Audit]) -> None:
    """A case is drawn into one audit at a time; each audit is repeated, or replaced, once."""
    if new.repeats is None:
        over = {"closed", *EXITS}
        assert not [a.id for a in others if a.case == new.case and a.state not in over]
    else:
        assert new.repeats not in {a.repeats for a in others}
    if new.substitutes is not None:
        (gone,) = (a for a in others if a.id == new.substitutes)
        assert (gone.state, gone.month) == ("withdrawn", new.month)
        assert new.substitutes not in {a.substitutes for a in others}


def demand_noticed(audit: Audit, now: datetime, passed_over: Iterable[str]) -> None:
    """After the clock acted at `now`: nothing is late unseen, all that must be escalated is."""
    for owed in audit.duties:
        assert owed.missed or owed.raise_from > now, f"late and unnoticed at {now}: {owed}"
        missed = DUTIES[owed.duty].missed
        if owed.missed and isinstance(missed, Trigger):
            cause = cause_of(owed.duty, owed.subject, owed.due)
            told = cause in passed_over or _raised_for(audit, missed, cause)
            assert told, f"missed and not escalated: {owed}"


def _raised_for(audit: Audit, trigger: Trigger, cause: str) -> bool:
    """Whether one was raised for this; by hand for its duty, maybe when that had another date."""
    duty = cause.rpartition(" ")[0]
    return any(
        e.cause == cause or (e.raised_by and e.cause.rpartition(" ")[0] == duty)
        for e in audit.escalations
        if e.trigger is trigger
    )


def demand_rederived(audit: Audit, now: datetime, rules: Rules) -> None:
    """After the rules changed at `now`: what is not late yet is due as they say (TR9)."""
    for owed in audit.duties:
        if not owed.missed and owed.overdue_from > now:
            assert dates(owed) == dates_of(owed, audit, rules), f"left where it was: {owed}"


def moved_by(line: Line, reference: str) -> Iterator[dict[str, Any]]:
    """The deadlines a line moved, as they are told to whoever moved them."""
    stood = {o.key: o for o in line.before.duties} if line.before else {}
    for new in line.after.duties:
        old = stood.get(new.key)
        if old is not None and dates(old) != dates(new):
            yield {
                "audit": reference,
                "duty": old.duty,
                "subject": old.subject,
                "from": old.due.isoformat(),
                "to": new.due.isoformat(),
                "late_from": new.overdue_from.isoformat(),
                "noticed_from": new.raise_from.isoformat(),
                "late_at_once": new.overdue_from <= line.recorded_at,
            }
