"""The floors of the house in one picture, drawn from import-linter's own contract.

`PYTHONPATH=tests python -m support.floors` draws docs/floors.svg anew; a test compares it.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PICTURE: Final = ROOT / "docs" / "floors.svg"

_WIDE, _HIGH, _GAP, _TOP = 1120, 44, 8, 64
_FONT: Final = 'font-family="Liberation Sans, Arial, Helvetica, sans-serif"'


def floors() -> list[list[str]]:
    """The packages of each floor, from the top down, as the contract has them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = next(c["layers"] for c in contracts["contracts"] if c["type"] == "layers")
    return [[name.strip() for name in layer.split("|")] for layer in layers]


def first_line(package: str) -> str:
    """What a package says of itself, in its first sentence."""
    home = ROOT / "src" / "auditflow" / package
    path = home / "__init__.py"
    path = path if path.exists() else home.with_suffix(".py")
    said = ast.get_docstring(ast.parse(path.read_text())) or ""
    return said.partition("\n")[0]


def drawn() -> str:
    """The picture as SVG."""
    rows = floors()
    high = _TOP + len(rows) * (_HIGH + _GAP) + 10
    shapes = "\n".join(shape for n, row in enumerate(rows) for shape in _floor(n, row))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {high}" role="img" '
        f'aria-label="The floors of auditflow" {_FONT}>\n'
        f'<rect width="{_WIDE}" height="{high}" fill="#fff"/>\n'
        '<text x="16" y="30" font-size="20" font-weight="bold">The floors of auditflow</text>\n'
        '<text x="16" y="51" font-size="13">A package imports only from floors below its own; '
        "neighbours on one floor do not import each other. import-linter holds this.</text>\n"
        f"{shapes}\n</svg>\n"
    )


def _floor(n: int, row: list[str]) -> Iterator[str]:
    wide = (_WIDE - 32 - (len(row) - 1) * _GAP) / len(row)
    for i, package in enumerate(row):
        x, y = 16 + i * (wide + _GAP), _TOP + n * (_HIGH + _GAP)
        yield (
            f'<rect x="{x:.1f}" y="{y}" width="{wide:.1f}" height="{_HIGH}" fill="#f3f2f1" '
            'stroke="#0b0c0c"/>'
        )
        yield (
            f'<text x="{x + 10:.1f}" y="{y + 18}" font-size="14" font-weight="bold">'
            f"{escape(package)}</text>"
        )
        said = _cut(first_line(package), int(wide / 6))
        yield f'<text x="{x + 10:.1f}" y="{y + 35}" font-size="12">{escape(said)}</text>'


def _cut(said: str, most: int) -> str:
    return said if len(said) <= most else said[: said.rfind(" ", 0, most)] + " …"


if __name__ == "__main__":
    PICTURE.write_text(drawn(), encoding="utf-8")
