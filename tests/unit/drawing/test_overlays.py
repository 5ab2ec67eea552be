"""What is laid over a drawing: one description for DOT, pages, Mermaid, JSON and tables."""

from datetime import date

import pytest

from auditflow import drawing
from auditflow.drawing import Counts, OneAudit, Step, style
from auditflow.drawing.labels import listed, runs
from auditflow.drawing.overlay import fitted, marks
from auditflow.drawing.picture import Picture, Rect, Stroke, around
from auditflow.errors import NotFound
from auditflow.machines.charts import CHARTS
from support.drawn import counts, one

NAMES = tuple(CHARTS)


def words(picture: Picture) -> set[str]:
    return {text.words for text in picture.texts}


def thick(picture: Picture) -> list[Stroke]:
    return [stroke for stroke in picture.strokes if stroke.pen > 2]


def test_an_overlay_says_in_words_where_the_audit_is_and_what_is_late() -> None:
    picture = drawing.laid_out("audit", one("audit"))
    said = words(picture)
    assert {"You are here", "since 10 March 2026", "overdue: 17 March 2026"} <= said
    assert "due 10 April 2026" in said
    assert any(line.startswith("Case 4711: Selected, held by Quality") for line in said)
    ground = next(s for s in picture.shapes if s.fill == style.HERE)
    assert ground.place == picture.boxes["selected"].place


def test_the_way_it_came_is_thick_and_ends_before_its_heads() -> None:
    way = (
        Step("draw", "selected", date(2026, 1, 7)),
        Step("distribute", "distributed", date(2026, 2, 2)),
        Step("book_meeting", "meeting_booked", date(2026, 2, 3)),
        Step("cancel_meeting", "distributed", date(2026, 2, 9)),
    )
    picture = drawing.laid_out("audit", OneAudit("x", "distributed", way))
    beside = picture.ways["meeting_booked", "cancel_meeting", "distributed"]
    drawn = thick(picture)
    assert len(drawn) == 3 + 2  # three on the line; the number of the fourth parts its line in two
    assert drawn[-2].points[0] == beside[0]
    assert beside[-1][0] - drawn[-1].points[-1][0] > 5
    assert thick(drawing.laid_out("audit", OneAudit("x", "distributed"))) == []


def test_a_line_is_parted_by_what_stands_on_its_upright_parts() -> None:
    way = ((0.0, 0.0), (0.0, 100.0), (50.0, 100.0))
    assert around(way, [Rect(-5, 40, 10, 10)]) == [
        ((0.0, 0.0), (0.0, 40)),
        ((0.0, 50), (0.0, 100.0), (50.0, 100.0)),
    ]
    up = ((0.0, 100.0), (0.0, 0.0))
    assert around(up, [Rect(-5, 40, 10, 10)]) == [
        ((0.0, 100.0), (0.0, 50)),
        ((0.0, 40), (0.0, 0.0)),
    ]
    assert around(way, [Rect(20, 95, 10, 10)]) == [way]


@pytest.mark.parametrize("name", NAMES)
def test_counts_stand_in_words_on_states_and_cards_and_in_the_list(name: str) -> None:
    picture = drawing.laid_out(name, counts(name))
    assert "123 here, median 19.5 days" in words(picture)
    assert "12 of 45 late" in words(picture)
    assert "123×, 19.5 days" in " ".join(text.words for text in picture.texts)


def test_a_figure_of_several_arrows_is_said_once_with_the_state_they_leave() -> None:
    figures = {("start", "raise"): (7, 2.0), ("level_1", "accept"): (3, 1.0)}
    picture = drawing.laid_out("escalation", Counts(arrows=figures))
    said = " ".join(text.words for text in picture.texts)
    assert said.count("7×, 2 days") == 1
    assert "Level 1: 3×, 1 day" in said


def test_an_overlay_with_names_the_chart_lacks_is_refused() -> None:
    with pytest.raises(NotFound, match="no state “nowhere”"):
        drawing.dot("audit", OneAudit("x", "nowhere"))
    with pytest.raises(NotFound, match="no duty “sleep”"):
        drawing.dot("audit", Counts(duties={"sleep": 1}))


def test_tables_mermaid_and_data_say_the_same() -> None:
    laid = marks("audit", one("audit"))
    document = drawing.document("audit", one("audit"))
    now = {d["name"]: d["now"] for d in (*document["states"], *document["duties"]) if "now" in d}
    assert now == {name: mark.words for name, mark in laid.boxes.items()}
    mermaid = drawing.mermaid("audit", one("audit"))
    assert all(mark.words in mermaid for mark in laid.boxes.values())


def test_a_badge_is_cut_where_it_has_no_room_and_months_first() -> None:
    room = Rect(0, 0, 90, 10)
    assert fitted("due 30 September 2026", room) == ("due 30 Sep 2026",)
    assert fitted("1 audit", room) == ("1 audit",)
    [cut] = fitted("incomprehensibilities without end", room)
    assert cut.endswith("…")
    assert len(fitted("overdue: 30 September 2026", Rect(0, 0, 90, 19))) == 2


def test_an_overdue_badge_differs_by_more_than_its_colour() -> None:
    picture = drawing.laid_out("audit", one("audit"))
    slots = [box.slot for box in picture.boxes.values()]
    badges = [shape for shape in picture.shapes if shape.place in slots]
    looks = {(shape.fill, shape.pen) for shape in badges}
    assert looks == {(style.PAPER, 1.4), (style.COUNT, 0.6)}


def test_lists_and_runs_are_words() -> None:
    assert [listed(w) for w in ((), ("a",), ("a", "b"), ("a", "b", "c"))] == [
        "",
        "a",
        "a or b",
        "a, b or c",
    ]
    assert runs(["1", "2", "3"]) == "1 to 3"
    assert runs(["1", "2", "3"], "–") == "1–3"
    assert runs(["1", "2"]) == "1, 2"
    assert runs(["1", "3", "4"]) == "1, 3, 4"
