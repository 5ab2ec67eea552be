"""Nobody checks their own work (domain text, section 10), nor that of whom they stand in for."""

from auditflow.audits import SYSTEM, Audit, Escalation, Person, Trigger


def breach(person: Person, whose: Person, action: str, audit: Audit, kind: str, n: int) -> str:
    """Which rule of separation would be broken, in a sentence; nothing where none is.

    `person` acts with the roles of `whose`, who is the same unless `person` is a deputy.
    """
    if person.id != whose.id and (found := _deputy(person, whose, audit)):
        return found
    if kind == "audit":
        return _of_audit({person.id, whose.id}, action, audit)
    escalation = audit.escalation(n) if kind == "escalation" else None
    return _of_escalation(person, whose, action, audit, escalation) if escalation else ""


def _of_audit(both: set[str], action: str, audit: Audit) -> str:
    if action == "verify" and both & _doers_of_actions(audit):
        return "Whoever verifies owns none of the actions and did none. Ask another of the QA Team."
    if action == "moderate" and audit.auditor in both:
        return "The auditor does not moderate the audit. Ask another moderator."
    return ""


def _of_escalation(
    person: Person, whose: Person, action: str, audit: Audit, escalation: Escalation
) -> str:
    decides = action == "decide" or (action == "answer" and escalation.final_here)
    if decides and {person.id, whose.id} & {audit.auditor, audit.key_worker}:
        return "Nobody decides a grade they disagree about. Leave it to who is not one of the two."
    if action in ("accept", "reject"):
        return _judging(person, whose, audit, escalation)
    return ""


def _deputy(person: Person, whose: Person, audit: Audit) -> str:
    """Auditor and case stay apart, whoever stands in for whom."""
    if whose.id == audit.auditor and of_the_case(person, audit):
        return f"The auditor is not of the case's team, nor in its line; {person.name} is."
    if person.id == audit.auditor and of_the_case(whose, audit):
        return (
            f"{person.name} audits this case and may not stand in for {whose.name}, who is of it."
        )
    return ""


def of_the_case(person: Person, audit: Audit) -> bool:
    """Whether a person is of the case's team, in its line, or its key worker."""
    near = {*audit.case_line, audit.key_worker, audit.responsible_manager}
    return person.id in near or (bool(audit.team) and person.team == audit.team)


def _judging(person: Person, whose: Person, audit: Audit, escalation: Escalation) -> str:
    both = {person.id, whose.id}
    answered = {escalation.answered_by, escalation.answered_for} - {""}
    if escalation.answered_by == SYSTEM.id:
        answered = _who_did_it(audit, escalation)
    if both & answered:
        return "Nobody judges an answer of their own. Ask another who may accept or reject it."
    others = set(escalation.accepted_by) - {whose.id}
    if escalation.trigger is Trigger.T1 and others and person.id == escalation.judge:
        return f"{person.name} accepted for the other side; each accepts through somebody else."
    return ""


def _who_did_it(audit: Audit, escalation: Escalation) -> set[str]:
    """Who did late the thing that answered by being done."""
    match escalation.trigger:
        case Trigger.T3 | Trigger.T5:
            action = audit.action(escalation.action)
            return {action.owner, *action.done_by} if action else set()
        case Trigger.T4:
            return {audit.responsible_manager}
        case Trigger.T6 | Trigger.T7:
            return {audit.auditor}
        case Trigger.T8:
            return {audit.moderator} - {""}
        case _:
            return set()


def _doers_of_actions(audit: Audit) -> set[str]:
    return {who for a in audit.actions for who in (a.owner, *a.done_by)}
