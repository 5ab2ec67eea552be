"""Commands about the people of the office: who is here, who stands in, who takes over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from auditflow.audits import POSTS, Deputyship, Person, Role
from auditflow.calendar import long_day, number_of
from auditflow.commands import AppointDeputy, HandOver, ImportPeople, Leave, Return, validate_text
from auditflow.errors import BadInput, Forbidden, Refused
from auditflow.machines.charts import DUTIES
from auditflow.machines.handover import handed_over, objections, places_of, record_handover
from auditflow.machines.transition import Attribution, catch_up
from auditflow.notices import notices_of
from auditflow.persistence.people import Staff
from auditflow.persistence.register import AuditStep, LoadedAudit
from auditflow.service.audit_commands import keeper
from auditflow.service.authorization import assignable_person
from auditflow.service.redaction import listed, sees
from auditflow.service.unit_of_work import Desk, OfficeDone


def import_people(desk: Desk, command: ImportPeople) -> OfficeDone:
    """New people are added, known ones brought up to date; who has left stays so."""
    known = {p.id: p for p in desk.office.people()}
    new = sum(p.id not in known for p in command.people)
    # A list may lag behind: who has left comes back by `people return` only.
    kept = (_as_left(p, known.get(p.id)) for p in command.people)
    everybody = known | {p.id: p for p in kept}
    lined = [replace(p, line=_line(p, everybody)) for p in everybody.values()]
    changed = [p for p in lined if known.get(p.id) != p]
    desk.office.keep_people(changed)
    desk.office.write("import_people", desk.person, desk.now, {"changed": changed})
    figures = {"people": len(command.people), "new": new}
    return OfficeDone(f"{len(command.people)} people taken in, {new} of them new.", figures)


def _as_left(person: Person, known: Person | None) -> Person:
    return replace(person, left_on=known.left_on if known else None)


def _line(person: Person, everybody: Mapping[str, Person]) -> tuple[str, ...]:
    """The managers above a person, nearest first; BadInput where the line runs in a circle."""
    line: list[str] = []
    above = person.line[:1]
    while above:
        if above[0] in line or above[0] == person.id:
            raise BadInput(
                f"The line of management above “{person.id}” runs in a circle. Correct it."
            )
        line.append(above[0])
        manager = everybody.get(above[0])
        above = manager.line[:1] if manager else ()
    return tuple(line)


def appoint_deputy(desk: Desk, command: AppointDeputy) -> OfficeDone:
    """One stands in for another from a day until a day; given again, its end is set anew."""
    give = assignable_person(desk.register)
    person, deputy = give(command.person), give(command.deputy)
    if person.id == deputy.id:
        raise BadInput(f"{person.name} cannot stand in for themselves. Name somebody else.")
    if deputy.id == desk.person:
        raise Forbidden(
            "Nobody appoints themselves. Ask another QA manager, or name another deputy.",
            0,
            desk.person,
            command.name,
        )
    if command.until < command.since:
        raise BadInput(f"--until {command.until} is before --from {command.since}. Turn them.")
    made = Deputyship(deputy.id, person.id, command.since, command.until)
    Staff(desk.register.connection).keep_deputyship(made)
    desk.office.write(command.name, desk.person, desk.now, {"changed": made})
    says = (
        f"{deputy.name} stands in for {person.name} from {long_day(command.since)} "
        f"until {long_day(command.until)}."
    )
    return OfficeDone(says, _figures(made))


def _figures(made: Deputyship) -> dict[str, str]:
    return {
        "deputy": made.deputy,
        "for": made.person,
        "from": made.since.isoformat(),
        "until": made.until.isoformat(),
    }


def leave(desk: Desk, command: Leave) -> OfficeDone:
    """Nothing may be owed by one who leaves; from the day on they may do nothing."""
    person = desk.register.person(command.person)
    if person.left_on is not None:
        raise Refused(f"{person.name} left on {long_day(person.left_on)} already.")
    reason = _kept(desk, command.reason)
    staff = Staff(desk.register.connection)
    held = list(_held_by(staff, person.id))
    if held:
        raise Refused(
            f"{person.name} cannot leave yet:\n{listed(desk, held)}\nHand it over first: "
            f"auditflow people hand-over --from {person.id} --to PERSON --reason TEXT"
        )
    orphaned = list(_orphaned(desk, staff, person))
    if orphaned:
        raise Refused(
            f"{person.name} cannot leave yet, for nobody else holds the post that owes this:\n"
            f"{listed(desk, orphaned)}\n"
            "Give the post to somebody first: auditflow people import FILE"
        )
    desk.office.keep_people([replace(person, left_on=command.on)])
    content = {"changed": {"person": person.id, "left_on": command.on, "reason": reason}}
    desk.office.write(command.name, desk.person, desk.now, content)
    figures = {"person": person.id, "left_on": command.on.isoformat()}
    return OfficeDone(f"{person.name} leaves on {long_day(command.on)}.", figures)


def return_(desk: Desk, command: Return) -> OfficeDone:
    """Who left is here again."""
    person = desk.register.person(command.person)
    if person.left_on is None:
        raise Refused(f"{person.name} has not left.")
    reason = _kept(desk, command.reason)
    desk.office.keep_people([replace(person, left_on=None)])
    content = {"changed": {"person": person.id, "left_on": None, "reason": reason}}
    desk.office.write(command.name, desk.person, desk.now, content)
    return OfficeDone(f"{person.name} is here again.", {"person": person.id})


def hand_over(desk: Desk, command: HandOver) -> OfficeDone:
    """Every place and named duty of one in live audits goes to another; all of it or nothing."""
    giver = desk.register.person(command.giver)
    taker = assignable_person(desk.register)(command.taker)
    if giver.id == taker.id:
        raise BadInput(f"{giver.name} cannot hand over to themselves. Name somebody else.")
    staff = Staff(desk.register.connection)
    mine = [h for h in staff.live(giver.id) if any(places_of(h.audit, giver.id))]
    if not mine:
        raise Refused(
            f"{giver.name} holds no place in a live audit; there is nothing to hand over."
        )
    against = [(h, s) for h in mine for s in _against(h, giver.id, taker)]
    if against:
        raise Refused(
            f"Nothing was handed over to {taker.name}:\n{listed(desk, against)}\n"
            "Give these to somebody else first: auditflow audit reallocate, or name another person."
        )
    duties = sum(o.owner == giver.id for h in mine for o in h.audit.duties)
    steps = [_handing(desk, h, giver.id, taker, command.reason) for h in mine]
    desk.register.record(steps, desk.versions)
    figures = {
        "from": giver.id,
        "to": taker.id,
        "audits": [h.reference for h in mine],
        "duties": duties,
    }
    content = {"changed": {**figures, "reason": _kept(desk, command.reason)}}
    figures["audits"] = [h.reference for h in mine if sees(desk, h.audit)]
    desk.office.write(command.name, desk.person, desk.now, content)
    says = (
        f"{giver.name} handed over to {taker.name}: {number_of(len(mine), 'audit')}, "
        f"{duties} owed there by name."
    )
    return OfficeDone(says, figures)


def _against(held: LoadedAudit, giver: str, taker: Person) -> Iterator[str]:
    after = handed_over(held.audit, giver, taker)
    return (f"{said}." for said in objections(held.audit, after, taker))


def _handing(desk: Desk, held: LoadedAudit, giver: str, taker: Person, reason: str) -> AuditStep:
    """One audit's part: what fell due before is noticed in the old name, the rest changes hands."""
    before, first = catch_up(held.audit, desk.now, desk.rules)
    texts: dict[str, str] = {}
    digest = keeper(desk.register, held.audit.id, texts)(_said(reason))
    after = replace(handed_over(before, giver, taker), reason=digest)
    attribution = Attribution(desk.now, desk.now, desk.person)
    audit, outcome = record_handover(before, after, attribution, desk.rules)
    # The time for arranging, of a declined audit the QA Team's, may be up for its new auditor.
    audit, late = catch_up(audit, desk.now, desk.rules)
    outcomes = (*first, outcome, *late)
    notices = [n for o in outcomes for n in notices_of(o, desk.rules)]
    return AuditStep(held, audit, outcomes, notices, texts)


