"""The disk is shared memory: races on files are found, and with a lock there is none."""

from __future__ import annotations

import pytest

import treadle
from tests.quality.races.disk import WAYS
from treadle.model.verdict import Status

MODULE = "tests.quality.races.disk"


@pytest.mark.parametrize("way", WAYS)
def test_the_race_is_found(way: str) -> None:
    """An update is lost, or a file is gone that was there a moment ago; it is found again by its schedule."""
    verdict = treadle.explore(f"{MODULE}:{way}_racing")
    assert verdict.status is Status.FAILED
    assert verdict.failure is not None
    assert verdict.failure.kind == "exception"


@pytest.mark.parametrize("granularity", ["access", "sync"])
@pytest.mark.parametrize("way", WAYS)
def test_with_a_lock_it_is_proved(way: str, granularity: treadle.Granularity) -> None:
    """In two executions, one for each order of the lock."""
    verdict = treadle.explore(f"{MODULE}:{way}_locked", granularity=granularity)
    assert (verdict.status, verdict.executions, verdict.reasons) == (Status.PROVED, 2, [])


def test_with_sync_it_is_no_data_race() -> None:
    """System calls are atomic: what is found is the lost update."""
    verdict = treadle.explore(f"{MODULE}:opened_racing", granularity="sync")
    assert verdict.failure is not None
    assert verdict.failure.kind == "exception"
