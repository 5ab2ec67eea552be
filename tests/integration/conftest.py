"""Each test here runs on both databases, unless it is marked `only`."""

import pytest

from support.stores import Kind


@pytest.fixture(autouse=True)
def _on(store_kind: Kind) -> Kind:
    return store_kind
