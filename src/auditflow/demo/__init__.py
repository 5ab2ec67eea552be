"""The demo: a made-up council and its audits up to today, told through the service alone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from pathlib import Path

from auditflow.application import App, init
from auditflow.audits import Audit
from auditflow.calendar import LONDON, Calendar, bundled, london_date
from auditflow.commands import DrawRound, ImportCases, ImportPeople
from auditflow.commands.follow_up import Moderate
from auditflow.demo.script import Script, Step
from auditflow.demo.stories import ROUNDS
from auditflow.exchange.cases import read_cases
from auditflow.exchange.staff import read_people
from auditflow.queries import people

#: The first round told, in months from this one.
FIRST_ROUND = -3
SIZE = 7
QA = "tess"
MODERATOR = "morgan"
_HEADS = {"Help and Protection": "hana", "Corporate Parenting": "hugo"}


def tell(folder: Path, now: datetime) -> App:
    """Make the demo's store in `folder` and tell its story up to `now`; the store, open."""
    calendar = bundled()
    months = [_month(london_date(now), FIRST_ROUND + i) for i in range(len(ROUNDS))]
    begun = _at(_draw_day(months[0], calendar), 8)
    url = f"sqlite:///{folder / 'demo.db'}"
    init(url, rehearsal=True, now=begun)
    app = App(url, now)
    _take_in(app, folder, begun)
    steps: list[Step] = []
    clock = begun
    for month, stories in zip(months, ROUNDS, strict=True):
        day = _draw_day(month, calendar)
        if _at(day, 9) > now:
            break
        steps = _play(app, steps, clock, clock := _at(day, 9), calendar)
        drawn = _draw(app, folder, month, day)
        for story, reference, meeting in zip(
            stories, drawn, _meetings(month, calendar), strict=True
        ):
            script = Script(reference, day, meeting, calendar, _auditor(app, reference))
            story(script)
            steps += script.steps
    _play(app, steps, clock, now, calendar)
    app.service.sweep(now)
    return app


def _take_in(app: App, folder: Path, now: datetime) -> None:
    for name in ("people.csv", "cases.csv"):
        (folder / name).write_bytes(files(__name__).joinpath(name).read_bytes())
    staff = tuple(read_people(folder / "people.csv"))
    app.service.do_office(ImportPeople(people=staff), by=QA, now=now)


def _draw(app: App, folder: Path, month: date, day: date) -> list[str]:
    cases = tuple(read_cases(folder / "cases.csv"))
    app.service.do_office(ImportCases(cases=cases, as_at=day), by=QA, now=_at(day, 9))
    command = DrawRound(month=month, size=SIZE, seed=f"demo {month:%Y-%m}")
    drawn: list[str] = app.service.do_office(command, by=QA, now=_at(day, 9)).figures["drawn"]
    return drawn


def _play(
    app: App, steps: list[Step], since: datetime, until: datetime, calendar: Calendar
) -> list[Step]:
    """Every step up to a moment in order, with a sweep each working day; the steps left over."""
    mornings = list(_mornings(since, until, calendar))
    for step in sorted(s for s in steps if s.at <= until):
        while mornings and mornings[0] <= step.at:
            app.service.sweep(mornings.pop(0))
        audit = _facts(app, step.reference)
        who = _HEADS[audit.service] if step.who == "head" else step.sender(audit)
        done = app.service.do(step.command(audit), by=who, now=step.at)
        _moderate_if_drawn(app, done.audit, step)
    for morning in mornings:
        app.service.sweep(morning)
    return [s for s in steps if s.at > until]


def _moderate_if_drawn(app: App, audit: Audit, step: Step) -> None:
    """Where the round's seed drew the audit into the sample, the moderator keeps its grade."""
    if audit.sampled and audit.moderation_pending and audit.grade is not None:
        reason = "The findings bear it out."
        moderated = Moderate(audit=step.reference, grade=audit.grade, reason=reason)
        app.service.do(moderated, by=MODERATOR, now=step.at)


def _mornings(since: datetime, until: datetime, calendar: Calendar) -> Iterator[datetime]:
    day = london_date(since)
    while (at := _at(day, 7)) <= until:
        if at > since and calendar.is_working_day(day):
            yield at
        day += timedelta(days=1)


def _facts(app: App, reference: str) -> Audit:
    with app.reading(QA) as reading:
        return reading.audit(reference)


def _auditor(app: App, reference: str) -> str:
    """A trained auditor of another team, turn by turn."""
    audit = _facts(app, reference)
    with app.store.reading() as connection:
        trained = [p for p in people(connection) if p.trained and p.id != audit.key_worker]
    fit = [p.id for p in trained if p.team != audit.team]
    return fit[int(reference[-3:]) % len(fit)]


def _draw_day(month: date, calendar: Calendar) -> date:
    """Two weeks of working days before the cases must be distributed."""
    due = calendar.roll_back(calendar.add_months(month, -1))
    return calendar.subtract_working_days(due, 10)


def _meetings(month: date, calendar: Calendar) -> list[date]:
    return [calendar.add_working_days(month, n) for n in (2, 4, 6, 8, 10, 13, 16)]


def _month(today: date, offset: int) -> date:
    return Calendar.add_months(today.replace(day=1), offset)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), LONDON).astimezone(UTC)
