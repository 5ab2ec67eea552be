"""Keeping the filters of a list under a name, and keeping them no longer."""

from typing import Final
from urllib.parse import parse_qsl

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from auditflow.queries.lists import checked
from auditflow.service.saved_filters import drop_view, keep_view
from auditflow.web.lists import Address, ListPage, asked_of
from auditflow.web.pages.listings import LISTS
from auditflow.web.request_context import app_of_site, asking

PAGE: Final = Blueprint("views", __name__)
_LISTS: Final = {page.name: page for page in LISTS}


@PAGE.post("/views")
def keep() -> Response:
    """Keep the filters of a list, then show the list again."""
    page = _listed()
    # Only what the list itself understands is kept, written as its own addresses are.
    _, said = asked_of(page, dict(parse_qsl(request.form.get("query", ""))))
    address = Address(url_for(f"{page.name}.listed"), said)
    keep_view(app_of_site().store, asking().person.id, page.name, _name(), address.query)
    return redirect(address.but(), 303)


@PAGE.post("/views/remove")
def drop() -> Response:
    """Keep a view no longer, then show its list."""
    page = _listed()
    drop_view(app_of_site().store, asking().person.id, page.name, _name())
    return redirect(url_for(f"{page.name}.listed"), 303)


def _name() -> str:
    return request.form.get("name", "")


def _listed() -> ListPage:
    """The list that a form is about."""
    return _LISTS[checked(request.form.get("page", ""), _LISTS, "page")]
