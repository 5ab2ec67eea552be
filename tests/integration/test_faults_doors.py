"""A server that lets nobody in, or nobody write: plain words that say what to do, no change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy

from auditflow.errors import StoreTrouble
from support import postgres
from support.migrating import downgrade
from support.migrating import whole as everything
from support.office import Office, add, planned
from support.postgres import Server
from support.shell import Shell, plain

pytestmark = pytest.mark.only("postgres")

PASSWORD = "the password is wrong or missing. Check --db and the secrets."
WRITING: tuple[tuple[str, ...], ...] = (
    ("sweep",),
    ("worker", "--until-idle"),
    ("audit", "distribute", "2026-03-001", "--auditor", "aud", "--as", "qa1"),
    ("policy", "set", "moderation_share", "7", "--reason", "So.", "--as", "qam"),
    ("db", "release-notices", "--reason", "So.", "--as", "qam"),
)
READING: tuple[tuple[str, ...], ...] = (
    ("where", "--as", "qam"),
    ("work", "--as", "rm"),
    ("verify",),
    ("db", "upgrade"),
)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server on the network that asks for passwords there."""
    with postgres.own(listen_addresses="127.0.0.1", password_encryption="scram-sha-256") as own:
        postgres.asked(own.url(), "CREATE ROLE clerk LOGIN PASSWORD 'right-word'")
        (own.folder / "data" / "pg_hba.conf").write_text(
            "local all all trust\n"
            "host all nobody 127.0.0.1/32 reject\n"
            "host all all 127.0.0.1/32 scram-sha-256\n"
        )
        postgres.asked(own.url(), "SELECT pg_reload_conf()")
        yield own


@pytest.fixture
def office(server: Server, tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    made.draw("2026-03", "2026-01-28 09:00")
    made.app.close()
    yield made
    made.app.close()


@pytest.mark.parametrize(
    ("user", "password", "database", "says"),
    [
        ("clerk", "wrong-word", "", PASSWORD),
        ("clerk", None, "", PASSWORD),
        ("stranger", "right-word", "", PASSWORD),
        ("nobody", "right-word", "", "Check the user in --db, and pg_hba.conf."),
        ("clerk", "right-word", "nowhere", "is not there. Create the database first (createdb)"),
        ("clerk", "right-word", "", "does not let this user do that. Grant it the rights"),
    ],
)
def test_nobody_is_let_in(
    server: Server,
    office: Office,
    tmp_path: Path,
    user: str,
    password: str | None,
    database: str,
    says: str,
) -> None:
    kept = everything(office.url)
    address = sqlalchemy.URL.create(
        "postgresql", user, password, "127.0.0.1", server.port,
        database or postgres.name_of(office.url),
    )  # fmt: skip
    shell = Shell(tmp_path, url=address.render_as_string(hide_password=False))
    for words in (*WRITING, *READING, ("db", "backup", f"{tmp_path}/kept")):
        told = shell.tries("", "", *words)
        plain(told, 1, says)
        assert not password or password not in told.output
    assert not (tmp_path / "kept").exists()
    assert everything(office.url) == kept


@pytest.fixture
def shut(office: Office) -> Office:
    forbid(office, "on")
    return office


def forbid(office: Office, how: str) -> None:
    """Whether those who come from now on may only read; asked of another database, which may."""
    name = postgres.name_of(office.url)
    said = f'ALTER DATABASE "{name}" SET default_transaction_read_only = {how}'
    postgres.asked(postgres.server_url(), said)


def test_nobody_may_write(shut: Office, tmp_path: Path) -> None:
    kept = everything(shut.url)
    shell = Shell(tmp_path, url=shut.url)
    for words in WRITING:
        plain(shell.tries("", "", *words), 1, "may only be read: it is a replica, or was set so")
    with pytest.raises(StoreTrouble, match="have it opened for writing; nothing was changed"):
        shut.do(add("2026-03-001", planned("kw", "2026-03-31")), "aud", "2026-03-10 14:00")
    for words in READING:
        shell.says("", "", *words)
    shell.says("", "", "db", "backup", f"{tmp_path}/kept")
    assert everything(shut.url) == kept


def test_nothing_is_brought_up_where_nobody_may_write(shut: Office, tmp_path: Path) -> None:
    forbid(shut, "off")
    downgrade(shut.url)
    kept = everything(shut.url)
    shell = Shell(tmp_path, url=shut.url)
    forbid(shut, "on")
    plain(shell.tries("", "", "db", "upgrade"), 1, "may only be read")
    assert everything(shut.url) == kept
    forbid(shut, "off")
    assert "is up to date now" in shell.says("", "", "db", "upgrade")
