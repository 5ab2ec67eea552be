"""Backups: taken while others write, checked by being opened, and restored into an empty store."""

from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from auditflow import logs
from auditflow.calendar import number_of
from auditflow.errors import BadInput, Damaged, StoreTrouble
from auditflow.persistence import sqlite_backup, tables
from auditflow.persistence.atomic_file import whole
from auditflow.persistence.database import Mode
from auditflow.persistence.inventory import Holdings, holdings
from auditflow.persistence.lifecycle import bring_up_in
from auditflow.persistence.office import Office
from auditflow.persistence.sqlite_backup import damaged
from auditflow.persistence.store import Store, demand_known, schema_of, tables_in
from auditflow.verify import Fault, verify

#: Beside each backup lies one of this ending, as sha256sum writes and checks them.
CHECKSUM = ".sha256"


@dataclass(frozen=True, kw_only=True)
class CheckedBackup:
    """What a backup, or the store it was restored to, was found to hold when it was opened."""

    file: Path
    #: The store, without its password.
    place: str
    #: The file's, in bytes.
    size: int
    holdings: Holdings
    #: What the history does not bear out, in the store as in its copy.
    faults: list[Fault]
    #: The program that was used, where auditflow did not do it alone.
    program: str = ""
    #: Whether the file is known to be, to the last bit, as it was written.
    checksum: bool = True

    @property
    def replayed(self) -> bool:
        """Whether its history was replayed; that of an older version is once it is brought up."""
        return self.holdings.version == tables.SCHEMA


class _Found(NamedTuple):
    """What was found in what was written, and the program that wrote it."""

    holdings: Holdings
    faults: list[Fault]
    program: str = ""


@dataclass(frozen=True)
class _Means:
    """How one kind of store is copied."""

    take: Callable[[Connection, Path], None]
    opened: Callable[[Path], AbstractContextManager[Connection]]
    program: str = ""


def backup(url: str, target: Path, *, now: datetime, pg_bin: Path | None = None) -> CheckedBackup:
    """Take a copy of the store as it is at one moment, and open it to see that it is whole.

    A folder as target gets a file named by store and moment. BadInput where the target is there.
    A store of an older version is copied too: that is what one does before bringing it up.
    """
    with closing(Store(url, unchecked=True)) as store:
        file = _named(target, store, now)
        with whole(file) as part, whole(_checksum_of(file)) as checksum:
            means = _means(store, pg_bin)
            with store.reading(patient=True) as connection:
                demand_known(schema_of(connection), store.database.place)
                original = holdings(connection)
                means.take(connection, part)
            with means.opened(part) as copy:
                found, faults = holdings(copy), _faults(copy)
            if found != original:
                raise Damaged(f"The copy of {store.database.place} lacks rows. Take another.")
            checksum.write_text(f"{_digest(part)}  {file.name}\n")
        kept = _Found(found, faults, means.program)
        return _noted("backed up", store, file, kept)


def restore(url: str, file: Path, *, pg_bin: Path | None = None) -> CheckedBackup:
    """Put a backup in place where nothing is yet; its notices are kept back until let go.

    Damaged where the backup is not whole, or its history does not bear it out; nothing is left
    behind then. One of an older version is brought up to this one.
    """
    try:
        kind, known = sqlite_backup.kind_of(file), _unchanged(file)
    except OSError as error:
        raise BadInput(f"The backup {file} cannot be read: {error.strerror}.") from error
    with closing(Store(url, create=True)) as store:
        _demand_same_kind(file, kind, store)
        if store.path is not None:
            kept = _restore_file(file, store.path)
        else:
            kept = _restore_database(file, store, pg_bin)
        return _noted("restored", store, file, kept, checksum=known)


def _noted(
    event: str, store: Store, file: Path, found: _Found, *, checksum: bool = True
) -> CheckedBackup:
    place, size, held = store.database.place, file.stat().st_size, found.holdings
    figures = {name: getattr(held, name) for name in ("audits", "lines", "head")}
    faults = len(found.faults)
    logs.note(event, file=str(file), store=place, bytes=size, **figures, faults=faults)
    return CheckedBackup(file=file, place=place, size=size, checksum=checksum, **found._asdict())


