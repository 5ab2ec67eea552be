"""My work and my team: what is owed, the overdue first."""

from typing import Final

from flask import Blueprint, render_template

from auditflow.errors import NotFound
from auditflow.queries import work
from auditflow.queries.team import coming, team
from auditflow.web.request_context import asking

PAGE: Final = Blueprint("work", __name__)
#: Things shown of all that somebody owes; who owes more looks in the lists.
_MOST: Final = 100
TEAM: Final = Blueprint("team", __name__, url_prefix="/team")


@PAGE.get("/")
def mine() -> str:
    """What I owe, and what waits for somebody else before it comes to me."""
    jobs = work(asking())
    late = sum(job.overdue for job in jobs)
    return render_template(
        "work.html", jobs=jobs[:_MOST], owed=len(jobs), late=late, coming=coming(asking())
    )


@TEAM.get("", endpoint="mine")
def my_team() -> str:
    """How much everybody below me in the line owes."""
    return render_template("team.html", members=team(asking()))


@TEAM.get("/<person>")
def one(person: str) -> str:
    """What one of them owes."""
    member = next((m for m in team(asking()) if m.id == person), None)
    if member is None:
        raise NotFound("There is nobody of that name below you in the line.")
    return render_template("member.html", member=member, jobs=work(asking(), person))
