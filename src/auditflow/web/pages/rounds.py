"""Rounds: the months drawn, how each was drawn, and the proof of it."""

from datetime import date
from typing import Final

from flask import Blueprint, render_template, request

from auditflow.calendar import parse_date
from auditflow.commands import may_see_rounds
from auditflow.errors import BadInput, NotFound
from auditflow.machines.audit import AuditProcess
from auditflow.queries.months import months
from auditflow.queries.round_proof import round_proof
from auditflow.queries.rounds import round_page
from auditflow.web.pagination import part_of
from auditflow.web.request_context import asking

PAGE: Final = Blueprint("rounds", __name__, url_prefix="/rounds")


@PAGE.get("")
def listed() -> str:
    """The last months that were drawn, or the last before one."""
    asked = request.args.get("before", "")
    before = _month(asked) if asked else None
    found, more = months(asking(), before)
    return render_template(
        "rounds.html", months=found, before=before, more=more, today=asking().today
    )


@PAGE.get("/<month>")
def one(month: str) -> str:
    """How one month was drawn, and what came of it."""
    reading = asking()
    found = round_page(reading, _month(month))
    audits = part_of("audits", "audits", found.audits)
    people = {found.drawn_by, *(a.drawn_by for a in found.attempts)}
    return render_template(
        "round.html",
        round=found,
        names=reading.names.among(people | {a.auditor for a in audits.rows}),
        audits=audits,
        reserves=part_of("reserves", "reserves", found.reserves),
        excluded=part_of("excluded", "cases left out", found.excluded),
        month=_month(month),
        states={s.name: s.title for s in AuditProcess.states.values()},
        proves=may_see_rounds(reading.person),
    )


@PAGE.get("/<month>/proof")
def proof(month: str) -> str:
    """The draw made again from what is stored, and whether it agrees."""
    shown = round_proof(asking(), _month(month))
    drawn = part_of("drawn", "the list as drawn", shown.drawn)
    return render_template("round_proof.html", proof=shown, drawn=drawn, month=_month(month))


def _month(text: str) -> date:
    try:
        return parse_date(f"{text}-01", "month")
    except BadInput as error:
        raise NotFound("A month is written as 2026-03.") from error
