"""Stores as older programs made them, which every later one must open, bear out and go on with."""

from __future__ import annotations

import lzma
from pathlib import Path
from typing import Final

_DATA: Final = Path(__file__).parents[1] / "data"
#: The demo as it was told, up to this moment, before the program was rebuilt (schema 0003).
KEPT: Final = {"demo-2026-11-30": "2026-11-30T12:00:00Z"}


def unpacked(name: str, folder: Path) -> Path:
    """A copy of such a store, to work on."""
    path = folder / "kept.db"
    path.write_bytes(lzma.decompress((_DATA / f"{name}.db.xz").read_bytes()))
    return path
