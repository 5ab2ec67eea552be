import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditflow.calendar import bundled, compare, read_feed
from auditflow.errors import BadInput

DATA = Path(__file__).parents[2] / "data"
REAL = (DATA / "bank-holidays.moj.json").read_bytes()


def events() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(REAL)["england-and-wales"]["events"]
    return found


def feed(listed: list[Any], division: str = "england-and-wales", key: str | None = None) -> bytes:
    part = {"division": division, "events": listed}
    return json.dumps({key or division: part}).encode()


def event(day: str, title: str = "Some day", **more: Any) -> dict[str, Any]:
    return {"title": title, "date": day, "notes": "", "bunting": True, **more}


def year_2029() -> list[dict[str, Any]]:
    texts = ["01-01", "03-30", "04-02", "05-07", "05-28", "08-27", "12-25", "12-26"]
    return [event(f"2029-{text}") for text in texts]


def test_the_real_file_is_read_and_changes_nothing() -> None:
    real = read_feed(REAL, "bank-holidays.json")
    found = compare(real, bundled())
    assert len(real.holidays) == 140
    assert real.full_years[-1] == 2028
    assert (found.added, found.missing, found.through) == ((), (), 2028)
    assert bundled().with_days(real.days, found.through) == bundled()


def test_a_byte_order_mark_is_no_trouble() -> None:
    assert read_feed(b"\xef\xbb\xbf" + REAL, "x").days == read_feed(REAL, "x").days


def test_a_shrunk_feed_takes_no_day_away() -> None:
    shrunk = read_feed(feed([e for e in events() if e["date"] >= "2024"]), "shrunk.json")
    found = compare(shrunk, bundled())
    assert found.added == ()
    assert len(found.missing) == 100
    assert bundled().with_days(shrunk.days, found.through) == bundled()


def test_a_grown_feed_adds_days_and_years() -> None:
    proclaimed = event("2026-06-15", "Coronation", notes="Extra bank holiday")
    grown = read_feed(feed([*events(), proclaimed, *year_2029()]), "grown.json")
    found = compare(grown, bundled())
    assert [holiday.words for holiday in found.added[:1]] == ["Coronation, extra bank holiday"]
    assert (len(found.added), found.missing, found.through) == (9, (), 2029)
    calendar = bundled().with_days(grown.days, found.through, source=grown.source)
    assert calendar.add_working_days(date(2026, 6, 10), 5) == date(2026, 6, 18)
    assert calendar.next_working_day(date(2029, 3, 29)) == date(2029, 4, 3)


def test_a_half_published_year_does_not_count() -> None:
    half = read_feed(feed(events() + year_2029()[:7]), "half.json")
    assert half.full_years[-1] == 2028
    assert compare(half, bundled()).through == 2028


def test_a_year_after_a_gap_does_not_count() -> None:
    texts = ["01-01", "04-19", "04-22", "05-06", "05-27", "08-26", "12-25", "12-26"]
    gap = read_feed(feed(events() + [event(f"2030-{text}") for text in texts]), "gap.json")
    assert gap.full_years[-1] == 2030
    assert compare(gap, bundled()).through == 2028


def test_a_day_listed_twice_counts_once() -> None:
    assert len(read_feed(feed(year_2029() + year_2029()), "x").holidays) == 8


def test_a_feed_without_full_years_says_so() -> None:
    assert read_feed(feed([event("2026-06-15")]), "x").full_years == ()


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (b"", "not a readable JSON file"),
        (b"{", "not a readable JSON file"),
        (b"\xff\xfe{\x00}\x00", "not a readable JSON file"),
        (REAL[:-100], "not a readable JSON file"),
        (b"[" * 100_000, "not a readable JSON file"),
        (b"<html>Not found</html>", "not a readable JSON file"),
        (b"[]", "not GOV.UK's list of bank holidays"),
        (b"null", "not GOV.UK's list of bank holidays"),
        (b"{}", "no list of events under “england-and-wales”"),
        (b'{"england-and-wales": []}', "another shape than GOV.UK's"),
        (b'{"england-and-wales": {"events": {}}}', "another shape than GOV.UK's"),
        (feed([event("2026-01-01")], "scotland"), "has only scotland, not england-and-wales"),
        (
            feed([event("2026-01-01")], "scotland", key="england-and-wales"),
            "says it is “scotland”",
        ),
        (feed([]), "lists no bank holidays"),
        (feed(["2026-01-01"]), "event 1: is not an event with a title and a date"),
        (feed([{"title": "Some day"}]), "event 1: has no date"),
        (feed([{"date": "2026-01-01"}]), "event 1: has no title"),
        (feed([event("2026-01-01", "  ")]), "event 1: has no title"),
        (feed([event("2026-01-01", "A\x1b[31m")]), "its title “A�\\[31m” cannot be taken"),
        (feed([event("2026-01-01", "x" * 201)]), "cannot be taken"),
        (feed([event("2026-01-01", notes=5)]), "event 1: has no notes"),
        (feed([event("01/01/2026")]), "event 1, date: “01/01/2026” is not a date"),
        (feed([event("2026-02-30")]), "event 1, date: “2026-02-30” is not a date"),
        (feed([event("20260101")]), "is not a date"),
        (feed([{"title": "Some day", "date": 20260101}]), "event 1: has no date"),
        (feed([event("1066-10-14")]), "outside the years 2000 to 2099"),
        (feed([event("9999-12-31")]), "outside the years 2000 to 2099"),
        (feed([event(f"2026-01-{n:02}") for n in range(1, 22)]), "lists 21 days in 2026"),
        (b" " * 1_000_001, "over 1 MB"),
    ],
)
def test_anything_else_is_refused_in_a_plain_sentence(data: bytes, wrong: str) -> None:
    with pytest.raises(BadInput, match=wrong) as refused:
        read_feed(data, "upload.json")
    said = str(refused.value)
    assert said.startswith("upload.json")
    assert said.isprintable()


@pytest.mark.parametrize(
    "name", ["bank-holidays.alphagov-frontend.json", "bank-holidays.alphagov-frontend.2025-08.json"]
)
def test_govuks_own_source_has_another_shape(name: str) -> None:
    with pytest.raises(BadInput, match=r"another shape than GOV\.UK's; the file at https://"):
        read_feed((DATA / name).read_bytes(), name)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["england-and-wales", "division", "events", "title", "date", "notes"])
            | st.text(),
            inner,
            max_size=4,
        )
    ),
)


def complaint(data: bytes) -> str:
    try:
        read_feed(data, "x")
    except BadInput as refused:
        return str(refused)
    return ""


@given(json_values)
def test_no_document_breaks_the_reader(document: object) -> None:
    assert complaint(json.dumps(document).encode()).isprintable()


@given(st.lists(json_values, max_size=3))
def test_no_event_breaks_the_reader(listed: list[object]) -> None:
    assert complaint(feed([*year_2029(), *listed])).isprintable()


@given(st.binary())
def test_no_bytes_break_the_reader(data: bytes) -> None:
    assert complaint(data).isprintable()
