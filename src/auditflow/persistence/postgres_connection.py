"""A connection to PostgreSQL, bounded in all it does: nothing waits for a partition to heal."""

import time
from typing import Any, Final

import psycopg
from sqlalchemy import Connection

from auditflow.persistence.database import Mode

#: Seconds in which a server that is there takes a connection.
CONNECT = 2
#: Seconds a statement may take, and wait for a lock, before the server gives it up: of one that
#: changes single audits, and of all others.
STATEMENT_SHORT, STATEMENT, LOCK = 4, 10, 3
#: Seconds for which an answer is awaited: a little longer than the server may take for it; and by
#: one that asks after a lost answer, or ends what changed nothing.
PATIENCE = {Mode.READ: 12.0, Mode.NOTE: 5.0, Mode.WRITE: 5.0, Mode.WHOLE: 11.0}
ASKING_PATIENCE = 2.0
#: Seconds after which the server ends a transaction whose client has gone quiet, with its locks;
#: one that only reads keeps no change waiting, and may think for longer between two questions.
IDLE, IDLE_READING = 10, 60
#: How either end finds out by itself that the other is gone: quiet for 5 seconds, then three times
#: not answering in 6; or what was sent not taken in 10.
_PROBES = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
_TAKEN_MS = 10_000
#: How every connection is made.
CONNECTING: Final[dict[str, Any]] = {
    "connect_timeout": CONNECT,
    **_PROBES,
    "tcp_user_timeout": _TAKEN_MS,
    "application_name": "auditflow",
    "options": f"-c timezone=UTC -c statement_timeout={STATEMENT}s -c lock_timeout={LOCK}s "
    f"-c idle_in_transaction_session_timeout={IDLE}s -c tcp_user_timeout={_TAKEN_MS} "
    + " ".join(f"-c tcp_{name}={value}" for name, value in _PROBES.items()),
}


class Bounded(psycopg.Connection[Any]):
    """A connection on which no answer is awaited for ever, not even where TCP sees no fault."""

    #: Seconds for which each answer is awaited, and when at the latest there must be one.
    patience: float | None = PATIENCE[Mode.READ]
    until: float | None = None
    #: Whether it can change nothing, so that nothing hangs on how it ends.
    reads = True

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.made = time.monotonic()

    def commit(self) -> None:
        """End a transaction; of one that only reads no answer is awaited for long."""
        if self.reads:
            self.patience = ASKING_PATIENCE
        super().commit()

    def rollback(self) -> None:
        """Take a transaction back, as it is anyway where no answer comes."""
        self.patience = ASKING_PATIENCE
        super().rollback()

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Wait for an answer; OperationalError, and the connection closed, where none comes."""
        patience = self.patience if timeout is None else timeout
        if patience is not None and self.until is not None:
            patience = max(0.1, min(patience, self.until - time.monotonic()))
        try:
            return super().wait(gen, interval, patience)
        except psycopg.errors.OperationalError as error:
            if "timeout" in str(error) and error.sqlstate is None:
                self.close()
                raise psycopg.OperationalError("the server does not answer") from error
            raise


def bounded(connection: Connection, patience: float, until: float | None = None) -> Bounded:
    """The connection beneath, on which each answer is awaited so long, and no longer than until."""
    found = connection.connection.driver_connection
    assert isinstance(found, Bounded)
    found.patience, found.until = patience, until
    return found
