"""The drawings: complete, legible on paper, the same on each run, and never taken in by a label."""

import json
import re
import xml.etree.ElementTree as ET
from datetime import date
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pygraphviz
import pytest
from auditflow.drawing.hints import AT_ANY_TIME

from auditflow import drawing, handbook
from auditflow.drawing import Counts, OneAudit, Room, Step, style
from auditflow.drawing.labels import plain
from auditflow.drawing.model import sheet
from auditflow.drawing.render import picture
from auditflow.drawing.text_metrics import clean, roomy, width, wrapped
from auditflow.errors import AuditflowError, NotFound
from auditflow.machines.charts import CHARTS, DUTIES

NAMES = tuple(CHARTS)
HOSTILE = (
    '<b>bold</b> & "quoted" \\N \\G \\',
    "<<TABLE HREF='javascript:alert(1)'><TR><TD>x</TD></TR></TABLE>>",
    "a\x00b\x07c\u202edrow\u2066!\u200b",
    "</text></svg><script>alert(1)</script>",
    "|x| `y` [z](http://bad) <!-- --> ]]>",
)


def one(name: str, reference: str = "Case 4711") -> OneAudit:
    rows = CHARTS[name].rows
    first = next(r for r in rows if r.start == "start")
    duty = CHARTS[name].duties[0].name
    way = (Step(first.event, first.end, date(2026, 3, 10)),)
    late = CHARTS[name].duties[1].name
    return OneAudit(reference, first.end, way, {duty: date(2026, 4, 10)}, {late: date(2026, 3, 17)})


def counts(name: str) -> Counts:
    chart = CHARTS[name]
    return Counts(
        dict.fromkeys(chart.states, 123),
        dict.fromkeys(DUTIES, 45),
        dict.fromkeys(DUTIES, 12),
        dict.fromkeys(chart.states, 19.5),
        {(r.start, r.event): (123, 19.5) for r in chart.rows},
    )


def overlays(name: str) -> dict[str, Any]:
    return {"plain": None, "one": one(name), "counts": counts(name), "room": Room()}


def graph(dot: str) -> Any:
    return pygraphviz.AGraph(string=dot)


def labels(dot: str) -> str:
    """Every label of a drawing as one text, lines joined."""
    drawn = graph(dot)
    found = [n.attr["label"] or "" for n in drawn.nodes()]
    return " | ".join(re.sub(r"\\[lrn]", " ", label) for label in found)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_chart_gives_the_same_text_each_time(name: str) -> None:
    assert drawing.dot(name) == drawing.dot(name)
    assert drawing.dot(name, counts(name)) == drawing.dot(name, counts(name))
    assert drawing.drawing(name, "svg") == drawing.drawing(name, "svg")


@pytest.mark.parametrize("name", NAMES)
def test_every_state_and_every_duty_is_a_node(name: str) -> None:
    nodes = set(graph(drawing.dot(name)).nodes())
    assert set(CHARTS[name].states) <= nodes
    assert {d.name for d in CHARTS[name].duties} <= nodes
    if name == "audit":
        assert {d.name for d in CHARTS["action"].duties} <= nodes


@pytest.mark.parametrize("name", NAMES)
def test_every_arrow_is_drawn_or_noted_and_in_the_table(name: str) -> None:
    drawn, words = sheet(name), labels(drawing.dot(name))
    shown = {row for arrow in drawn.arrows for row in arrow.rows}
    shown |= {row for note in drawn.notes for row in note.rows}
    asked = {e for d in drawn.diamonds for e, _ in (*d.on, *d.aside)}
    asked |= {event for chart, (event, _) in AT_ANY_TIME.items() if chart == name}
    document = drawing.document(name)
    for row in CHARTS[name].rows:
        assert row in shown or row.end in drawn.exits or row.event in asked, row
        assert plain(row.event) in words, row
    assert [(a["from"], a["event"], a["to"]) for a in document["arrows"]] == [
        (r.start, r.event, r.end) for r in CHARTS[name].rows
    ]
    table = handbook.page(name)
    for row in CHARTS[name].rows:
        assert plain(row.event) in table
    for duty in CHARTS[name].duties:
        assert duty.title in table


