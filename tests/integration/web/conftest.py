"""The store that pages are looked at in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from auditflow.application import App
from support.everywhere import NOW, everywhere


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A store in which something stands in every state, at one moment."""
    with closing(App(everywhere(tmp_path), NOW)) as opened:
        yield opened
