"""Exceptions of built-in classes are shared objects like others: races are found, and with a lock there is none."""

from __future__ import annotations

import pytest

import treadle
from tests.quality.races.errors import WAYS
from treadle.model.verdict import Status

MODULE = "tests.quality.races.errors"


@pytest.mark.parametrize("way", WAYS)
def test_the_race_is_found(way: str) -> None:
    """Without a lock an interleaving fails, by an exception in a task."""
    verdict = treadle.explore(f"{MODULE}:racy_{way}")
    assert verdict.status is Status.FAILED
    assert verdict.failure is not None
    assert verdict.failure.kind == "exception"


@pytest.mark.parametrize("way", WAYS)
def test_with_a_lock_it_is_proved(way: str) -> None:
    """In two executions, one for each order of the lock."""
    verdict = treadle.explore(f"{MODULE}:locked_{way}")
    assert (verdict.status, verdict.executions, verdict.redundant) == (Status.PROVED, 2, 0), verdict.reasons


@pytest.mark.parametrize("way", ["attribute_of_an_exception", "traceback_of_what_was_raised", "note_that_is_printed"])
def test_with_a_lock_it_is_proved_at_synchronisation(way: str) -> None:
    """In as many."""
    verdict = treadle.explore(f"{MODULE}:locked_{way}", granularity="sync")
    assert (verdict.status, verdict.executions, verdict.redundant) == (Status.PROVED, 2, 0), verdict.reasons


@pytest.mark.parametrize("way", ["attribute_of_an_exception", "arguments_of_an_exception", "note_that_was_added"])
def test_with_sync_it_is_a_data_race(way: str) -> None:
    """As with attributes of any object."""
    verdict = treadle.explore(f"{MODULE}:racy_{way}", granularity="sync")
    assert verdict.failure is not None
    assert verdict.failure.kind == "race"


@pytest.mark.parametrize("granularity", ["access", "sync"])
def test_what_nobody_shares_costs_no_execution(granularity: treadle.Granularity) -> None:
    """Two threads raise, write to and look at exceptions of their own: one execution."""
    verdict = treadle.explore(f"{MODULE}:private", granularity=granularity)
    assert (verdict.status, verdict.executions) == (Status.PROVED, 1), verdict.reasons


@pytest.mark.parametrize("granularity", ["access", "sync"])
def test_raising_the_same_exception_is_no_race(granularity: treadle.Granularity) -> None:
    """What that writes makes no difference while nobody looks at it: one execution for each order of the future's lock."""
    verdict = treadle.explore(f"{MODULE}:failed_future", granularity=granularity)
    assert (verdict.status, verdict.executions) == (Status.PROVED, 2), verdict.reasons


def test_an_exception_is_not_kept_alive() -> None:
    """It is gone when the program has dropped it, with its traceback and the frames in that."""
    verdict = treadle.explore(f"{MODULE}:dies_in_time")
    assert (verdict.status, verdict.executions) == (Status.PROVED, 1), verdict.failure


def test_what_cannot_be_followed_is_said() -> None:
    """To replace all attributes at once makes the verdict incomplete."""
    verdict = treadle.explore(f"{MODULE}:replaced")
    assert verdict.status is Status.INCOMPLETE
    assert "__dict__ of ValueError is replaced" in verdict.reasons[0]
