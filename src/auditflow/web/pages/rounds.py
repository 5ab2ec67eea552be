"""Rounds: the months drawn, how each was drawn, and the proof of it."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from flask import Blueprint, render_template, request

from auditflow.calendar import parse_date
from auditflow.commands import may_see_rounds
from auditflow.errors import BadInput, NotFound
from auditflow.machines.audit import AuditProcess
from auditflow.web.desk import desk
from auditflow.web.parts import part_of

PAGE: Final = Blueprint("rounds", __name__, url_prefix="/rounds")


@PAGE.get("")
def listed() -> str:
    """The months that were drawn in a year, the newest first."""
    asked = request.args.get("year")
    if asked is not None and not re.fullmatch("[12][0-9]{3}", asked):
        raise BadInput("A year is written as 2026.")
    found = desk().app.months(int(asked) if asked else None)
    return render_template("rounds.html", year=found.year, years=found.years, months=found.months)


@PAGE.get("/<month>")
def one(month: str) -> str:
    """How one month was drawn, and what came of it."""
    found = desk().app.round(desk().person, _month(month))
    return render_template(
        "round.html",
        round=found,
        audits=part_of("audits", found.audits),
        reserves=part_of("reserves", found.reserves),
        excluded=part_of("excluded", found.excluded),
        month=_month(month),
        states={s.name: s.title for s in AuditProcess.states.values()},
        proves=may_see_rounds(desk().person),
    )


@PAGE.get("/<month>/proof")
def proof(month: str) -> str:
    """The draw made again from what is stored, and whether it agrees."""
    shown = desk().app.round_proof(desk().person, _month(month))
    return render_template("round_proof.html", proof=shown, month=_month(month))


def _month(text: str) -> date:
    try:
        return parse_date(f"{text}-01", "month")
    except BadInput as error:
        raise NotFound("A month is written as 2026-03.") from error
