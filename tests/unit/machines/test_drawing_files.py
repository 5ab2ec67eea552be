"""The files of the drawings: shapes that are found by name, pictures that know their chart."""

import xml.etree.ElementTree as ET
from typing import Any
from zlib import crc32

import pytest

from auditflow import drawing
from auditflow.drawing.fingerprint import fingerprint
from auditflow.drawing.labels import way
from auditflow.drawing.model import sheet
from auditflow.machines.charts import CHARTS

NAMES = tuple(CHARTS)
SVG = "http://www.w3.org/2000/svg"


@pytest.mark.parametrize("name", NAMES)
def test_ids_say_what_a_shape_is_and_differ_between_charts(name: str) -> None:
    root = ET.fromstring(drawing.drawing(name, "svg"))
    ids = [e.attrib["id"] for e in root.iter() if "id" in e.attrib]
    assert len(ids) == len(set(ids))
    assert all(i.startswith(f"{name}-") for i in ids)
    assert {f"{name}-state-{s}" for s in CHARTS[name].states} <= set(ids)
    assert {f"{name}-duty-{c.name}" for c in sheet(name).cards} <= set(ids)


def test_each_move_drawn_on_the_spine_finds_its_arrow() -> None:
    root = ET.fromstring(drawing.drawing("audit", "svg"))
    found = {token for e in root.iter() for token in e.attrib.get("class", "").split()}
    ways = {way(row) for arrow in sheet("audit").arrows for row in arrow.rows}
    assert ways <= found
    assert "way-selected-distribute-distributed" in found


@pytest.mark.parametrize("kind", ["pdf", "png"])
def test_a_picture_is_the_same_on_each_run_and_says_what_it_was_made_from(kind: Any) -> None:
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
    assert len(made) < 400_000


def test_the_drawing_for_pages_keeps_room_in_each_box_and_says_nothing_more() -> None:
    roomy, usual = (ET.fromstring(drawing.drawing("audit", k)) for k in ("screen", "svg"))
    ids = {e.attrib.get("id") for e in roomy.iter()}
    boxes = [s for s in CHARTS["audit"].states if s != "start"]
    boxes += [c.name for c in sheet("audit").cards]
    assert {f"audit-part-{b}.slot" for b in boxes} <= ids
    words = [sorted(t.text or "" for t in root.iter(f"{{{SVG}}}text")) for root in (roomy, usual)]
    assert words[0] == words[1]
