"""An office to test in: a real SQLite store, two teams, one person for each role."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from auditflow.application import App, init
from auditflow.audits import Audit, Person, Role
from auditflow.calendar import parse_instant
from auditflow.commands import (
    AuditCommand,
    DrawRound,
    ImportCases,
    ImportPeople,
    PlannedAction,
    SetPolicy,
    follow_up,
    meeting,
    scheduling,
)
from auditflow.commands.office import Case
from auditflow.guidance.tool import ELEMENTS, Grade
from auditflow.persistence.register import Register
from auditflow.service import Done, OfficeDone, Swept
from support import stores


def at(text: str) -> datetime:
    """An instant: `2026-03-10 10:00` is London time, one ending in Z is UTC."""
    instant = parse_instant(text.replace(" ", "T"), "at")
    return instant.astimezone(UTC)


def person(
    name: str,
    *roles: Role,
    team: str = "",
    service: str = "",
    line: tuple[str, ...] = (),
    trained: bool = False,
    cleared: bool = False,
) -> Person:
    return Person(
        id=name,
        name=name.title(),
        roles=frozenset(roles),
        team=team,
        service=service,
        line=line,
        trained=trained,
        cleared=cleared,
    )


#: qa1, qa2: QA team; qam: QA manager; aud audits (team Baker); kw works the case (team Able);
#: rm manages team Able; hos heads service North; ad, ed: directors; mod moderates.
PEOPLE = (
    person("qa1", Role.QA_TEAM),
    person("qa2", Role.QA_TEAM),
    person("qam", Role.QA_MANAGER),
    person("aud", Role.AUDITOR, team="Baker", service="North", line=("lm", "hos"), trained=True),
    person("aud2", Role.AUDITOR, team="Baker", service="North", line=("lm", "hos"), trained=True),
    person("untrained", Role.AUDITOR, team="Baker", service="North", line=("lm",)),
    person("lm", Role.RESPONSIBLE_MANAGER, team="Baker", service="North", line=("hos",)),
    person("kw", Role.KEY_WORKER, team="Able", service="North", line=("rm", "hos")),
    person("kw2", Role.KEY_WORKER, team="Able", service="North", line=("rm", "hos")),
    person("rm", Role.RESPONSIBLE_MANAGER, team="Able", service="North", line=("hos", "ad")),
    person("mod", Role.MODERATOR, team="Quality", service="Quality"),
    person("hos", Role.HEAD_OF_SERVICE, service="North", line=("ad",)),
    person("ad", Role.ASSISTANT_DIRECTOR, line=("ed",)),
    person("ed", Role.EXECUTIVE_DIRECTOR),
)

#: The office's people, some who may know of restricted records, a second team and its service,
#: and those who work on no audit.
CAST = (
    *PEOPLE,
    person("qa3", Role.QA_TEAM, cleared=True),
    person("qam2", Role.QA_MANAGER),
    person(
        "aud3",
        Role.AUDITOR,
        team="Charlie",
        service="South",
        line=("rm3",),
        trained=True,
        cleared=True,
    ),
    person("kw3", Role.KEY_WORKER, team="Charlie", service="South", line=("rm3",)),
    person("rm3", Role.RESPONSIBLE_MANAGER, team="Charlie", service="South", line=("hos2",)),
    person("hos2", Role.HEAD_OF_SERVICE, service="South", line=("ad",)),
    person("analyst", Role.PERFORMANCE_ANALYST),
    person("board", Role.BOARD_READER),
    person("admin", Role.ADMINISTRATOR),
)

SMART: dict[str, Any] = {
    "what": "Update the chronology on Mosaic",
    "success": "The chronology covers the last twelve months",
    "resources": "yes",
    "realistic": "yes",
}


def planned(owner: str, due: str, *, immediate: bool = False, **more: Any) -> PlannedAction:
    return PlannedAction(owner=owner, due=due, immediate=immediate, **{**SMART, **more})


def _begin(url: str, now: datetime) -> None:
    """An office in an empty place, with its people."""
    init(url, rehearsal=True, now=now)
    with closing(App(url)) as app:
        app.service.do_office(ImportPeople(people=PEOPLE), by="qa1", now=now)
        # A scenario says itself what is moderated; a share would draw some by chance.
        none = SetPolicy(setting="moderation_share", value="0", reason="The council says so.")
        app.service.do_office(none, by="qam", now=now)


class Office:
    """One store; `do` sends a command at a moment, `sweep` lets the clock act."""

    def __init__(self, folder: Path, begun: str = "2025-01-01 09:00") -> None:
        self.url = stores.like(folder, f"office {begun}", lambda url: _begin(url, at(begun)))
        self.app = App(self.url)

    def close(self) -> None:
        """Let go of the store."""
        self.app.close()

    def draw(
        self, month: str, when: str, size: int = 1, cases: Iterable[Case] | None = None
    ) -> str:
        """Take in a case list and draw; the reference of the first audit drawn."""
        now = at(when)
        listed = tuple(
            cases or (Case(f"{month}-C{i:02d}", "child_in_need", "Able", "kw") for i in range(size))
        )
        as_at = now.date()
        self.app.service.do_office(ImportCases(cases=listed, as_at=as_at), by="qa1", now=now)
        first = date.fromisoformat(f"{month}-01")
        self.app.service.do_office(DrawRound(month=first, size=size), by="qa1", now=now)
        return f"{month}-001"

    def set(self, name: str, value: str, when: str, *, dry_run: bool = False) -> OfficeDone:
        """Set one number, title or level."""
        command = SetPolicy(
            setting=name, value=value, reason="The council says so.", dry_run=dry_run
        )
        return self.app.service.do_office(command, by="qam", now=at(when))

    def do(self, command: AuditCommand, by: str, when: str, **more: Any) -> Done:
        """Send one command at a London moment."""
        if isinstance(more.get("happened_at"), str):
            more["happened_at"] = at(more["happened_at"])
        return self.app.service.do(command, by=by, now=at(when), **more)

    def sweep(self, when: str) -> Swept:
        """Let the clock act at a London moment."""
        return self.app.service.sweep(at(when))

    def audit(self, reference: str) -> Audit:
        """The audit as stored."""
        with self.app.store.reading() as connection:
            held, *_ = Register(connection).open(reference, "")
        assert held is not None
        return held.audit

    def duty(self, reference: str, name: str) -> date | None:
        """The date a standing duty of this name is due."""
        return next((o.due for o in self.audit(reference).duties if o.duty == name), None)

    # Roads taken often.

    def booked(self, month: str, met_on: str, drawn: str, auditor: str = "aud") -> str:
        """An audit drawn, distributed and booked, all on the day `drawn`."""
        ref = self.draw(month, f"{drawn} 09:00")
        self.do(scheduling.Distribute(audit=ref, auditor=auditor), "qa1", f"{drawn} 10:00")
        booking = scheduling.BookMeeting(audit=ref, on=date.fromisoformat(met_on))
        self.do(booking, auditor, f"{drawn} 11:00")
        return ref

    def held(self, month: str, met_on: str, drawn: str) -> str:
        """An audit whose meeting has begun, with the file checked and the six elements recorded."""
        ref = self.booked(month, met_on, drawn)
        self.do(scheduling.ConfirmFileChecked(audit=ref), "kw", f"{drawn} 12:00")
        self.do(scheduling.StartAudit(audit=ref, key_worker_present=True), "aud", f"{met_on} 10:00")
        for element in ELEMENTS:
            finding = meeting.RecordFindings(
                audit=ref, element=element.key, evidence="Seen on file."
            )
            self.do(finding, "aud", f"{met_on} 11:00")
        return ref

    def submitted(
        self,
        month: str,
        met_on: str,
        drawn: str,
        *actions: PlannedAction,
        grade: Grade = Grade.GOOD,
    ) -> str:
        """An audit submitted on the day of its meeting, with its actions and an agreed grade."""
        ref = self.held(month, met_on, drawn)
        for row in actions:
            self.do(add(ref, row), "aud", f"{met_on} 11:30")
        agreed = meeting.AgreeGrade(audit=ref, grade=grade, impact="The child is safer.")
        self.do(agreed, "aud", f"{met_on} 11:40")
        reason = "" if actions else "Nothing needs to change."
        self.do(meeting.Submit(audit=ref, no_actions_because=reason), "aud", f"{met_on} 12:00")
        return ref

    def done(self, ref: str, action: int, by: str, when: str, **more: Any) -> Done:
        """Complete an action."""
        return self.do(
            follow_up.Complete(audit=ref, action=action, evidence="On Mosaic."), by, when, **more
        )

    def filed(self, ref: str, action: int, by: str, when: str, **more: Any) -> Done:
        """File an action under the audit month's heading."""
        heading = follow_up.heading_of(self.audit(ref))
        return self.do(follow_up.File(audit=ref, action=action, heading=heading), by, when, **more)


def supervision(ref: str, *plan: PlannedAction) -> follow_up.RecordSupervision:
    """The review with the key worker, with the actions agreed there or why there are none."""
    return follow_up.RecordSupervision(
        audit=ref,
        attendees="kw and rm",
        key_worker_present=True,
        plan=plan,
        no_actions_because="" if plan else "Nothing more is needed.",
    )


def add(ref: str, row: PlannedAction) -> meeting.AddAction:
    """The command that adds one planned action."""
    values = {f: getattr(row, f) for f in row.__dataclass_fields__}
    return meeting.AddAction(audit=ref, **values)
