"""Rounds: the months drawn, how each was drawn, and the proof of it."""

from __future__ import annotations

from datetime import date
from typing import Final

from flask import Blueprint, render_template

from auditflow.calendar import parse_date
from auditflow.commands import may_see_rounds
from auditflow.errors import BadInput, NotFound
from auditflow.machines.audit import AuditProcess
from auditflow.web.desk import desk

PAGE: Final = Blueprint("rounds", __name__, url_prefix="/rounds")


@PAGE.get("")
def listed() -> str:
    """The months that were drawn, the newest first."""
    return render_template("rounds.html", months=desk().app.months())


@PAGE.get("/<month>")
def one(month: str) -> str:
    """How one month was drawn, and what came of it."""
    return render_template(
        "round.html",
        round=desk().app.round(desk().person, _month(month)),
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
