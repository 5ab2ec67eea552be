"""DOT to a picture: by Graphviz on the path where it is, else by the pygraphviz wheel."""

from __future__ import annotations

import importlib
import shutil
import subprocess
from typing import Final, Literal

from auditflow.errors import AuditflowError
from auditflow.machines.drawing.seal import sealed_pdf, sealed_png
from auditflow.machines.drawing.svg import Words, finished

Picture = Literal["svg", "png", "pdf"]
_SECONDS: Final = 30
#: Sharp on paper, and a file that goes into a letter.
_DOTS_PER_INCH: Final = 180


def picture(dot: str, kind: Picture, words: Words | None = None) -> bytes:
    """The drawing as SVG, PNG or PDF; AuditflowError says what to type where neither is there."""
    program = shutil.which("neato")
    made = _by_program(program, dot, kind) if program else _by_library(dot, kind)
    match kind:
        case "svg":
            return finished(made, dot, words or Words())
        case "pdf":
            return sealed_pdf(made, dot)
        case "png":
            return sealed_png(made, dot)


def _by_program(program: str, dot: str, kind: Picture) -> bytes:
    command = [program, "-n2", f"-T{kind}", *([f"-Gdpi={_DOTS_PER_INCH}"] if kind == "png" else [])]
    try:
        # The command is ours, without a shell; what people typed is only in the text on its input.
        done = subprocess.run(  # noqa: S603
            command, input=dot.encode(), capture_output=True, timeout=_SECONDS, check=True
        )
    except subprocess.TimeoutExpired as slow:
        raise AuditflowError(f"Graphviz took more than {_SECONDS} s; draw fewer charts.") from slow
    except subprocess.CalledProcessError as failed:
        said = failed.stderr.decode(errors="replace").strip()
        raise AuditflowError(f"Graphviz could not draw the chart: {said}") from failed
    return done.stdout


def _by_library(dot: str, kind: Picture) -> bytes:
    try:
        pygraphviz = importlib.import_module("pygraphviz")
    except ImportError as missing:
        raise AuditflowError(
            "Pictures need Graphviz. Type: pip install 'casefile-auditflow[draw]' (or"
            " apt-get install graphviz). DOT, Mermaid and the tables are drawn without it."
        ) from missing
    graph = pygraphviz.AGraph(string=dot)
    if kind == "png":
        graph.graph_attr["dpi"] = str(_DOTS_PER_INCH)
    try:
        return bytes(graph.draw(format=kind, prog="nop2"))
    except (ValueError, OSError) as failed:
        raise AuditflowError(f"Graphviz could not draw the chart: {failed}") from failed
