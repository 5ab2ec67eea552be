"""The pages: texts of our own with blanks, and tables from the code that fill them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from importlib.resources import files
from typing import Any, Final

from auditflow.audits import State
from auditflow.handbook import (
    beside,
    cases,
    escalating,
    examples,
    explained,
    people,
    smart,
    sources,
    tracing,
)
from auditflow.handbook.blanks import known
from auditflow.handbook.markup import safe, table
from auditflow.handbook.merged import ARROWS, DUTIES, Page, arrows, duties
from auditflow.machines.drawing.facts import FILES, STAMP, sheet
from auditflow.machines.drawing.overlay import Overlay, marks
from auditflow.machines.engine import words

#: The pages beside those of the charts, by their files' names.
OTHERS: Final = ("reading", "traceability")

#: What fills a blank that is a table or an example; made only where a text asks for it.
MADE: Final[Mapping[str, Callable[[], str]]] = {
    "answering": escalating.answering,
    "beyond_it": examples.beyond_it,
    "cap_example": examples.cap,
    "chosen": partial(tracing.reasons, "chosen"),
    "climb": examples.climb,
    "denied": people.denied,
    "exclusions": cases.exclusions,
    "grade_life": beside.grade_life,
    "held_beside": beside.held_beside,
    "holidays": examples.holidays,
    "inferred": partial(tracing.reasons, "inferred"),
    "items": tracing.items,
    "last_moments": examples.last_moments,
    "lateness": examples.lateness,
    "new_holiday": examples.new_holiday,
    "not_given": cases.not_given,
    "office": people.office,
    "ordinary": examples.ordinary,
    "past_the_end": examples.past_the_end,
    "reaudit_example": examples.reaudit,
    "recorded_late": examples.recorded_late,
    "settings_table": people.settings,
    "settled": escalating.settled,
    "six_months": examples.six_months,
    "smart_doubted": smart.doubted,
    "smart_refused": smart.refused,
    "sums": examples.sums,
    "t2_example": examples.concern,
    "triggers_table": escalating.triggers,
    "who_is_who": people.who_is_who,
}


class _Blanks(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return MADE[name]()


@cache
def text(name: str) -> str:
    """The text of the page of that name, with its blanks."""
    return files("auditflow.handbook").joinpath("texts", f"{name}.md").read_text(encoding="utf-8")


def _filled(name: str, **more: str) -> str:
    return text(name).format_map(_Blanks({**known(), "stamp": STAMP, **more}))


def whole() -> dict[str, str]:
    """The pages beside those of the charts, by their files' names."""
    return {name: _filled(name) for name in OTHERS}


def page(name: str, over: Overlay | None = None) -> str:
    """The page of a chart (audit, action or escalation), with an overlay or without."""
    of = Page(sheet(name), marks(name, over), sources.references())
    headline = of.marks.headline
    return _filled(
        name,
        title=of.sheet.title,
        picture=f"{FILES[name]}.svg",
        laid_over=f"\n**{safe(headline)}**\n" if headline else "",
        states=table(("State", "With whom it is", "Remark"), _states(of)),
        arrows=table(ARROWS, arrows(of)),
        duties=table(DUTIES, duties(of)),
        conditions=explained.conditions(name),
        steps=explained.steps(name),
    )


def _end(page: Page, state: State) -> str:
    """That the process ends in this state, and what may still lead out of it."""
    if not (state.ended or state.final):
        return ""
    on = dict.fromkeys(words(r.event) for r in page.sheet.rows if r.start == state.name != r.end)
    return f"The process ends here, unless: {', '.join(on)}." if on else "The process ends here."


def _states(page: Page) -> Iterator[Sequence[str]]:
    for state in page.sheet.states.values():
        remark = [_end(page, state), state.no_duty_because]
        remark += [page.marks.states.get(state.name, "")]
        remark += ["YOU ARE HERE." if state.name == page.marks.here else ""]
        holder = "" if state.initial else state.holder.title
        yield state.title, holder, " ".join(filter(None, remark))
