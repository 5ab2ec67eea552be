"""Questions 2 to 8: from the draw until the tool is submitted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from auditflow.calendar import london_date
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
        late = 0 if waiting else data.late_by(on, given)
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
    last = [
        s
        for s in data.audits
        if s.audit.awaits_meeting
        and s.audit.meeting_on
        and s.audit.meeting_on > month_end(s.audit.month) - _WEEK
    ]
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
    events = data.events("cancel_meeting", "rebook_meeting")
    said = data.texts(line["changed"].get("reason", "") for _, line in events)
    rows = [
        (s.reference, _day(line), words(line["event"]), data.name(line["who"]),
         s.audit.rebooked, said.get(line["changed"].get("reason", ""), ""))
        for s, line in events
    ]  # fmt: skip
    kinds = Counter(words(line["event"]) for _, line in events)
    people = Counter(data.name(line["who"]) for _, line in events)
    return (
        totals("Meetings changed", ("Change", "Times"), sorted(kinds.items())),
        listed("By whom", ("Person", "Times"), people.most_common()),
        listed("Each change", ("Audit", "On", "Change", "By", "Changes so far", "Why"), rows,
               narrative=True),
    )  # fmt: skip


def completion(data: ReportData) -> tuple[Table, ...]:
    """6: held against expected, this month and since April, by service and auditor."""
    april = date(data.today.year - (data.today.month < _APRIL), _APRIL, 1)
    this = [s for s in data.audits if s.audit.month == data.month]
    year = [s for s in data.audits if april <= s.audit.month <= data.month]
    periods = ((f"{data.month:%Y-%m}", this), (f"since {april:%Y-%m}", year))

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
    events = data.events("extend", "exempt")
    said = data.texts(line["changed"].get("reason", "") for _, line in events)
    rows = [
        (s.reference, words(line["event"]), _day(line), data.name(line["who"]),
         line["changed"].get("hold_by"), said.get(line["changed"].get("reason", ""), ""))
        for s, line in events
    ]  # fmt: skip
    kinds = Counter(line["event"] for _, line in events)
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


def _day(line: dict[str, str]) -> date:
    return london_date(datetime.fromisoformat(line["happened_at"]))
