"""Calendar and limits: the numbers that hold, the closed days, and a deadline worked out."""

import re
from datetime import date
from typing import Final

from flask import Blueprint, render_template, request

from auditflow.calendar import Calendar, Months, WorkingDays, due, explain, parse_date
from auditflow.errors import BadInput
from auditflow.queries import policy_history, policy_in_force
from auditflow.web.request_context import asking

PAGE: Final = Blueprint("limits", __name__)

_RULES: Final = {"working_days": "Working days", "months": "Months"}
_MOST: Final = 999


@PAGE.get("/limits")
def shown() -> str:
    """Every number that holds, the closed days ahead, and a deadline if one is asked for."""
    reading = asking()
    calendar = reading.rules.calendar
    asked = {name: request.args.get(name, "").strip() for name in ("from", "rule", "n")}
    sum_, on = "", None
    errors: dict[str, str] = {}
    if any(asked.values()):
        sum_, on, errors = _worked_out(asked, calendar)
    history = policy_history(reading)
    return render_template(
        "limits.html",
        policy=policy_in_force(history),
        history=history[::-1],
        names=reading.names.among(c.who for c in history),
        holidays=[h for h in calendar.holidays if h.day >= reading.today.replace(month=1, day=1)],
        last=calendar.last,
        asked=asked,
        rules=_RULES,
        sum=sum_,
        on=on,
        errors=errors,
    )


def _worked_out(
    asked: dict[str, str], calendar: Calendar
) -> tuple[str, date | None, dict[str, str]]:
    """The sum of a deadline and its date, or what is wrong with each field."""
    errors: dict[str, str] = {}
    since = date.min
    try:
        since = parse_date(asked["from"], "The day it runs from")
    except BadInput as error:
        errors["from"] = str(error)
    n = asked["n"].lstrip("0")
    if not re.fullmatch("[1-9][0-9]{0,2}", n):
        errors["n"] = f"How many must be a whole number from 1 to {_MOST}."
    if asked["rule"] not in _RULES:
        errors["rule"] = "Choose working days or months."
    if errors:
        return "", None, errors
    limit = WorkingDays(int(n)) if asked["rule"] == "working_days" else Months(int(n))
    try:
        return explain(limit, since, calendar), due(limit, since, calendar), {}
    except BadInput as error:
        return "", None, {"from": str(error)}
