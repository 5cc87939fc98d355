"""What phalanx's types say, read by mypy when it checks the tests, and run as well.

`assert_type` fails in mypy if a type is another one. A line with `type: ignore` is a mistake that mypy must see: if it
did not, the ignore would be unused, and that is an error too.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, assert_type

import numpy as np
import pytest
from numpy.typing import NDArray

from phalanx import Barrier, BarrierStatistics, BrokenBarrierError, jacobi

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_barrier_is_typed() -> None:
    """Results have the types that the reference gives, and `with` gives the barrier itself."""
    barrier = Barrier(1, action=lambda: "what it returns is ignored", timeout=2)
    assert_type(barrier.wait(), int)
    assert_type(barrier.wait(timeout=0.5), int)
    assert_type(barrier.parties, int)
    assert_type(barrier.n_waiting, int)
    assert_type(barrier.broken, bool)
    assert_type(barrier.statistics(), BarrierStatistics)
    with barrier as entered:
        assert_type(entered, Barrier)


def test_it_takes_the_place_of_the_standard_one() -> None:
    """Whoever makes a barrier by calling a class can be handed either, and catches either's error by one name."""
    makers: list[Callable[[int], Barrier | threading.Barrier]] = [Barrier, threading.Barrier]
    for make in makers:
        assert make(1).wait() == 0
    assert issubclass(BrokenBarrierError, threading.BrokenBarrierError)


def test_mistakes_are_seen() -> None:
    """A wrong type is an error for mypy before it is one at run time."""
    with pytest.raises(TypeError):
        Barrier("2")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Barrier(2, action=3)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Barrier(2, timeout="1")  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        Barrier(2).parties = 3  # type: ignore[misc]
    with pytest.raises(AttributeError):
        Barrier(2).statistics().tripped = 1  # type: ignore[misc]


def test_jacobi_is_typed() -> None:
    """It takes what NumPy can make an array of, and returns an array; any barrier's class will do."""
    grid: list[list[float]] = [[0.0] * 3] * 3
    assert_type(jacobi(grid, threads=1, iterations=1), NDArray[Any])
    assert isinstance(jacobi(np.zeros((3, 3)), threads=1, tolerance=1e-6, barrier=threading.Barrier), np.ndarray)
    with pytest.raises(TypeError):
        jacobi(grid, iterations=1)  # type: ignore[call-arg]
