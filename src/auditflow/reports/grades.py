"""Questions 9 to 12, 23 and 24: grades, disputes, moderation, Inadequates, themes, feedback."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, Final

from auditflow.audits import Audit
from auditflow.calendar import Calendar
from auditflow.guidance.tool import ELEMENTS, INDICATORS, Answer, Grade
from auditflow.machines.engine import words
from auditflow.reports.data import ReportData, Seen, day_of
from auditflow.reports.tables import Table, days_between, listed, share, title, totals

GROUPS: Final[dict[str, Callable[[Seen], str]]] = {
    "need": lambda s: s.need or "not given",
    "service": lambda s: s.audit.service,
    "team": lambda s: s.audit.team,
}
BY: Final = (*GROUPS, "element")
_WINDOWS: Final = (3, 6, 12)
_COUNTED: Final = ("Graded", *(c for g in Grade for c in (g.title, "%")))
_WORST_FIRST: Final = tuple(reversed(Grade))


def grades(data: ReportData) -> tuple[Table, ...]:
    """9: grades and their shares, over 3, 6 and 12 months, by need, service, team or element."""
    graded = [s for s in data.audits if s.audit.grade and s.audit.held_on and not s.audit.set_aside]
    starts = [(n, Calendar.add_months(data.today, -n)) for n in _WINDOWS]
    trend = (
        (f"last {n} months", *_shares(s.audit.grade for s in graded if _since(s, start)))
        for n, start in starts
    )
    year = [s for s in graded if _since(s, starts[-1][1])]
    by = [data.by] if data.by else list(BY)
    return (
        totals("Trend", ("Period", *_COUNTED), trend),
        *(totals(f"By {name}, last 12 months", (name.capitalize(), *_COUNTED),
                 _grouped(year, name)) for name in by),
    )  # fmt: skip


def _since(s: Seen, start: date) -> bool:
    return s.audit.held_on is not None and s.audit.held_on > start


def _grouped(graded: list[Seen], name: str) -> Iterator[tuple[object, ...]]:
    if name == "element":
        for element in ELEMENTS:
            found = (f.grade for s in graded for f in s.audit.findings if f.element == element.key)
            yield (element.title, *_shares(found))
        return
    of = GROUPS[name]
    for group in sorted({of(s) for s in graded}):
        yield (group, *_shares(s.audit.grade for s in graded if of(s) == group))


def _shares(found: Iterable[Grade | None]) -> tuple[object, ...]:
    counts = Counter(g for g in found if g)
    graded = counts.total()
    return (graded, *(c for g in Grade for c in (counts[g], share(counts[g], graded))))


def disputes(data: ReportData) -> tuple[Table, ...]:
    """10: which grades are disputed now, where and since when; how past disputes were settled."""
    now, past = [], []
    for s, e in data.escalations("T1"):
        a = s.audit
        mine, theirs = title(a.auditor_grade), title(a.worker_grade)
        if e.level:
            days = days_between(e.raised_on, data.today)
            now.append((s.reference, mine, theirs, e.level.name, e.raised_on, days))
        else:
            past.append((s.reference, mine, theirs, title(a.grade), words(e.resolution),
                         data.name(a.decided_by), _whose(a), e.resolved_on))  # fmt: skip
    stood = Counter(row[6] for row in past)
    columns = ("Audit", "Auditor", "Key worker")
    return (
        totals("Disputes", ("Open", "Settled"), [(len(now), len(past))]),
        totals("Whose grade stood", ("Whose", "Times"), sorted(stood.items())),
        listed("Disputed now", (*columns, "Level", "Since", "Days"), now),
        listed("Settled", (*columns, "Final", "How", "Decided by", "Whose stood", "On"), past),
    )


def _whose(audit: Audit) -> str:
    if audit.grade is audit.auditor_grade:
        return "auditor's"
    return "key worker's" if audit.grade is audit.worker_grade else "neither's"


def moderated(
    data: ReportData,
) -> Iterator[tuple[Seen, Grade | None, Grade | None, dict[str, Any]]]:
    """Each moderation with the grade before and after it."""
    for s in data.audits:
        if not s.audit.moderator:
            continue
        grade: Grade | None = None
        for line in data.reading.lines(s.audit.id):
            before = grade
            if line["changed"].get("grade"):
                grade = Grade(line["changed"]["grade"])
            if line["event"] == "moderate":
                yield s, before, grade, line


def moderation(data: ReportData) -> tuple[Table, ...]:
    """11: how many were moderated and changed, up or down; who grades leniently or harshly."""
    rows: list[tuple[object, ...]] = []
    auditors: dict[str, Counter[str]] = {}
    for s, before, after, line in moderated(data):
        way = _way(before, after)
        day = day_of(line["happened_at"])
        who = data.name(s.audit.auditor)
        auditors.setdefault(who, Counter())[way] += 1
        rows.append((s.reference, who, data.name(line["who"]), day, title(before),
                     title(after), way))  # fmt: skip
    ways = Counter(row[-1] for row in rows)
    pending = sum(s.audit.moderation_pending for s in data.audits)
    figures = (len(rows), pending, ways["up"], ways["down"], ways["unchanged"])
    columns = ("Moderated", "Pending", "Up", "Down", "Unchanged")
    return (
        totals("Moderation", columns, [figures]),
        listed("By auditor: moved down is lenient, up is harsh",
               ("Auditor", "Moderated", "Down", "Up"),
               ((who, n.total(), n["down"], n["up"]) for who, n in sorted(auditors.items()))),
        listed("Each", ("Audit", "Auditor", "Moderator", "On", "From", "To", "Changed"), rows),
    )  # fmt: skip


def _way(before: Grade | None, after: Grade | None) -> str:
    if before is None or after is None or before is after:
        return "unchanged"
    return "up" if _WORST_FIRST.index(after) > _WORST_FIRST.index(before) else "down"


def inadequate(data: ReportData) -> tuple[Table, ...]:
    """12: every Inadequate: what was done by when, the re-audit's date, the grade then and now."""
    again = {s.audit.repeats: s for s in data.audits if s.audit.repeats}
    found = [s for s in data.audits if _was_inadequate(s.audit)]
    actions = [
        (s.reference, a.n, said, data.name(a.owner), a.due_on, a.done_on, a.state)
        for s in found
        for a in s.audit.actions
        for said in (data.texts((a.what,)).get(a.what, ""),)
    ]
    rows = []
    for s in found:
        later = again.get(s.audit.id)
        rows.append(
            (s.reference, s.audit.held_on, Grade.INADEQUATE.title, title(s.audit.grade),
             s.audit.moderation.replace("_", " "), s.audit.reaudit_due_on,
             later.reference if later else "", title(later.audit.grade) if later else "")
        )  # fmt: skip
    still = sum(s.audit.inadequate for s in found)
    repeated = sum(s.audit.id in again for s in found)
    columns = ("Audit", "Held", "Graded", "Stands", "Moderation", "Re-audit due", "Re-audit",
               "Grade now")  # fmt: skip
    return (
        totals("Inadequate", ("Graded so", "Still so", "Audited again"),
               [(len(found), still, repeated)]),
        listed("Each", columns, rows),
        listed("What was done", ("Audit", "Action", "What", "Owner", "Due", "Done", "State"),
               actions, narrative=True),
    )  # fmt: skip


