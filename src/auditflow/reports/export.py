"""E1: the audits held between two days, a row each, as an inspector is given them."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, NamedTuple

from msgspec.structs import replace

from auditflow.audits import Audit
from auditflow.calendar import utc_text
from auditflow.guidance.tool import ELEMENTS
from auditflow.machines.charts import CHARTS
from auditflow.queries.lists import require_export
from auditflow.queries.reading import Reading
from auditflow.reports.data import ReportData, Seen, audits_counted_by, report_data
from auditflow.reports.follow_up import in_time, supervised_in_time
from auditflow.reports.grades import moderated
from auditflow.reports.tables import share, title

COLUMNS: Final = (
    "Child Unique ID", "Audit", "State", "Case status at audit", "Team", "Worker", "Audit month",
    "Meeting date", "Auditor", "Type", *(f"Grade: {e.title}" for e in ELEMENTS),
    "Provisional grade", "Final grade", "Disagreement", "Decided by", "Moderated", "Moderated by",
    "Changed from", "Changed to", "Immediate actions", "% done in 5 working days",
    "Supervision date", "Supervision in time", "Agreed actions", "Agreed done", "Agreed overdue",
    "Escalations", "Highest level", "Closed", "Re-audit of", "Grade then", "Re-audited by",
    "Grade now",
)  # fmt: skip
"""The columns, in the order of section 5 of the domain text."""

Cells = tuple[object, ...]


class Export(NamedTuple):
    """The rows of a file, and how many audits of restricted records its reader may not see."""

    rows: list[Cells]
    left_out: int


def audits_held(reading: Reading, since: date, until: date) -> Export:
    """A row for each audit that took place from `since` to `until`, by day and reference.

    Both days are included. Who took them out is noted; Forbidden for those who may not.
    """
    require_export(reading, f"export audits from={since} to={until} at={utc_text(reading.at)}")
    data = report_data(reading)
    context = _Context(data)
    took_place = list(_between(data.audits, since, until))
    took_place.sort(key=lambda s: (str(s.audit.held_on), s.reference))
    everything = audits_counted_by(reading, replace(reading.person, cleared=True))
    left_out = sum(1 for _ in _between(everything, since, until)) - len(took_place)
    return Export([tuple(context.row(s)) for s in took_place], left_out)


def _between(audits: Iterable[Seen], since: date, until: date) -> Iterator[Seen]:
    return (s for s in audits if s.audit.held_on and since <= s.audit.held_on <= until)


class _Context:
    """What a row needs beside its own audit."""

    def __init__(self, asked: ReportData) -> None:
        self.data = asked
        self.by_id = {s.audit.id: s for s in asked.audits}
        self.again = {s.audit.repeats: s for s in asked.audits if s.audit.repeats}
        self.changed = {s.audit.id: (before, after, line["who"])
                        for s, before, after, line in moderated(asked)}  # fmt: skip
        self.levels = asked.highest_levels()

    def row(self, s: Seen) -> Iterator[object]:
        """The cells of one audit."""
        yield from self._header(s)
        yield from self._grades(s.audit)
        yield from self._moderation(s.audit)
        yield from self._actions(s)
        yield from self._escalations(s.audit)
        yield from self._reaudits(s.audit)

    def _header(self, s: Seen) -> Iterator[object]:
        a, name = s.audit, self.data.name
        yield from (s.case, s.reference, CHARTS["audit"].states[a.state].title)
        yield from (a.stratum.replace("_", " "), a.team, name(a.key_worker), f"{a.month:%Y-%m}")
        yield from (a.held_on, name(a.auditor), "re-audit" if a.kind == "reaudit" else a.kind)

    def _grades(self, a: Audit) -> Iterator[object]:
        found = {f.element: f.grade for f in a.findings}
        yield from (title(found.get(e.key)) for e in ELEMENTS)
        yield title(a.auditor_grade)
        yield title(a.grade) if a.grade_final else ""
        yield a.disagreements > 0
        yield self.data.name(a.decided_by)

    def _moderation(self, a: Audit) -> Iterator[object]:
        before, after, who = self.changed.get(a.id, (None, None, ""))
        yield a.id in self.changed
        yield self.data.name(who)
        yield from (title(before), title(after))

    def _actions(self, s: Seen) -> Iterator[object]:
        mine = [a for a in s.audit.actions if not a.where.set_aside]
        judged = [in_time(self.data, s, a) for a in mine if a.immediate]
        known = [one for one in judged if one is not None]
        yield len(judged)
        yield share(sum(known), len(known))
        yield s.audit.supervised_on
        yield supervised_in_time(self.data, s)
        agreed = [a for a in mine if not a.immediate]
        late = [o for o in s.audit.duties if o.duty == "agreed_action" and self.data.overdue(o)]
        yield from (len(agreed), sum(a.done_on is not None for a in agreed), len(late))

    def _escalations(self, a: Audit) -> Iterator[object]:
        levels = [level for (audit, _), (level, _on) in self.levels.items() if audit == a.id]
        yield len(a.escalations)
        yield f"L{max(levels)}" if levels else ""
        yield a.closed_on

    def _reaudits(self, a: Audit) -> Iterator[object]:
        first = self.by_id.get(a.repeats) if a.repeats else None
        later = self.again.get(a.id)
        for one in (first, later):
            yield one.reference if one else ""
            yield title(one.audit.grade) if one else ""
