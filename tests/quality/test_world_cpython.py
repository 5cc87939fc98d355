"""CPython's own tests pass inside a world, under the first schedule and under others: the world is faithful."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tests.quality.worlds import Fair, world

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("test.lock_tests") is None, reason="this Python comes without its tests"
    ),
]
FILE = Path(__file__).with_name("cpython.py")
CASES = ("locks", "rlocks", "events", "conditions", "semaphores", "bounded_semaphores", "barriers")


@pytest.mark.parametrize("seed", [None, 1, 2])
@pytest.mark.parametrize("name", CASES)
def test_cpythons_own_tests_of_locks_pass(name: str, seed: int | None) -> None:
    """Each class of `test.lock_tests` passes under the first schedule and under two random ones."""
    subject = world(name, file=FILE)
    execution = subject.run(Fair(seed))
    assert execution.failure is None, execution.failure.details
    assert subject.result == []
