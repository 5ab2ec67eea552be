"""What one who acts for the whole office is told of audits that are not theirs to see: how many."""

from collections.abc import Iterable, Iterator

from auditflow.audits import Audit
from auditflow.calendar import number_of
from auditflow.commands import can
from auditflow.persistence.register import LoadedAudit
from auditflow.service.unit_of_work import UnitOfWork

#: How many things a refusal lists before it counts the rest.
_LISTED = 12


def sees(unit: UnitOfWork, audit: Audit) -> bool:
    """Whether who asks may read this audit."""
    return can(unit.register.person(unit.person), "read", audit)


def not_shown(audits: Iterable[Audit]) -> str:
    """So many audits, in words, without naming them; nothing where there are none."""
    hidden = {audit.id: audit for audit in audits}
    if not hidden:
        return ""
    kind = "restricted audit" if all(a.restricted for a in hidden.values()) else "audit"
    return f"{number_of(len(hidden), kind)} not for you to see"


def listed(unit: UnitOfWork, said: Iterable[tuple[LoadedAudit, str]]) -> str:
    """What is said of each audit, a line each; of those not theirs to see only their number."""
    everything = list(said)
    seen = {h.audit.id: sees(unit, h.audit) for h, _ in everything}
    shown = [f"{h.reference}: {says}" for h, says in everything if seen[h.audit.id]]
    hidden = not_shown(h.audit for h, _ in everything if not seen[h.audit.id])
    return "\n".join(f"  {line}" for line in _cut(shown, hidden))


def _cut(shown: list[str], hidden: str) -> Iterator[str]:
    yield from shown[:_LISTED]
    if len(shown) > _LISTED:
        yield f"and {len(shown) - _LISTED} more"
    if hidden:
        yield f"and {hidden}" if shown else hidden
