"""The pages hang together: each blank is filled, each link leads somewhere, each line is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter

import pytest

from auditflow import handbook
from auditflow.audits import Trigger
from auditflow.drawing import FILES, sheet
from auditflow.drawing.labels import plain, roles
from auditflow.drawing.overlay import NONE
from auditflow.handbook.blanks import known
from auditflow.handbook.markup import text
from auditflow.handbook.merged import Page, arrows, duties, to
from auditflow.handbook.pages import MADE, OTHERS
from auditflow.handbook.sources import references
from auditflow.machines.charts import CHARTS
from auditflow.policy import SETTINGS

NAMES = tuple(CHARTS)
#: What a page of a chart fills in for itself.
OWN = {"title", "stamp", "picture", "laid_over"} | {
    "states", "arrows", "duties", "conditions", "steps",
}  # fmt: skip


def pages() -> dict[str, str]:
    found = {f"{FILES[name]}.md": handbook.page(name) for name in NAMES}
    return found | {f"{name}.md": page for name, page in handbook.whole().items()}


def page_of(chart: str) -> Page:
    return Page(sheet(chart), NONE, references())


def blanks(name: str) -> set[str]:
    fields = (field for _, field, _, _ in Formatter().parse(text(name)) if field)
    return {field.partition("[")[0] for field in fields}


def test_every_blank_is_filled_and_whatever_is_made_is_used() -> None:
    used = {blank for name in (*NAMES, *OTHERS) for blank in blanks(name)}
    assert used <= OWN | set(MADE) | set(known())
    assert set(MADE) <= used
    assert all("{" not in page for page in pages().values())


def test_no_number_of_a_setting_or_limit_is_typed_into_a_text() -> None:
    number = re.compile(r"\b[0-9]+ (?:working days?|days?|weeks?|months?|%|per cent)")
    assert [m for name in (*NAMES, *OTHERS) for m in number.findall(text(name))] == []


def slug(heading: str) -> str:
    """The anchor that Markdown viewers make of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def links(page: str) -> Iterator[tuple[str, str]]:
    for target in re.findall(r"(?<!\\)\]\(([^)]+)\)", page):
        file, _, anchor = target.partition("#")
        yield file, anchor


def test_every_link_leads_to_a_page_a_picture_or_a_heading() -> None:
    found = pages()
    anchors = {
        name: {slug(h) for h in re.findall(r"^#+ (.+)$", page, re.MULTILINE)}
        for name, page in found.items()
    }
    pictures = {f"{file}.svg" for file in FILES.values()}
    for name, page in found.items():
        for file, anchor in links(page):
            assert not file or file in found.keys() | pictures, (name, file)
            assert not anchor or anchor in anchors[file or name], (name, anchor)


def test_each_page_leads_to_every_other() -> None:
    found = pages()
    for name, page in found.items():
        assert {file for file, _ in links(page)} >= found.keys() - {name}


def test_what_a_text_quotes_is_a_step_or_a_heading_of_the_pages() -> None:
    found = pages()
    texts = "".join(text(name) for name in (*NAMES, *OTHERS))
    quoted = set(re.findall(r"“([a-zA-Z ]+)”", texts))
    steps = {plain(row.event) for chart in CHARTS.values() for row in chart.rows}
    headings = set(re.findall(r"^#+ (.+)$", "\n".join(found.values()), re.MULTILINE))
    columns = {"Source", "Done means", "Also told"}
    sayings = {"by the end of that day", "confirmed or not demanded", "new date", "Raised at once"}
    assert quoted <= steps | headings | columns | sayings | {"Ana for Ben"}


@pytest.mark.parametrize("chart", NAMES)
def test_every_arrow_is_in_a_row_that_says_who_and_where_to(chart: str) -> None:
    page = page_of(chart)
    found = list(arrows(page))
    for row in CHARTS[chart].rows:
        mine = [r for r in found if r[1].partition(" (")[0] == plain(row.event)]
        assert any(r[2] == roles(row.by) for r in mine), row
        ends = {to(page.sheet, [row]), "the level named"}
        assert any(r[4] in ends and r[5] == str(row.raises or "") for r in mine), row


@pytest.mark.parametrize("chart", NAMES)
def test_what_differs_only_by_state_or_level_is_one_row(chart: str) -> None:
    rows = list(arrows(page_of(chart)))
    assert len(rows) == len({r[1:] for r in rows})
    assert len(rows) < len(CHARTS[chart].rows)


@pytest.mark.parametrize("chart", NAMES)
def test_every_duty_says_from_when_its_limit_counts_and_what_if_late(chart: str) -> None:
    rows = {row[1]: row for row in duties(page_of(chart))}
    for duty in CHARTS[chart].duties:
        _, _, _, limit, since, _, met, late, source = rows[duty.title]
        assert all((limit, since, met, late, source)), duty.title
        if isinstance(duty.missed, Trigger):
            assert duty.missed in late


def test_every_trigger_and_setting_is_on_a_page() -> None:
    found = pages()
    for trigger in Trigger:
        assert f"| {trigger} | {trigger.title} |" in found["escalation_process.md"]
    for setting in SETTINGS:
        assert f"| {setting.name.replace('_', chr(92) + '_')} |" in found["reading.md"]


def test_every_reference_of_a_row_is_in_the_table_of_sources() -> None:
    sources = pages()["traceability.md"]
    for name in references().values():
        assert f"| {name} |" in sources
