"""How long each page takes to make, in a store of some years and in one of very many."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

from benchmarks.council import A_MONTH, EACH, LISTED, council
from benchmarks.measure import markdown, short
from benchmarks.probes import SUNDAY
from benchmarks.stores import genuine, reference

from auditflow.web import site

#: Audits in all, of which so many are under way in each: a council's history grows, not its work.
SIZES = (10_000, 100_000)
LIVE = 1_500
#: Requests for each page in each store, in turns.
TURNS = 60
#: The most milliseconds 95 of 100 pages may take, and how much more in the larger store.
CEILING, GROWTH = 50, 1.2

#: Each page with who asks for it.
PAGES = {
    "my work (QA)": ("qa1", "/"),
    "my work (auditor)": ("aud", "/"),
    "my work (head of service)": ("hos", "/"),
    "my team": ("rm", "/team"),
    "where each audit sits": ("qa1", "/where"),
    "where (auditor)": ("aud", "/where"),
    "audits": ("qa1", "/audits"),
    "audits, overdue, by team": ("qa1", "/audits?late=1&sort=team"),
    "audits of the last 12 months": ("qa1", "/audits?show=recent"),
    "audits, all there ever were": ("qa1", "/audits?show=all"),
    "audits, by reference": ("qa1", "/audits?q=clone-00001"),
    "audits (auditor)": ("aud", "/audits?show=all"),
    "audits (head of service)": ("hos", "/audits"),
    "actions": ("qa1", "/actions"),
    "escalations": ("qa1", "/escalations"),
    "one audit": ("qa1", f"/audits/{reference(7)}"),
    "rounds": ("qa1", "/rounds"),
    "rounds before": ("qa1", "/rounds?before=2024-12"),
    "one month's round": ("qa1", "/rounds/2025-01"),
    "its proof": ("qa1", "/rounds/2025-01/proof"),
    "a flow chart": ("qa1", "/charts/audit"),
    "calendar and limits": ("qa1", "/limits"),
    "help": ("qa1", "/help"),
    "overdue as CSV": ("qam", "/audits.csv?late=1"),
}


def paged(folder: Path, *, quick: bool) -> Iterator[str]:
    """The table of all pages, as text."""
    made = genuine(folder / "genuine")
    sizes = [n // 50 for n in SIZES] if quick else SIZES
    stores = [council(made, folder / f"pages-{n}.db", n, min(LIVE, n // 2)) for n in sizes]
    rows = [_measured(what, *asked, stores, 3 if quick else TURNS) for what, asked in PAGES.items()]
    small, large = (f"{n:,}" for n in sizes)
    yield (
        f"Milliseconds for one page, made in one process, {TURNS} of each in turns; half of them "
        f"and 95 of 100 take at most so long. {LIVE:,} audits are under way in both stores, and "
        f"one person has a place in {EACH} at most; the others are over. Of each month "
        f"{A_MONTH} were drawn from a list of {LISTED:,} cases. "
        f"To hold: {CEILING} ms at 95 of 100, and at most {GROWTH} times as long in the larger."
    )
    yield ""
    yield from markdown(
        ("page", f"half, {small}", f"95 of 100, {small}", f"half, {large}", f"95 of 100, {large}",
         "times as long"),
        rows,
    )  # fmt: skip


def _measured(what: str, person: str, page: str, stores: list[Path], turns: int) -> tuple[str, ...]:
    """One page in both stores, in turns."""
    clients = [site(f"sqlite:///{s}", person, now=SUNDAY).test_client() for s in stores]
    # As the server does.
    gc.collect()
    gc.freeze()
    times: list[list[float]] = [[], []]
    for turn in range(-2, turns):
        for client, taken in zip(clients, times, strict=True):
            begun = time.perf_counter()
            answer = client.get(page, base_url="http://127.0.0.1")
            spent = time.perf_counter() - begun
            assert answer.status_code == 200, (page, answer.status_code, answer.text[:2000])
            if turn >= 0:
                taken.append(spent * 1000)
    cells = [f(t) for t in times for f in (median, _of_95)]
    ratio = median(b / a for a, b in zip(*times, strict=True))
    return (what, *map(short, cells), f"{ratio:.2f}")


def _of_95(values: list[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1]
