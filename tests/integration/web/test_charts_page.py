"""The flow charts as pages and as files: what was shipped, with every fact beside it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from flask.testing import FlaskClient

from auditflow.drawing.model import FILES, sheet
from auditflow.machines.charts import CHART_VERSION, CHARTS
from auditflow.web import chart_svg, site
from support.office import Office
from support.waiting import STUCK

pytestmark = pytest.mark.only("sqlite")

BASE: Final = "http://127.0.0.1"
KINDS: Final = {
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "png": "image/png",
    "dot": "text/vnd.graphviz",
    "mmd": "text/plain",
}
#: Serves every page that shows a chart where nothing can draw one.
UNDRAWN: Final = """
import sys
sys.modules |= dict.fromkeys(("graphviz", "pygraphviz"))
import subprocess
def no_program(*_, **__): raise AssertionError("a program was started")
subprocess.Popen = no_program
from auditflow.web import site
client = site(sys.argv[1], "qa1").test_client()
for address in sys.argv[2:]:
    answer = client.get(address, base_url="http://127.0.0.1")
    assert answer.status_code == 200, (address, answer.status_code)
    assert answer.data, address
    answer.close()
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    office = Office(tmp_path)
    office.booked("2026-03", "2026-03-10", "2026-01-28")
    office.app.close()
    return office.url


@pytest.fixture
def client(url: str) -> FlaskClient:
    return site(url, "qa1").test_client()


def text(client: FlaskClient, address: str) -> str:
    answer = client.get(address, base_url=BASE)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_all_charts_are_found_from_one_page(client: FlaskClient) -> None:
    html = text(client, "/charts")
    assert f"Version {CHART_VERSION}" in html
    for name in CHARTS:
        assert f'href="/charts/{name}"' in html
        assert f'src="/charts/{name}.svg"' in html
        assert all(f'href="/charts/{name}.{ending}"' in html for ending in KINDS)


@pytest.mark.parametrize("name", CHARTS)
def test_each_fact_of_a_chart_is_beside_it(client: FlaskClient, name: str) -> None:
    drawn, html = sheet(name), text(client, f"/charts/{name}")
    assert drawn.stamp in html
    assert chart_svg.plain(name) in html
    for said in (*(s.title for s in drawn.states.values()), *(c.title for c in drawn.cards)):
        assert str(said) in html
    sources = [s for r in drawn.rows for s in r.source]
    sources += [s for c in drawn.cards for s in c.duty.source]
    plain = html.replace("&#39;", "'").replace("&#34;", '"').replace("&amp;", "&")
    for source in sources:
        says = source.item.says if source.item else source.reason
        assert says[1:] in plain


@pytest.mark.parametrize("zoom", ["fit", "100", "150", "200"])
def test_it_grows_by_a_link_and_without_dragging(client: FlaskClient, zoom: str) -> None:
    html = text(client, f"/charts/audit?zoom={zoom}")
    assert f"af-zoom-{zoom}" in html
    assert f'/charts/audit?zoom={zoom}" aria-current="true"' in html
    assert client.get("/charts/audit?zoom=9000", base_url=BASE).status_code == 400


@pytest.mark.parametrize("ending", KINDS)
@pytest.mark.parametrize("name", CHARTS)
def test_the_file_that_was_shipped_is_what_is_downloaded(
    client: FlaskClient, name: str, ending: str
) -> None:
    answer = client.get(f"/charts/{name}.{ending}", base_url=BASE)
    file = f"{FILES[name]}.{ending}"
    assert answer.data == (chart_svg.folder() / file).read_bytes()
    assert answer.mimetype == KINDS[ending]
    assert answer.headers["Content-Disposition"] == f"attachment; filename={file}"
    answer.close()


@pytest.mark.parametrize("address", ["/charts/other", "/charts/audit.exe", "/charts/../audit.svg"])
def test_there_is_no_other_chart_and_no_other_file(client: FlaskClient, address: str) -> None:
    answer = client.get(address, base_url=BASE)
    assert answer.status_code == 404
    assert "There is no such page" in answer.get_data(as_text=True)


def test_no_page_draws(url: str) -> None:
    files = (f"/charts/{name}.{ending}" for name in CHARTS for ending in KINDS)
    pages = ("/where", "/charts", *(f"/charts/{name}" for name in CHARTS), "/audits/2026-03-001")
    command = [sys.executable, "-c", UNDRAWN, url, *pages, *files]
    done = subprocess.run(command, capture_output=True, text=True, timeout=STUCK, check=False)
    assert (done.returncode, done.stderr) == (0, "")
