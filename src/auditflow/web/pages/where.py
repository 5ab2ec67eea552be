"""Where each audit sits: the charts with counts, and the same as tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from flask import Blueprint, render_template, url_for
from markupsafe import Markup

from auditflow.audits import Trigger
from auditflow.calendar import number_of
from auditflow.machines.charts import CHARTS, DUTIES
from auditflow.machines.drawing.facts import sheet
from auditflow.machines.drawing.overlay import Counts
from auditflow.queries import Board
from auditflow.web import drawings
from auditflow.web.desk import desk
from auditflow.web.pages.charts import ORDER

PAGE: Final = Blueprint("where", __name__)

_LISTS: Final = {"audit": "audits", "action": "actions", "escalation": "escalations"}
#: The filter by which each list finds what stands in a state.
_STATE: Final = {"audit": "state", "action": "state", "escalation": "level"}


@PAGE.get("/where")
def board() -> str:
    """How many audits stand where, what is owed, what is late, what is escalated."""
    app, person = desk().app, desk().person
    if desk().only_figures:
        return render_template("where_figures.html", report=app.report(person, "completion"))
    seen, standing = app.board(person), app.standing(person)
    return render_template(
        "where.html",
        board=seen,
        charts=[
            (sheet(kind).title, kind, _chart(kind, counts, seen))
            for kind, counts in ((kind, standing[kind]) for kind in ORDER)
        ],
        live=standing["audit"].states,
        totals=_totals(seen, standing),
        duties={name: duty.title for name, duty in DUTIES.items()},
        why={trigger.value: trigger.says for trigger in Trigger},
        levels={s.name: s.title for s in CHARTS["escalation"].states.values()},
    )


def _totals(seen: Board, standing: Mapping[str, Counts]) -> list[tuple[int, str, str]]:
    """The figures at the top, each with the list behind it."""
    list_of: Callable[..., str] = url_for
    return [
        (sum(standing["audit"].states.values()), "under way", list_of("audits.listed")),
        (sum(p.overdue for p in seen.places), "with something overdue",
         list_of("audits.listed", late=1)),
        (sum(p.due_soon for p in seen.places), "with something due soon",
         list_of("audits.listed", soon=1)),
        (sum(e.escalations for e in seen.escalations), "open escalations",
         list_of("escalations.listed")),
    ]  # fmt: skip


def _chart(kind: str, counts: Counts, seen: Board) -> Markup:
    """A chart with a badge in each box that something stands in, or that is owed."""
    late = {p.state: p.overdue for p in seen.places} if kind == "audit" else {}
    badges = {}
    for state, n in counts.states.items():
        href = f"{url_for(f'{_LISTS[kind]}.listed')}?{_STATE[kind]}={state}"
        title = CHARTS[kind].states[state].title
        badges[state] = _badge(n, kind, late.get(state, 0), title, href)
    for duty, n in counts.duties.items():
        over = counts.overdue.get(duty, 0)
        words = f"{n} owed" + (f", {over} overdue" if over else "")
        href = _behind(kind, duty)
        badges[duty] = drawings.Badge(words, over > 0, href, f"{DUTIES[duty].title}: {words}")
    # The drawing escapes what it is given.
    return Markup(drawings.counted(kind, badges))  # noqa: S704


def _badge(n: int, thing: str, late: int, title: str, href: str) -> drawings.Badge:
    words = number_of(n, thing) + (f", {late} overdue" if late else "")
    return drawings.Badge(words, late > 0, href, f"{title}: {words}")


def _behind(kind: str, duty: str) -> str:
    """The list of those that owe a duty."""
    if kind == "escalation":
        return url_for("escalations.listed")
    return url_for("audits.listed", duty=duty)
