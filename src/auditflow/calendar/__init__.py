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
