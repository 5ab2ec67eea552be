"""The charts in pages: complete, legible, never taken in by words, and drawn by nobody."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from datetime import date

import pytest

from auditflow.drawing import OneAudit, Room, Step, laid_out, sheet
from auditflow.drawing.text_metrics import width
from auditflow.errors import NotFound
from auditflow.machines.charts import CHARTS, DUTIES
from auditflow.web import chart_overlay, chart_svg
from auditflow.web.chart_overlay import Badge

NAMES = tuple(CHARTS)
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = (
    "<script>alert(1)</script>",
    "]]> <!-- --> &amp; &#60;",
    '"quoted" \'twice\' onload="x"',
    "\u202eesrever\u2066 and \x00 more\u200f",
)
DAY = date(2026, 9, 30)


def every(name: str, words: str = "1,204 audits, 317 overdue") -> dict[str, Badge]:
    boxes = [k for k, box in laid_out(name, Room()).boxes.items() if box.slot]
    return {k: Badge(words, late=True, href=f"/audits?in={k}&late=1") for k in boxes}


def at(name: str, state: str, **owed: date) -> OneAudit:
    """A thing in a state, come there by the chart's first arrow."""
    first = CHARTS[name].rows[0]
    steps = [Step(first.event, first.end, DAY)]
    if state not in (first.start, first.end):
        steps.append(Step("", state, DAY))
    return OneAudit("x", state, tuple(steps), owed)


def texts(svg: str) -> list[str]:
    return ["".join(t.itertext()) for t in ET.fromstring(svg).iter(f"{SVG}text")]


def ids(svg: str) -> list[str]:
    return [e.attrib["id"] for e in ET.fromstring(svg).iter() if "id" in e.attrib]


@pytest.mark.parametrize("name", NAMES)
def test_the_room_in_each_box_is_where_the_shipped_drawing_has_it(name: str) -> None:
    picture, root = laid_out(name, Room()), ET.fromstring(chart_svg.plain(name))
    roomy = ET.fromstring(chart_overlay.counted(name, {}))
    assert root.attrib["viewBox"] == "0 0 841.89 595.28"
    assert roomy.attrib["viewBox"] == f"0 0 841.89 {picture.height * picture.unit:.2f}"
    assert len(texts(chart_overlay.counted(name, {}))) == len(picture.texts)
    for box in picture.boxes.values():
        for text in picture.texts if box.slot else ():
            assert not (box.slot and box.slot.inset(0.6).meets(text.box)), text.words


@pytest.mark.parametrize("name", NAMES)
def test_no_badge_leaves_its_box_and_no_words_their_badge(name: str) -> None:
    root = ET.fromstring(chart_overlay.counted(name, every(name)))
    links = list(root.iter(f"{SVG}a"))
    assert links
    for link in links:
        ring, ground = (
            next(r for r in link.iter(f"{SVG}rect") if (r.attrib["fill"] == "none") is outer)
            for outer in (True, False)
        )
        box, badge = (
            [float(r.attrib[k]) for k in ("x", "y", "width", "height")] for r in (ring, ground)
        )
        assert box[0] < badge[0] < badge[0] + badge[2] < box[0] + box[2]
        assert box[1] < badge[1] < badge[1] + badge[3] <= box[1] + box[3] + 0.01
        for text in link.iter(f"{SVG}text"):
            size = float(text.attrib["font-size"])
            assert width(text.text or "", size, bold=True) <= badge[2] - 2


@pytest.mark.parametrize("name", NAMES)
def test_each_box_with_a_count_is_one_link_that_says_what_and_how_many(name: str) -> None:
    asked = every(name, "12 audits, 3 overdue")
    root = ET.fromstring(chart_overlay.counted(name, asked))
    assert root.attrib["role"] == "group"
    links = list(root.iter(f"{SVG}a"))
    assert [a.attrib["href"] for a in links] == [b.href for b in asked.values()]
    picture = laid_out(name, Room())
    for link, key in zip(links, asked, strict=True):
        box = picture.boxes[key]
        assert link.attrib["aria-label"] == f"{box.title}: 12 audits, 3 overdue"
        # Who says aloud what is written in the box reaches the link (WCAG 2.5.3).
        assert "".join(link.itertext()).strip() == "12 audits, 3 overdue"
        ring = next(r for r in link if r.attrib.get("class") == "chart-ring")
        assert float(ring.attrib["width"]) == pytest.approx(box.place.w * picture.unit, abs=0.01)


def test_lateness_is_words_and_not_colour_alone() -> None:
    late = chart_overlay.counted("audit", {"selected": Badge("2 audits, 1 overdue", late=True)})
    timely = chart_overlay.counted("audit", {"selected": Badge("2 audits")})
    assert "2 audits, 1 overdue" in texts(late)
    assert 'stroke="#6e1616" stroke-width="1.4"' in late
    assert 'stroke="#6e1616" stroke-width="1.4"' not in timely
    assert ET.fromstring(timely).attrib["role"] == "img"


