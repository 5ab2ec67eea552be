"""A network that fails on purpose: a proxy on loopback between auditflow and a PostgreSQL server.

It can cut a connection at a COMMIT, before or after the server has heard it, and it can go silent:
what is sent is then held back, as packets that are sent again until they come through, or lost for
ever, as behind a firewall that has forgotten the connection.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from threading import Event, Lock, Thread, Timer

import psycopg
import sqlalchemy

#: How the driver sends it: one message of its own.
COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"
MOST = 200
#: Seconds after which the server's probes tell it that a client is gone.
PROBED = 11.0


class Cut(Enum):
    """Where a COMMIT is cut off."""

    #: The server never hears it.
    BEFORE = "before"
    #: The server hears it, and has nobody to answer.
    AT = "at"
    #: The server's answer is lost.
    AFTER = "after"


@dataclass(eq=False)
class _Pair:
    """One connection: the client's end and the server's."""

    client: socket.socket
    server: socket.socket
    #: Set while what is sent comes through.
    open: Event
    lost: bool = False
    deaf: bool = False

    def close(self) -> None:
        for end in (self.client, self.server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self.open.set()


@dataclass
class Proxy:
    """Stands between; `url` leads through it."""

    to: str
    #: The cuts to come, each at one COMMIT; None lets one through.
    cuts: list[Cut | None] = field(default_factory=list)
    #: Whether new connections are turned away.
    shut: bool = False
    done: int = 0

    def __post_init__(self) -> None:
        self._pairs: list[_Pair] = []
        self._lost: list[_Pair] = []
        self._lock = Lock()
        self._silent = False
        self._door = socket.create_server(("127.0.0.1", 0), backlog=MOST)
        with psycopg.connect(_plain(self.to)) as direct:
            self._host, self._port = direct.info.host, direct.info.port
        Thread(target=self._let_in, daemon=True).start()

    @property
    def url(self) -> str:
        """The same database, through here."""
        made = sqlalchemy.make_url(self.to).set(host="127.0.0.1", port=self._door.getsockname()[1])
        return made.difference_update_query(["host", "port"]).render_as_string(hide_password=False)

    def close(self) -> None:
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self.cut_all()

    def cut_all(self) -> None:
        """End every connection."""
        with self._lock:
            pairs, self._pairs, self._lost = [*self._pairs, *self._lost], [], []
        for pair in pairs:
            pair.close()

    @contextmanager
    def silence(self, *, lost: bool) -> Iterator[None]:
        """Nothing comes through for so long; `lost`: what was under way never will."""
        begun = time.monotonic()
        with self._lock:
            self._silent = True
            for pair in self._pairs:
                pair.open.clear()
        try:
            yield
        finally:
            with self._lock:
                self._silent = False
                gone = self._pairs if lost else []
                for pair in self._pairs:
                    pair.lost = pair.lost or lost
                    pair.open.set()
                self._pairs = [pair for pair in self._pairs if pair not in gone]
            self._lost += gone
            finding = Timer(max(0, begun + PROBED - time.monotonic()), self._find_out, [gone])
            finding.daemon = True
            finding.start()

    def _find_out(self, gone: list[_Pair]) -> None:
        """The server's probes were not answered: here they would be, for the kernel does it."""
        for pair in gone:
            with suppress(OSError):
                pair.server.shutdown(socket.SHUT_RDWR)

    def _let_in(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                if self.shut or len(self._pairs) >= MOST:
                    client.close()
                    continue
                with self._lock:
                    pair = _Pair(client, self._call(), Event())
                    if not self._silent:
                        pair.open.set()
                    self._pairs.append(pair)
                for carry in (self._up, self._down):
                    Thread(target=carry, args=(pair,), daemon=True).start()

    def _call(self) -> socket.socket:
        if not self._host.startswith("/"):
            return socket.create_connection((self._host, self._port))
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{self._host}/.s.PGSQL.{self._port}")
        return server

    def _up(self, pair: _Pair) -> None:
        """Carry what the client says, but for what is to be cut."""
        with self._ending(pair):
            for said in _heard(pair, pair.client):
                cut = self._cut() if said.endswith(COMMIT) else None
                if cut is Cut.BEFORE:
                    return
                pair.deaf = cut is Cut.AFTER
                pair.server.sendall(said)
                if cut is Cut.AT:
                    return

    def _down(self, pair: _Pair) -> None:
        """Carry what the server answers."""
        with self._ending(pair):
            for said in _heard(pair, pair.server):
                if pair.deaf:
                    return
                pair.client.sendall(said)

    @contextmanager
    def _ending(self, pair: _Pair) -> Iterator[None]:
        """One end gone, so is the other; unless all was lost, for then neither hears of it."""
        try:
            with suppress(OSError):
                yield
        finally:
            pair.open.wait()
            if not pair.lost:
                pair.close()
                with self._lock, suppress(ValueError):
                    self._pairs.remove(pair)

    def _cut(self) -> Cut | None:
        with self._lock:
            cut = self.cuts.pop(0) if self.cuts else None
            self.done += cut is not None
            return cut


def _heard(pair: _Pair, end: socket.socket) -> Iterator[bytes]:
    while said := end.recv(65536):
        pair.open.wait()
        if not pair.lost:
            yield said


def _plain(url: str) -> str:
    plain = sqlalchemy.make_url(url).set(drivername="postgresql")
    return plain.render_as_string(hide_password=False)