@pytest.mark.parametrize("name", NAMES)
def test_title_and_version_keep_clear_of_each_other_in_the_widest_font(name: str) -> None:
    drawn = graph(drawing.dot(name))
    title, stamp, page = (drawn.get_node(n) for n in ("title", "stamp", "page"))
    beside = abs(_middle(title)[1] - _middle(stamp)[1]) < style.TEXT
    room = float(page.attr["width"]) * 72
    said = [title.attr["label"].removesuffix("\\l"), stamp.attr["label"].removesuffix("\\r")]
    needed = roomy(said[0], style.TITLE, bold=True) + roomy(said[1], style.TEXT)
    assert beside is (needed < room)


def test_the_boxes_of_triggers_hold_their_words_in_the_widest_font() -> None:
    drawn = graph(drawing.dot("escalation"))
    boxes = [n for n in drawn.nodes() if n.startswith("raise.level_")]
    assert len(boxes) == 3
    for box in boxes:
        lines = box.attr["label"].split("\\n")
        assert max(roomy(line, style.TEXT) for line in lines) < float(box.attr["width"]) * 72


def _middle(node: Any) -> tuple[float, float]:
    x, y = map(float, node.attr["pos"].split(","))
    return x, y


@pytest.mark.parametrize("name", NAMES)
def test_each_missed_duty_points_to_its_trigger(name: str) -> None:
    drawn = graph(drawing.dot(name))
    for card in sheet(name).cards:
        assert drawn.get_node(f"{card.name}.late").attr["label"].startswith("If late")
        for trigger in re.findall(r"T\d", card.late):
            assert trigger in drawn.get_node(f"{card.name}.late").attr["label"]


def test_each_event_that_raises_points_to_its_trigger() -> None:
    drawn = graph(drawing.dot("audit"))
    nodes = set(drawn.nodes())
    assert {"grade_agreed.T1", "inadequate.T8", "any_time"} <= nodes
    words = labels(drawing.dot("escalation"))
    assert all(f"T{n}  " in words or f"T{n} " in words for n in range(1, 10))


def test_what_the_guidance_says_is_solid_and_what_it_does_not_is_dashed() -> None:
    drawn = graph(drawing.dot("audit"))
    assert "dashed" not in drawn.get_node("immediate_action").attr["style"]
    assert "dashed" in drawn.get_node("submit").attr["style"]
    assert "dashed" not in drawn.get_node("selected").attr["style"]
    assert "dashed" in drawn.get_node("awaiting_verification").attr["style"]
    assert drawn.get_edge("selected", "distributed").attr["style"] == "solid"
    assert drawn.get_edge("meeting_booked", "distributed").attr["style"] == "dashed"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("laid", ["plain", "one", "counts"])
def test_no_text_is_under_seven_points_on_a4_landscape(name: str, laid: str) -> None:
    dot = drawing.dot(name, overlays(name)[laid])
    svg = ET.fromstring(drawing.drawing(name, "svg", overlays(name)[laid]))
    _, _, wide, high = map(float, svg.attrib["viewBox"].split())
    shrunk = min(style.PAGE[0] / wide, style.PAGE[1] / high)
    sizes = [float(s) for s in re.findall(r"fontsize=([\d.]+)", dot)]
    assert len(sizes) > 20
    assert min(sizes) * shrunk >= style.SMALLEST - 0.005, (min(sizes), shrunk, wide, high)


