"""The files of the drawings: one shipped font, exact paper, named shapes, and told failures."""

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from io import BytesIO
from pathlib import Path
from typing import Any
from zlib import crc32

import pypdf
import pytest

from auditflow import drawing, handbook
from auditflow.drawing.fingerprint import fingerprint
from auditflow.drawing.model import sheet
from auditflow.drawing.render import render
from auditflow.drawing.text_metrics import clean
from auditflow.errors import AuditflowError
from auditflow.machines.charts import CHARTS
from support.drawn import laid_over, one

NAMES = tuple(CHARTS)
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = (
    '<b>bold</b> & "quoted" \\N \\G \\',
    "<<TABLE HREF='javascript:alert(1)'><TR><TD>x</TD></TR></TABLE>>",
    "a\x00b\x07c\u202edrow\u2066!\u200b",
    "</text></svg><script>alert(1)</script>",
    "|x| `y` [z](http://bad) <!-- --> ]]>",
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["plain", "counts"])
def test_a_pdf_holds_the_shipped_font_alone_on_exactly_a4(name: str, kind: str) -> None:
    made = drawing.drawing(name, "pdf", laid_over(name, kind))
    reader = pypdf.PdfReader(BytesIO(made))
    [page] = reader.pages
    assert (page.mediabox.width, page.mediabox.height) == pytest.approx((841.89, 595.28))
    fonts = page["/Resources"]["/Font"].values()  # type: ignore[index]
    names = {str(font.get_object()["/BaseFont"]).partition("+")[2] for font in fonts}
    assert names == {"LiberationSans", "LiberationSans-Bold"}
    assert reader.metadata is not None
    assert reader.metadata.title == CHARTS[name].title
    assert "What happens" in page.extract_text()


def test_every_word_of_a_sheet_is_in_its_pdf_and_none_is_smaller_than_eight_points() -> None:
    [page] = pypdf.PdfReader(BytesIO(drawing.drawing("audit", "pdf"))).pages
    sizes: set[float] = set()

    def visit(text: str, _: Any, matrix: list[float], __: Any, size: float) -> None:
        if text.strip():
            sizes.add(round(size * abs(matrix[3]), 1))

    found = page.extract_text(visitor_text=visit)
    words = {word for t in drawing.laid_out("audit").texts for word in t.words.split()}
    assert len(words) > 150
    assert {w for w in words if w not in found and w.replace("→", "") not in found} == set()
    assert min(sizes) >= 7.9


@pytest.mark.parametrize("name", NAMES)
def test_each_state_card_question_and_arrow_of_an_svg_bears_its_name(name: str) -> None:
    root = ET.fromstring(drawing.drawing(name, "svg"))
    ids = [e.attrib["id"] for e in root.iter() if "id" in e.attrib]
    assert len(ids) == len(set(ids))
    assert all(i.startswith(f"{name}-") for i in ids)
    drawn = sheet(name)
    wanted = {f"{name}-state-{state}" for state in drawn.states}
    wanted |= {f"{name}-card-{card.part or card.name}" for card in drawn.cards}
    assert wanted <= set(ids)
    arrows = {i.removeprefix(f"{name}-arrow-") for i in ids if f"{name}-arrow-" in i}
    known = {arrow.name: arrow for arrow in drawn.arrows}
    assert arrows <= set(known)
    assert {known[i].event for i in arrows} == {a.event for a in drawn.arrows if a.end}
    titles = {
        g.attrib["id"]: g.findtext(f"{SVG}title") for g in root.iter(f"{SVG}g") if "id" in g.attrib
    }
    assert all(
        titles[f"{name}-state-{key}"] == f"the state “{s.title}”" for key, s in drawn.states.items()
    )


def test_an_svg_has_a_name_a_description_and_fonts_of_one_width() -> None:
    made = drawing.drawing("audit", "svg")
    root = ET.fromstring(made)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"] == "audit-title audit-desc"
    assert root.attrib["viewBox"] == "0 0 841.89 595.28"
    assert {"width", "height"}.isdisjoint(root.attrib)
    ids = {e.attrib.get("id"): e.text for e in root}
    assert ids["audit-title"] == "Flow Chart 1 - Audit Process"
    assert "After the audit" in (ids["audit-desc"] or "")
    assert re.findall(rb'font-family="([^"]*)"', made) == [
        b"Liberation Sans, Arial, Helvetica, sans-serif"
    ]
    assert len(made) < 100_000


def test_the_letters_of_an_svg_stand_where_they_were_laid_out() -> None:
    picture = drawing.laid_out("action")
    written = list(ET.fromstring(drawing.drawing("action", "svg")).iter(f"{SVG}text"))
    for text, found in zip(picture.texts, written, strict=True):
        assert (found.text or "").replace("\xa0", " ") == text.words.replace("\xa0", " ")
        unit = picture.unit * 10
        assert float(found.attrib["x"]) == pytest.approx(text.x * unit, abs=0.1)
        high = (text.y - picture.height) * unit
        assert float(found.attrib["y"]) == pytest.approx(high, abs=0.1)


