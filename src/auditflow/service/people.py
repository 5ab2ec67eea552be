"""Commands about the people of the office: who is here, who stands in, who takes over."""

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec.structs import replace

from auditflow.audits import POSTS, Deputyship, Person, Role
from auditflow.calendar import long_day, number_of
from auditflow.commands import AppointDeputy, HandOver, ImportPeople, Leave, Return, require_text
from auditflow.errors import BadInput, Forbidden, Refused
from auditflow.machines.charts import DUTIES
from auditflow.machines.handover import handed_over, objections, places_of
from auditflow.persistence.register import LoadedAudit
from auditflow.service.redaction import listed, sees
from auditflow.service.unit_of_work import OfficeDone, UnitOfWork


def import_people(unit: UnitOfWork, command: ImportPeople) -> OfficeDone:
    """New people are added, known ones brought up to date; who has left stays so."""
    known = {p.id: p for p in unit.office.people()}
    new = sum(p.id not in known for p in command.people)
    # A list may lag behind: who has left comes back by `people return` only.
    left = {p.id: p.left_on for p in known.values()}
    everybody = known | {p.id: replace(p, left_on=left.get(p.id)) for p in command.people}
    lined = [replace(p, line=_line(p, everybody)) for p in everybody.values()]
    changed = [p for p in lined if known.get(p.id) != p]
    unit.office.keep_people(changed)
    unit.record_office(command.name, changed)
    figures = {"people": len(command.people), "new": new}
    return OfficeDone(f"{len(command.people)} people taken in, {new} of them new.", figures)


def _line(person: Person, everybody: Mapping[str, Person]) -> tuple[str, ...]:
    """The managers above a person, nearest first; BadInput where the line runs in a circle."""
    line: list[str] = []
    above = person.line[:1]
    while above:
        if above[0] in line or above[0] == person.id:
            where = f"The line of management above “{person.id}”"
            raise BadInput(f"{where} runs in a circle. Correct it.")
        line.append(above[0])
        manager = everybody.get(above[0])
        above = manager.line[:1] if manager else ()
    return tuple(line)


def appoint_deputy(unit: UnitOfWork, command: AppointDeputy) -> OfficeDone:
    """One stands in for another from a day until a day; given again, its end is set anew."""
    person, deputy = unit.assignable(command.person), unit.assignable(command.deputy)
    if person.id == deputy.id:
        raise BadInput(f"{person.name} cannot stand in for themselves. Name somebody else.")
    if deputy.id == unit.person:
        message = "Nobody appoints themselves. Ask another QA manager, or name another deputy."
        raise Forbidden(message, 0, unit.person, command.name)
    if command.until < command.since:
        raise BadInput(f"--until {command.until} is before --from {command.since}. Turn them.")
    made = Deputyship(deputy.id, person.id, command.since, command.until)
    unit.staff.keep_deputyship(made)
    unit.record_office(command.name, made)
    days = f"from {long_day(command.since)} until {long_day(command.until)}"
    figures = {"deputy": made.deputy, "for": made.person}
    figures |= {"from": made.since.isoformat(), "until": made.until.isoformat()}
    return OfficeDone(f"{deputy.name} stands in for {person.name} {days}.", figures)


def leave(unit: UnitOfWork, command: Leave) -> OfficeDone:
    """Nothing may be owed by one who leaves; from the day on they may do nothing."""
    person = unit.register.person(command.person)
    if person.left_on is not None:
        raise Refused(f"{person.name} left on {long_day(person.left_on)} already.")
    reason = _kept(unit, command.reason)
    theirs = list(_held_by(unit, person.id))
    if theirs:
        raise Refused(
            f"{person.name} cannot leave yet:\n{listed(unit, theirs)}\nHand it over first: "
            f"auditflow people hand-over --from {person.id} --to PERSON --reason TEXT"
        )
    orphaned = list(_orphaned(unit, person))
    if orphaned:
        raise Refused(
            f"{person.name} cannot leave yet, for nobody else holds the post that owes this:\n"
            f"{listed(unit, orphaned)}\n"
            "Give the post to somebody first: auditflow people import FILE"
        )
    _set_left(unit, command.name, person, command.on, reason)
    figures = {"person": person.id, "left_on": command.on.isoformat()}
    return OfficeDone(f"{person.name} leaves on {long_day(command.on)}.", figures)


