"""Which cases of the list may be drawn; each that may not, with the reason (domain text, 7.3)."""

from dataclasses import dataclass
from datetime import date, timedelta

from auditflow.audits import Titled
from auditflow.calendar import Calendar, long_day
from auditflow.policy import Policy


class Why(Titled):
    """Why a case is not in the pool."""

    CLOSED = "closed", "closed"
    LIVE = "live_audit", "in a live audit"
    RESTRICTED = "restricted", "restricted, and no auditor is cleared for it"
    BY_HAND = "by_hand", "excluded by the QA manager"
    RECENT = "audited_recently", "audited too recently"
    NEW = "new", "open too short a time"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A case as the draw looks at it."""

    reference: str
    stratum: str
    team: str = ""
    opened: date | None = None
    closed: date | None = None
    restricted: bool = False
    #: The last meeting, by our own audits or by the case list, whichever is later.
    last_audited: date | None = None
    #: The live audit it is in; empty if none.
    live_audit: str = ""
    #: Whether some auditor who may audit it is cleared for restricted records.
    cleared_auditor: bool = False


@dataclass(frozen=True)
class Exclusion:
    """Why one case is left out, with what shows it."""

    why: Why
    detail: str = ""


def exclusion(case: Candidate, as_at: date, policy: Policy, by_hand: str = "") -> Exclusion | None:
    """Why this case may not be drawn on the list as at `as_at`; None where it may.

    `by_hand` is the QA manager's reason, if the case was excluded by hand.
    """
    gap = Calendar.add_months(as_at, -policy.repeat_gap_months)
    settled = as_at - timedelta(weeks=policy.new_case_weeks)
    reasons = (
        (_is_closed(case, as_at), Why.CLOSED, _on(case.closed)),
        (bool(case.live_audit), Why.LIVE, case.live_audit),
        (case.restricted and not case.cleared_auditor, Why.RESTRICTED, ""),
        (bool(by_hand), Why.BY_HAND, by_hand),
        (_after(case.last_audited, gap), Why.RECENT, _on(case.last_audited)),
        (_after(case.opened, settled), Why.NEW, f"opened {_on(case.opened)}"),
    )
    return next((Exclusion(why, detail) for holds, why, detail in reasons if holds), None)


def _is_closed(case: Candidate, as_at: date) -> bool:
    return case.stratum == "closed" or (case.closed is not None and case.closed <= as_at)


def _after(day: date | None, limit: date) -> bool:
    return day is not None and day > limit


def _on(day: date | None) -> str:
    return long_day(day) if day else ""
