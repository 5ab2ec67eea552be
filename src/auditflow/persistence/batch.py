"""What a step writes: the rows of each table, gathered so that each table is written once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec

from auditflow.audits import SYSTEM, Audit, OpenDuty, level_of
from auditflow.machines.transition import Outcome
from auditflow.persistence import tables
from auditflow.persistence.journal import JournalLine, line_of

_encode = msgspec.json.encode
_audit_of = msgspec.json.Decoder(Audit).decode


class LoadedAudit(NamedTuple):
    """An audit as loaded, with what the row says beside it."""

    audit: Audit
    reference: str
    head: str
    #: When its last line was recorded; the next is not recorded before that.
    recorded_at: datetime | None = None


#: The facts that an audit's row repeats as they are, for lists to ask.
REPEATED = (
    "repeats", "reaudit_due_on", "month", "state", "team", "service", "auditor", "auditor_service",
    "grade_status", "version",
)  # fmt: skip
#: The columns of that row that a step brings up to date besides when it came to its state.
KEPT = (
    *REPEATED, "restricted", "grade", "next_due", "late_from", "escalated", "head",
    "recorded_at", "facts",
)  # fmt: skip
#: The tables that steps are written to, and `update` for the audit's own row, in their order.
WRITTEN = (
    "update", "journal", "texts", "duties", "actions", "escalations", "steps", "places", "outbox",
)  # fmt: skip
#: What an audit is loaded from.
LOADED = tuple(tables.audits.c[n] for n in ("facts", "reference", "head", "recorded_at"))


def loaded_audit(row: Any) -> LoadedAudit:
    """An audit of a row with its facts, reference, head and last moment."""
    at = row.recorded_at
    # A driver gives what it stores: SQLite knows no instants.
    at = datetime.fromisoformat(at) if isinstance(at, str) else at
    return LoadedAudit(_audit_of(row.facts), row.reference, row.head, at)


class Versions(NamedTuple):
    """Which policy and which calendar are in force."""

    policy: int
    calendar: int


class NoticeRow(NamedTuple):
    """One message to be delivered, to a person or to whoever holds a role."""

    audit_id: int
    seq: int
    kind: str
    role: str
    person: str
    subject: str
    deliver_from: datetime


@dataclass(frozen=True, kw_only=True)
class AuditStep:
    """One audit's step, ready to be written: as it was loaded, as it is now, what happened."""

    loaded: LoadedAudit
    audit: Audit
    outcomes: tuple[Outcome, ...]
    notices: Sequence[NoticeRow] = ()
    #: The texts that the step put away, by their digests.
    texts: dict[str, str] = field(default_factory=dict)
    #: By which the command behind it is known if it is sent twice.
    key: str | None = None


def audit_row(
    audit: Audit, head: str, outcomes: tuple[Outcome, ...], recorded_at: datetime
) -> dict[str, Any]:
    """The row of the audit itself, with the whole of it as JSON."""
    return {
        "id": audit.id,
        **{name: getattr(audit, name) for name in REPEATED},
        "restricted": int(audit.restricted),
        "grade": audit.grade.value if audit.grade else "",
        "entered_at": outcomes[-1].attribution.now,
        "next_due": min((o.due for o in audit.duties), default=None),
        "late_from": min((o.overdue_from for o in audit.duties), default=None),
        "escalated": sum(1 for _ in audit.open_escalations()),
        "head": head,
        "recorded_at": recorded_at,
        "facts": _encode(audit).decode(),
    }


