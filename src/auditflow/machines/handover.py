"""One person's places in an audit go to another: no arrow of a chart is taken."""

from collections.abc import Iterator

from msgspec.structs import replace

from auditflow.audits import PLACES, Audit, Person
from auditflow.machines.duties import Rules
from auditflow.machines.events import Attribution, Event, Outcome
from auditflow.machines.transition import outcome_of


def places_of(audit: Audit, who: str) -> Iterator[str]:
    """What a person is in an audit now, in words."""
    yield from (p.replace("_", " ") for p in PLACES if getattr(audit, p) == who)
    yield from (
        f"owner of action {a.n}" for a in audit.actions if a.owner == who and not a.where.ended
    )


def handed_over(audit: Audit, giver: str, taker: Person) -> Audit:
    """The audit with each place of `giver` taken by `taker`; what is history stays."""
    audit = replace(
        audit,
        **{p: taker.id for p in PLACES if getattr(audit, p) == giver and p != "auditor"},
        case_line=_line(audit, giver, taker),
        actions=tuple(
            replace(a, owner=taker.id) if a.owner == giver and not a.where.ended else a
            for a in audit.actions
        ),
    )
    return with_auditor(audit, taker) if audit.auditor == giver else audit


def with_auditor(audit: Audit, auditor: Person) -> Audit:
    """The audit with its auditor, as they are placed in the office now."""
    return replace(
        audit,
        auditor=auditor.id,
        auditor_team=auditor.team,
        auditor_service=auditor.service,
        auditor_trained=auditor.trained,
        line_manager=auditor.line[0] if auditor.line else "",
        declined_on=None,
        declined_because="",
    )


def _line(audit: Audit, giver: str, taker: Person) -> tuple[str, ...]:
    if audit.responsible_manager == giver:
        return (taker.id, *taker.line)
    return tuple(taker.id if who == giver else who for who in audit.case_line)


def objections(before: Audit, after: Audit, taker: Person) -> Iterator[str]:
    """Why these places may not go to `taker`: the rules by which an auditor is chosen."""
    if not after.auditor:
        return
    if not after.auditor_independent:
        yield "its auditor would be of the case's team, in its line, or its key worker"
    if after.auditor == before.auditor:
        return
    if not after.auditor_trained:
        yield f"{taker.name} is not trained as an auditor"
    if after.restricted and not taker.cleared:
        yield f"the record is restricted and {taker.name} is not cleared"
    if after.moderator == after.auditor:
        yield f"{taker.name} moderated it"


def record_handover(
    before: Audit, after: Audit, attribution: Attribution, rules: Rules
) -> tuple[Audit, Outcome]:
    """The audit with its duties in the new names, and the line of its journal."""
    outcome = outcome_of(before, after, Event("audit", 0, "hand_over"), attribution, rules)
    return outcome.audit, outcome
