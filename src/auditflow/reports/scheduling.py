"""Questions 2 to 8: from the draw until the tool is submitted."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from auditflow.commands.scheduling import month_end
from auditflow.machines.engine import words
from auditflow.reports.data import ReportData, Seen
from auditflow.reports.tables import Table, by_date, listed, share, totals

_WEEK = timedelta(days=7)
_APRIL = 4


def distribution(data: ReportData) -> tuple[Table, ...]:
    """2: whether each case was distributed a month ahead, and how late if not."""
    rows = []
    figures: dict[date, Counter[str]] = defaultdict(Counter)
    for s in data.audits:
        on = data.limit("distribute", _ahead_of(data, s))
        given = s.audit.distributed_on
        waiting = given is None and s.audit.set_aside
        late = 0 if waiting else data.rules.calendar.working_days_late(on, given or data.today)
        figures[s.audit.month].update(drawn=1, given=int(given is not None), late=int(late > 0))
        rows.append((s.reference, on, given, late))
    figured = (
        (f"{m:%Y-%m}", n["drawn"], n["given"], n["late"]) for m, n in sorted(figures.items())
    )
    return (
        totals("By audit month", ("Month", "Drawn", "Distributed", "Late"), figured),
        listed("Each audit", ("Audit", "Due", "Distributed", "Working days late"), rows),
    )


def _ahead_of(data: ReportData, s: Seen) -> date:
    """What it was to be distributed ahead of: its month, or its meeting once it has one (D1)."""
    by_meeting = data.rules.policy.distribution_from == "meeting"
    return s.audit.meeting_on if by_meeting and s.audit.meeting_on else s.audit.month


def meetings(data: ReportData) -> tuple[Table, ...]:
    """3: which audits have no meeting date, and which are booked for the month's last week."""
    waiting = [s for s in data.audits if s.audit.awaits_meeting and not s.audit.meeting_on]
    booked = [(s, s.audit.meeting_on) for s in data.audits if s.audit.awaits_meeting]
    last = [s for s, on in booked if on and on > month_end(s.audit.month) - _WEEK]
    columns = ("Audit", "Auditor", "Key worker", "Meeting", "Hold by")
    return (
        totals("Meetings", ("No date yet", "In the last week"), [(len(waiting), len(last))]),
        listed("No meeting date yet", columns, (_meeting(data, s) for s in waiting)),
        listed("Booked for the last week of the month", columns, (_meeting(data, s) for s in last)),
    )


def _meeting(data: ReportData, s: Seen) -> tuple[object, ...]:
    a = s.audit
    return s.reference, data.name(a.auditor), data.name(a.key_worker), a.meeting_on, a.hold_by


def file_checks(data: ReportData) -> tuple[Table, ...]:
    """4: which key workers have not confirmed the file check."""
    rows = [
        (data.name(s.audit.key_worker), s.reference, s.audit.meeting_on)
        for s in data.audits
        if s.audit.awaits_meeting and s.audit.meeting_on and not s.audit.file_checked
    ]
    held = [s for s in data.audits if s.audit.held_on]
    without = [(data.name(s.audit.key_worker), s.reference, s.audit.held_on) for s in held
               if not s.audit.file_checked]  # fmt: skip
    figures = (len(rows), len(without), len(held))
    columns = ("Key worker", "Audit", "Meeting")
    return (
        totals("File checks", ("Awaited", "Held without", "Held"), [figures]),
        listed("Not confirmed, meeting ahead", columns, sorted(rows, key=by_date)),
        listed("Held without a file check", columns, sorted(without, key=by_date)),
    )


def cancellations(data: ReportData) -> tuple[Table, ...]:
    """5: which meetings were cancelled or moved, how often, by whom."""
    rows = [
        (s.reference, on, words(line["event"]), who, s.audit.rebooked, why)
        for s, line, on, who, why in data.steps("cancel_meeting", "rebook_meeting")
    ]
    kinds, people = Counter(row[2] for row in rows), Counter(row[3] for row in rows)
    return (
        totals("Meetings changed", ("Change", "Times"), sorted(kinds.items())),
        listed("By whom", ("Person", "Times"), people.most_common()),
        listed("Each change", ("Audit", "On", "Change", "By", "Changes so far", "Why"), rows,
               narrative=True),
    )  # fmt: skip


def completion(data: ReportData) -> tuple[Table, ...]:
    """6: held against expected, this month and since April, by service and auditor."""
    now = data.today.replace(day=1)
    april = date(now.year - (now.month < _APRIL), _APRIL, 1)
    this = [s for s in data.audits if s.audit.month == now]
    year = [s for s in data.audits if april <= s.audit.month <= now]
    periods = ((f"{now:%Y-%m}", this), (f"since {april:%Y-%m}", year))

    def rows(of: Callable[[Seen], str]) -> Iterable[tuple[object, ...]]:
        for period, seen in periods:
            for group in sorted({of(s) for s in seen}):
                yield (period, group, *_held(s for s in seen if of(s) == group))

    figures = ("Expected", "Held", "%")
    return (
        totals("All", ("Period", *figures), ((p, *_held(seen)) for p, seen in periods)),
        totals("By service", ("Period", "Service", *figures), rows(lambda s: s.audit.service)),
        listed("By auditor", ("Period", "Auditor", *figures),
               rows(lambda s: data.name(s.audit.auditor) or "not distributed")),
    )  # fmt: skip


def _held(seen: Iterable[Seen]) -> tuple[int, int, float | None]:
    """Expected is drawn less withdrawn, with substitutes; exempted and void count as neither."""
    expected = [s for s in seen if not s.audit.set_aside]
    held = sum(s.audit.held_on is not None for s in expected)
    return len(expected), held, share(held, len(expected))


def month(data: ReportData) -> tuple[Table, ...]:
    """7: which audits will miss their month; which were extended or exempted, by whom, why."""
    missed = [s for s in data.audits if s.audit.awaits_meeting and _will_miss(data, s)]
    rows = [
        (s.reference, words(line["event"]), on, who, line["changed"].get("hold_by"), why)
        for s, line, on, who, why in data.steps("extend", "exempt")
    ]
    kinds = Counter(row[1] for row in rows)
    figures = (len(missed), kinds["extend"], kinds["exempt"])
    return (
        totals("The month", ("Will miss it", "Extensions", "Exemptions"), [figures]),
        listed("Not held and past their day, or no meeting in time",
               ("Audit", "Auditor", "Key worker", "Meeting", "Hold by"),
               (_meeting(data, s) for s in missed)),
        listed("Extended or exempted", ("Audit", "What", "On", "By", "Hold by", "Why"), rows,
               narrative=True),
    )  # fmt: skip


def _will_miss(data: ReportData, s: Seen) -> bool:
    """Its day is past, or the last week has begun and it has no meeting in time."""
    meeting, last = s.audit.meeting_on, s.audit.hold_by
    if data.today > last:
        return True
    return data.today > last - _WEEK and (meeting is None or meeting > last)


def unsubmitted(data: ReportData) -> tuple[Table, ...]:
    """8: held, but the tool is not submitted."""
    rows = [
        (s.reference, data.name(s.audit.auditor), s.audit.held_on, o.due, data.overdue(o))
        for s, o in data.owed("submit")
    ]
    figures = (len(rows), sum(bool(row[-1]) for row in rows))
    return (
        totals("Held, not submitted", ("Audits", "Overdue"), [figures]),
        listed("Each", ("Audit", "Auditor", "Held", "Submit by", "Overdue"), rows),
    )
