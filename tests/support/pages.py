"""The address of every page there is, in the demo, for those that walk through all of them."""

from __future__ import annotations

from typing import Final

ALL_SEEING: Final = "quinn"
#: The demo's audits that look least alike, by where each stands at `NOON`.
AUDITS: Final = {
    "closed": "2026-03-001",
    "withdrawn": "2026-03-006",
    "exempted": "2026-04-007",
    "post_audit": "2026-05-003",
    "in_audit": "2026-05-006",
    "voided": "2026-05-007",
    "meeting_booked": "2026-07-001",
    "selected": "2026-08-001",
}
#: Under each page's name in the program, the addresses at which it is looked at.
ADDRESSES: Final[dict[str, tuple[str, ...]]] = {
    "audit.one": tuple(f"/audits/{reference}" for reference in AUDITS.values()),
    "actions.listed": ("/actions", "/actions?late=1&show=live", "/actions?show=all"),
    "audits.listed": ("/audits", "/audits?late=1&sort=team&state=post_audit", "/audits?show=all"),
    "escalations.listed": ("/escalations", "/escalations?trigger=T3"),
    "charts.index": ("/charts",),
    "charts.one": (
        "/charts/audit",
        "/charts/escalation?zoom=150",
        "/charts/audit?zoom=fit",
        "/charts/action",
    ),
    "help.accessibility": ("/accessibility",),
    "help.shown": ("/help",),
    "limits.shown": (
        "/limits",
        "/limits?from=2026-04-02&rule=working_days&n=5",
        "/limits?from=soon&n=0",
    ),
    "rounds.listed": ("/rounds",),
    "rounds.one": ("/rounds/2026-05",),
    "rounds.proof": ("/rounds/2026-05/proof",),
    "team.mine": ("/team",),
    "team.one": ("/team/idris",),
    "where.board": ("/where", "/where?still=1"),
    "work.mine": ("/",),
}
WALKED: Final = [address for addresses in ADDRESSES.values() for address in addresses]
