"""My work: what the person who asks owes, the overdue first."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, render_template

from auditflow.web.desk import desk

PAGE: Final = Blueprint("work", __name__)


@PAGE.get("/")
def mine() -> str:
    """What I owe."""
    jobs = desk().app.work(desk().person)
    late = sum(job.overdue for job in jobs)
    return render_template("work.html", jobs=jobs, late=late)
