"""No cell is read in the iteration that writes it: Jacobi's method is proved as it is, with NumPy, cell by cell.

At granularity `sync` that is the whole claim: two accesses to a cell that nothing orders, one of them a write, would be a
data race, and there is none in any interleaving. The result is that of one thread, in all of them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import treadle

pytest.importorskip("numpy", reason="NumPy is not installed, so the solver was NOT proved")

GRIDS = Path(__file__).with_name("grids.py")


@pytest.mark.parametrize("granularity", ["sync", "access"])
@pytest.mark.parametrize(
    ("name", "executions"),
    # Each of two meetings has two orders of arrival, and whoever waits takes the lock again before or after the other goes on.
    [("meeting_at_the_standard_one", 8), ("until_nothing_changes", 8), ("in_place", 8)],
)
def test_no_cell_is_read_in_the_iteration_that_writes_it(
    name: str, executions: int, granularity: treadle.Granularity
) -> None:
    """Two threads, neighbouring rows, two iterations: proved, and no access to a cell is even a step."""
    verdict = treadle.explore(f"{GRIDS}::{name}", granularity=granularity)
    assert (verdict.status, verdict.executions) == (treadle.Status.PROVED, executions), verdict.reasons
    assert verdict.redundant == 0


def test_the_solver_is_proved_with_the_barrier_that_it_has() -> None:
    """phalanx.Barrier orders its threads without locks, so its accesses are steps; the cells' are not."""
    verdict = treadle.explore(f"{GRIDS}::meeting_at_ours")
    assert verdict.status is treadle.Status.PROVED, verdict.reasons
    assert verdict.redundant == 0


@pytest.mark.parametrize("granularity", ["sync", "access"])
def test_rows_of_one_array_are_apart(granularity: treadle.Granularity) -> None:
    """One execution: no element is touched by two threads."""
    verdict = treadle.explore(f"{GRIDS}::rows_apart", granularity=granularity)
    assert (verdict.status, verdict.executions) == (treadle.Status.PROVED, 1), verdict.reasons


def test_an_operation_in_place_is_a_race_at_sync() -> None:
    """At `access` it is one step, as any call into C is; that nothing orders two of them is reported at `sync`."""
    race = treadle.explore(f"{GRIDS}::added_to_in_place", granularity="sync").failure
    assert race is not None
    assert race.kind == "race"


def test_one_array_in_place_of_two_is_refuted() -> None:
    """The planted mistake: at `sync` the race is named, cell by cell; at `access` some order has another result."""
    race = treadle.explore(f"{GRIDS}::with_one_array", granularity="sync").failure
    assert race is not None
    assert race.kind == "race"
    assert "ndarray" in race.message
    wrong = treadle.explore(f"{GRIDS}::with_one_array").failure
    assert wrong is not None
    assert wrong.message.startswith("AssertionError")
