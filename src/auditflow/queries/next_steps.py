"""Which ways lead on from where an audit stands, and what each still lacks."""

from collections.abc import Iterator
from functools import cache

import msgspec

from auditflow.audits import Audit
from auditflow.machines.charts import CHARTS, facts_of
from auditflow.machines.engine import engine, words


class Step(msgspec.Struct, frozen=True):
    """One way on, and what is still missing for it."""

    event: str
    to: str
    who: str
    missing: tuple[str, ...]
    #: It leads back to where every audit passes before it comes here.
    back: bool


def next_steps(audit: Audit) -> Iterator[Step]:
    """Every way on but out, each with the guards that do not hold yet."""
    chart = CHARTS["audit"]
    runner = engine(chart)
    facts, state = facts_of(audit, "audit", 0)
    for row in chart.rows:
        if row.start != state or row.end == state or chart.states[row.end].final:
            continue
        missing = runner.missing([row], runner.answers(state, row.event, facts))
        yield Step(
            words(row.event),
            chart.states[row.end].title,
            " or ".join(r.title for r in row.by),
            tuple(runner.explain((g,)) for g in missing),
            back=_leads_back(state, row.end),
        )


@cache
def _leads_back(start: str, end: str) -> bool:
    """Whether every way to the state where an arrow starts passes the one where it ends."""
    chart = CHARTS["audit"]
    reached: set[str] = set()
    ahead = [s.name for s in chart.states.values() if s.initial]
    while ahead:
        state = ahead.pop()
        if state not in reached and state != end:
            reached.add(state)
            ahead += [r.end for r in chart.rows if r.start == state]
    return start not in reached
