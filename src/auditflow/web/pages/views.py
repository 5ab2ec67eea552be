"""Keeping the filters of a list under a name, and keeping them no longer."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from auditflow.queries.lists import LISTS, checked
from auditflow.web.desk import desk

PAGE: Final = Blueprint("views", __name__)


@PAGE.post("/views")
def keep() -> Response:
    """Keep the filters of a list, then show the list again."""
    page = checked(request.form.get("page", ""), LISTS, "page")
    query = request.form.get("query", "")
    desk().app.keep_view(desk().person, page, request.form.get("name", ""), query)
    return redirect(f"{url_for(f'{page}.listed')}?{query}", 303)


@PAGE.post("/views/remove")
def drop() -> Response:
    """Keep a view no longer, then show its list."""
    page = checked(request.form.get("page", ""), LISTS, "page")
    desk().app.drop_view(desk().person, page, request.form.get("name", ""))
    return redirect(url_for(f"{page}.listed"), 303)
