"""Cells that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from auditflow.exchange.safe import csv_of, safe, unsafe

RISKY = [
    "=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", "\nx", "＝1", "＋1", "－1", "＠a", "  =1",
    "\u00a0=1", "\u2003@x", "'=1", "''=1", "−1",
]  # fmt: skip


@pytest.mark.parametrize("text", RISKY)
def test_what_could_be_a_formula_gets_an_apostrophe_and_loses_it_again(text: str) -> None:
    assert safe(text) == f"'{text}"
    assert unsafe(safe(text)) == text


@pytest.mark.parametrize("text", ["", "CF-1", "it's", "'quoted'", "3 - 2", "a=b", "O'Neill"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert safe(text) == text == unsafe(text)


def test_a_table_has_words_for_yes_and_no_and_nothing_for_none() -> None:
    written = csv_of(("=a", "b"), [(True, None), (-3, date(2026, 3, 17)), ("@x", 'say "it", then')])
    assert written.startswith("\ufeff")
    read = list(csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline="")))
    assert read == [["'=a", "b"], ["Y", ""], ["-3", "2026-03-17"], ["'@x", 'say "it", then']]
