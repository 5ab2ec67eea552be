"""A chart's conditions and steps in words, each where the chart asks for it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import MISSING, fields

from auditflow.commands import FORMS
from auditflow.drawing.labels import listed, plain
from auditflow.handbook.blanks import filled
from auditflow.handbook.markup import bullets, table
from auditflow.machines.charts import CHARTS
from auditflow.machines.rows import Duty, Row


def conditions(chart: str) -> str:
    """Every guard of the chart: in short, in full, and what happens where it does not hold."""
    headings = ("Condition", "What it means", "Otherwise")
    return table(headings, (_condition(chart, same) for same in _alike(chart)))


def guards(chart: str) -> list[str]:
    """The guards that an arrow or a duty of the chart asks, in its order."""
    return list(dict.fromkeys(name for line in _lines(chart) for name, _ in line.guards))


def _alike(chart: str) -> Iterable[Sequence[str]]:
    """The guards; those that read alike together."""
    found: dict[object, list[str]] = {}
    for name in guards(chart):
        found.setdefault(CHARTS[chart].guards[name], []).append(name)
    return found.values()


def _condition(chart: str, names: Sequence[str]) -> Sequence[str]:
    asked = {wanted for line in _lines(chart) for name, wanted in line.guards if name in names}
    said = (CHARTS[chart].guards[names[0]].words(wanted) for wanted in sorted(asked, reverse=True))
    means = filled(CHARTS[chart].guards[names[0]].means)
    return " / ".join(said), means, "; ".join(_otherwise(chart, set(names)))


def _lines(chart: str) -> Sequence[Row | Duty]:
    return (*CHARTS[chart].rows, *CHARTS[chart].duties)


def _otherwise(chart: str, names: set[str]) -> Iterator[str]:
    """What becomes of each line that asks it, where the answer is not as it should be."""
    rows = [r for r in CHARTS[chart].rows if names & set(dict(r.guards))]
    other = [r for r in rows if _has_rival(chart, r, names)]
    left = [r for r in rows if r not in other]
    grouped = {
        "refused": [plain(r.event) for r in left if not r.system],
        "not yet": [plain(r.event) for r in left if r.system],
        "the diamond's other arrow": [plain(r.event) for r in other],
        "not owed": [d.title for d in CHARTS[chart].duties if names & set(dict(d.guards))],
    }
    return (f"{says}: {listed(found, 'and')}" for says, found in grouped.items() if found)


def _has_rival(chart: str, row: Row, names: set[str]) -> bool:
    """Whether another arrow of the same step is taken where the guard answers differently."""
    rivals = (
        r
        for r in CHARTS[chart].rows
        if (r.event, r.start) == (row.event, row.start) and r is not row
    )
    return any(_differs(chart, row, rival, names) for rival in rivals)


def _differs(chart: str, row: Row, rival: Row, names: set[str]) -> bool:
    """Whether the rival asks the opposite, or another guard of a family of which one holds."""
    mine, theirs = dict(row.guards), dict(rival.guards)
    if any(theirs.get(name, mine[name]) is not mine[name] for name in names & set(mine)):
        return True
    families = (set(family) for family in CHARTS[chart].exclusive)
    return any(family & names and (family - names) & set(theirs) for family in families)


def steps(chart: str) -> str:
    """Every event of the chart in words, with what must be said for it."""
    events = dict.fromkeys(row.event for row in CHARTS[chart].rows)
    return bullets((plain(event), _step(chart, event)) for event in events)


def _step(chart: str, event: str) -> str:
    says = filled(next(r.says for r in CHARTS[chart].rows if r.event == event))
    wanted = "; ".join(_wanted(chart, event))
    return f"{says} To be said: {wanted}." if wanted else says


def _wanted(chart: str, event: str) -> Iterator[str]:
    """What the form of this event asks for in any case."""
    form = FORMS.get((chart, event))
    for field in fields(form) if form else ():
        given = field.default is not MISSING or field.default_factory is not MISSING
        if "help" in field.metadata and not given and field.name != chart:
            yield str(field.metadata["help"])
