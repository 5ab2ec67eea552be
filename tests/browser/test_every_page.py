"""Every page there is, on every screen, scripts or none: whole, reachable by all, and our own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest

from auditflow.queries import Reading
from support.asking import ask
from support.browsing import Watched
from support.council import Served
from support.pages import ADDRESSES, ALL_SEEING, AUDITS, WALKED

#: What is served besides pages: files, and the colour and logo of the council.
FILES: Final = {
    "assets.brand": "/brand.css",
    "assets.file": "/static/auditflow.css",
    "assets.logo": "/logo",
    "actions.taken": "/actions.csv",
    "audits.taken": "/audits.xlsx?late=1",
    "escalations.taken": "/escalations.csv",
    "ops.live": "/livez",
    "ops.metrics": "/metrics",
    "ops.ready": "/readyz",
    "charts.download": "/charts/audit.pdf",
}
#: Pages that say what went wrong, with what they answer.
REFUSALS: Final = {"/no-such-page": 404}


@pytest.fixture
def page(site_of: Callable[[str], Served], opened: Callable[[str], Watched]) -> Watched:
    return opened(site_of(ALL_SEEING).address)


def test_every_page_of_the_site_is_walked_here(site_of: Callable[[str], Served]) -> None:
    rules = site_of(ALL_SEEING).flask.url_map.iter_rules()
    served = {rule.endpoint for rule in rules if "GET" in (rule.methods or ())}
    assert served == ADDRESSES.keys() | FILES.keys()


@pytest.mark.parametrize(("state", "reference"), AUDITS.items(), ids=AUDITS)
def test_the_audits_looked_at_stand_where_they_are_said_to(
    site_of: Callable[[str], Served], state: str, reference: str
) -> None:
    app = site_of(ALL_SEEING).flask.extensions["auditflow"]
    assert ask(app, ALL_SEEING, Reading.audit, reference).state == state


@pytest.mark.parametrize("address", WALKED)
def test_a_page_is_whole_and_bars_nobody(page: Watched, address: str) -> None:
    assert page.open(address).status == 200
    demand_a_good_page(page)


@pytest.mark.parametrize(("address", "status"), REFUSALS.items(), ids=REFUSALS)
def test_a_page_that_says_what_went_wrong_is_as_good(
    page: Watched, address: str, status: int
) -> None:
    assert page.open(address).status == status
    # The browser itself remarks on the status; that is no fault of the page's.
    page.faults = [fault for fault in page.faults if f"status of {status}" not in fault]
    demand_a_good_page(page)


@pytest.mark.parametrize("address", FILES.values(), ids=FILES)
def test_a_file_is_served(site_of: Callable[[str], Served], address: str) -> None:
    answer = site_of(ALL_SEEING).flask.test_client().get(address)
    assert (answer.status_code, bool(answer.data)) == (200, True)
    answer.close()


def demand_a_good_page(page: Watched) -> None:
    assert page.faults == []
    assert page.page.locator("h1").count() == 1
    heading = page.page.locator("h1").inner_text().strip()
    assert heading
    assert page.page.title().removeprefix("Error: ").startswith(heading)
    assert page.too_wide() == []
    assert page.barriers() == []
