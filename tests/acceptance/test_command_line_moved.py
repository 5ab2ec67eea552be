"""Question 27, typed in a terminal: a proclaimed holiday moves a deadline, and that is told."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from auditflow.commands import ImportCalendar
from support.office import Office, at, planned
from support.shell import Shell


def test_a_deadline_that_a_proclaimed_holiday_moved(office: Office, tmp_path: Path) -> None:
    action = planned("rm", "2026-06-17", immediate=True)
    ref = office.submitted("2026-06", "2026-06-10", "2026-04-20", action)
    before = Shell(tmp_path).told("qam", "2026-06-11T08:00", "report", "moved-deadlines")
    assert before["tables"][0]["rows"] == [[0, 0, 0]]
    command = ImportCalendar(days={date(2026, 6, 15): "Day of thanks"}, through=None, source="x")
    office.app.service.do_office(command, by="qam", now=at("2026-06-11 09:00"))
    told = Shell(tmp_path).told("qam", "2026-06-11T10:00", "report", "moved-deadlines")
    rows = {row[1]: row for row in told["tables"][1]["rows"]}
    assert told["tables"][0]["rows"] == [[1, len(rows), 0]]
    moved = rows["Complete the immediate action"]
    assert moved[:6] == [ref, "Complete the immediate action", "action 1",
                         "2026-06-17", "2026-06-18", "2026-06-11"]  # fmt: skip
    assert "Day" not in json.dumps(told)