def _named(target: Path, store: Store, now: datetime) -> Path:
    if not target.is_dir():
        return target
    name = store.path.stem if store.path else store.url.database
    return target / f"{name}-{now:%Y%m%dT%H%M%SZ}.backup"


def _means(store: Store, pg_bin: Path | None) -> _Means:
    if store.path is not None:
        return _Means(sqlite_backup.take, sqlite_backup.opened)
    from auditflow.persistence.postgres_backup import Dumps  # noqa: PLC0415 - its driver is an extra

    dumps = Dumps(store, pg_bin)
    return _Means(dumps.take, dumps.opened, str(dumps.dump))


def _checksum_of(file: Path) -> Path:
    return file.with_name(file.name + CHECKSUM)


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()


def _unchanged(file: Path) -> bool:
    """Whether its checksum says that nothing in it changed; False without one, else Damaged."""
    checksum = _checksum_of(file)
    if not checksum.exists():
        return False
    if checksum.read_text(encoding="utf-8", errors="replace").split(" ")[0] != _digest(file):
        raise damaged(file, "it is not as it was written, for its checksum is another")
    return True


def _demand_same_kind(file: Path, kind: str, store: Store) -> None:
    if kind == store.url.get_backend_name():
        return
    instead = "a file" if kind == "sqlite" else "the address of an empty PostgreSQL database"
    raise BadInput(
        f"{file} is the backup of another kind of store. Give {instead} with --db; "
        "to move it afterwards: auditflow db copy"
    )


def _restore_file(file: Path, path: Path) -> _Found:
    with whole(path) as part:
        with sqlite_backup.opened(file) as copy:
            demand_known(schema_of(copy), str(file))
            sqlite_backup.take(copy, part)
        with (
            closing(Store(str(part), unchecked=True)) as restored,
            restored.writing(Mode.WHOLE, patient=True) as connection,
        ):
            return _Found(_made_usable(connection, file), [])


def _restore_database(file: Path, store: Store, pg_bin: Path | None) -> _Found:
    from auditflow.persistence.postgres_backup import Dumps  # noqa: PLC0415 - its driver is an extra

    with store.reading() as connection:
        if tables_in(connection):
            raise StoreTrouble(
                f"{store.database.place} is not empty. A backup goes into a new database only: "
                "createdb NAME"
            )
    dumps = Dumps(store, pg_bin)
    with dumps.opened(file) as copy:
        was = _sound(copy, file)
    with store.writing(Mode.WHOLE, patient=True) as connection:
        dumps.put(connection, file)
        found = _made_usable(connection, file)
        if found.version == was.version and found != was:
            raise Damaged(
                f"{store.database.place} lacks rows of {file}. Nothing was kept; try once more."
            )
    return _Found(found, [], str(dumps.restore))


def _made_usable(connection: Connection, file: Path) -> Holdings:
    """Bring what was restored up to this version, keep its notices back, and look if all fits.

    What waits in the outbox may have been sent after the backup was taken: so this is one
    transaction with what is restored, and nobody can come upon notices that may go.
    """
    bring_up_in(connection, schema_of(connection))
    Office(connection).keep_notices_back(back=True)
    return _sound(connection, file)


def _sound(connection: Connection, file: Path) -> Holdings:
    """What it holds, if its history bears it out."""
    try:
        faults = _faults(connection)
    except (msgspec.MsgspecError, ValueError, LookupError) as error:
        raise damaged(file, "what it holds cannot be read") from error
    if faults:
        first = faults[0]
        raise damaged(
            file,
            f"its history has {number_of(len(faults), 'fault')}, the first at "
            f"{first.reference}, line {first.seq}: {first.says}",
        )
    return holdings(connection)


def _faults(connection: Connection) -> list[Fault]:
    """What the history does not bear out; that of an older version is not replayed yet."""
    return verify(connection).faults if schema_of(connection) == tables.SCHEMA else []