def _was_inadequate(audit: Audit) -> bool:
    return Grade.INADEQUATE in (audit.grade, audit.auditor_grade) and not audit.set_aside


def themes(data: ReportData) -> tuple[Table, ...]:
    """23: which elements need to change, how the indicators stand, what was done about them."""
    held = [s for s in data.audits if s.audit.held_on and not s.audit.set_aside]
    said = data.texts(f.change for s in held for f in s.audit.findings)
    elements, quotes = [], []
    for element in ELEMENTS:
        found = [(s, f) for s in held for f in s.audit.findings if f.element == element.key]
        wanting = [(s, f) for s, f in found if f.change]
        acts = [a for s, _ in wanting for a in s.audit.actions if not a.where.set_aside]
        done = sum(a.done_on is not None for a in acts)
        elements.append((element.title, len(found), len(wanting), len(acts), done))
        quotes += [(element.title, s.reference, said.get(f.change, "")) for s, f in wanting]
    columns = ("Element", "Audited", "Needs to change", "Actions in those audits", "Done")
    return (
        totals("Elements, most to change first", columns, sorted(elements, key=lambda r: -r[2])),
        totals("Headline indicators", ("Indicator", *(a.title for a in Answer)), _indicators(held)),
        listed("What needs to change", ("Element", "Audit", "Said"), quotes, narrative=True),
    )


def _indicators(held: list[Seen]) -> Iterator[tuple[object, ...]]:
    for one in INDICATORS:
        n = Counter(i.answer for s in held for i in s.audit.indicators if i.key == one.key)
        yield (one.asks, *(n[answer] for answer in Answer))


def feedback(data: ReportData) -> tuple[Table, ...]:
    """24: whether family feedback was explored, and what it said."""
    held = [s for s in data.audits if s.audit.held_on and not s.audit.set_aside]
    n = Counter(s.audit.feedback_explored or "not recorded" for s in held)
    said = data.texts(s.audit.feedback for s in held)
    rows = [
        (s.reference, s.audit.held_on, s.audit.feedback_explored, said.get(s.audit.feedback, ""))
        for s in held
        if s.audit.feedback
    ]
    figures = (len(held), n["yes"], n["no"], n["not recorded"], share(n["yes"], len(held)))
    return (
        totals("Feedback explored", ("Held", "Yes", "No", "Not recorded", "% yes"), [figures]),
        listed("What was said, or why nobody was asked", ("Audit", "Held", "Explored", "Said"),
               rows, narrative=True),
    )  # fmt: skip
