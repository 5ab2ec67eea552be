"""Every refusal. Its message says what to do next; `exit_code` is the command line's."""


class AuditflowError(Exception):
    """The request was refused; nothing was changed."""

    exit_code = 1


class BadInput(AuditflowError):
    """What was typed cannot be understood: the message names field, value and what would do."""

    exit_code = 2


class NotFound(AuditflowError):
    """There is no such thing, or it is not for this person to see (both read alike)."""

    exit_code = 3


class NotAllowed(AuditflowError):
    """The person may not do this."""

    exit_code = 4


class Refused(AuditflowError):
    """The chart does not allow this now; `guards` names what is missing."""

    exit_code = 5

    def __init__(self, message: str, guards: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.guards = guards


class ChangedMeanwhile(AuditflowError):
    """Somebody else changed it first; look again, then decide again."""

    exit_code = 6


class StoreTrouble(AuditflowError):
    """The store cannot be used: missing, locked, read-only, full, or of another version."""


class SweptAlready(StoreTrouble):
    """Another process sweeps this store, which is enough."""


class PastCalendar(BadInput):
    """The sum runs past the last day for which bank holidays are known; nothing is guessed."""


class Damaged(AuditflowError):
    """What is stored does not agree with its own history."""