def test_the_drawing_for_pages_keeps_room_in_each_box_and_says_nothing_more() -> None:
    roomy, usual = (ET.fromstring(drawing.drawing("escalation", k)) for k in ("screen", "svg"))
    words = [
        sorted(" ".join(t.text or "" for t in root.iter(f"{SVG}text")).split())
        for root in (roomy, usual)
    ]
    assert words[0] == words[1]
    picture = drawing.laid_out("escalation", drawing.Room())
    initial = {state.name for state in CHARTS["escalation"].states.values() if state.initial}
    assert {name for name, box in picture.boxes.items() if box.slot is None} == initial


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_reference_comes_out_as_text(hostile: str) -> None:
    odd = one("action", hostile)
    svg = drawing.drawing("action", "svg", odd)
    root = ET.fromstring(svg)
    kinds = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert kinds <= {"svg", "title", "desc", "g", "path", "polygon", "ellipse", "text"}
    usual = ET.fromstring(drawing.drawing("action", "svg", one("action")))
    assert len(list(root.iter(f"{SVG}g"))) == len(list(usual.iter(f"{SVG}g")))
    shown = "".join(t.text or "" for t in root.iter(f"{SVG}text"))
    start = clean(hostile)[:12].strip().replace(" ", "")
    assert start in shown.replace("\xa0", "").replace(" ", "")
    assert not re.search("[\x00-\x08\u202a-\u202e\u2066-\u2069\u200b]", svg.decode())
    json.loads(drawing.drawing("action", "json", odd))
    for text in (handbook.page("action", odd), drawing.mermaid("action", odd)):
        assert "<script" not in text
        assert "<<TABLE" not in text


@pytest.mark.parametrize("kind", ["pdf", "png"])
def test_a_picture_is_the_same_on_each_run_and_says_what_it_was_made_from(kind: str) -> None:
    seal = fingerprint(drawing.dot("action"))
    made = drawing.drawing("action", kind)
    assert made == drawing.drawing("action", kind)
    assert made.count(seal.encode()) == 1
    assert b"CreationDate" not in made


def test_a_png_is_still_one_with_its_remark_and_small_enough_for_a_letter() -> None:
    made = drawing.drawing("audit", "png")
    at, kinds = 8, []
    while at < len(made):
        size = int.from_bytes(made[at : at + 4])
        kinds.append(made[at + 4 : at + 8])
        assert crc32(made[at + 4 : at + 8 + size]) == int.from_bytes(made[at + 8 + size :][:4])
        at += 12 + size
    assert kinds[:2] == [b"IHDR", b"tEXt"]
    assert kinds[-1] == b"IEND"
    assert len(made) < 700_000


@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
def test_pictures_are_drawn_without_graphviz_on_the_path_and_in_silence(
    kind: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    begins = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}[kind]
    assert drawing.drawing("action", kind).startswith(begins)
    assert capfd.readouterr().err == ""


def test_the_fonts_of_the_machine_are_not_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    strange = tmp_path / "fonts.conf"
    strange.write_text("<fontconfig><dir>/nowhere</dir></fontconfig>")
    monkeypatch.setenv("PATH", "")
    usual = render(drawing.dot("action"), "png")
    monkeypatch.setenv("FONTCONFIG_FILE", str(strange))
    assert render(drawing.dot("action"), "png") == usual


def program(folder: Path, script: str) -> None:
    path = folder / "neato"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_graphviz_on_the_path_is_used_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, 'printf "%s" "drawn by neato $* with $FONTCONFIG_FILE"')
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    made = render("digraph {}", "png").decode()
    assert made.startswith("drawn by neato -n2 -Tpng -Gdpi=150 with /")
    assert made.endswith("/fonts.conf")


def test_a_graphviz_that_fails_or_hangs_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    program(tmp_path, "echo 'no fonts' >&2; exit 3")
    with pytest.raises(AuditflowError, match="could not draw the chart: no fonts"):
        render("digraph {}", "png")
    program(tmp_path, "exec sleep 20")
    monkeypatch.setattr("auditflow.drawing.render._SECONDS", 0.1)
    with pytest.raises(AuditflowError, match="took more than"):
        render("digraph {}", "png")


@pytest.mark.parametrize(("module", "kind"), [("pygraphviz", "svg"), ("pypdf", "pdf")])
def test_without_what_draws_the_refusal_says_what_to_type(
    module: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(AuditflowError, match=r"pip install 'casefile-auditflow\[draw\]'"):
        drawing.drawing("action", kind)


def test_dot_and_tables_are_made_where_nothing_can_draw() -> None:
    code = (
        "import sys; sys.modules |= dict.fromkeys(('pygraphviz', 'pypdf'));"
        "from auditflow import drawing; print(len(drawing.dot('action')))"
    )
    env = {"PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env
    )
    assert int(done.stdout) > 10_000


@pytest.mark.parametrize("name", NAMES)
def test_mermaid_holds_every_state_and_arrow(name: str) -> None:
    text = drawing.mermaid(name)
    pairs = {(r.start, r.end) for r in CHARTS[name].rows}
    arrows = re.findall(r"^  (\w+)_ (?:-->|-\.->)\|\"[^\"]+\"\| (\w+)_$", text, re.MULTILINE)
    assert set(arrows) == pairs
    assert all(f"  {state}_" in text for state in CHARTS[name].states)


@pytest.mark.parametrize("name", NAMES)
def test_the_facts_as_data_hold_every_row_with_its_number(name: str) -> None:
    document = drawing.document(name)
    assert [(a["from"], a["event"], a["to"]) for a in document["arrows"]] == [
        (r.start, r.event, r.end) for r in CHARTS[name].rows
    ]
    numbers = [arrow.number for arrow in sheet(name).arrows]
    assert list(dict.fromkeys(a["number"] for a in document["arrows"])) == numbers
    page = handbook.page(name)
    assert all(duty.title in page for duty in CHARTS[name].duties)
