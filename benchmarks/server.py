"""A server of our own, as durable as a council's: nothing is answered before the disk has it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import count

from benchmarks.cloning import Cloner, put_aside
from benchmarks.stores import Clones, Genuine

from auditflow.application import copy
from support import postgres
from support.postgres import Server

DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "512MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "min_wal_size": "256MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "track_commit_timestamp": "on",
    "max_connections": "100",
}


class Databases:
    """Stores on a server, whose databases `url` names."""

    bare = "bare psycopg"

    def __init__(self, made: Genuine, url: Callable[[str], str]) -> None:
        self._url = url
        self._numbers = count(1)
        self._made: list[str] = []
        self._begun = self._new("template0")
        copy(f"sqlite:///{made.file}", self._begun)
        put_aside(self._begun)

    def store(self, plan: Iterable[Clones]) -> str:
        """A store with these clones; its URL."""
        url = self.empty()
        cloner = Cloner(url)
        cloner.fill(plan)
        cloner.close()
        return url

    def twins(self, name: str, plan: Iterable[Clones]) -> tuple[str, str]:
        """Two equal stores with these clones, as URLs."""
        del name
        one = self.store(plan)
        return one, self._new(postgres.name_of(one))

    def empty(self) -> str:
        """A store with nothing but what clones are made of."""
        return self._new(postgres.name_of(self._begun))

    def drop(self, url: str) -> None:
        """Remove a store."""
        self._told(f"DROP DATABASE {postgres.name_of(url)} WITH (FORCE)")
        self._made.remove(url)

    def clear(self) -> None:
        """Remove every store."""
        while self._made:
            self.drop(self._made[-1])

    def _new(self, like: str) -> str:
        name = f"auditflow_bench_{os.getpid()}_{next(self._numbers)}"
        self._told(f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY file_copy")
        self._made.append(self._url(name))
        return self._made[-1]

    def _told(self, statement: str) -> None:
        postgres.asked(self._url("postgres"), statement)


def version(running: Server) -> str:
    """What kind of server it is."""
    [(number,)] = postgres.asked(running.url(), "SHOW server_version")
    return f"On PostgreSQL {number}, as durable as a council's.\n"


@contextmanager
def started(**settings: str) -> Iterator[Server]:
    """A durable server for as long as it is needed; its data is removed."""
    server = Server(**{**DURABLE, **settings})
    try:
        yield server
    finally:
        server.remove()
