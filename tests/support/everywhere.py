"""A store in which something stands in every state of every chart, and every table has rows."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from alembic.script import ScriptDirectory

from auditflow.application import App, copy
from auditflow.commands import (
    AppointDeputy,
    AuditCommand,
    ImportCalendar,
    SetPolicy,
    escalations,
    follow_up,
)
from auditflow.commands.office import OfficeCommand
from auditflow.demo import tell
from auditflow.errors import AuditflowError
from auditflow.machines.charts import CHARTS
from auditflow.operations.sweep_loop import note_swept
from auditflow.persistence.schema import MIGRATIONS
from auditflow.service.saved_filters import keep_view
from support import stores
from support.asking import proof_of
from support.office import at
from support.stores import asked

#: A Sunday on which the demo has an escalation at the first level.
NOW = at("2026-11-01 12:00")
WHY = "Agreed with the team."
#: What the demo's people do besides, so that no state is empty.
MORE: tuple[tuple[str, AuditCommand], ...] = (
    ("quinn", escalations.Bypass(audit="2026-09-003", escalation=2, level=4, reason=WHY)),
    ("amara", follow_up.Complete(audit="2026-10-003", action=1, evidence="On Mosaic.")),
    ("quinn", follow_up.CancelAction(audit="2026-08-002", action=1, reason=WHY)),
)
OFFICE: tuple[OfficeCommand, ...] = (
    SetPolicy(setting="moderation_share", value="20", reason=WHY),
    AppointDeputy(person="tess", deputy="idris", since=date(2026, 11, 2), until=date(2026, 11, 6)),
    ImportCalendar(days={date(2027, 6, 14): "A proclaimed day"}, through=None, source="The King"),
)
#: Every version of the schema, the newest first.
REVISIONS = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
TABLES = {"audit": "audits", "escalation": "escalations", "action": "actions"}


def everywhere(folder: Path) -> str:
    """The URL of such a store, of the kind that is asked for."""
    return stores.like(folder, "everywhere", _fill)


def _fill(url: str) -> None:
    with TemporaryDirectory() as folder, closing(tell(Path(folder), NOW)) as app:
        for command in OFFICE:
            app.service.do_office(command, by="quinn", now=NOW)
        for by, doing in MORE:
            app.service.do(doing, by=by, now=NOW)
        with pytest.raises(AuditflowError):
            app.service.do(MORE[0][1], by="bethan", now=NOW)
        note_swept(app.store, NOW)
        keep_view(app.store, "tess", "audits", "Late", "late=1")
        told = app.store.url.render_as_string()
        copy(told, url)
    _demand_everywhere(url)


def _demand_everywhere(url: str) -> None:
    assert [t for t in stores.tables_of(url) if not asked(url, f"SELECT 1 FROM {t}")] == []
    for kind, chart in CHARTS.items():
        found = {s for (s,) in asked(url, f"SELECT DISTINCT state FROM {TABLES[kind]}")}
        assert found == {s.name for s in chart.states.values() if not s.initial}


def demand_no_fault(url: str) -> None:
    """Its history bears out every row."""
    with closing(App(url)) as app:
        proof = proof_of(app)
    assert proof.audits > 0
    assert proof.faults == []
