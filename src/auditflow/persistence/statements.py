"""Every statement the register sends, built once for each kind of database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    CursorResult,
    Dialect,
    Table,
    Text,
    bindparam,
    func,
    insert,
    literal_column,
    select,
    text,
    union,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from auditflow.audits import states_that
from auditflow.persistence import tables
from auditflow.persistence.batch import KEPT, LOADED
from auditflow.persistence.columns import Instant

#: A job that wakes a worker at a moment, one for each moment; it says nothing but that. It is made
#: by the job library's own function, in our transaction, sparing each command the import of it.
#: Where another is at the same moment's job already, it is left to that one, and to the next sweep.
_WAKE = """
SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(
    'default', 'auditflow.sweep', 0, NULL, 'wake ' || :name, '{}'::jsonb, :at
)::procrastinate_job_to_defer_v1]) WHERE NOT EXISTS (
    SELECT FROM procrastinate_jobs WHERE queueing_lock = 'wake ' || :name AND status = 'todo'
) AND pg_try_advisory_xact_lock(hashtextextended('wake ' || :name, 0))
"""


@cache
def statements(dialect: str) -> dict[str, Any]:
    """Every statement, built once for each kind of database."""
    return {**_of_one_audit(), **_of_the_clock(), **_writing(inserting(dialect))}


def inserting(dialect: str) -> Any:
    """The insert of a kind of database that says what is done where the key is there already."""
    return postgresql.insert if dialect == "postgresql" else sqlite.insert


def _of_one_audit() -> dict[str, Any]:
    """What a command asks."""
    audits, people, store, keys = tables.audits, tables.people, tables.store, tables.text_keys
    versions = store.c.policy_version, store.c.calendar_version
    opened = (
        select(*versions, store.c.rehearsal, *LOADED, keys.c.secret, people)
        .select_from(store)
        .outerjoin(audits, audits.c.reference == bindparam("reference"))
        .outerjoin(people, people.c.id == bindparam("person"))
        .outerjoin(keys, keys.c.audit_id == audits.c.id)
    )
    return {
        "open": opened,
        "lock": select(audits.c.id)
        .where(audits.c.reference == bindparam("reference"))
        .with_for_update(),
        "versions": select(*versions),
        "person": select(people).where(people.c.id == bindparam("id")),
        "answered": select(tables.journal.c.body).where(tables.journal.c.key == bindparam("key")),
        "secret": select(keys.c.secret).where(keys.c.audit_id == bindparam("audit_id")),
    }


def _of_the_clock() -> dict[str, Any]:
    """What a sweep asks."""
    audits, duties = tables.audits, tables.duties
    again, due = audits.alias("again"), _due()
    load = (
        select(*LOADED)
        .where(audits.c.id.in_(bindparam("ids", expanding=True)))
        .order_by(audits.c.id)
        .with_for_update(skip_locked=True)
    )
    return {
        "load": load,
        "load_due": load.where(audits.c.id.in_(select(due.subquery().c.audit_id))),
        "due": due.order_by("since"),
        "owing": select(*LOADED)
        .where(audits.c.id.in_(select(duties.c.audit_id).where(duties.c.ended_at.is_(None))))
        .order_by(audits.c.id),
        # Not put in order here: SQLite would then read every audit, for they lie in that order.
        "to_repeat": select(audits.c.id, audits.c.reaudit_due_on).where(
            audits.c.reaudit_due_on.is_not(None),
            *(audits.c.state != name for name in states_that("audit", "set_aside")),
            ~select(again.c.id).where(again.c.repeats == audits.c.id).exists(),
        ),
    }


def _writing(upsert: Any) -> dict[str, Any]:
    """What a step changes (one audit's row, as it was read), adds, or brings up to date by key."""
    audits = tables.audits
    entered = func.coalesce(bindparam("new_entered_at", type_=Instant()), audits.c.entered_at)
    new: dict[str, Any] = {k: bindparam(f"new_{k}") for k in KEPT}
    new["entered_at"] = entered
    as_read = audits.c.id == bindparam("new_id"), audits.c.version == bindparam("was")
    wake = bindparam("name", type_=Text()), bindparam("at", type_=Instant())
    return {
        "update": update(audits).where(*as_read).values(new),
        "journal": insert(tables.journal),
        "texts": upsert(tables.texts).on_conflict_do_nothing(),
        "duties": _onto(upsert, tables.duties, keep="started_at", once="missed_at"),
        "actions": _onto(upsert, tables.actions),
        "escalations": _onto(upsert, tables.escalations),
        "places": upsert(tables.places).on_conflict_do_nothing(),
        "steps": upsert(tables.steps).on_conflict_do_nothing(),
        "outbox": upsert(tables.outbox).on_conflict_do_nothing(),
        "wake": text(_WAKE).bindparams(*wake),
    }


def _due() -> CompoundSelect[Any]:
    """The audits on which the clock must act: a duty is to be raised, or a hold is over."""
    duties, paused = tables.duties, tables.escalations
    return union(
        select(duties.c.audit_id, duties.c.raise_from.label("since")).where(
            duties.c.ended_at.is_(None),
            duties.c.missed_at.is_(None),
            duties.c.raise_from <= bindparam("now"),
        ),
        select(paused.c.audit_id, literal_column("NULL").label("since")).where(
            paused.c.held_until <= bindparam("today"), text(f"escalations.{tables.OPEN}")
        ),
    )


def _onto(upsert: Any, table: Table, *, keep: str = "", once: str = "") -> Any:
    """Insert, or bring the row of the same key up to date; what was said `once` stands."""
    made, key = upsert(table), table.primary_key.columns.keys()
    new = {c.name: made.excluded[c.name] for c in table.c if c.name not in (*key, keep)}
    if once:
        new[once] = func.coalesce(table.c[once], made.excluded[once])
    return made.on_conflict_do_update(index_elements=key, set_=new)


class Prepared:
    """A statement spelled out once: its text, and how each value goes to the driver.

    Core would work both out anew for each row, which takes longer than SQLite takes to write it.
    """

    def __init__(self, statement: Any, dialect: Dialect, keys: Iterable[str] | None) -> None:
        columns = list(keys) if keys is not None and statement.is_insert else None
        compiled = statement.compile(dialect=dialect, column_keys=columns, for_executemany=True)
        self.text: str = compiled.string
        self.positional = compiled.positiontup is not None
        self._names = tuple(compiled.positiontup or compiled.params)
        types = (compiled.binds[name].type.dialect_impl(dialect) for name in self._names)
        processors = (kind.bind_processor(dialect) for kind in types)
        defaults = map(compiled.params.get, self._names)
        self._slots = list(zip(self._names, processors, defaults, strict=True))

    def values(self, row: Mapping[str, Any]) -> Any:
        """What the driver is given for a row."""
        found = [
            (to(value) if to else value)
            for name, to, default in self._slots
            for value in (row.get(name, default),)
        ]
        return tuple(found) if self.positional else dict(zip(self._names, found, strict=True))


#: What is prepared already, for each kind of database.
_PREPARED: defaultdict[str, dict[str, Prepared]] = defaultdict(dict)


class StatementRunner:
    """Sends the register's statements over one connection, each prepared once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect
        self._prepared = _PREPARED[connection.dialect.name]

    def one(self, name: str, **values: Any) -> CursorResult[Any]:
        """Send a statement with these values."""
        said = self._said(name, None)
        return self._connection.exec_driver_sql(said.text, said.values(values))

    def many(self, name: str, rows: Sequence[Mapping[str, Any]]) -> CursorResult[Any]:
        """Send a statement for each of these rows."""
        said = self._said(name, rows[0])
        return self._connection.exec_driver_sql(said.text, [said.values(r) for r in rows])

    def _said(self, name: str, keys: Iterable[str] | None) -> Prepared:
        said = self._prepared.get(name)
        if said is None:
            statement = statements(self._dialect.name)[name]
            said = self._prepared[name] = Prepared(statement, self._dialect, keys)
        return said
