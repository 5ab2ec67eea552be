"""Every cell of the table of permissions, tried on the running service."""

from __future__ import annotations

import sqlite3
import types
from collections.abc import Iterator
from dataclasses import MISSING, fields
from datetime import date
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
from msgspec.structs import replace

from auditflow.audits import Audit, Role
from auditflow.commands import (
    FORMS,
    AppointDeputy,
    AuditCommand,
    Correct,
    DrawRound,
    HandOver,
    ImportCalendar,
    ImportCases,
    ImportPeople,
    Leave,
    ReleaseNotices,
    Return,
    SetPolicy,
)
from auditflow.commands.office import Case, OfficeCommand
from auditflow.errors import AuditflowError, NotAllowed, NotFound
from auditflow.guidance.tool import Grade
from auditflow.handbook.permission_table import (
    ROLES,
    Asked,
    actions,
    person_of,
    samples,
)
from auditflow.machines.charts import CHARTS
from auditflow.queries import audit_detail
from support.asking import ask, listed
from support.checks import rows
from support.office import Office, at
from support.permissions import typed

#: Audits are put into one store past the service, as no database of its own would let them be.
pytestmark = pytest.mark.only("sqlite")

NOW = "2026-05-12 10:00"
DAY = date(2026, 5, 20)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = Office(tmp_path_factory.mktemp("cells"))
    everybody = tuple(person_of(role) for role in ROLES)
    made.app.service.do_office(ImportPeople(people=everybody), by="qa1", now=at("2026-01-02 09:00"))
    made.draw("2026-05", "2026-03-02 09:00", size=2)
    yield made
    made.app.close()


def place(office: Office, audit: Audit) -> None:
    """Let the stored audit be this one, at the line its journal has reached."""
    with sqlite3.connect(office.url.removeprefix("sqlite:///")) as database:
        (version,) = database.execute(
            "SELECT version FROM audits WHERE id = ?", (audit.id,)
        ).fetchone()
        facts = msgspec.json.encode(replace(audit, version=version)).decode()
        database.execute("UPDATE audits SET facts = ? WHERE id = ?", (facts, audit.id))
        for cache in ("escalations", "actions", "duties"):
            database.execute(f"DELETE FROM {cache} WHERE audit_id = ?", (audit.id,))


def staged(audit: Audit, asked: Asked, role: Role) -> Audit:
    """The sample where the arrow of this role begins, so that the chart does not speak first."""
    if asked.chart == "escalation" or asked.event == "read":
        return audit
    found = [r for r in CHARTS[asked.chart].rows if r.event == asked.event]
    row = next((r for r in found if role in r.by), found[0])
    if asked.chart == "audit":
        return replace(audit, state=row.start)
    actions_ = tuple(replace(a, state=row.start) if a.n == asked.n else a for a in audit.actions)
    return replace(audit, actions=actions_)


def form_of(asked: Asked, ref: str) -> AuditCommand | None:
    """A form that brings the event, filled in so that it can be read; None where there is none."""
    event = "add_action" if asked.event == "agree_action" else asked.event
    kind = "audit" if event == "add_action" else asked.chart
    form = FORMS.get((kind, event))
    if form is None:
        return None
    hints = get_type_hints(form)
    values = {f.name: filled(f.name, hints[f.name]) for f in fields(form) if f.default is MISSING}
    numbers = {"action": asked.n or 1, "escalation": asked.n, "audit": ref}
    return form(**values | {k: v for k, v in numbers.items() if k in values})


def filled(name: str, hint: Any) -> Any:
    kinds = set(get_args(hint)) if isinstance(hint, types.UnionType) else {hint}
    if name in ("auditor", "owner"):
        return "auditor"
    if name == "due" and str in kinds:
        return DAY.isoformat()
    for kind, value in ((date, DAY), (Grade, Grade.GOOD), (int, 3)):
        if kind in kinds:
            return value
    return "Said in a word."


def tried(office: Office, command: AuditCommand, by: str) -> bool:
    """Whether the service lets them; a refusal of the chart or of what was typed is no denial."""
    before = denials(office)
    try:
        office.do(command, by, NOW)
    except (NotAllowed, NotFound):
        assert denials(office) == before + 1, (command, by)
        return False
    except AuditflowError:
        pass
    assert denials(office) == before, (command, by)
    return True


def denials(office: Office) -> int:
    found: int = rows(office, "SELECT count(*) FROM access_log WHERE denied = 1")[0][0]
    return found


EVENTS = [a for a in actions() if form_of(a, "x") is not None]


@pytest.mark.parametrize("asked", EVENTS, ids=lambda a: f"{a.chart} {a.key}")
def test_the_service_lets_whom_the_table_lets_and_nobody_else(office: Office, asked: Asked) -> None:
    for audit, own in zip(samples(), (True, False), strict=True):
        command = form_of(asked, f"2026-05-00{audit.id}")
        assert command is not None
        found = set()
        for role in ROLES:
            place(office, staged(audit, asked, role))
            if tried(office, command, role.value):
                found.add(role)
        assert found == typed()[asked.chart, asked.key].may(own=own)


def test_what_has_no_form_only_the_clock_brings() -> None:
    without = {a.event for a in actions() if a not in EVENTS} - {"read", "draw"}
    assert {row.event for c in CHARTS.values() for row in c.rows if row.system} >= without


def test_whom_the_table_lets_read_is_shown_it(office: Office) -> None:
    for audit, own in zip(samples(), (True, False), strict=True):
        place(office, audit)
        reference, found, seen = f"2026-05-00{audit.id}", set(), set()
        for role in ROLES:
            before = denials(office)
            try:
                ask(office.app, person_of(role), audit_detail, reference)
                found.add(role)
            except NotFound:
                assert denials(office) == before + 1
            theirs = listed(office.app, person_of(role))
            seen |= {role} if reference in {e.reference for e in theirs} else set()
        assert found == seen == typed()["audit", "read"].may(own=own)


CASE = Case("2026-07-C1", "child_in_need", "Able", "kw")
OFFICE: dict[str, OfficeCommand] = {
    "import_people": ImportPeople(people=()),
    "import_cases": ImportCases(cases=(CASE,), as_at=date(2026, 5, 1)),
    "draw_round": DrawRound(month=date(2026, 5, 1), size=1),
    "import_calendar": ImportCalendar(days={}, through=None, source="test"),
    "appoint_deputy": AppointDeputy(person="kw", deputy="kw2", since=DAY, until=DAY),
    "leave": Leave(person="rm", on=DAY, reason=""),
    "return": Return(person="rm", reason="Back."),
    "hand_over": HandOver(giver="kw2", taker="kw", reason="Why not."),
    "correct": Correct(audit="2026-03-001", field="held_on", value="2026-03-09", reason="Typed."),
    "set_policy": SetPolicy(setting="cutoff", value="17:00", reason="We close then."),
    "release_notices": ReleaseNotices(reason="All were sent."),
}


@pytest.mark.parametrize("event", [a for about, a in typed() if about == "office"])
def test_the_office_is_run_by_whom_the_table_names(office: Office, event: str) -> None:
    found = set()
    for role in ROLES:
        before = denials(office)
        try:
            office.app.service.do_office(OFFICE[event], by=role.value, now=at(NOW))
        except NotAllowed:
            assert denials(office) == before + 1
            continue
        except AuditflowError:
            pass
        assert denials(office) == before
        found.add(role)
    assert found == typed()["office", event].everywhere


def test_drawing_is_the_rounds() -> None:
    assert typed()["audit", "draw"] == typed()["office", "draw_round"]
