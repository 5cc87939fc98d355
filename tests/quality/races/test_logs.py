"""Handlers of the program: what they do is seen, and their locks keep others out."""

from __future__ import annotations

import pytest

import treadle
from treadle.model.verdict import Status

MODULE = "tests.quality.races.logs"


@pytest.mark.parametrize("granularity", ["access", "sync"])
@pytest.mark.parametrize(
    ("name", "executions"),
    [
        ("counted_under_the_lock", 2),  # the orders of the lock
        ("queued_in_time", 40),
    ],
)
def test_it_is_proved(name: str, executions: int, granularity: treadle.Granularity) -> None:
    """The lock that `logging` gives to each handler is one of the world."""
    verdict = treadle.explore(f"{MODULE}:{name}", granularity=granularity)
    assert (verdict.status, verdict.executions, verdict.reasons) == (Status.PROVED, executions, [])


@pytest.mark.parametrize("name", ["counted_without_a_lock", "queued_too_late"])
def test_the_race_is_found(name: str) -> None:
    """A message is lost."""
    verdict = treadle.explore(f"{MODULE}:{name}")
    assert verdict.failure is not None
    assert verdict.failure.kind == "exception"


def test_what_runs_under_a_real_lock_is_refused() -> None:
    """A handler of the process keeps no task out, so no other may run while it does."""
    verdict = treadle.explore(f"{MODULE}:formatted_under_a_real_lock")
    assert verdict.status is Status.INCOMPLETE
    assert "holds a real lock" in verdict.reasons[0]
