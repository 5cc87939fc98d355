"""What the rules of the house have read is forgotten when they are done.

The syntax trees of all our files are half a million objects. Python's collector looks at all that are alive each time, so
every test after these would take longer, and those that collect often several times as long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.house.source import tree

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module", autouse=True)
def forgotten() -> Iterator[None]:
    """The trees live as long as one module of tests needs them."""
    yield
    tree.cache_clear()
