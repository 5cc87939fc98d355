"""Jacobi's method as phalanx has it, on the smallest grid whose two threads are neighbours; and with a mistake planted."""

from __future__ import annotations

import functools
import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from phalanx import Barrier
from phalanx.jacobi import Relaxation, jacobi
from phalanx.sweep import Sweep

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS = ((0.0, 1.0, 2.0), (4.0, 5.0, 6.0), (8.0, 9.0, 1.0), (3.0, 7.0, 5.0))
"""Two inner rows, one for each thread; each reads the other's."""
ITERATIONS = 2


@functools.cache
def alone() -> Any:
    """What one thread comes to, cell by cell."""
    grid = [list(row) for row in ROWS]
    for _ in range(ITERATIONS):
        above = [list(row) for row in grid]
        for row in (1, 2):
            total = ((above[row - 1][1] + above[row + 1][1]) + above[row][0]) + above[row][2]
            grid[row][1] = total * 0.25
    return grid


def _check(barrier: Callable[..., Any], **options: Any) -> None:
    result = jacobi(ROWS, threads=2, iterations=ITERATIONS, barrier=barrier, **options)
    assert result.tolist() == alone()


def meeting_at_ours() -> None:
    _check(Barrier)


def meeting_at_the_standard_one() -> None:
    _check(threading.Barrier)


def until_nothing_changes() -> None:
    _check(threading.Barrier, tolerance=1e-9)


def in_place() -> None:
    """The grid itself becomes the result."""
    grid = np.array(ROWS)
    jacobi(grid, threads=2, iterations=ITERATIONS, barrier=threading.Barrier, in_place=True)
    assert grid.tolist() == alone()


def with_one_array() -> None:
    """The mistake: what is read in an iteration is written in it, too."""
    grid = np.array(ROWS)
    sweeps = [Sweep(grid, row, row + 1, measured=False) for row in (1, 2)]
    relaxation = Relaxation(grid, grid, sweeps, iterations=ITERATIONS, tolerance=None, barrier=threading.Barrier)
    relaxation.run()
    assert relaxation.source.tolist() == alone()


def _together(first: Callable[[], object], second: Callable[[], object]) -> None:
    threads = [threading.Thread(target=body) for body in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def added_to_in_place() -> None:
    grid = np.zeros(3)

    def add() -> None:
        np.add(grid[:2], 1, out=grid[:2])

    _together(add, add)


def rows_apart() -> None:
    """Two threads that write different rows of one array, by views of views, have nothing to do with each other."""
    grid = np.zeros((4, 3))
    upper, lower = grid[:2], grid.reshape(-1)[6:]

    def write(part: Any, value: float) -> None:
        part[...] = value
        np.add(part, 1, out=part)
        assert part.max() == value + 1

    _together(functools.partial(write, upper, 1.0), functools.partial(write, lower, 1.0))
    assert grid.sum() == 24
