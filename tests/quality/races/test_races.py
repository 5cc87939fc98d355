"""Every way of touching shared state is seen: the race in it is found, and the same with a lock around it is proved."""

from __future__ import annotations

from typing import Any

import pytest

import treadle
from tests.quality.races import arrays, attributes, items, looks, patterns, pictures, receivers, takes, variables, views
from treadle.model.verdict import Status

MODULES: tuple[Any, ...] = (arrays, attributes, receivers, variables, items, looks, patterns, pictures, takes, views)
TABLE = [(module.__name__, name) for module in MODULES for name in module.WAYS]


@pytest.mark.parametrize(("module", "name"), TABLE, ids=[name for _, name in TABLE])
def test_the_race_is_found(module: str, name: str) -> None:
    """Without a lock an interleaving fails, by an exception in a task."""
    verdict = treadle.explore(f"{module}:racy_{name}")
    assert verdict.status is Status.FAILED
    assert verdict.failure is not None
    assert verdict.failure.kind == "exception"


@pytest.mark.parametrize(("module", "name"), TABLE, ids=[name for _, name in TABLE])
def test_the_lock_is_proved(module: str, name: str) -> None:
    """With a lock there is one execution for each order of the two threads, and none fails."""
    verdict = treadle.explore(f"{module}:locked_{name}")
    assert (verdict.status, verdict.executions, verdict.redundant) == (Status.PROVED, 2, 0), verdict.reasons


def test_the_table_is_long_enough() -> None:
    """At least sixty ways."""
    assert len(set(TABLE)) == len(TABLE) >= 60
