"""The kinds of refusal; each is worded where it is raised. `exit_code` is the command line's."""


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


class Denied(NotFound):
    """Not for this person; it reads as if it were not there, and is noted in the access log."""

    def __init__(self, reference: str, audit_id: int, person: str, what: str) -> None:
        super().__init__(no_such_audit(reference))
        self.audit_id, self.person, self.what = audit_id, person, what


class Forbidden(NotAllowed):
    """A person who may see the audit may not do this; it is noted in the access log."""

    def __init__(self, message: str, audit_id: int, person: str, what: str) -> None:
        super().__init__(message)
        self.audit_id, self.person, self.what = audit_id, person, what


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


def no_such_audit(reference: str) -> str:
    """What is said alike of an audit that is not there and of one that is not theirs."""
    return (
        f"There is no audit “{reference[:60]}” for you. See which there are: auditflow audit list"
    )


def unknown_person(who: str) -> AuditflowError:
    """Nobody, or somebody who is not on the people list."""
    if not who:
        return NotAllowed("Say who you are with --as PERSON (or set AUDITFLOW_AS).")
    return NotAllowed(f"There is no person “{who[:60]}” on the people list, so nothing is allowed.")
