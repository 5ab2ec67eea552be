"""A terminal in which nothing was typed yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.shell import Shell


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Commands typed in it are about a store in a folder of the test's own."""
    return Shell(tmp_path)
