import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditflow.cli.base import table
from auditflow.exchange.safe import plain

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def test_a_table_is_aligned() -> None:
    rows = [("A-7", "Zoë", 3), ("A-1234", "", "")]
    assert table(rows, ("Audit", "Holder", "Owed")) == (
        "Audit   Holder  Owed\nA-7     Zoë     3\nA-1234"
    )


def test_wide_letters_take_two_columns_and_accents_none() -> None:
    lines = table([("日本", "x"), ("e\u0301a", "x"), ("four", "x")], ("A", "B")).splitlines()
    assert lines == ["A     B", "日本  x", "e\u0301a    x", "four  x"]


def test_a_table_without_rows_has_its_headings() -> None:
    assert table([], ("Audit", "Holder")) == "Audit  Holder"


def test_no_cell_breaks_its_line() -> None:
    assert table([("a\nb\tc\x1b[2J",)], ("A",)) == "A\na b c�[2J"


def test_a_long_reference_is_never_cut() -> None:
    assert "x" * 500 in table([("x" * 500, 1)], ("A", "B"))


@pytest.mark.parametrize("mark", [*BIDI, "\x00", "\x1b", "\x7f", "\x9b", "\u2028", "\ud800"])
def test_marks_that_could_deceive_are_shown(mark: str) -> None:
    assert plain(f"a{mark}b") == "a�b"


@given(st.text())
def test_plain_text_has_no_control_characters(text: str) -> None:
    shown = plain(text)
    assert len(shown) == len(text)
    assert not {unicodedata.category(letter) for letter in shown} & {"Cc", "Cs", "Zl", "Zp"}
    shown.encode()


@given(st.text(st.characters(categories=["L", "N", "P", "S"], exclude_characters="\u061c")))
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert plain(text) == text
