"""`auditflow chart`: draw the flow charts, show them as tables, check that they are up to date."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from auditflow import drawing
from auditflow.cli.base import Globals, as_at_option, given, print_json, storeless, table
from auditflow.drawing import Overlay
from auditflow.errors import AuditflowError, BadInput

F = TypeVar("F", bound=Callable[..., Any])

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
@given
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
    if reference and name not in ("all", "audit"):
        raise BadInput("--audit is laid over Flow Chart 1. Leave --chart out.")
    over = _overlays(options, reference) if counts or reference else {}
    from auditflow import handbook  # noqa: PLC0415 - pages are slow to import

    kinds = dict.fromkeys(formats or drawing.KEPT)
    named = ("audit",) if reference else _named(name)
    together = [(one,) for one in named] if over else [named]
    paths = [p for some in together for p in handbook.draw(some, kinds, folder, over.get(some[0]))]
    for path in paths:
        click.echo(path)


def _overlays(options: Globals, reference: str | None) -> Mapping[str, Overlay]:
    """What the store says stands where: one audit's place, or the counts on each chart."""
    from auditflow.cli.store import reading  # noqa: PLC0415 - only overlays need a store
    from auditflow.queries import chart_counts  # noqa: PLC0415 - the same

    with reading(options) as asking:
        if reference:
            return {"audit": chart_counts.place(asking, reference)}
        return chart_counts.counts(asking)


def _named(name: str) -> tuple[str, ...]:
    return tuple(drawing.FILES) if name == "all" else (name,)


def _folder_option(name: str, default: str, says: str) -> Callable[[F], F]:
    return click.option(name, type=_FOLDER, default=Path(default), show_default=True, help=says)


@chart.command()
@_folder_option("--diagrams", "diagrams", "The folder of drawings to check.")
@_folder_option("--paper", "tests/paper", "The folder of charts and permissions typed by hand.")
@_folder_option(
    "--scenarios", "tests/acceptance", "The folder of scenarios, which bring each event."
)
@storeless
def check(options: Globals, diagrams: Path, paper: Path, scenarios: Path) -> None:
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
    if options.as_json:
        print_json({"sound": not wrong, "wrong": wrong})
    if wrong:
        raise AuditflowError("\n".join(["The charts are not in order.", *wrong]))
    if not options.as_json:
        click.echo(
            "The drawings are up to date and legible, each sentence is traced, and the code agrees "
            "with what is typed by hand."
        )


@chart.command()
@chart_option
@storeless
def show(options: Globals, name: str) -> None:
    """Print a chart's arrows and duties as tables."""
    documents = [drawing.document(one) for one in _named(name)]
    if options.as_json:
        print_json(documents if name == "all" else documents[0])
        return
    for found in documents:
        _print(found)


def _print(found: dict[str, list[dict[str, str]]]) -> None:
    titles = {s["name"]: s["title"] for s in found["states"]}
    click.echo(f"{found['title']}\n{found['stamp']}\n")
    arrows = [_arrow(a, titles) for a in found["arrows"]]
    click.echo(table(arrows, ("From", "Event", "Who", "To", "Raises", "Line")))
    click.echo()
    duties = [_duty(d) for d in found["duties"]]
    click.echo(table(duties, ("While", "What is owed", "Who", "Within", "If late")))
    click.echo()


def _arrow(arrow: dict[str, str], titles: dict[str, str]) -> tuple[str, ...]:
    start, end = titles[arrow["from"]], titles[arrow["to"]]
    who, raises = ", ".join(arrow["by"]), arrow["raises"] or ""
    return start, arrow["event"], who, end, raises, arrow["source"]


def _duty(duty: dict[str, str]) -> tuple[str, ...]:
    late = duty["if_late"].partition(". ")[0]
    return *(duty[key] for key in ("while", "title", "by", "within")), late
