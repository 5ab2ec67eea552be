"""The sheet of a chart as it fits its page: what may be left out, how large the letters can be.

Nothing is made smaller than may be printed: what has no room is told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import product
from typing import Final

from auditflow.drawing import style
from auditflow.drawing.lanes_and_decisions import decisions
from auditflow.drawing.layout import LISTS, Form, Layout
from auditflow.drawing.legibility import faults, missing
from auditflow.drawing.model import Sheet
from auditflow.drawing.picture import Picture

#: How far channels, and lines of letters, are apart: close, and as it is read more easily.
_CLOSER: Final = ((8.8, 8.6), (12.5, 8.6), (12.5, 8.9))
_LETTERS: Final = tuple(n / 4 for n in range(int(style.SMALLEST * 4), int(style.LARGEST * 4) + 1))


def best(sheet: Sheet) -> Picture:
    """The sheet with the largest letters with which it has no fault.

    Questions are left out before letters go under the smallest; where that does not help, the
    faults of the last try are told.
    """
    return _best(sheet).copy()


@lru_cache(maxsize=16)
def _best(sheet: Sheet) -> Picture:
    *fuller, sparsest = _forms(sheet)
    least = Layout(sheet, sparsest)
    if least.needed <= least.low:
        for form in (*fuller, sparsest):
            for layout in reversed(_fitting(sheet, form)):
                picture = _checked(layout)
                if not picture.faults:
                    return picture
    return _checked(least)


def _forms(sheet: Sheet) -> Iterator[Form]:
    """With fewer and fewer questions, the smallest and closest letters."""
    for questions in range(len(decisions(sheet)), -1, -1):
        yield Form(style.SMALLEST, *_CLOSER[0], questions)


def _fitting(sheet: Sheet, form: Form) -> list[Layout]:
    """The layouts that are low enough, from the smallest and closest letters up."""
    found: list[Layout] = []
    for letters in _LETTERS:
        forms = (replace(form, letters=letters, pitch=p, leading=high) for p, high in _CLOSER)
        tried = (Layout(sheet, one) for one in forms)
        fitting = [layout for layout in tried if layout.needed <= layout.low]
        if not fitting:
            break
        found += fitting
    return found


def roomy(
    sheet: Sheet, headline: str = "", now: Mapping[tuple[str, str], str] | None = None
) -> Picture:
    """The sheet with room in each box for what is laid over it, as high as it must be."""
    return _roomy(sheet, headline, tuple((now or {}).items())).copy()


@lru_cache(maxsize=16)
def _roomy(sheet: Sheet, headline: str, now: tuple[tuple[tuple[str, str], str], ...]) -> Picture:
    def lowest(form: Form) -> Layout:
        tried = (replace(form, listed=wide, room=True, high=True) for wide in LISTS[::3])
        layouts = (Layout(sheet, one, headline, dict(now)) for one in tried)
        return min(layouts, key=lambda layout: layout.needed)

    *fuller, sparsest = _forms(sheet)
    least = lowest(sparsest)
    if least.needed <= least.low * style.SMALLEST / style.SMALLEST_LAID_OVER:
        for form, (pitch, leading) in product((*fuller, sparsest), reversed(_CLOSER)):
            picture = _checked(lowest(replace(form, pitch=pitch, leading=leading)))
            if not picture.faults:
                return picture
    return _checked(least)


def _checked(layout: Layout) -> Picture:
    """The sheet with its faults; one without room is only said to be too tall."""
    picture = layout.draw()
    if not picture.faults:
        picture.faults += [*faults(picture), *missing(layout.sheet, picture)]
    return picture


def check(sheet: Sheet) -> list[str]:
    """What on the chart's sheets cannot be read, or is not said; each in a plain sentence."""
    return [
        *(f"{sheet.title}: {fault}" for fault in best(sheet).faults),
        *(f"{sheet.title}, with room for figures: {fault}" for fault in roomy(sheet).faults),
    ]
