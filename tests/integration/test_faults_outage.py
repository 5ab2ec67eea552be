"""Workers that were off for a year: each fault is raised once, with the moment since when it is."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from auditflow.calendar import LONDON
from support.asking import proof_of
from support.killing import demand_whole_chains
from support.long import daily
from support.office import Office, at
from support.stores import asked
from support.waiting import until
from support.workers import Worker, number_of, set_clock, wake

pytestmark = pytest.mark.only("postgres")

#: Drawn for each month of 2025, and never looked at by anybody.
EACH, BATCH = daily((40, 12), long=(834, 200))
MONTHS = range(1, 13)
LEFT = "SELECT id FROM procrastinate_jobs WHERE status = 'doing'"
BY_DUTY = """
SELECT a.month, e.trigger, e.overdue_since, count(*), count(DISTINCT e.audit_id)
FROM escalations e JOIN audits a ON a.id = e.audit_id GROUP BY 1, 2, 3 ORDER BY 1
"""


def overdue(month: int) -> str:
    """From midnight in London after the last day of the month in which it was to be held."""
    after = date(2025 + month // 12, month % 12 + 1, 1)
    instant = datetime.combine(after, time(), LONDON).astimezone(UTC)
    return instant.isoformat(timespec="microseconds")


def test_a_year_off_then_on(tmp_path: Path) -> None:
    office = Office(tmp_path, begun="2024-10-01 09:00")
    for month in MONTHS:
        office.draw(f"2025-{month:02d}", f"2024-10-{month + 1:02d} 10:00", size=EACH)
    office.app.close()
    set_clock(office.url, at("2024-10-20 10:00"))
    with ExitStack() as stopping:
        workers = [Worker(office.url, tmp_path, name, batch=BATCH) for name in ("one", "two")]
        for worker in workers:
            stopping.callback(worker.stop)
        until(lambda: number_of(office.url) == 2, "the workers do not come")
        until(lambda: not asked(office.url, LEFT), "they do not come to rest")
        set_clock(office.url, at("2026-01-20 10:00"))
        wake(office.url)
        count = "SELECT count(*) FROM escalations"
        everything = EACH * len(MONTHS)
        took = until(lambda: asked(office.url, count) == [(everything,)], "not all raised")
        until(lambda: not asked(office.url, LEFT), "they do not come to an end")
    assert asked(office.url, BY_DUTY) == [
        (f"2025-{month:02d}-01", "T6", overdue(month), EACH, EACH) for month in MONTHS
    ]
    shares = [worker.raised() for worker in workers]
    print(f"{everything} in {took:.1f} s: {shares}")
    assert sum(shares) == everything
    assert min(shares) > 0
    demand_whole_chains(office.url)
    assert office.app.service.sweep(at("2026-01-20 10:00")).raised == []
    assert proof_of(office.app).faults == []
    office.app.close()