class Batch:
    """The rows of many steps, table by table, so that each table is written once."""

    def __init__(self, versions: Versions) -> None:
        self.versions = versions
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in WRITTEN}

    def add(self, step: AuditStep) -> None:
        """Gather the rows of one audit's step."""
        self._cache(step, self._lines(step))
        self.parts(step)
        one = {"audit_id": step.audit.id}
        self.rows["texts"] += [{**one, "digest": d, "body": b} for d, b in step.texts.items()]
        self.rows["outbox"] += [n._asdict() for n in step.notices]

    def _lines(self, step: AuditStep) -> JournalLine:
        head, at, key = step.loaded.head, step.loaded.recorded_at, step.key
        for outcome in step.outcomes:
            # What the clock caught up with comes first; the key is of the command behind it.
            mine = None if outcome.attribution.actor == SYSTEM.id else key
            # A clock set back does not set the history back.
            at = max(outcome.attribution.now, at or outcome.attribution.now)
            line = line_of(outcome, head, self.versions, mine, at)
            key = None if mine else key
            self.rows["journal"].append(line._asdict())
            head = line.hash
        return line

    def _cache(self, step: AuditStep, last: JournalLine) -> None:
        audit = step.audit
        row = audit_row(audit, last.hash, step.outcomes, last.recorded_at)
        moved = [o for o in step.outcomes if o.event.kind == "audit" and o.before != o.after]
        row["entered_at"] = moved[-1].attribution.now if moved else None
        known = step.loaded.audit.version
        was = step.outcomes[0].audit.version - 1 if known else audit.version
        self.rows["update"].append({**{f"new_{k}": v for k, v in row.items()}, "was": was})

    def parts(self, step: AuditStep) -> None:
        """Gather the rows of what an audit owes, its actions and its escalations."""
        audit, one = step.audit, {"audit_id": step.audit.id}
        duties: dict[tuple[str, str, date], dict[str, Any]] = {}
        for outcome in step.outcomes:
            for owed in _parts(outcome, "duties"):
                duties[owed.duty, owed.subject, owed.due] = _duty(audit.id, owed, outcome)
            for owed, how in outcome.ended:
                duties[owed.duty, owed.subject, owed.due] = _duty(audit.id, owed, outcome, how)
        self.rows["duties"] += duties.values()
        changed = {p.n for o in step.outcomes for p in _parts(o, "actions")}
        self.rows["actions"] += [{**one, **_action(a)} for a in audit.actions if a.n in changed]
        if any(_PLACES & o.changed.keys() for o in step.outcomes):
            self.rows["places"] += [{**one, "person": p} for p in audit.placed]
        risen = {p.n for o in step.outcomes for p in _parts(o, "escalations")}
        told = [{**one, **_escalation(e)} for e in audit.escalations if e.n in risen]
        self.rows["escalations"] += told
        self.rows["steps"] += [
            {**one, "n": o.event.n, "level": level.value, "told_on": o.attribution.today}
            for o in step.outcomes
            if o.event.kind == "escalation" and o.before != o.after and (level := level_of(o.after))
        ]


#: The facts that name the people with a place in an audit.
_PLACES = frozenset(
    {"auditor", "key_worker", "responsible_manager", "line_manager", "moderator", "actions"}
)
#: What the rows of a duty, an action and an escalation repeat as it is.
_OWED = ("duty", "subject", "due", "owner", "since", "overdue_from", "raise_from")
_ACTION = ("n", "state", "owner", "due_on", "original_due_on", "done_on", "filed_on")
_ESCALATION = (
    "n", "cause", "state", "raised_on", "overdue_since", "told_on", "answer", "held_until",
    "resolution", "resolved_on",
)  # fmt: skip


def _parts(outcome: Outcome, name: str) -> Iterable[Any]:
    """The parts that the event made or changed; the first line of an audit holds them whole."""
    found = outcome.changed.get(name, {})
    return (p for p in (found.values() if isinstance(found, dict) else found) if p is not None)


def _duty(audit_id: int, owed: OpenDuty, outcome: Outcome, ending: str = "") -> dict[str, Any]:
    now = outcome.attribution.now
    return {
        "audit_id": audit_id,
        **{name: getattr(owed, name) for name in _OWED},
        "role": owed.role.value,
        "started_at": now,
        "missed_at": now if owed.missed else None,
        "ended_at": now if ending else None,
        "ending": ending,
        "met_at": outcome.attribution.happened_at if ending == "met" else None,
    }


def _action(action: Any) -> dict[str, Any]:
    return {"immediate": int(action.immediate), **{n: getattr(action, n) for n in _ACTION}}


def _escalation(escalation: Any) -> dict[str, Any]:
    said = {n: getattr(escalation, n) for n in _ESCALATION}
    return {"trigger": escalation.trigger.value, **said}
