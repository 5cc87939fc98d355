"""A scenario that depends on more than its schedule is refused, by every search, wherever the executions part."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

import treadle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VARIABLE = "TREADLE_TESTS_COUNT"
HEAD = f"""
import os, threading, treadle

def scenario():
    number = os.environ["{VARIABLE}"] = str(int(os.environ["{VARIABLE}"]) + 1)
    odd = int(number) % 2 == 1
    one, other = threading.Lock(), threading.Lock()
"""
# At the very first step; at the step at which the search takes another way; in a task that moves only later; a task
# that ends early.
BODIES = {
    "at the start": """
    (one if odd else other).acquire()
    treadle.choose([1, 2])
""",
    "at the branch": """
    if treadle.choose([1, 2, 3]) == 2:
        return
    (one if odd else other).acquire()
    treadle.choose([1, 2])
""",
    "at the choice itself": """
    treadle.choose([1, 2] if odd else [1, 2, 3])
""",
    "in another task": """
    begun = threading.Lock()
    begun.acquire()

    def work():
        begun.release()
        (one if odd else other).acquire()

    thread = threading.Thread(target=work)
    thread.start()
    begun.acquire()
    treadle.choose([1, 2])
    thread.join()
""",
    "in its length": """
    treadle.choose([1, 2])
    if odd:
        one.acquire()
    treadle.choose([1, 2])
""",
}


@pytest.fixture
def count() -> Iterator[None]:
    os.environ[VARIABLE] = "0"
    yield
    del os.environ[VARIABLE]


@pytest.mark.usefixtures("count")
@pytest.mark.parametrize(
    "options", [{}, {"search": "exhaustive"}, {"bound": 1}], ids=["optimal", "exhaustive", "bound"]
)
@pytest.mark.parametrize("where", BODIES)
def test_a_departure_is_found(tmp_path: Path, where: str, options: dict[str, Any]) -> None:
    """NondeterminismError with what was wanted before and what is wanted now."""
    file = tmp_path / "departing.py"
    file.write_text(HEAD + BODIES[where], encoding="utf-8")
    with pytest.raises(treadle.NondeterminismError, match=r"did not do what it did before\n +expected:"):
        treadle.explore(f"{file}::scenario", **options)
