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

from phalanx import (
    Barrier,
    BarrierStatistics,
    BrokenBarrierError,
    ElasticBarrier,
    ElasticStatistics,
    FinishedBarrierError,
    Token,
    TreeBarrier,
    jacobi,
)

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


def test_a_tree_is_typed() -> None:
    """It has the methods of a barrier, and an arity beside; `with` gives the tree itself."""
    tree = TreeBarrier(1, arity=2, action=lambda: None, timeout=2)
    assert_type(tree.wait(0.5), int)
    assert_type(tree.wait(timeout=0.5), int)
    assert_type(tree.arity, int)
    assert_type(tree.parties, int)
    assert_type(tree.n_waiting, int)
    assert_type(tree.broken, bool)
    assert_type(tree.statistics(), BarrierStatistics)
    with tree as entered:
        assert_type(entered, TreeBarrier)


def test_an_elastic_barrier_is_typed() -> None:
    """A token comes from `arrive` and goes to `wait` or `leave`; both forms of `with` give the barrier itself."""
    barrier = ElasticBarrier(1, timeout=2)
    token = barrier.arrive()
    assert_type(token, Token)
    assert_type(token.index, int)
    assert_type(barrier.wait(token), int)
    assert_type(barrier.wait(token, 0.5), int)
    assert_type(barrier.wait(token, timeout=0.5), int)
    assert_type(barrier.wait(0.5), int)
    assert_type(barrier.parties, int)
    assert_type(barrier.n_waiting, int)
    assert_type(barrier.broken, bool)
    assert_type(barrier.finished, bool)
    assert_type(barrier.statistics(), ElasticStatistics)
    with barrier as entered, barrier.participant() as partner:
        assert_type(entered, ElasticBarrier)
        assert_type(partner, ElasticBarrier)
    barrier.leave(token)
    assert issubclass(FinishedBarrierError, BrokenBarrierError)


def test_it_takes_the_place_of_the_standard_one() -> None:
    """Whoever makes a barrier by calling a class can be handed any, and catches the error of each by one name."""
    makers: list[Callable[[int], Barrier | TreeBarrier | ElasticBarrier | threading.Barrier]]
    makers = [Barrier, TreeBarrier, ElasticBarrier, threading.Barrier]
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
        TreeBarrier(2, arity="2")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        ElasticBarrier(2, action=print)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        ElasticBarrier(2).leave(0)  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        ElasticBarrier(2).parties = 3  # type: ignore[misc]
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
