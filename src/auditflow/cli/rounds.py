"""`auditflow round`: draw a month's cases, show them, give them to auditors, prove the draw."""

import sys
from datetime import date
from typing import Any

import click
import msgspec

from auditflow.calendar import LONDON, long_day
from auditflow.cli.base import (
    COUNT,
    Globals,
    Parsed,
    asked,
    parse_count,
    print_json,
    table,
    tell,
    told,
)
from auditflow.cli.store import MONTH, answers, office_done, opened, reading, settings_of
from auditflow.commands import DrawRound
from auditflow.commands.scheduling import Distribute
from auditflow.errors import BadInput
from auditflow.exchange.cases import STATUSES
from auditflow.exchange.safe import plain
from auditflow.queries import Reading, people
from auditflow.queries.allocation import Allocation, allocation, demand_all
from auditflow.queries.round_proof import RoundProof, round_proof
from auditflow.queries.rounds import RoundPage, round_page
from auditflow.service import OfficeDone


@click.group("round")
def round_() -> None:
    """One month's audits, drawn together."""


def _quota(text: str, field: str) -> tuple[str, int]:
    """`looked_after=1`, or the status as case lists write it: `LAC=1`."""
    name, equals, number = text.partition("=")
    words = " ".join(name.casefold().replace("_", " ").split())
    if not equals or not words:
        raise BadInput(f"{field}: “{text[:60]}” is no quota; write it as looked_after=2.")
    found = (code for code, known in STATUSES.items() if words in (*known, code.replace("_", " ")))
    return next(found, name.strip()), parse_count(number.strip(), field)


def _left_out(text: str, field: str) -> tuple[str, str]:
    reference, equals, reason = text.partition("=")
    if not equals:
        raise BadInput(
            f"{field}: “{text[:60]}” gives no reason; write it as CF-1001=the reason in words."
        )
    return reference.strip(), reason.strip()


