"""The sheets: complete, legible on paper, laid out by the rows alone, and refused where not."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from auditflow import drawing
from auditflow.audits import Role
from auditflow.calendar import WorkingDays
from auditflow.drawing import style
from auditflow.drawing.fitting import best, check, roomy
from auditflow.drawing.labels import InForce
from auditflow.drawing.legibility import faults, missing
from auditflow.drawing.model import Sheet, sheet, sheet_of
from auditflow.drawing.picture import Picture, Rect, Stroke, Text
from auditflow.drawing.text_metrics import FONTS, reach, shortened, width, wrapped
from auditflow.machines.charts import CHARTS
from support.drawn import OVERLAYS, laid_over
from support.made_up import with_duties, with_feedback

NAMES = tuple(CHARTS)
PACKAGE = Path(drawing.__file__).parent


@cache
def feedback(*, beside: bool) -> Sheet:
    return sheet_of("audit", with_feedback(beside=beside))


@cache
def pictures() -> dict[str, Picture]:
    """Every drawing there is, and those of Flow Chart 1 with one more state."""
    found = {f"{n} {o}": drawing.laid_out(n, laid_over(n, o)) for n in NAMES for o in OVERLAYS}
    for beside in (True, False):
        made = feedback(beside=beside)
        found |= {f"beside {beside}": best(made), f"roomy, beside {beside}": roomy(made)}
    return found


def says(picture: Picture) -> str:
    return " ".join(text.words for text in picture.texts).replace("\xa0", " ")


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_to_be_said_against_the_charts(name: str) -> None:
    assert check(sheet(name)) == []


@pytest.mark.parametrize("beside", [True, False])
def test_one_more_state_on_the_line_or_beside_it_is_drawn_legibly(beside: bool) -> None:
    assert check(feedback(beside=beside)) == []
    said = says(best(feedback(beside=beside)))
    assert "Invite the family's feedback QA Team, 10 working days from all being done" in said
    assert "note feedback" in said


def test_an_arrow_past_a_state_goes_beside_it() -> None:
    picture = best(feedback(beside=True))
    way = picture.ways["awaiting_verification", "verify", "closed"]
    passed = picture.boxes["feedback_invited"].place
    assert len(way) == 4
    assert max(x for x, _ in way[1:3]) < passed.x
    assert way[1][1] < passed.y < passed.bottom < way[2][1]


@pytest.mark.parametrize("name", NAMES)
def test_every_row_state_duty_limit_and_receiver_is_on_the_sheet(name: str) -> None:
    drawn, said = sheet(name), says(best(sheet(name)))
    for arrow in drawn.arrows:
        assert f" {arrow.number} " in f" {said} " or f"{arrow.number}–" in said or arrow.rows
        assert arrow.says in said
    for state in drawn.states.values():
        assert state.initial or state.title in said
    for card in drawn.cards:
        assert {card.title, card.limit, card.late} <= {
            w for w in (card.title, card.limit, card.late) if w in said
        }
    for source in {s for r in drawn.rows for s in r.source if s.item}:
        assert source.item is not None
        assert source.item.section in said


def advances() -> Iterator[tuple[bool, dict[str, int], int]]:
    for bold in (True, False):
        font = TTFont(FONTS / f"LiberationSans-{'Bold' if bold else 'Regular'}.ttf")
        metrics = font["hmtx"].metrics
        widths = {chr(code): metrics[glyph][0] for code, glyph in font.getBestCmap().items()}
        yield bold, widths, font["head"].unitsPerEm


def test_every_text_lies_at_least_a_point_inside_its_box_by_the_font_itself() -> None:
    fonts = {bold: (widths, em) for bold, widths, em in advances()}
    seen = 0
    for name, picture in pictures().items():
        for text in picture.texts:
            if text.room is None:
                continue
            widths, em = fonts[text.bold]
            right = text.x + sum(widths[letter] for letter in text.words) * text.size / em
            left = (text.x - text.room.x) * picture.unit
            assert min(left, (text.room.right - right) * picture.unit) >= 1 - 1e-6, (name, text)
            above = (text.box.y - text.room.y) * picture.unit
            below = (text.room.bottom - text.box.bottom) * picture.unit
            assert min(above, below) >= 1 - 1e-6, (name, text)
            seen += 1
    assert seen > 1000


def test_no_letter_is_under_eight_points_on_a4_nor_under_seven_with_figures() -> None:
    for name, picture in pictures().items():
        shrunk = min(1, style.A4[1] / (picture.height * picture.unit))
        smallest = min(text.size for text in picture.texts) * picture.unit * shrunk
        assert smallest >= (8 if shrunk == 1 else 7) - 0.001, name
        assert picture.width * picture.unit == pytest.approx(style.A4[0])


def test_nothing_is_to_be_said_against_a_drawing_with_figures() -> None:
    for name, picture in pictures().items():
        assert faults(picture) == [], name


def test_no_line_runs_through_a_box_or_over_a_word() -> None:
    for name, picture in pictures().items():
        pieces = [piece for stroke in picture.strokes for piece in stroke.pieces]
        solid = [shape.place.inset(0.7) for shape in picture.shapes if shape.solid]
        assert len(solid) > 10
        for place in (*solid, *(text.box for text in picture.texts)):
            for piece in pieces:
                touched = Rect(piece.x, piece.y, piece.w or 1e-9, piece.h or 1e-9)
                assert not place.meets(touched), (name, place, piece)


def test_the_boxes_of_cards_and_states_keep_apart() -> None:
    for picture in pictures().values():
        solid = [s.place.inset(0.1) for s in picture.shapes if s.solid and s.name]
        for n, place in enumerate(solid):
            assert not any(place.meets(other) for other in solid[n + 1 :])


def test_the_letters_are_the_largest_that_fit() -> None:
    units = {name: best(sheet(name)).unit * style.TEXT for name in NAMES}
    assert units["action"] == style.LARGEST
    assert style.SMALLEST <= units["audit"] <= units["escalation"] < units["action"]


def test_what_has_no_room_is_refused_and_never_shrunk() -> None:
    found = check(sheet_of("audit", with_duties(8)))
    assert "Flow Chart 1 - Audit Process: The sheet is too tall by 2" in found[0]
    assert "its letters are" in found[1].lower()
    long = "Incomprehensibilitiesandmoreofthemthancanbeborne"
    [wide, *_] = check(sheet_of("audit", with_duties(1, long)))
    assert f"“{long}” is " in wide
    assert wide.endswith("pt too large for its box.")


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        (Stroke(((0, 0), (900, 700))), "A line runs through the state “Distributed”."),
        (Text("Over it", 0, 0), "“Over it” lies in the margin or off the page."),
        (Text("Wide", 100, 100, room=Rect(100, 90, 5, 20)), "“Wide” is "),
        (Text("Tiny", 50, 45, size=5), "Its letters are 5.0 pt high on A4, less than 8 pt."),
    ],
)
def test_a_planted_fault_is_found_and_named(planted: Any, said: str) -> None:
    picture = best(sheet("audit"))
    assert faults(picture) == []
    if isinstance(planted, Stroke):
        (_, a), (_, b) = picture.ways["selected", "distribute", "distributed"]
        x = picture.boxes["distributed"].place.middle[0]
        planted = replace(planted, points=((x, a), (x, b + 20)))
    picture.put(planted)
    assert any(fault.startswith(said) for fault in faults(picture)), faults(picture)


def test_a_text_on_a_text_and_a_line_over_one_are_named() -> None:
    picture = best(sheet("action"))
    word = next(text for text in picture.texts if text.words == "agree action")
    picture.put(replace(word, words="beside it", x=word.x + 4))
    middle = word.box.middle[1]
    picture.put(Stroke(((word.x - 5, middle), (word.x + 5, middle))))
    found = faults(picture)
    assert "“agree action” and “beside it” lie on one another." in found
    assert "A line runs over “agree action”." in found


def test_what_the_sheet_does_not_say_is_named() -> None:
    drawn, picture = sheet("audit"), best(sheet("audit"))
    assert missing(drawn, picture) == []
    lost = {"Verify and close", "Distributed", "withdraw (to Withdrawn):", "by the meeting"}
    picture.items = [
        item
        for item in picture.items
        if not (isinstance(item, Text) and any(word in item.words for word in lost))
    ]
    del picture.ways["selected", "distribute", "distributed"]
    found = missing(drawn, picture)
    assert "Of “Verify and close” the sheet does not say “Verify and close”." in found
    assert "Of the state “Distributed” the sheet does not say “Distributed”." in found
    assert "Of the event “withdraw” the sheet does not say “withdraw”." in found
    assert "Of “Check and update the case file” the sheet does not say “by the meeting”." in found
    assert "No line leads from “Selected” to “Distributed” for “distribute”." in found


def test_what_the_guidance_says_is_solid_and_what_it_does_not_is_dashed() -> None:
    shapes = {shape.name: shape for shape in best(sheet("audit")).shapes if shape.name}
    assert not shapes["card-supervision_review"].dashed
    assert shapes["card-submit"].dashed
    assert not shapes["state-selected"].dashed
    assert shapes["state-awaiting_verification"].dashed
    strokes = {stroke.name: stroke for stroke in best(sheet("audit")).strokes if stroke.name}
    assert not strokes["arrow-distribute"].dashed
    assert strokes["arrow-cancel_meeting"].dashed


def test_a_duty_of_several_states_is_joined_to_each_of_them() -> None:
    picture = best(sheet("escalation"))
    dots = [s.place.middle for s in picture.shapes if s.form == "disc" and not s.name]
    columns = {round(x, 3) for x, _ in dots}
    ladder = {(d.by, d.states) for d in CHARTS["escalation"].duties if len(d.states) > 1}
    assert len(dots) == sum(len(states) for _, states in ladder)
    assert len(columns) == len(ladder)


def test_questions_stand_on_the_line_and_what_their_answers_raise_beside_them() -> None:
    audit, escalation = (best(sheet(name)) for name in ("audit", "escalation"))
    asked = {shape.name for shape in audit.shapes if shape.form == "diamond" and shape.name}
    assert {"question-in_audit", "question-post_audit"} <= asked
    assert {"no: T1", "yes: T8"} <= {text.words for text in audit.texts}
    assert "question-start" in {shape.name for shape in escalation.shapes}


def test_an_actions_duties_are_one_card_on_flow_chart_1() -> None:
    picture = best(sheet("audit"))
    whole = next(shape.place for shape in picture.shapes if shape.name == "card-action")
    inside = [picture.boxes[duty.name].place for duty in CHARTS["action"].duties]
    assert all(whole.y < place.y and place.bottom < whole.bottom for place in inside)
    assert "Each action: a chart of its own" in says(picture)


def test_a_duty_of_somebody_new_finds_a_lane() -> None:
    assert {role for lane in _lanes("audit") for role in lane} == {
        d.by[0] for d in CHARTS["audit"].duties
    }
    headings = says(best(sheet("escalation")))
    assert Role.HOLDER.title in headings
    assert Role.JUDGE.title in headings


def _lanes(name: str) -> tuple[tuple[Role, ...], ...]:
    from auditflow.drawing.duty_cards import blocks  # noqa: PLC0415
    from auditflow.drawing.lanes_and_decisions import lanes  # noqa: PLC0415

    return lanes(block.owner for block in blocks(sheet(name)))[0]


def test_the_rules_in_force_are_shown_with_whose_they_are_and_since_when() -> None:
    rules = InForce(
        "Rutland",
        date(2026, 11, 30),
        {"submit": WorkingDays(3)},
        {"in_audit": "Practice lead"},
    )
    drawn = sheet("audit", rules)
    assert check(drawn) == []
    said = says(best(drawn))
    assert "Rules of Rutland in force on 30 November 2026." in said
    assert "3 working days from the audit" in said
    assert "2 working days from the audit" not in said
    assert "Practice lead" in said


def test_the_same_chart_gives_the_same_text_each_time() -> None:
    for name in NAMES:
        assert drawing.dot(name) == drawing.dot(name)


def test_no_state_is_named_in_the_package_that_draws_them() -> None:
    states = {state for chart in CHARTS.values() for state in chart.states}
    for path in PACKAGE.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)} & states
        assert not found, (path.name, found)


def test_text_is_measured_by_the_font() -> None:
    assert width("iii", 10) < width("mmm", 10) < width("mmm", 10, bold=True)
    assert width("x", 2048) == 1024
    assert reach("x", 100)[1] <= 0 < reach("g", 100)[1] < reach("X", 100)[0]
    assert wrapped("one two three", 30, 7) == ("one two", "three")
    assert wrapped("", 30, 7) == ()
    assert shortened("incomprehensibilities", 30, 7).endswith("…")
    assert shortened("short", 30, 7) == "short"
    assert width("\u4e2d", 10) == width("\u6587", 10) > 0
