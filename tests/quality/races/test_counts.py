"""Accesses as steps: exact numbers of traces; and without steps, data races are reported."""

from __future__ import annotations

import pytest

import treadle
from treadle.model.verdict import Status

MODULE = "tests.quality.races.counted"
COUNTS = {
    # N stores of one attribute: N!
    "writers_2": 2,
    "writers_3": 6,
    "writers_4": 24,
    "writers_5": 120,
    # L and S in each thread. Two threads: L1 S1 L2 S2, L2 S2 L1 S1, and both loads first, with the stores in either
    # order: 4. Three threads: 36, the square of 3!, the closed form for N increments.
    "increments_2": 4,
    "increments_3": 36,
    # The orders of the lock: N!
    "locked_increments_2": 2,
    "locked_increments_3": 6,
    "locked_increments_4": 24,
    # N! x (N-1)!: the orders of arrival times the orders in which the waiters take the lock again; the accesses inside
    # `threading.py` are ordered by its lock, and add none.
    "one_round_2": 2,
    "one_round_3": 12,
    "one_round_4": 144,
    # Who comes first makes the list, and the other finds it; then the two orders of the appends.
    "default_lists_2": 4,
}


@pytest.mark.parametrize("name", COUNTS)
def test_every_trace_once(name: str) -> None:
    """Exactly the known number of traces, none twice, all proved."""
    verdict = treadle.explore(f"{MODULE}:{name}")
    assert (verdict.status, verdict.executions, verdict.redundant) == (Status.PROVED, COUNTS[name], 0)


def test_a_data_race_is_reported() -> None:
    """At granularity sync an unordered pair is a failure, which names the place and both threads."""
    verdict = treadle.explore(f"{MODULE}:increments_2", granularity="sync")
    assert verdict.status is Status.FAILED
    assert verdict.failure is not None
    assert verdict.failure.kind == "race"
    assert verdict.failure.message == "data race: Box main@boxes.py:14.x"
    assert verdict.failure.details.endswith(": main.1 (write) and main.2 (write)")


@pytest.mark.parametrize("name", ["locked_increments_3", "one_round_3"])
def test_what_has_no_data_race_is_proved_at_synchronisation(name: str) -> None:
    """At granularity sync, code whose accesses are all ordered is proved, in as many traces."""
    verdict = treadle.explore(f"{MODULE}:{name}", granularity="sync")
    assert (verdict.status, verdict.executions) == (Status.PROVED, COUNTS[name])


def test_the_story_of_a_race_has_both_places() -> None:
    """The failure is run again with places, and its report shows the line in both columns."""
    verdict = treadle.explore(f"{MODULE}:increments_2", granularity="sync")
    assert verdict.failure is not None
    assert verdict.failure.schedule is not None
    assert treadle.tell(verdict.failure.schedule).count("box.x += 1") == 2
