"""The pages: texts of our own with blanks, and tables from the code that fill them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from auditflow.audits import State
from auditflow.drawing.model import FILES, STAMP, sheet
from auditflow.drawing.overlay import Overlay, marks
from auditflow.handbook import (
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
from auditflow.handbook.markup import safe, table, text
from auditflow.handbook.merged import ARROWS, DUTIES, Page, arrows, duties
from auditflow.machines.engine import words

#: The pages beside those of the charts, by their files' names.
OTHERS: Final = ("reading", "traceability")

#: What fills a blank that is worked out, from the words behind its colon: `{day:2026-03-10}`.
MADE: Final[Mapping[str, Callable[..., str]]] = {
    "acts": examples.acts,
    "after": examples.after,
    "also_told": escalating.also_told,
    "answering": escalating.answering,
    "counted": examples.counted,
    "crowded": smart.crowded,
    "day": examples.day,
    "denied": people.denied,
    "does": people.does,
    "doubted": smart.doubted,
    "due": examples.due,
    "edge": cases.edge,
    "holidays": examples.holidays,
    "in_months": examples.in_months,
    "items": tracing.items,
    "judged": escalating.judged,
    "last_moment": examples.last_moment,
    "late_by": examples.late_by,
    "not_given": cases.not_given,
    "office": people.office,
    "past_the_end": examples.past_the_end,
    "proclaimed": examples.proclaimed,
    "reasons": tracing.reasons,
    "reaudit": examples.reaudit,
    "reckoned": examples.reckoned,
    "refused": smart.refused,
    "sees": people.sees,
    "settings_table": people.settings,
    "trigger": escalating.trigger,
}


@dataclass(frozen=True)
class _Made:
    """A blank that is worked out only where a text asks for it."""

    work: Callable[..., str]

    def __format__(self, words: str) -> str:
        return self.work(*words.split())


class _Blanks(dict[str, Any]):
    def __missing__(self, name: str) -> _Made:
        return _Made(MADE[name])


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
        remark += [page.marks.boxes[state.name].words] if state.name in page.marks.boxes else []
        remark += ["YOU ARE HERE." if state.name == page.marks.here else ""]
        holder = "" if state.initial else state.holder.title
        yield state.title, holder, " ".join(filter(None, remark))
