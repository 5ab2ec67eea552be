"""The charts in pages: complete, legible, never taken in by words, and drawn by nobody."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from auditflow.web.drawings import Badge
from auditflow.web.inlay import opened

from auditflow.drawing.model import sheet
from auditflow.drawing.text_metrics import width
from auditflow.errors import NotFound
from auditflow.machines.charts import CHARTS, DUTIES
from auditflow.web import drawings

NAMES = tuple(CHARTS)
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = (
    "<script>alert(1)</script>",
    "]]> <!-- --> &amp; &#60;",
    '"quoted" \'twice\' onload="x"',
    "\u202eesrever\u2066 and \x00 more\u200f",
)
DAY = date(2026, 9, 30)


def every(
    name: str, words: str = "1,204 audits, 317 overdue", *, late: bool = True
) -> dict[str, Badge]:
    boxes = [k for k, box in opened(name).boxes.items() if box.slot is not None]
    return {k: Badge(words, late=late, href=f"/audits?in={k}&late=1") for k in boxes}


def journey(name: str) -> list[drawings.Walk]:
    """A way over as many arrows of the spine as follow one another."""
    at = "start"
    walked: list[drawings.Walk] = []
    for row in CHARTS[name].rows:
        if (
            row.start == at != row.end
            and f"way-{row.start}-{row.event}-{row.end}" in opened(name).ways
        ):
            walked.append((row.start, row.event, row.end, DAY + timedelta(len(walked))))
            at = row.end
    return walked


def there(name: str, state: str, words: str = "overdue since 30 September 2026") -> str:
    cards = [c.name for c in sheet(name).cards]
    return drawings.here(name, state, journey(name), {c: Badge(words, late=True) for c in cards})


def texts(svg: str) -> list[str]:
    return ["".join(t.itertext()) for t in ET.fromstring(svg).iter(f"{SVG}text")]


def ids(svg: str) -> list[str]:
    return [e.attrib["id"] for e in ET.fromstring(svg).iter() if "id" in e.attrib]


@pytest.mark.parametrize("name", NAMES)
def test_every_state_and_every_duty_has_its_box_with_room(name: str) -> None:
    boxes = opened(name).boxes
    duties = {d.name for d in CHARTS[name].duties}
    duties |= {d.name for d in CHARTS["action"].duties} if name == "audit" else set()
    assert set(boxes) == set(CHARTS[name].states) | duties
    assert {k for k, box in boxes.items() if box.slot is None} == {"start"}
    for key, box in boxes.items():
        assert box.place.w > 5, key
        if box.slot is not None:
            assert box.place.x < box.slot.x < box.slot.x + box.slot.w < box.place.x + box.place.w
            assert box.place.y < box.slot.y
            assert box.slot.y + box.slot.h < box.place.y + box.place.h


@pytest.mark.parametrize("name", NAMES)
def test_the_words_that_move_are_those_in_the_box_and_all_of_them(name: str) -> None:
    drawing, drawn = opened(name), sheet(name)
    for key, box in drawing.boxes.items():
        moved = [e for n in box.words for e in ET.fromstring(drawing.pieces[n]).iter("text")]
        for text in moved:
            x, y = float(text.attrib["x"]), float(text.attrib["y"])
            assert box.place.x < x < box.place.x + box.place.w, text.text
            assert box.place.y < y < box.place.y + box.place.h, text.text
        said = " ".join(text.text or "" for text in moved)
        if key in drawn.states and box.slot is not None:
            state = drawn.states[key]
            assert said in (f"{state.title} {state.holder.title}", state.title)
        for card in drawn.cards:
            if card.name == key:
                assert said.startswith(card.title)
                assert said.endswith(f"{card.limit} {card.late}")


def placed(svg: str) -> Iterator[tuple[str, bool, tuple[float, float, float, float]]]:
    """Each text and each badge: what it is, whether it is a badge, and where it stands."""
    ground = ET.fromstring(svg).find(f"{SVG}g")
    assert ground is not None
    for group in ground:
        moved = re.match(r"translate\(0 ([\d.]+)\)", group.attrib.get("transform", ""))
        down = float(moved[1]) if moved else 0.0
        for e in group:
            if e.tag == f"{SVG}rect" and e.attrib.get("fill") != "none":
                x, y, w, h = (float(e.attrib[k]) for k in ("x", "y", "width", "height"))
                yield "badge", True, (x, y, x + w, y + h)
            inside = any(o.tag == f"{SVG}rect" for o in group)
            if e.tag == f"{SVG}text" and not inside:
                size, x, y = (float(e.attrib[k]) for k in ("font-size", "x", "y"))
                bold = e.attrib.get("font-weight") == "bold"
                wide = width(e.text or "", size, bold=bold) / 1.16
                left = x - wide * {"start": 0, "middle": 0.5, "end": 1}[e.attrib["text-anchor"]]
                yield e.text or "", False, (left, y - size * 0.7 + down, left + wide, y + down)


@pytest.mark.parametrize("name", NAMES)
def test_no_badge_hides_a_word(name: str) -> None:
    states = [s for s in CHARTS[name].states if s != "start"]
    drawn = [drawings.counted(name, every(name)), *(there(name, s) for s in states)]
    for svg in drawn:
        found = list(placed(svg))
        badges = [at for _, is_badge, at in found if is_badge]
        assert badges
        for words, is_badge, (left, top, right, low) in found:
            for a, b, c, d in badges if not is_badge else []:
                assert right <= a or c <= left or low <= b or d <= top, words


@pytest.mark.parametrize("name", NAMES)
def test_no_words_of_a_badge_are_wider_than_it(name: str) -> None:
    root = ET.fromstring(drawings.counted(name, every(name)))
    for link in root.iter(f"{SVG}a"):
        ground = next(r for r in link.iter(f"{SVG}rect") if r.attrib["fill"] != "none")
        for text in link.iter(f"{SVG}text"):
            size = float(text.attrib["font-size"])
            assert width(text.text or "", size, bold=True) <= float(ground.attrib["width"])


@pytest.mark.parametrize("name", NAMES)
def test_each_box_with_a_count_is_one_link_that_says_what_and_how_many(name: str) -> None:
    asked = every(name, "12 audits, 3 overdue")
    root = ET.fromstring(drawings.counted(name, asked))
    assert root.attrib["role"] == "group"
    links = list(root.iter(f"{SVG}a"))
    assert [a.attrib["href"] for a in links] == [b.href for b in asked.values()]
    for link, key in zip(links, asked, strict=True):
        said = link.attrib["aria-label"]
        assert said == f"{opened(name).boxes[key].title}: 12 audits, 3 overdue"
        # Who says aloud what is written in the box reaches the link (WCAG 2.5.3).
        assert "".join(link.itertext()).strip() == "12 audits, 3 overdue"
        ring = next(r for r in link if r.attrib.get("class") == "chart-ring")
        box = opened(name).boxes[key].place
        assert float(ring.attrib["width"]) == pytest.approx(box.w, abs=0.01)
        assert float(ring.attrib["height"]) == pytest.approx(box.h, abs=0.01)


def test_lateness_is_words_and_not_colour_alone() -> None:
    late = drawings.counted("audit", {"selected": Badge("2 audits, 1 overdue", late=True)})
    timely = drawings.counted("audit", {"selected": Badge("2 audits")})
    assert "2 audits, 1 overdue" in texts(late)
    assert 'fill="#6e1616">2 audits, 1 overdue' in re.sub(r' [xy]="[^"]*"', "", late)
    assert 'fill="#6e1616">2 audits' not in re.sub(r' [xy]="[^"]*"', "", timely)
    assert ET.fromstring(timely).attrib["role"] == "img"


def test_one_audit_says_in_words_where_it_is_and_how_it_came() -> None:
    way = [("start", "draw", "selected", DAY), ("selected", "distribute", "distributed", DAY)]
    owed = {"arrange_meeting": Badge("overdue since 7 October 2026", late=True)}
    assert set(owed) <= set(DUTIES)
    svg = drawings.here("audit", "distributed", way, owed)
    words = texts(svg)
    assert {"You are here", "reached 30 September 2026", "since 30 September 2026"} <= set(words)
    said = ET.fromstring(svg).findtext(f"{SVG}desc") or ""
    assert "You are here: Distributed." in said
    assert "Arrange the meeting: overdue since 7 October 2026." in said
    assert svg.count('fill="#ffdd00"') == 1
    plain = drawings.here("audit", "distributed")
    walked = svg.count('stroke-width="3"') - plain.count('stroke-width="3"')
    assert walked == 4  # two arrows, each a line and its head


@pytest.mark.parametrize("name", NAMES)
def test_where_nothing_is_owed_the_whole_chart_is_there(name: str) -> None:
    usual = len(texts(drawings.plain(name)))
    assert len(texts(drawings.counted(name, {}))) == usual
    for state in CHARTS[name].states:
        svg = drawings.here(name, state)
        assert len(texts(svg)) == usual + 1
        assert svg.count('fill="#ffdd00" stroke-width="3.2"') == 1
        assert ET.fromstring(svg).attrib["role"] == "img"


def test_a_long_date_in_a_narrow_card_keeps_its_year() -> None:
    words = texts(there("audit", "post_audit"))
    assert "2026" in " ".join(w for w in words if "Sep" in w)
    assert not [w for w in words if w.endswith("…")]


def test_words_far_too_long_are_cut_in_the_picture_and_whole_in_the_name() -> None:
    long = "incomprehensibilities without end or measure " * 3
    svg = drawings.counted("audit", {"selected": Badge(long, href="/x")})
    assert any(w.endswith("…") for w in texts(svg))
    assert long.strip() in (next(ET.fromstring(svg).iter(f"{SVG}a")).attrib["aria-label"])


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("name", NAMES)
def test_hostile_words_come_out_as_text(name: str, hostile: str) -> None:
    badge = Badge(hostile, late=True, href=f"/a?q={hostile}", label=hostile)
    keys = [k for k, box in opened(name).boxes.items() if box.slot is not None]
    state = next(s for s in CHARTS[name].states if s != "start")
    harmless = Badge("x", late=True, href="/a", label="x")
    for odd, usual in (
        (
            drawings.counted(name, dict.fromkeys(keys, badge)),
            drawings.counted(name, dict.fromkeys(keys, harmless)),
        ),
        (
            drawings.here(name, state, (), dict.fromkeys(keys, badge)),
            drawings.here(name, state, (), dict.fromkeys(keys, harmless)),
        ),
    ):
        kinds = {e.tag for e in ET.fromstring(usual).iter()}
        assert {e.tag for e in ET.fromstring(odd).iter()} == kinds
        assert "<script" not in odd
        assert not re.search("[\x00-\x08\u200e\u200f\u202a-\u202e\u2066-\u2069]", odd)
        names = {a for e in ET.fromstring(odd).iter() for a in e.attrib}
        assert names == {a for e in ET.fromstring(usual).iter() for a in e.attrib}


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "//elsewhere.example", "https://x.example", "audits"]
)
def test_a_badge_leads_to_our_own_pages_only(href: str) -> None:
    with pytest.raises(ValueError, match="begin its href with"):
        Badge("1 audit", href=href)


def test_what_no_chart_has_is_refused_and_another_charts_is_left_out() -> None:
    with pytest.raises(NotFound, match="no state or duty “nowhere”"):
        drawings.counted("audit", {"nowhere": Badge("1 audit")})
    with pytest.raises(NotFound, match="no state or duty “nowhere”"):
        drawings.here("audit", "nowhere")
    with pytest.raises(NotFound, match="There are: audit, action, escalation"):
        drawings.plain("../../etc/passwd")
    answer = {"answer": Badge("due 1 May 2026")}
    assert drawings.here("audit", "selected", (), answer) == drawings.here("audit", "selected")


def test_all_charts_fit_one_page_without_a_clash_and_without_inline_style() -> None:
    page = [drawings.plain(n) for n in NAMES]
    page += [drawings.counted(n, every(n)) for n in NAMES]
    page += [
        there(n, "open" if n == "action" else "level_2" if n == "escalation" else "selected")
        for n in NAMES
    ]
    found = [i for svg in page for i in ids(svg)]
    assert len(found) == len(set(found)) == 2 * len(page)
    for svg in page:
        root = ET.fromstring(svg)
        names = (
            f"{root.attrib['aria-labelledby']} {root.attrib.get('aria-describedby', '')}".split()
        )
        assert set(names) == set(ids(svg))
        assert not [
            e
            for e in root.iter()
            if "style" in e.attrib or e.tag in {f"{SVG}style", f"{SVG}script"}
        ]
        assert not [a for e in root.iter() for a in e.attrib if a.startswith("on")]


def test_pages_show_charts_without_any_graphviz() -> None:
    code = (
        "import sys; from auditflow.web import drawings as d;"
        "d.plain('audit'); d.counted('audit', {'selected': d.Badge('1 audit', href='/')});"
        "d.here('escalation', 'level_2');"
        "print([m for m in ('graphviz', 'pygraphviz') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PATH": ""}
    )
    assert done.stdout.strip() == "[]"
