"""`auditflow audit`, `action` and `escalation`: the forms, and the reading of audits."""

from collections.abc import Iterator, Sequence
from typing import Any

import click
import msgspec

from auditflow.calendar import LONDON, london_date, long_day
from auditflow.cli.base import COUNT, Globals, acting_for_option, asked, table, tell
from auditflow.cli.command_factory import commands_of
from auditflow.cli.content import content_lines
from auditflow.cli.store import answers, reading, settles
from auditflow.cli.tool import tool
from auditflow.commands import Correct
from auditflow.commands.correction import ENTRIES
from auditflow.errors import BadInput
from auditflow.exchange.safe import plain
from auditflow.machines.audit import AuditProcess
from auditflow.machines.engine import words
from auditflow.queries import AuditDetail, Reading, audit_detail
from auditflow.queries.lists import Asked, look_up
from auditflow.queries.lists.audits import AuditRow
from auditflow.service import OfficeDone


class InOrder(click.Group):
    """Lists its commands in the order of the chart, not of the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        """The commands as they were added."""
        return list(self.commands)


#: The states an audit on the list can stand at.
_STATES = tuple(s.name for s in AuditProcess.states.values() if not s.initial)
audit, action, escalation = (
    InOrder(
        kind, commands=commands_of(kind), help=says, context_settings={"max_content_width": 100}
    )
    for kind, says in (
        ("audit", "One audit: what people do with it, and where it sits."),
        ("action", "One action of an audit's plan."),
        ("escalation", "One escalation of an audit."),
    )
)
audit.add_command(tool)


@audit.command("list", short_help="List the audits you may see.")
@click.option("--state", metavar="STATE", help=f"Only this state: {', '.join(_STATES)}.")
@click.option("--overdue", is_flag=True, help="Only audits on which something is overdue.")
@click.option("--limit", type=COUNT, default=100, help="How many at most (100).")
@click.option("--after", default="", metavar="REFERENCE", help="Begin behind this reference.")
@asked
def list_(options: Globals, state: str | None, overdue: bool, limit: int, after: str) -> None:
    """List the audits you may see, in the order of their references."""
    if state is not None and state not in _STATES:
        raise BadInput(f"--state “{state[:40]}” is no state. Give one of: {', '.join(_STATES)}.")
    filters = ({"state": state} if state else {}) | ({"late": "1"} if overdue else {})
    wanted = Asked(show="all", sort="reference", filters=filters, after=after, limit=limit)
    with reading(options) as asking:
        found = look_up(asking, "audits", wanted).rows
    tell(options, found, _listed, lambda rows: msgspec.to_builtins([_document(r) for r in rows]))
    if not options.as_json and len(found) == limit:
        click.echo(f"There may be more: --after {found[-1].reference}")


#: What may be absent: its name in JSON, and in the list.
_MAYBE = {
    "auditor": "auditor_id",
    "next_due": "next_due",
    "overdue": "late_duties",
    "escalations": "escalations",
}


def _document(row: AuditRow) -> dict[str, object]:
    names = {name: name for name in ("reference", "case", "state", "month", "team")}
    return {key: getattr(row, name) for key, name in (names | _MAYBE).items()}


def _listed(found: Sequence[AuditRow]) -> str:
    if not found:
        return "There is no such audit for you."
    rows = (
        (r.reference, r.case, r.title, r.team, *(getattr(r, n) or "-" for n in _MAYBE.values()))
        for r in found
    )
    headings = ("Audit", "Case", "State", "Team", "Auditor", "Next due", "Overdue", "Escalations")
    return table(rows, headings)


def _page(page: AuditDetail) -> str:
    return "\n".join(_lines(page))


@audit.command("show", short_help="Show one audit: where it is, what is owed, what stops it.")
@click.argument("reference")
@acting_for_option
@answers(_page)
def show(asking: Reading, reference: str) -> AuditDetail:
    """Show one audit: where it is, what is owed, what stops it, how it came here."""
    return audit_detail(asking, reference)


def _lines(page: AuditDetail) -> list[str]:
    people = ", ".join(f"{k.replace('_', ' ')} {v}" for k, v in page.people.items())
    grade = f"{page.grade} ({page.grade_status})" if page.grade else "none yet"
    short = "; at short notice" if page.short_notice else ""
    return [
        f"Audit {page.reference}, case {page.case}, team {page.team}",
        f"  at “{page.title}”, held by {page.holder}",
        f"  audit month {page.month:%B %Y}, to be held by {long_day(page.hold_by)}{short}",
        f"  {people or 'nobody is named yet'}",
        *_days(page),
        *_declined(page),
        f"  grade: {grade}",
        *_section("Owed now", (_owed(o) for o in page.owed), "nothing"),
        *_section("Next", _ways_on(page), "nothing but what is owed"),
        *_section("Actions", (_action(a) for a in page.actions), "none"),
        *_section("Escalations", (_escalation(e) for e in page.escalations), "none"),
        *_section(
            "The audit tool", content_lines(page.content, page.earlier), "nothing recorded yet"
        ),
        *_section("So far, in London time", (_event(e) for e in page.timeline), "nothing"),
    ]


def _days(page: AuditDetail) -> list[str]:
    """When it was or is to be held, and when supervision was."""
    held = ("held on", page.held_on) if page.held_on else ("meeting on", page.meeting_on)
    days = (held, ("reviewed in supervision on", page.supervised_on))
    said = ", ".join(f"{what} {long_day(day)}" for what, day in days if day)
    return [f"  {said}"] if said else []


def _declined(page: AuditDetail) -> list[str]:
    if page.declined is None:
        return []
    d = page.declined
    return [
        plain(f"  declined by {d.who} on {long_day(d.on)}: {d.because}"),
        f"  it waits for another auditor: auditflow audit reallocate {page.reference}",
    ]


def _section(title: str, lines: Any, otherwise: str) -> list[str]:
    found = list(lines) or [otherwise]
    return ["", title, *("  " + "\n".join(map(plain, line.split("\n"))) for line in found)]


def _owed(o: Any) -> str:
    late = "OVERDUE  " if o.overdue else ""
    about = "" if o.about == "audit" else f" [{o.about.partition(' level')[0]}]"
    return f"{late}{o.what}{about} - {o.who}\n           {o.sum}; if late: {o.if_late}"


def _ways_on(page: AuditDetail) -> Iterator[str]:
    if page.ended:
        yield "nothing; it ended here"
    for way in page.next:
        to = f"back to {way.to}" if way.back else way.to
        needs = f"still needed: {'; '.join(way.missing)}" if way.missing else "nothing stops it"
        yield f"{way.event} → {to} ({way.who}); {needs}"


def _action(a: dict[str, Any]) -> str:
    moved = f" (first {a['original_due_on']})" if a["original_due_on"] != a["due_on"] else ""
    evidence = f"\n           evidence: {a['evidence']}" if a["evidence"] else ""
    first = f"{a['n']}. {a['what']} - {a['kind']}, {a['owner']}, due {a['due_on']}"
    return f"{first}{moved}: {a['state']}{evidence}"


def _escalation(e: Any) -> str:
    since = f", overdue since {london_date(e.overdue_since)}" if e.overdue_since else ""
    since = f" by {e.raised_by}, before it was late" if e.raised_by else since
    answer = f"; {e.answer}{f': “{e.says}”' if e.says else ''}" if e.answer else ""
    first = f"{e.n}. {e.trigger} {e.why}: {e.where}; raised {e.raised_on}{since}{answer}"
    route = f"\n           turn to: {e.out_of_hours}" if e.out_of_hours else ""
    return f"{first}\n           {e.next}{route}"


def _event(e: Any) -> str:
    moved = f" → {e.after}" if e.before != e.after else ""
    about = "" if e.about == "audit" else f" ({e.about})"
    says = f" - {e.says}" if e.says else ""
    return (
        f"{e.recorded_at.astimezone(LONDON):%Y-%m-%d %H:%M}  {e.who}: {e.what}{about}{moved}{says}"
    )


def _corrected(settled: OfficeDone) -> str:
    moved = (
        f"  {words(m['duty'])} ({m['subject']}) from {m['from']} to {m['to']}"
        for m in settled.figures["moved"]
    )
    return "\n".join([plain(settled.says), *moved])


@audit.command("correct", short_help="Set a wrong entry right, with a reason.")
@click.argument("reference")
@click.option("--field", required=True, help=f"What was wrong: {', '.join(ENTRIES)}.")
@click.option("--value", required=True, help="What it should be: a date, or a grade.")
@click.option("--reason", required=True, help="What was wrong with it.")
@click.option("--action", type=COUNT, default=None, help="The action whose date it is.")
@click.option("--element", default="", help="The audited element whose grade it is.")
@settles(_corrected)
def correct(reference: str, action: int | None, **values: str) -> Correct:
    """Set a wrong entry right by a second event; the first stays in the history.

    For the QA manager, who must not be the one who made the entry. Deadlines counted from it
    are worked out anew.
    """
    return Correct(audit=reference, action=action or 0, **values)