def _held_by(staff: Staff, who: str) -> Iterator[tuple[LoadedAudit, str]]:
    for held in staff.live(who):
        places = list(places_of(held.audit, who))
        owed = [f"{DUTIES[o.duty].title} by {o.due}" for o in held.audit.duties if o.owner == who]
        if places or owed:
            yield held, ", ".join([*places, *owed])


def _orphaned(desk: Desk, staff: Staff, person: Person) -> Iterator[tuple[LoadedAudit, str]]:
    """Duties owed by a post that this person alone holds."""
    others = [p for p in desk.office.people() if p.id != person.id and p.left_on is None]
    for role in sorted(person.roles & POSTS):
        service = person.service if role is Role.HEAD_OF_SERVICE else None
        same = (p for p in others if service is None or p.service == service)
        if not any(_holds(p, role) for p in same):
            for held, duty, due in staff.owed_by_post(role.value, service):
                yield held, f"{DUTIES[duty].title} by {due} ({role.title})"


def _holds(person: Person, role: Role) -> bool:
    stands = role is Role.QA_TEAM and Role.QA_MANAGER in person.roles
    return role in person.roles or stands


def _said(reason: str) -> str:
    if not reason.strip():
        raise BadInput("The reason is empty. Say it in a sentence or two.")
    return validate_text(reason, "The reason")


def _kept(desk: Desk, reason: str) -> str:
    """A reason put away under the office's own key, so that it can be destroyed."""
    return Staff(desk.register.connection).keep_text(_said(reason))
