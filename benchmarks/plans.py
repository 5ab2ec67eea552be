"""Which statements of a question read whole tables, found by asking the server for its plans."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from benchmarks.bare import direct
from sqlalchemy import event

from auditflow.application import App

#: Fewer rows than this are no matter, whatever they are read for.
MANY = 10_000


class Read(NamedTuple):
    """Rows of one table read, or passed over, by one statement."""

    table: str
    how: str
    rows: int
    ms: float


def reads(app: App, ask: Callable[[], object]) -> Iterator[Read]:
    """The many rows that a question makes the server read."""
    said: dict[str, Any] = {}

    def hear(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if statement.lstrip().startswith("SELECT") and "procrastinate" not in statement:
            said.setdefault(statement, values)

    event.listen(app.store.engine, "before_cursor_execute", hear)
    try:
        ask()
    finally:
        event.remove(app.store.engine, "before_cursor_execute", hear)
    with direct(app.store.url.render_as_string(hide_password=False)) as server:
        for statement, values in said.items():
            asked = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"
            [(found,)] = server.execute(asked, values or None).fetchall()
            yield from _many(found[0]["Plan"])


def _many(node: Mapping[str, Any]) -> Iterator[Read]:
    if "Relation Name" in node:
        passed = sum(v for k, v in node.items() if k.startswith("Rows Removed by"))
        rows = round((node["Actual Rows"] + passed) * node["Actual Loops"])
        ms = node["Actual Total Time"] * node["Actual Loops"]
        if rows >= MANY:
            yield Read(node["Relation Name"], _how(node), rows, ms)
    for under in node.get("Plans", ()):
        yield from _many(under)


def _how(node: Mapping[str, Any]) -> str:
    index = node.get("Index Name")
    return f"{node['Node Type']} by {index}" if index else str(node["Node Type"])
