"""DOT to a picture: by Graphviz on the path where it is, else by the pygraphviz wheel.

Either is given the shipped font and no other, so that letters are what was measured on any machine.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Literal

from auditflow.drawing import style
from auditflow.drawing.text_metrics import FONTS
from auditflow.errors import AuditflowError

Kind = Literal["svg", "png", "pdf"]
_SECONDS: Final = 30
#: Sharp on paper, and a file that goes into a letter.
_DOTS_PER_INCH: Final = 150
_INSTALL: Final = "Type: pip install 'casefile-auditflow[draw]'"
_FONTS_ONLY: Final = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""
#: The wheel draws in a process of its own, as the program does: it can hang, its font library reads
#: its settings once and for all, and it tells people of files that are not ours.
_WHEEL: Final = """
import sys, pygraphviz
kind, dots = sys.argv[1:]
graph = pygraphviz.AGraph(string=sys.stdin.buffer.read().decode())
if kind == "png":
    graph.graph_attr["dpi"] = dots
sys.stdout.buffer.write(graph.draw(format=kind, prog="nop2"))
"""


def render(dot: str, kind: Kind) -> bytes:
    """What Graphviz makes of it; AuditflowError says what to type where there is none."""
    with tempfile.TemporaryDirectory(prefix="auditflow-") as folder:
        fonts = Path(folder, "fonts.conf")
        fonts.write_text(_FONTS_ONLY.format(fonts=FONTS, cache=folder), encoding="utf-8")
        return _run(_command(kind), dot, os.environ | {"FONTCONFIG_FILE": str(fonts)})


def _command(kind: Kind) -> list[str]:
    program, dots = shutil.which("neato"), str(_DOTS_PER_INCH)
    if program:
        return [program, "-n2", f"-T{kind}", *([f"-Gdpi={dots}"] if kind == "png" else [])]
    if importlib.util.find_spec("pygraphviz") is None:
        raise AuditflowError(
            f"Pictures need Graphviz. {_INSTALL} (or apt-get install graphviz)."
            " DOT, Mermaid and the tables are drawn without it."
        )
    return [sys.executable, "-P", "-c", _WHEEL, kind, dots]


def _run(command: list[str], dot: str, env: Mapping[str, str]) -> bytes:
    try:
        # The command is ours, without a shell; what people typed is only in the text on its input.
        done = subprocess.run(  # noqa: S603
            command, input=dot.encode(), capture_output=True, timeout=_SECONDS, check=True, env=env
        )
    except subprocess.TimeoutExpired as slow:
        raise AuditflowError(f"Graphviz took more than {_SECONDS} s; draw fewer charts.") from slow
    except subprocess.CalledProcessError as failed:
        said = failed.stderr.decode(errors="replace").strip()
        raise AuditflowError(f"Graphviz could not draw the chart: {said}") from failed
    return done.stdout


def on_paper(made: bytes, title: str) -> bytes:
    """The PDF on exactly A4 on its side, with its title, and without the time it was made.

    Graphviz rounds a page to whole points.
    """
    try:
        pypdf: Any = importlib.import_module("pypdf")
    except ImportError as missing:
        raise AuditflowError(f"A PDF's page is set by pypdf. {_INSTALL}.") from missing
    writer = pypdf.PdfWriter(clone_from=BytesIO(made))
    page = writer.pages[0]
    beside = [(whole - float(side)) / 2 for whole, side in zip(style.A4, _size(page), strict=True)]
    corner = (-beside[0], -beside[1], style.A4[0] - beside[0], style.A4[1] - beside[1])
    for name in ("mediabox", "cropbox", "trimbox", "bleedbox", "artbox"):
        setattr(page, name, pypdf.generic.RectangleObject(corner))
    writer.metadata = {"/Title": title}
    paper = BytesIO()
    writer.write(paper)
    return paper.getvalue()


def _size(page: Any) -> tuple[float, float]:
    return page.mediabox.width, page.mediabox.height
