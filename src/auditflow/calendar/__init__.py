"""Working days, months and deadlines in England and Wales; no clock, no database."""

from auditflow.calendar.days import GOV_UK, Calendar, Holiday, bundled
from auditflow.calendar.feed import Comparison, Feed, compare, read_feed
from auditflow.calendar.instants import (
    LONDON,
    london_date,
    overdue_from,
    parse_date,
    parse_instant,
    raise_from,
    start_of_day,
    utc_text,
)
from auditflow.calendar.limits import By, Limit, Months, Roll, WorkingDays, due
from auditflow.calendar.sums import explain, skipped
from auditflow.calendar.words import (
    long_day,
    month_name,
    number_of,
    plain_date,
    short_day,
    shown,
    weekday_name,
)

__all__ = [
    "GOV_UK",
    "LONDON",
    "By",
    "Calendar",
    "Comparison",
    "Feed",
    "Holiday",
    "Limit",
    "Months",
    "Roll",
    "WorkingDays",
    "bundled",
    "compare",
    "due",
    "explain",
    "london_date",
    "long_day",
    "month_name",
    "number_of",
    "overdue_from",
    "parse_date",
    "parse_instant",
    "plain_date",
    "raise_from",
    "read_feed",
    "short_day",
    "shown",
    "skipped",
    "start_of_day",
    "utc_text",
    "weekday_name",
]
