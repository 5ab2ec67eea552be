import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditflow.calendar import (
    By,
    Limit,
    Months,
    Roll,
    WorkingDays,
    bundled,
    due,
    explain,
    long_day,
    skipped,
)
from auditflow.errors import BadInput

EASTER = date(2026, 4, 2)

limits = st.one_of(
    st.builds(WorkingDays, st.integers(1, 60)),
    st.builds(
        Months,
        st.integers(-12, 12).filter(bool),
        st.sampled_from([None, "next", "none", "previous"]),
    ),
    st.just(By()),
)
days = st.dates(date(2013, 6, 1), date(2027, 6, 30))


@pytest.mark.parametrize(
    ("limit", "since", "sentence"),
    [
        (
            WorkingDays(5),
            EASTER,
            (
                "5 working days from Thu 2 April: skipping Fri 3 (Good Friday), Sat 4, Sun 5, Mon 6"
                " (Easter Monday), Sat 11, Sun 12 → Mon 13 April 2026"
            ),
        ),
        (
            WorkingDays(5),
            date(2025, 12, 24),
            (
                "5 working days from Wed 24 December 2025: skipping Thu 25 (Christmas Day), Fri 26"
                " (Boxing Day), Sat 27, Sun 28, Thu 1 January (New Year’s Day), Sat 3, Sun 4"
                " → Mon 5 January 2026"
            ),
        ),
        (WorkingDays(1), date(2026, 3, 2), "1 working day from Mon 2 March → Tue 3 March 2026"),
        (
            WorkingDays(400),
            date(2026, 3, 2),
            (
                "400 working days from Mon 2 March 2026: skipping 164 Saturdays and Sundays and 13"
                " holidays → Thu 30 September 2027"
            ),
        ),
        (
            Months(1),
            EASTER,
            (
                "1 month from Thu 2 April: Sat 2 May, rolled on over Sun 3, Mon 4 (Early May bank"
                " holiday) → Tue 5 May 2026"
            ),
        ),
        (Months(1), date(2026, 3, 10), "1 month from Tue 10 March → Fri 10 April 2026"),
        (
            Months(1),
            date(2025, 1, 31),
            "1 month from Fri 31 January: clamped to the month's last day → Fri 28 February 2025",
        ),
        (
            Months(1),
            date(2026, 1, 30),
            (
                "1 month from Fri 30 January: clamped to the month's last day, Sat 28 February,"
                " rolled on over Sun 1 March → Mon 2 March 2026"
            ),
        ),
        (
            Months(1, roll="none"),
            EASTER,
            "1 month from Thu 2 April: Sat 2 May, not rolled → Sat 2 May 2026",
        ),
        (
            Months(1, roll="previous"),
            EASTER,
            "1 month from Thu 2 April: Sat 2 May, rolled back → Fri 1 May 2026",
        ),
        (
            Months(-1),
            date(2026, 3, 1),
            (
                "1 month before Sun 1 March: Sun 1 February, rolled back over Sat 31 January"
                " → Fri 30 January 2026"
            ),
        ),
        (
            Months(-1),
            date(2026, 2, 1),
            (
                "1 month before Sun 1 February 2026: Thu 1 January (New Year’s Day), rolled back"
                " → Wed 31 December 2025"
            ),
        ),
        (By(), date(2025, 11, 15), "Sat 15 November 2025, as typed"),
    ],
)
def test_the_sum_in_words(limit: Limit, since: date, sentence: str) -> None:
    assert explain(limit, since, bundled()) == sentence


def test_skipped_days_come_in_order_with_their_reason() -> None:
    assert skipped(Months(-1), date(2026, 1, 26), bundled()) == (
        (date(2025, 12, 25), "Christmas Day"),
        (date(2025, 12, 26), "Boxing Day"),
    )
    assert skipped(Months(1, roll="none"), EASTER, bundled()) == ()
    assert skipped(By(), date(2025, 11, 15), bundled()) == ()


@given(limits, days)
def test_the_sentence_ends_in_the_due_date(limit: Limit, since: date) -> None:
    end = long_day(due(limit, since, bundled()))
    assert re.search(rf"(→ |^){end}(, as typed)?$", explain(limit, since, bundled()))


@given(st.integers(1, 60), days)
def test_the_days_between_are_worked_or_skipped(n: int, since: date) -> None:
    end = due(WorkingDays(n), since, bundled())
    assert (end - since).days == n + len(skipped(WorkingDays(n), since, bundled()))


@given(st.integers(-12, 12).filter(bool), st.sampled_from(["next", "previous"]), days)
def test_rolling_passes_closed_days_only(n: int, roll: Roll, since: date) -> None:
    calendar = bundled()
    end = due(Months(n, roll), since, calendar)
    corresponding = calendar.add_months(since, n)
    closed = skipped(Months(n, roll), since, calendar)
    assert calendar.is_working_day(end)
    assert abs((end - corresponding).days) == len(closed)
    assert not any(calendar.is_working_day(day) for day, _ in closed)
    assert (end >= corresponding) if roll == "next" else (end <= corresponding)


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (WorkingDays(1), "1 working day"),
        (WorkingDays(5), "5 working days"),
        (Months(1), "1 month"),
        (Months(12, roll="next"), "12 months"),
        (Months(-1), "1 month before"),
        (Months(-2, roll="previous"), "2 months before"),
        (Months(1, roll="none"), "1 month (to the day, not rolled)"),
        (Months(-1, roll="next"), "1 month before (rolled on to a working day)"),
        (By(), "by the date given"),
    ],
)
def test_a_limit_in_words(limit: Limit, words: str) -> None:
    assert limit.words == words


def test_a_limit_with_its_default_is_the_limit_without() -> None:
    assert Months(1) == Months(1, "next")
    assert Months(-1) == Months(-1, "previous")
    assert len({WorkingDays(5), WorkingDays(5), Months(1), By(), By()}) == 3


def test_no_limit_is_nothing() -> None:
    for make in (lambda: WorkingDays(0), lambda: WorkingDays(-1), lambda: Months(0)):
        with pytest.raises(BadInput, match="is no time limit"):
            make()
    with pytest.raises(BadInput, match="use next, none or previous"):
        Months(1, roll="up")  # type: ignore[arg-type]
