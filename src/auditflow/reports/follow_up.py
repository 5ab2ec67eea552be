"""Questions 14 to 17: immediate actions, supervision, agreed actions, and who owes what."""

from collections import Counter
from collections.abc import Iterator

from auditflow.audits import Action, Role
from auditflow.machines.charts import DUTIES
from auditflow.queries.board import soon
from auditflow.reports.data import ReportData, Seen
from auditflow.reports.tables import Table, by_date, listed, share, totals


def immediate_actions(data: ReportData) -> tuple[Table, ...]:
    """14: immediate actions due today, soon and overdue; how many were done in time."""
    until = soon(data.reading)
    owed = list(data.owed("immediate_action"))
    late = sum(data.overdue(o) for _, o in owed)
    today = sum(o.due == data.today for _, o in owed)
    near = sum(data.today < o.due and o.overdue_from <= until for _, o in owed)
    judged = [in_time(data, s, a) for s, a in data.actions(immediate=True)]
    done, of = _in_time(judged)
    rows = [(s.reference, o.subject, data.name(o.owner), o.due, data.overdue(o)) for s, o in owed]
    columns = ("Due today", "Due soon", "Overdue", "Done in time", "Of", "%")
    return (
        totals("Immediate actions", columns, [(today, near, late, done, of, share(done, of))]),
        listed("Open", ("Audit", "Action", "Owner", "Due", "Overdue"), rows),
    )


def _in_time(judged: list[bool | None]) -> tuple[int, int]:
    """How many were in time, of those of which it is known."""
    return judged.count(True), len(judged) - judged.count(None)


def in_time(data: ReportData, s: Seen, a: Action) -> bool | None:
    """Whether an immediate action was done within its limit; None while there still is time."""
    assert s.audit.held_on is not None
    return data.in_time("immediate_action", s.audit.held_on, a.done_on)


def supervision(data: ReportData) -> tuple[Table, ...]:
    """15: supervision reviews due and overdue; how many were held within the month."""
    owed = list(data.owed("supervision_review"))
    judged = [supervised_in_time(data, s) for s in data.audits]
    done, of = _in_time(judged)
    late = sum(data.overdue(o) for _, o in owed)
    rows = [
        (s.reference, s.audit.team, data.name(o.owner), o.due, data.overdue(o)) for s, o in owed
    ]
    figures = (len(owed) - late, late, done, of, share(done, of))
    return (
        totals("Supervision reviews", ("Due", "Overdue", "Held in time", "Of", "%"), [figures]),
        listed("Open", ("Audit", "Team", "Responsible manager", "Due", "Overdue"), rows),
        listed("Held without the key worker", ("Audit", "Team", "Held", "Why"),
               _without_worker(data), narrative=True),
    )  # fmt: skip


def _without_worker(data: ReportData) -> Iterator[tuple[object, ...]]:
    """Supervision is with the worker; where it was not, why."""
    alone = [s for s in data.audits if s.audit.supervised_without_worker]
    said = data.texts(s.audit.supervised_without_worker for s in alone)
    for s in alone:
        a = s.audit
        yield s.reference, a.team, a.supervised_on, said.get(a.supervised_without_worker, "")


def supervised_in_time(data: ReportData, s: Seen) -> bool | None:
    """Whether the review was held within its limit; None while there still is time."""
    a = s.audit
    if a.held_on is None or (a.set_aside and a.supervised_on is None):
        return None
    return data.in_time("supervision_review", a.held_on, a.supervised_on)


def agreed_actions(data: ReportData) -> tuple[Table, ...]:
    """16: agreed actions open, overdue, extended, and done but not filed."""
    overdue = {(s.reference, o.subject) for s, o in data.owed("agreed_action") if data.overdue(o)}
    moved = Counter(
        (s.reference, subject)
        for s, line in data.events("accept", "return_action")
        for subject in _new_dates(line["changed"])
    )
    rows, n = [], Counter[str]()
    for s, a in data.actions(immediate=False):
        subject = f"action {a.n}"
        late = (s.reference, subject) in overdue
        times = moved[s.reference, subject]
        unfiled = a.done_on is not None and not a.filed_on
        n.update(all=1, open=int(not a.where.ended and not a.done_on), overdue=int(late),
                 extended=int(times > 0), unfiled=int(unfiled))  # fmt: skip
        if not a.where.ended:
            rows.append((s.reference, a.n, data.name(a.owner), a.due_on, a.original_due_on,
                         times, late, unfiled))  # fmt: skip
    columns = ("Audit", "Action", "Owner", "Due", "First due", "Times extended", "Overdue",
               "Done, not filed")  # fmt: skip
    figures = (n["all"], n["open"], n["overdue"], n["extended"], n["unfiled"])
    return (
        totals("Agreed actions", ("All", "Open", "Overdue", "Extended", "Done, not filed"),
               [figures]),
        listed("Open, or not filed yet", columns, rows),
    )  # fmt: skip


def _new_dates(changed: dict[str, dict[str, dict[str, object] | None]]) -> list[str]:
    actions = changed.get("actions", {})
    return [f"action {n}" for n, a in actions.items() if a and a.get("revised_on")]


def owed(data: ReportData) -> tuple[Table, ...]:
    """17: what everybody owes by the end of this week; your own list is `auditflow work`."""
    friday = data.rules.calendar.add_working_days(data.today, 5)
    rows = [
        (data.name(o.owner) or o.role.title, s.reference, DUTIES[o.duty].title, o.due,
         data.overdue(o), o.role)
        for s, o in data.owed(*DUTIES)
        if o.due <= friday
    ]  # fmt: skip
    roles: dict[Role, Counter[str]] = {}
    for row in rows:
        roles.setdefault(Role(row[5]), Counter()).update(owed=1, late=int(bool(row[4])))
    figures = ((r.title, n["owed"], n["late"]) for r, n in sorted(roles.items()))
    return (
        totals("Owed within 5 working days", ("By", "Owed", "Overdue"), figures),
        listed("By person", ("Who", "Audit", "What", "Due", "Overdue"),
               sorted((row[:5] for row in rows), key=by_date)),
    )  # fmt: skip
