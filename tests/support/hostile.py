"""A store in which every word that people could write is hostile, and all pages that show it."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask
from sqlalchemy import literal, update

from auditflow.application import App, Store
from auditflow.persistence import tables
from support.asking import listed

MARK = "HOSTILE"
TEXT = (
    f"<script>alert('{MARK}')</script><b onclick=\"x()\">{MARK}</b> \\ ' \" {{{{7*7}}}} ]]> &amp; "
    "\u202eevol\u202c \x1b[31m " + "w" * 200
)
FORMULA = f'=HYPERLINK("http://evil.example","{MARK}")'
#: As long as a list of cases may have them, and a list of people.
REFERENCE = "<b>'\"\\{{7*7}}" + "w" * 18
NAME = f"<script>alert('{MARK}')</script><b onclick=\"x()\"> {{{{7*7}}}} " + "w" * 40
_WRITTEN = {
    tables.people: ("name", "team"),
    tables.texts: ("body",),
    tables.audits: ("team",),
    tables.cases: ("reference", "team"),
    tables.holidays: ("title",),
    tables.views: ("name",),
}


def spoil(store: Store, *, by_import: bool = False) -> None:
    """Put hostile words before all that was written; some are as only an import lets them in."""
    with store.writing() as connection:
        for table, columns in _WRITTEN.items():
            words = dict.fromkeys(columns, TEXT)
            if by_import and table is not tables.texts:
                words = {c: REFERENCE if c == "reference" else NAME for c in columns}
            values = {c: literal(said) + table.c[c] for c, said in words.items()}
            connection.execute(update(table).values(values))


def pages_of(flask: Flask, app: App) -> Iterator[str]:
    """An address for each page there is."""
    values = {
        "reference": [r.reference for r in listed(app, "quinn")][::4],
        "person": ["quinn", "amara"],
        "month": ["2026-10", "2026-11"],
        "name": ["audit", "escalation"],
    }
    for rule in flask.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint.startswith(("assets", "charts.down")):
            continue
        if rule.endpoint.endswith("taken"):
            continue
        wanted = rule.arguments & values.keys()
        if not wanted:
            yield rule.rule
        for name in wanted:
            for value in values[name]:
                yield (
                    f"/charts/{value}" if name == "name" else rule.rule.replace(f"<{name}>", value)
                )
    yield from ("/audits?show=all", "/audits?late=1&sort=team", "/actions?show=all")
    yield from ("/escalations?show=all", f"/audits?auditor={MARK}<b>", "/limits?from=<b>&n=<i>")