def boxes(dot: str) -> dict[str, tuple[float, float, float, float]]:
    found, drawn = {}, graph(dot)
    for node in drawn.nodes():
        if node.attr["style"] == "invis":
            continue
        x, y = map(float, node.attr["pos"].split(","))
        wide, high = (float(node.attr[k]) * 72 for k in ("width", "height"))
        label = re.split(r"\\[lrn]", node.attr["label"] or "")
        size = float(node.attr["fontsize"] or 0)
        bold = "Bold" in (node.attr["fontname"] or "")
        text = max(width(line, size, bold=bold) / 1.09 for line in label)
        if node.attr["shape"] == "plaintext":  # what is seen of it is its text
            left = x - wide / 2 if "\\l" in node.attr["label"] else x - text / 2
            left = x + wide / 2 - text if "\\r" in node.attr["label"] else left
            count = len([line for line in label if line])
            found[str(node)] = (left, y - count * size / 2, left + text, y + count * size / 2)
        else:
            found[str(node)] = (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
    return found


def apart(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    slack = 0.6
    return (
        a[2] <= b[0] + slack or b[2] <= a[0] + slack or a[3] <= b[1] + slack or b[3] <= a[1] + slack
    )


def inside(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    slack = 1.5
    return (
        a[0] >= b[0] - slack
        and a[1] >= b[1] - slack
        and a[2] <= b[2] + slack
        and a[3] <= b[3] + slack
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("laid", ["plain", "one", "counts", "room"])
def test_nothing_lies_over_anything_else(name: str, laid: str) -> None:
    found = boxes(drawing.dot(name, overlays(name)[laid]))
    found = {k: v for k, v in found.items() if not k.startswith("rule.")}
    over = [
        (a, b)
        for (a, at), (b, bt) in combinations(found.items(), 2)
        if not (apart(at, bt) or inside(at, bt) or inside(bt, at))
        and a.split(".")[0] != b.split(".")[0]
    ]
    diamonds = {d.name for d in sheet(name).diamonds} | {"bypass", "accept", "raise"}
    # A diamond fills half its box: a label may stand in the corner it leaves free.
    assert [pair for pair in over if not diamonds & set(pair)] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_arrow_runs_through_a_box(name: str) -> None:
    drawn = graph(drawing.dot(name))
    found = boxes(drawing.dot(name))
    solid = {s for s in CHARTS[name].states if s in found} | {c.name for c in sheet(name).cards}
    for edge in drawn.edges():
        points = [
            tuple(map(float, p.split(",")))
            for p in re.findall(r"[-\d.]+,[-\d.]+", edge.attr["pos"])
        ][1:]
        for (ax, ay), (bx, by) in pairwise(points):
            line = (min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
            hit = [s for s in solid - set(edge) if not apart(line, found[s])]
            assert hit == [], edge


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_reference_comes_out_as_text(name: str, hostile: str) -> None:
    usual, odd = one(name), one(name, hostile)
    assert graph(drawing.dot(name, odd)).nodes() == graph(drawing.dot(name, usual)).nodes()
    svg = drawing.drawing(name, "svg", odd)
    root = ET.fromstring(svg)
    kinds = {element.tag.split("}")[1] for element in root.iter()}
    assert kinds <= {"svg", "title", "desc", "g", "path", "polygon", "ellipse", "text"}
    usual_svg = ET.fromstring(drawing.drawing(name, "svg", usual))
    assert len(root.findall(".//{*}g")) == len(usual_svg.findall(".//{*}g"))
    shown = "".join(t.text or "" for t in root.iter("{http://www.w3.org/2000/svg}text"))
    start = clean(hostile)[:12].strip().replace(" ", "")
    assert start in shown.replace("\xa0", "").replace(" ", "")
    assert not re.search("[\x00-\x08\u202a-\u202e\u2066-\u2069\u200b]", svg.decode())
    json.loads(drawing.drawing(name, "json", odd))
    for text in (handbook.page(name, odd), drawing.mermaid(name, odd)):
        assert "<script" not in text
        assert "<<TABLE" not in text


def test_the_svg_has_a_name_a_description_and_no_size_of_its_own() -> None:
    root = ET.fromstring(drawing.drawing("audit", "svg"))
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"] == "audit-title audit-desc"
    assert {"width", "height"}.isdisjoint(root.attrib)
    ids = {e.attrib.get("id"): e.text for e in root}
    assert ids["audit-title"] == "Flow Chart 1 - Audit Process"
    assert "After the audit" in (ids["audit-desc"] or "")


def test_an_overlay_says_in_words_where_the_audit_is_and_what_is_late() -> None:
    dot = drawing.dot("audit", one("audit"))
    words = labels(dot)
    assert "YOU ARE HERE" in words
    assert "reached 10 Mar 2026" in words
    assert "OVERDUE: 17 Mar 2026" in words
    drawn = graph(dot)
    assert float(drawn.get_node("selected").attr["penwidth"]) > 3
    assert float(drawn.get_edge("start", "selected").attr["penwidth"]) >= 3
    assert float(drawn.get_edge("selected", "distributed").attr["penwidth"]) < 2


@pytest.mark.parametrize("name", NAMES)
def test_counts_stand_in_words_on_states_cards_and_arrows(name: str) -> None:
    words = labels(drawing.dot(name, counts(name)))
    assert "123 here, median 19.5 days" in words
    assert "12 of 45 late" in words
    assert "(123×, 19.5 days)" in words


def test_an_overlay_with_names_the_chart_lacks_is_refused() -> None:
    with pytest.raises(NotFound, match="no state “nowhere”"):
        drawing.dot("audit", OneAudit("x", "nowhere"))
    with pytest.raises(NotFound, match="no duty “sleep”"):
        drawing.dot("audit", Counts(duties={"sleep": 1}))


@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
def test_pictures_are_drawn_without_graphviz_on_the_path(
    kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    begins = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}[kind]
    assert drawing.drawing("action", kind).startswith(begins)


def program(folder: Path, script: str) -> None:
    path = folder / "neato"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_graphviz_on_the_path_is_used_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, 'printf "%s" "A PNG of more than its head, drawn by neato $*."')
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert picture(drawing.dot("action"), "png").endswith(b"neato -n2 -Tpng -Gdpi=180.")


def test_a_graphviz_that_fails_or_hangs_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    program(tmp_path, "echo 'no fonts' >&2; exit 3")
    with pytest.raises(AuditflowError, match="could not draw the chart: no fonts"):
        picture("digraph {}", "png")
    program(tmp_path, "exec sleep 20")
    monkeypatch.setattr("auditflow.drawing.render._SECONDS", 0.1)
    with pytest.raises(AuditflowError, match="took more than"):
        picture("digraph {}", "png")


def test_without_any_graphviz_the_refusal_says_what_to_type(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(__import__("sys").modules, "pygraphviz", None)
    with pytest.raises(AuditflowError, match=r"pip install 'casefile-auditflow\[draw\]'"):
        picture("digraph {}", "svg")


def test_text_is_measured_and_wrapped_without_a_font() -> None:
    assert width("iii", 10) < width("mmm", 10) < width("mmm", 10, bold=True)
    assert wrapped("one two three", 30, 7) == ["one two", "three"]
    assert wrapped("incomprehensibilities", 30, 7)[0].endswith("…")
    assert wrapped("", 30, 7) == [""]
    assert clean("a\tb\n c\x00\u202e") == "a b c"


@pytest.mark.parametrize("name", NAMES)
def test_mermaid_holds_every_state_and_arrow(name: str) -> None:
    text = drawing.mermaid(name)
    pairs = {(r.start, r.end) for r in CHARTS[name].rows}
    arrows = re.findall(r"^  (\w+)_ (?:-->|-\.->)\|\"[^\"]+\"\| (\w+)_$", text, re.MULTILINE)
    assert set(arrows) == pairs
    assert all(f"  {state}_" in text for state in CHARTS[name].states)