def _set_left(unit: UnitOfWork, event: str, person: Person, on: date | None, reason: str) -> None:
    unit.office.keep_people([replace(person, left_on=on)])
    unit.record_office(event, {"person": person.id, "left_on": on, "reason": reason})


def return_(unit: UnitOfWork, command: Return) -> OfficeDone:
    """Who left is here again."""
    person = unit.register.person(command.person)
    if person.left_on is None:
        raise Refused(f"{person.name} has not left.")
    reason = _kept(unit, command.reason)
    _set_left(unit, command.name, person, None, reason)
    return OfficeDone(f"{person.name} is here again.", {"person": person.id})


def hand_over(unit: UnitOfWork, command: HandOver) -> OfficeDone:
    """Every place and named duty of one in live audits goes to another; all of it or nothing."""
    giver = unit.register.person(command.giver)
    taker = unit.assignable(command.taker)
    if giver.id == taker.id:
        raise BadInput(f"{giver.name} cannot hand over to themselves. Name somebody else.")
    mine = [h for h in unit.staff.live(giver.id) if any(places_of(h.audit, giver.id))]
    if not mine:
        says = f"{giver.name} holds no place in a live audit; there is nothing to hand over."
        raise Refused(says)
    after = ((h, handed_over(h.audit, giver.id, taker)) for h in mine)
    against = [(h, f"{why}.") for h, then in after for why in objections(h.audit, then, taker)]
    if against:
        raise Refused(
            f"Nothing was handed over to {taker.name}:\n{listed(unit, against)}\n"
            "Give these to somebody else first: auditflow audit reallocate, or name another person."
        )
    duties = sum(o.owner == giver.id for h in mine for o in h.audit.duties)
    for one in mine:
        # What fell due before is noticed in the old name, the rest changes hands.
        step = unit.load(one)
        digest = unit.keep_text(step, require_text(command.reason, "The reason"))
        then = handed_over(step.audit, giver.id, taker)
        unit.record_handover(step, replace(then, reason=digest))
    references = [h.reference for h in mine]
    figures = {"from": giver.id, "to": taker.id, "audits": references, "duties": duties}
    unit.record_office(command.name, {**figures, "reason": _kept(unit, command.reason)})
    figures["audits"] = [h.reference for h in mine if sees(unit, h.audit)]
    says = (
        f"{giver.name} handed over to {taker.name}: {number_of(len(mine), 'audit')}, "
        f"{duties} owed there by name."
    )
    return OfficeDone(says, figures)


def _held_by(unit: UnitOfWork, who: str) -> Iterator[tuple[LoadedAudit, str]]:
    """The audits in which this person has a place or owes something, with what it is."""
    for loaded in unit.staff.live(who):
        audit = loaded.audit
        places = list(places_of(audit, who))
        owed = [f"{DUTIES[o.duty].title} by {o.due}" for o in audit.duties if o.owner == who]
        if places or owed:
            yield loaded, ", ".join([*places, *owed])


def _orphaned(unit: UnitOfWork, person: Person) -> Iterator[tuple[LoadedAudit, str]]:
    """Duties owed by a post that this person alone holds."""
    others = [p for p in unit.office.people() if p.id != person.id and p.left_on is None]
    for role in sorted(person.roles & POSTS):
        service = person.service if role is Role.HEAD_OF_SERVICE else None
        same = (p for p in others if service is None or p.service == service)
        holders = {role, Role.QA_MANAGER} if role is Role.QA_TEAM else {role}
        if not any(p.roles & holders for p in same):
            for loaded, duty, due in unit.staff.owed_by_post(role.value, service):
                yield loaded, f"{DUTIES[duty].title} by {due} ({role.title})"


def _kept(unit: UnitOfWork, reason: str) -> str:
    """A reason put away under the office's own key, so that it can be destroyed."""
    return unit.staff.keep_text(require_text(reason, "The reason"))
