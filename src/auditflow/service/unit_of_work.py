"""One unit of work: what one transaction reads, changes and writes, and who is told of it.

Whatever changes an audit goes this one way: what had fallen due is noticed first, then comes the
change itself, then what that made due; each line gets its notices, and all is written at once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection

from auditflow.audits import SYSTEM, Audit, OpenDuty, Person
from auditflow.calendar import london_date, long_day
from auditflow.errors import Refused
from auditflow.machines.duties import Rules
from auditflow.machines.handover import record_handover
from auditflow.machines.transition import (
    Attribution,
    Event,
    Outcome,
    advance,
    catch_up,
    corrected,
    recompute_deadlines,
)
from auditflow.notices import notices_of
from auditflow.persistence.access_log import noting_denials
from auditflow.persistence.database import Mode
from auditflow.persistence.office import Office
from auditflow.persistence.people import Staff
from auditflow.persistence.register import AuditStep, LoadedAudit, Register, Versions, seal
from auditflow.persistence.rounds import Rounds
from auditflow.persistence.rules import RulesCache
from auditflow.persistence.store import Store

T = TypeVar("T")


@dataclass(frozen=True)
class OfficeDone:
    """What an office command did, in a sentence, with its figures and what to note."""

    says: str
    figures: Mapping[str, Any]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class NewAudit:
    """An audit as it begins, the facts that make it one, and the round and case it comes from."""

    reference: str
    begins: Audit
    facts: Audit
    round_id: int | None
    case_id: int


class UnitOfWork:
    """One transaction: its rows, the rules in force, who acts, and now.

    It begins with one question: for the audit it is about and for whoever asks, where there are
    any. Without anybody it is the clock that acts.
    """

    def __init__(
        self,
        connection: Connection,
        rules_cache: RulesCache,
        now: datetime,
        who: str | None = None,
        reference: str = "",
    ) -> None:
        self.register, self.office = Register(connection), Office(connection)
        self.rounds, self.staff = Rounds(connection), Staff(connection)
        self.now, self.person = now, SYSTEM.id if who is None else who
        opened = self.register.open(reference, who or "", lock=bool(reference))
        self.loaded, self.asker, self.versions, _ = opened
        self.rules = rules_cache.at(self.versions, self.office)
        self._steps: list[AuditStep] = []

    def go_by(self, rules: Rules, versions: Versions) -> None:
        """Let these rules be in force from here on."""
        self.rules, self.versions = rules, versions

    @property
    def today(self) -> date:
        """The London date of now."""
        return london_date(self.now)

    @property
    def attribution(self) -> Attribution:
        """Done now, by who acts."""
        return Attribution(self.now, self.now, self.person)

    def assignable(self, name: str) -> Person:
        """A person who is to be given something; Refused where they have left or will leave."""
        person = self.register.person(name)
        if person.left_on is not None:
            raise Refused(
                f"{person.name} leaves or left on {long_day(person.left_on)} and is given nothing "
                "more. Choose somebody who stays."
            )
        return person

    def load(self, loaded: LoadedAudit, key: str | None = None) -> AuditStep:
        """What every change begins with: the audit once all that fell due by now is noticed."""
        audit, outcomes = catch_up(loaded.audit, self.now, self.rules)
        return AuditStep(loaded=loaded, audit=audit, outcomes=outcomes, key=key)

    def keep_text(self, step: AuditStep, text: str) -> str:
        """Put a text away with this step, under the audit's own key; its digest."""
        digest = seal(self.register.secret(step.loaded.audit.id), text)
        step.texts[digest] = text
        return digest

    def record(
        self,
        step: AuditStep,
        facts: Audit,
        events: tuple[Event, ...],
        attribution: Attribution | None = None,
    ) -> AuditStep:
        """Bring events to an audit whose facts are noted; Refused where its chart says no."""
        by = attribution or self.attribution
        return self._recorded(step, *advance(step.audit, facts, events, by, self.rules))

    def record_correction(self, step: AuditStep, facts: Audit, event: Event) -> AuditStep:
        """An entry set right, which takes no arrow."""
        by = self.attribution
        return self._recorded(step, *corrected(step.audit, facts, event, by, self.rules))

    def record_handover(self, step: AuditStep, facts: Audit) -> AuditStep:
        """Places that others have now."""
        audit, outcome = record_handover(step.audit, facts, self.attribution, self.rules)
        return self._recorded(step, audit, (outcome,))

    def record_due(self, loaded: LoadedAudit) -> tuple[Outcome, ...]:
        """What had fallen due, and no more; where nothing had, nothing is written."""
        step = self.load(loaded)
        return self._add(step).outcomes if step.outcomes else ()

    def record_deadlines(
        self, loaded: LoadedAudit, *, dry_run: bool = False
    ) -> Sequence[tuple[OpenDuty, OpenDuty]]:
        """Each deadline that the rules in force move, as it was and as it is (TR9)."""
        found = recompute_deadlines(loaded.audit, self.attribution, self.rules)
        if found is None:
            return ()
        audit, outcome, moved = found
        if not dry_run:
            # When the clock reminds of it is not the deadline itself.
            later = any(old.overdue_from != new.overdue_from for old, new in moved)
            self._add(AuditStep(loaded=loaded, audit=audit, outcomes=(outcome,)), tell=later)
        return moved

    def record_new(self, new: Sequence[NewAudit], event: str) -> list[AuditStep]:
        """Audits that were not there before, as this event makes them."""
        self.write()
        steps = []
        for one in new:
            born = (Event("audit", 0, event),)
            audit, outcomes = advance(None, one.facts, born, self.attribution, self.rules)
            loaded = LoadedAudit(one.begins, one.reference, "")
            steps.append(self._told(AuditStep(loaded=loaded, audit=audit, outcomes=outcomes)))
        if steps:
            rows = zip(steps, new, strict=True)
            self.register.draw([(s, n.round_id, n.case_id) for s, n in rows], self.versions)
        return steps

    def record_office(self, event: str, changed: object) -> None:
        """What was changed about the office, as one line of its own history."""
        self.office.write(event, self.person, self.now, {"changed": changed})

    def write(self) -> None:
        """Write all that was recorded so far; what is read afterwards shows it."""
        if self._steps:
            self.register.record(self._steps, self.versions)
            self._steps = []

    def _recorded(self, step: AuditStep, audit: Audit, then: tuple[Outcome, ...]) -> AuditStep:
        # What was dated back may be late already; it is noticed now, not when the clock next looks.
        audit, late = catch_up(audit, self.now, self.rules)
        return self._add(replace(step, audit=audit, outcomes=(*step.outcomes, *then, *late)))

    def _add(self, step: AuditStep, *, tell: bool = True) -> AuditStep:
        step = self._told(step) if tell else step
        self._steps.append(step)
        return step

    def _told(self, step: AuditStep) -> AuditStep:
        return replace(step, notices=[n for o in step.outcomes for n in notices_of(o, self.rules)])


def transact(
    store: Store,
    rules_cache: RulesCache,
    now: datetime,
    work: Callable[[UnitOfWork], T],
    mode: Mode = Mode.WRITE,
    *,
    who: str | None = None,
    reference: str = "",
) -> T:
    """Do this work in one transaction, all of it or nothing; a denial is noted."""

    def done(connection: Connection) -> T:
        unit = UnitOfWork(connection, rules_cache, now, who, reference)
        result = work(unit)
        unit.write()
        return result

    with noting_denials(store, now):
        return store.transact(done, mode)
