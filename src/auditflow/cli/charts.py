"""`auditflow chart`: draw the flow charts, show them as tables, check that they are up to date."""

from pathlib import Path

import click

from auditflow import drawing
from auditflow.cli.base import (
    Globals,
    accept_store_options,
    as_at_option,
    json_option,
    pass_globals,
    print_json,
    store_options,
    table,
)
from auditflow.drawing import Overlay
from auditflow.errors import AuditflowError, BadInput

_FORMATS = tuple(drawing.ENDINGS)
_CHARTS = ("all", *drawing.FILES)
_FOLDER = click.Path(path_type=Path, file_okay=False)

chart_option = click.option(
    "--chart", "name", type=click.Choice(_CHARTS), default="all", help="Which chart."
)


@click.group()
def chart() -> None:
    """The two flow charts and the chart of one action, drawn from the lines that run."""


@chart.command()
@chart_option
@click.option(
    "--format",
    "formats",
    type=click.Choice(_FORMATS),
    multiple=True,
    help="May be given several times. Without it: all but json.",
)
@click.option(
    "--out", type=_FOLDER, default=None, help="The folder: diagrams, or charts with an overlay."
)
@click.option("--counts", is_flag=True, help="Lay over how many stand where, and what is late.")
@click.option("--audit", "reference", metavar="REFERENCE", help="Lay over one audit's place.")
@as_at_option
@store_options
@pass_globals
def draw(
    options: Globals,
    name: str,
    formats: tuple[str, ...],
    out: Path | None,
    counts: bool,
    reference: str | None,
) -> None:
    """Draw the charts into a folder."""
    if counts and reference:
        raise BadInput("--counts and --audit: give one of the two.")
    folder = out or Path("charts" if counts or reference else "diagrams")
    for path in _with_overlay(options, name, formats or drawing.KEPT, folder, counts, reference):
        click.echo(path)


def _with_overlay(
    options: Globals,
    name: str,
    formats: tuple[str, ...],
    folder: Path,
    counts: bool,
    reference: str | None,
) -> list[Path]:
    """Draw plain charts without a store; an overlay asks the store what stands where."""
    if not (counts or reference):
        return drawn(name, formats, folder)
    from auditflow.cli.store import reading  # noqa: PLC0415 - only overlays need a store
    from auditflow.queries import chart_counts  # noqa: PLC0415 - the same

    if reference:
        if name not in ("all", "audit"):
            raise BadInput("--audit is laid over Flow Chart 1. Leave --chart out.")
        with reading(options) as asking:
            here = chart_counts.place(asking, reference)
        return drawn("audit", formats, folder, here)
    with reading(options) as asking:
        over = chart_counts.counts(asking)
    return [path for one in _named(name) for path in drawn(one, formats, folder, over[one])]


def drawn(
    name: str, formats: tuple[str, ...], out: Path, over: Overlay | None = None
) -> list[Path]:
    """The files drawn; with an overlay, one audit's place or all counts are laid over."""
    from auditflow import handbook  # noqa: PLC0415 - pages are slow to import

    return handbook.draw(_named(name), dict.fromkeys(formats), out, over)


def _named(name: str) -> tuple[str, ...]:
    return tuple(drawing.FILES) if name == "all" else (name,)


@chart.command()
@click.option(
    "--diagrams",
    type=_FOLDER,
    default=Path("diagrams"),
    show_default=True,
    help="The folder of drawings to check.",
)
@click.option(
    "--paper",
    type=_FOLDER,
    default=Path("tests/paper"),
    show_default=True,
    help="The folder of charts and permissions typed by hand.",
)
@click.option(
    "--scenarios",
    type=_FOLDER,
    default=Path("tests/acceptance"),
    show_default=True,
    help="The folder of scenarios, which bring each event.",
)
@json_option
@accept_store_options
def check(diagrams: Path, paper: Path, scenarios: Path, as_json: bool) -> None:
    """Check the drawings, what can be read on them, the sources, and what is typed by hand."""
    given = {"--diagrams": diagrams, "--paper": paper, "--scenarios": scenarios}
    for option, folder in given.items():
        if not folder.is_dir():
            raise BadInput(
                f"{option}: there is no folder {folder}. Run this where auditflow's source is"
                " checked out, or name the folder."
            )
    from auditflow import handbook  # noqa: PLC0415 - pages are slow to import
    from auditflow.handbook import agreement  # noqa: PLC0415 - the same

    wrong = [
        *handbook.stale(diagrams),
        *(fault for name in drawing.FILES for fault in drawing.check(drawing.sheet(name))),
        *drawing.holes(),
        *agreement.disagreements(paper, scenarios),
    ]
    if as_json:
        print_json({"sound": not wrong, "wrong": wrong})
    if wrong:
        raise AuditflowError("\n".join(["The charts are not in order.", *wrong]))
    if not as_json:
        click.echo(
            "The drawings are up to date and legible, each sentence is traced, and the code agrees "
            "with what is typed by hand."
        )


@chart.command()
@chart_option
@json_option
@accept_store_options
def show(name: str, as_json: bool) -> None:
    """Print a chart's arrows and duties as tables."""
    shown(name, as_json)


def shown(name: str, as_json: bool, over: Overlay | None = None) -> None:
    """Prints the charts, with an overlay or without."""
    documents = [drawing.document(one, over) for one in _named(name)]
    if as_json:
        print_json(documents if name == "all" else documents[0])
        return
    for found in documents:
        _print(found)


def _print(found: dict[str, list[dict[str, str]]]) -> None:
    titles = {s["name"]: s["title"] for s in found["states"]}
    click.echo(f"{found['title']}\n{found['stamp']}\n")
    arrows = [_arrow(a, titles) for a in found["arrows"]]
    click.echo(_full(arrows, ("From", "Event", "Who", "To", "Raises", "Line", "Now")))
    click.echo()
    duties = [_duty(d) for d in found["duties"]]
    click.echo(_full(duties, ("While", "What is owed", "Who", "Within", "If late", "Now")))
    click.echo()


def _arrow(arrow: dict[str, str], titles: dict[str, str]) -> tuple[str, ...]:
    start, end = titles[arrow["from"]], titles[arrow["to"]]
    who, raises = ", ".join(arrow["by"]), arrow["raises"] or ""
    return start, arrow["event"], who, end, raises, arrow["source"], arrow.get("now", "")


def _duty(duty: dict[str, str]) -> tuple[str, ...]:
    late = duty["if_late"].partition(". ")[0]
    return *(duty[key] for key in ("while", "title", "by", "within")), late, duty.get("now", "")


def _full(rows: list[tuple[str, ...]], headings: tuple[str, ...]) -> str:
    """The table; its last column, what is laid over, only where there is something."""
    last = None if any(row[-1] for row in rows) else -1
    return table([row[:last] for row in rows], headings[:last])