def _once(pairs: tuple[tuple[str, Any], ...], option: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise BadInput(f"{option} names {name} twice. Give it once.")
        found[name] = value
    return found


_NONE_OR_MORE: Parsed[int] = Parsed(
    "number", lambda text, field: 0 if text == "0" else parse_count(text, field)
)
_QUOTA, _EXCLUDE = Parsed("quota", _quota), Parsed("case", _left_out)


@round_.command("draw", short_help="Draw the cases of a month at random.")
@click.option(
    "--month", type=MONTH, required=True, metavar="MONTH", help="The audit month, such as 2026-03."
)
@click.option("--size", type=COUNT, metavar="NUMBER", help="How many of all cases together.")
@click.option(
    "--quota", "quotas", type=_QUOTA, multiple=True, metavar="STRATUM=NUMBER",
    help="How many of a case status, such as looked_after=2; may be given for each.",
)  # fmt: skip
@click.option(
    "--reserves", type=_NONE_OR_MORE, default="0", metavar="NUMBER",
    help="How many more of each stratum stand by for one that is withdrawn (0).",
)  # fmt: skip
@click.option(
    "--exclude", type=_EXCLUDE, multiple=True, metavar="CASE=REASON",
    help="Leave a case out, with the reason; for the QA manager.",
)  # fmt: skip
@click.option("--seed", default="", help="Only to repeat a draw; otherwise one is made and stored.")
@click.option(
    "--again", default="", metavar="REASON",
    help="Draw once more, saying why; only while nothing of the month is distributed.",
)  # fmt: skip
@told
def draw(
    options: Globals,
    /,
    month: date,
    quotas: tuple[tuple[str, int], ...],
    exclude: tuple[tuple[str, str], ...],
    **values: Any,
) -> None:
    """Draw the cases of a month at random; the seed is stored, so that anyone can repeat it."""
    given = {"quotas": _once(quotas, "--quota"), "exclude": _once(exclude, "--exclude"), **values}
    settled = office_done(options, DrawRound(month=month, **given))
    for warning in settled.warnings:
        click.echo(f"Note: {plain(warning)}", err=True)
    tell(options, settled, _drawn, lambda d: {**d.figures, "warnings": list(d.warnings)})
    if not options.as_json:
        click.echo(f"Next, give each an auditor: auditflow round distribute {month:%Y-%m}")


def _drawn(settled: OfficeDone) -> str:
    drawn = settled.figures["drawn"]
    audits = f"Audit {drawn[0]}" if len(drawn) == 1 else f"Audits {drawn[0]} to {drawn[-1]}"
    lines = [settled.says, f"{audits}; seed {plain(settled.figures['seed'])}"]
    left_out = settled.figures["excluded"].items()
    return "\n".join([*lines, *(f"  left out: {n} {why.replace('_', ' ')}" for why, n in left_out)])


def _page(page: RoundPage) -> str:
    return "\n".join((_drawn_so(page), _strata(page), _lists(page)))


@round_.command("show", short_help="Show how a month was drawn and what came of it.")
@click.argument("month", type=MONTH)
@answers(_page)
def show(asking: Reading, month: date) -> RoundPage:
    """Show how a month was drawn: from how many, leaving out whom and why, and what came of it."""
    return round_page(asking, month)


def _drawn_so(page: RoundPage) -> str:
    done = page.completion
    late = f", {page.late_by} working days late" if page.late_by else ""
    rows = [
        ("Month", page.month),
        ("Drawn", _drawn_by(page)),
        ("Pool", f"{page.pool} of {page.listed} cases on the list as at {page.as_at}"),
        ("Seed", page.seed),
        ("Pool digest", page.pool_digest),
        ("Distribute by", f"{long_day(page.distribute_by)}{late}; {page.waiting} still waiting"),
        ("Behind schedule", "yes" if page.behind_schedule else "no"),
        ("Held", f"{done.held} of {done.to_hold}"),
        ("Of these", (f"{done.drawn} drawn less {done.withdrawn} withdrawn, {done.substituted} in "
                     f"their place; {done.exempted} exempted, {done.voided} voided")),
    ]  # fmt: skip
    rows += [("Drawn again", f"{_drawn_by(a)}: {a.again}") for a in page.attempts if a.again]
    rows += [("Left out", f"{n} {why}") for why, n in page.excluded_by_reason.items()]
    return table(rows, ("What", "Value"))


def _drawn_by(draw: Any) -> str:
    return f"{draw.drawn_at.astimezone(LONDON):%Y-%m-%d %H:%M} by {draw.drawn_by}"


def _strata(page: RoundPage) -> str:
    names = ("stratum", "eligible", "quota", "drawn", "short", "reserves", "reserves_short")
    rows = ([str(s[n]).replace("_", " ") for n in names] for s in page.strata)
    return "\n" + table(rows, [n.replace("_", " ").capitalize() for n in names])


def _lists(page: RoundPage) -> str:
    if not page.lists_shown:
        return "\nWhich cases were drawn is for the QA Team to see."
    audits = ((a.audit, a.case, a.team, a.state, a.auditor or "-", _why(a)) for a in page.audits)
    told = ["", table(audits, ("Audit", "Case", "Team", "State", "Auditor", "Note"))]
    if page.reserves:
        rows = ((r.case, r.stratum, r.rank, r.used or "waiting") for r in page.reserves)
        told += ["", table(rows, ("Reserve", "Stratum", "Rank", "Used"))]
    if page.excluded:
        left = ((x.case, x.why, x.detail) for x in page.excluded)
        told += ["", table(left, ("Left out", "Why", "Detail"))]
    return "\n".join(told)


def _why(a: Any) -> str:
    notes = (
        f"in place of {a.instead_of}" if a.instead_of else "",
        f"repeats {a.repeats}" if a.repeats else "",
        "short notice" if a.short_notice else "",
    )
    return ", ".join(filter(None, notes))


@round_.command("distribute", short_help="Give a month's cases to auditors, evenly.")
@click.argument("month", type=MONTH)
@click.option("--dry-run", is_flag=True, help="Only show who would get what.")
@click.option("--partly", is_flag=True, help="Distribute the others where one fits nobody.")
@told
def distribute(options: Globals, month: date, dry_run: bool, partly: bool) -> None:
    """Give each drawn case of a month to an auditor: independent of it, and evenly spread."""
    with opened(options) as app:
        with app.reading(settings_of(options).person) as asking:
            found = allocation(asking, month)
            if not partly and not dry_run:
                demand_all(found, people(asking.office))
        if not dry_run:
            for reference, auditor in found.plan.given.items():
                command = Distribute(audit=reference, auditor=auditor)
                app.service.do(command, by=asking.person.id, now=app.writing_now)
    if options.as_json:
        print_json({"month": f"{month:%Y-%m}", "distributed": not dry_run,
                    "given": found.plan.given, "impossible": found.plan.impossible,
                    "loads": found.loads, "idle": list(found.plan.idle)})  # fmt: skip
        return
    _told(found, dry_run=dry_run)


def _told(found: Allocation, *, dry_run: bool) -> None:
    if not found.waiting:
        click.echo("Nothing of that month waits to be distributed.")
        return
    click.echo("Would be given:" if dry_run else "Distributed:")
    rows = ((ref, found.waiting[ref].team, who) for ref, who in found.plan.given.items())
    click.echo(table(rows, ("Audit", "Team", "Auditor")))
    for ref, whys in found.plan.impossible.items():
        each = "; ".join(f"{who} {why}" for who, why in whys.items())
        click.echo(f"Nobody can audit {ref}: {each or 'there is no auditor'}.", err=True)
    for who in found.plan.idle:
        click.echo(f"Note: {who} may audit none of these.", err=True)


def _proof(found: RoundProof) -> str:
    quotas = ", ".join(f"{name} {n}" for name, n in found.quotas.items())
    return "\n".join(
        (
            f"Month {found.month}, draw {found.attempt}, list as at {found.as_at}",
            f"Pool {found.pool} cases, digest {found.pool_digest}",
            f"Seed {plain(found.seed)}; quotas {quotas}; reserves {found.reserves} each",
            *(f"  left out: {n} {why}" for why, n in found.excluded_by_reason.items()),
            *(f"  {e.result} {e.stratum} {e.rank}: {plain(e.reference)}" for e in found.drawn),
            *(f"{'yes' if check.holds else 'NO '}  {check.says}" for check in found.checks),
        )
    )


@round_.command("proof", short_help="Draw a month again from what is stored, and compare.")
@click.argument("month", type=MONTH)
@click.option(
    "--attempt", type=COUNT, metavar="NUMBER", help="An earlier draw; the last if not given."
)
@asked
def proof(options: Globals, month: date, attempt: int | None) -> None:
    """Draw a month again from the stored pool and seed, and say whether it is the same list."""
    with reading(options) as asking:
        found = round_proof(asking, month, attempt)
    tell(options, found, _proof, lambda f: {**msgspec.to_builtins(f), "holds": f.holds})
    if not found.holds:
        sys.exit(1)
