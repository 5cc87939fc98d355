"""CPython's own tests of queues pass inside a world, under the first schedule and under others."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tests.quality.worlds import Fair, world

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("test.test_queue") is None, reason="this Python comes without its tests"
    ),
]
FILE = Path(__file__).with_name("cpython_queues.py")


@pytest.mark.parametrize("seed", [None, 1, 2])
@pytest.mark.parametrize("name", ["queues", "lifo_queues", "priority_queues", "simple_queues"])
def test_cpythons_own_tests_of_queues_pass(name: str, seed: int | None) -> None:
    """Each class of `test.test_queue` for queues in Python passes under the first schedule and under two random ones."""
    subject = world(name, file=FILE)
    execution = subject.run(Fair(seed))
    assert execution.failure is None, execution.failure.details
    assert subject.result == []
