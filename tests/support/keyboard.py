"""A page gone through by the keyboard alone: where it stops, and whether that is seen."""

from __future__ import annotations

from typing import Final, NamedTuple

from playwright.sync_api import Page

#: More stops than any page has.
_MANY: Final = 400
_STOPS: Final = """() => [...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [tabindex]')].filter(e =>
        e.tabIndex >= 0 && !e.disabled && e.type !== 'hidden' && e.checkVisibility()).length"""
#: Which part has the focus, whether it is on the screen, and whether it looks otherwise without.
_FOCUS: Final = """() => {
    const stop = document.activeElement
    if (!stop || stop === document.body) return null
    const names = ['outlineStyle', 'outlineWidth', 'outlineColor', 'boxShadow', 'backgroundColor',
        'borderColor', 'borderWidth', 'stroke', 'strokeWidth', 'fill']
    const look = (e, part) => { const s = getComputedStyle(e, part); return names.map(n => s[n]) }
    const label = stop.labels?.[0]
    const looks = () => [[stop, ...stop.querySelectorAll('*')].map(e => look(e)),
        label ? [look(label, '::before'), look(label, '::after')] : []].toString()
    const box = stop.getBoundingClientRect()
    window.stops ??= []
    const n = window.stops.includes(stop) ? window.stops.indexOf(stop) : window.stops.push(stop) - 1
    const withIt = looks()
    stop.blur()
    const without = looks()
    stop.focus({preventScroll: true, focusVisible: true})
    return [n, stop.outerHTML.slice(0, 120), withIt !== without, box.width > 0 && box.bottom > 0
        && box.top < innerHeight && box.right > 0 && box.left < innerWidth]
}"""


class Stop(NamedTuple):
    """One part that had the focus: a number of its own, and its beginning as HTML."""

    number: int
    html: str
    #: Whether its look tells that it has the focus, and whether it is on the screen.
    marked: bool
    on_screen: bool


def stops_of(page: Page, key: str = "Tab") -> list[Stop]:
    """Every stop until the keyboard leaves the page, or comes back; a trap has the same twice."""
    found: list[Stop] = []
    for _ in range(_MANY):
        page.keyboard.press(key)
        focus = page.evaluate(_FOCUS)
        if focus is None or (len(found) > 1 and focus[0] == found[0].number):
            return found
        found.append(Stop(*focus))
        if len(found) > 1 and found[-1].number in {s.number for s in found[:-1]}:
            return found
    raise AssertionError(f"there is no end to it: {found[-1]}")


def stops_there_are(page: Page) -> int:
    """How many parts of the page are to be reached; what is folded away is not."""
    count: int = page.evaluate(_STOPS)
    return count


def demand_reached(page: Page, key: str = "Tab") -> None:
    """Each part is reached once, is on the screen then, and shows that it has the focus."""
    found = stops_of(page, key)
    assert [s.html for s in found if not s.on_screen] == [], "off the screen"
    assert [s.html for s in found if not s.marked] == [], "not marked"
    assert len({s.number for s in found}) == len(found), f"a trap: {found[-1].html}"
    assert len(found) == stops_there_are(page), "not all are reached"