def test_one_audit_says_in_words_where_it_is_and_how_it_came() -> None:
    way = (Step("draw", "selected", DAY), Step("distribute", "distributed", DAY))
    late = {"arrange_meeting": date(2026, 10, 7)}
    assert set(late) <= set(DUTIES)
    svg = chart_overlay.here("audit", OneAudit("x", "distributed", way, overdue=late))
    words = {"You are here", "reached 30 Sep 2026", "since 30 September 2026"}
    assert words <= set(texts(svg))
    said = ET.fromstring(svg).findtext(f"{SVG}desc") or ""
    assert "You are here: Distributed." in said
    assert "Arrange the meeting: overdue: 7 October 2026." in said
    assert svg.count('fill="#ffdd00"') == 1
    plain = chart_overlay.here("audit", OneAudit("x", "distributed"))
    assert svg.count("<polyline") - plain.count("<polyline") == 2


@pytest.mark.parametrize("name", NAMES)
def test_wherever_it_is_the_whole_chart_is_there(name: str) -> None:
    usual = texts(chart_overlay.counted(name, {}))
    for state in CHARTS[name].states:
        svg = chart_overlay.here(name, OneAudit("x", state))
        assert len(texts(svg)) == len(usual) + 1
        assert svg.count('fill="#ffdd00"') == 1
        assert ET.fromstring(svg).attrib["role"] == "img"


def test_a_long_date_in_a_card_keeps_its_year() -> None:
    duties = {card.name: DAY for card in sheet("audit").cards}
    words = texts(chart_overlay.here("audit", OneAudit("x", "post_audit", overdue=duties)))
    assert len([w for w in words if w.startswith("overdue: 30 Sep") and "2026" in w]) == len(duties)
    assert not [w for w in words if w.endswith("…")]


def test_words_far_too_long_are_cut_in_the_picture_and_whole_in_the_name() -> None:
    long = "incomprehensibilities without end or measure " * 3
    svg = chart_overlay.counted("audit", {"selected": Badge(long, href="/x")})
    assert any(w.endswith("…") for w in texts(svg))
    assert long.strip() in (next(ET.fromstring(svg).iter(f"{SVG}a")).attrib["aria-label"])


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("name", NAMES)
def test_hostile_words_come_out_as_text(name: str, hostile: str) -> None:
    keys = list(every(name))
    odd, usual = (
        chart_overlay.counted(
            name, dict.fromkeys(keys, Badge(words, late=True, href=f"/a?q={words}", label=words))
        )
        for words in (hostile, "x")
    )
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
        chart_overlay.counted("audit", {"nowhere": Badge("1 audit")})
    with pytest.raises(NotFound, match="no state “nowhere”"):
        chart_overlay.here("audit", OneAudit("x", "nowhere"))
    with pytest.raises(NotFound, match="There are: audit, action, escalation"):
        chart_svg.plain("../../etc/passwd")
    answer = {"answer": Badge("due 1 May 2026")}
    assert chart_overlay.counted("audit", answer) == chart_overlay.counted("audit", {})
    assert "due 1 May" not in chart_overlay.here("audit", at("audit", "selected", answer=DAY))


def test_all_charts_fit_one_page_without_a_clash_and_without_inline_style() -> None:
    page = [chart_svg.plain(n) for n in NAMES]
    page += [chart_overlay.counted(n, every(n)) for n in NAMES]
    page += [chart_overlay.here(n, at(n, CHARTS[n].rows[0].end)) for n in NAMES]
    found = [i for svg in page for i in ids(svg)]
    assert len(found) == len(set(found)) > 100
    for svg in page:
        root = ET.fromstring(svg)
        names = f"{root.attrib['aria-labelledby']} {root.attrib['aria-describedby']}".split()
        assert set(names) <= set(ids(svg))
        assert not [
            e
            for e in root.iter()
            if "style" in e.attrib or e.tag in {f"{SVG}style", f"{SVG}script"}
        ]
        assert not [a for e in root.iter() for a in e.attrib if a.startswith("on")]


def test_pages_show_charts_without_any_graphviz() -> None:
    code = (
        "import sys; from auditflow.web import chart_overlay as o, chart_svg;"
        "from auditflow.drawing import OneAudit;"
        "chart_svg.plain('audit');"
        "o.counted('audit', {'selected': o.Badge('1 audit', href='/')});"
        "o.here('escalation', OneAudit('x', 'level_2'));"
        "print([m for m in ('graphviz', 'pygraphviz') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PATH": ""}
    )
    assert done.stdout.strip() == "[]"
