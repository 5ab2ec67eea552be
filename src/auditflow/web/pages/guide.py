"""Help, and what a council must say of how accessible its pages are."""

from typing import Final

from flask import Blueprint, render_template

from auditflow.audits import Level, Trigger
from auditflow.queries import policy_history, policy_in_force
from auditflow.web.request_context import asking

PAGE: Final = Blueprint("help", __name__)


@PAGE.get("/help")
def shown() -> str:
    """What the pages are, what the words mean, who sees what."""
    titles = {s.name: s.value for s in policy_in_force(policy_history(asking())).settings}
    levels = [(level.value, titles[level.state], level.holder.title) for level in Level]
    return render_template("help.html", triggers=list(Trigger), levels=levels)


@PAGE.get("/accessibility")
def accessibility() -> str:
    """The accessibility statement."""
    return render_template("accessibility.html")
