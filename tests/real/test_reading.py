"""Asking phalanx.Barrier, and asking too much of it: readings never block, misuse is reported at once (P12, P13)."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest

from phalanx import Barrier, BarrierStatistics, BrokenBarrierError
from tests.real.crew import together


def test_reading_says_how_things_are() -> None:
    """P12: parties, n_waiting, broken, statistics and repr answer at once, whatever state the barrier is in."""
    barrier = Barrier(3)
    assert (barrier.parties, barrier.n_waiting, barrier.broken) == (3, 0, False)
    assert repr(barrier) == f"<phalanx.Barrier at {id(barrier):#x}: waiters=0/3>"
    assert barrier.statistics() == BarrierStatistics(tripped=0, broken=0, waiting=0)
    barrier.abort()
    assert repr(barrier) == f"<phalanx.Barrier at {id(barrier):#x}: broken>"
    assert barrier.statistics() == BarrierStatistics(tripped=0, broken=1, waiting=0)


def test_a_reset_of_an_idle_barrier_counts_nothing() -> None:
    """P12: nobody was in the generation, so none was broken."""
    barrier = Barrier(2)
    barrier.reset()
    assert barrier.statistics() == BarrierStatistics(tripped=0, broken=0, waiting=0)


def test_a_reading_during_the_action_counts_everybody() -> None:
    """P12: there all parties have arrived, and nobody has been released."""
    seen: list[int] = []
    barrier = Barrier(2, action=lambda: seen.append(barrier.n_waiting))
    together(barrier.wait, barrier.wait)
    assert seen == [2]
    assert barrier.n_waiting == 0


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({"parties": 0}, ValueError, "parties must be at least 1; got 0"),
        ({"parties": -3}, ValueError, "parties must be at least 1; got -3"),
        ({"parties": 2.0}, TypeError, "parties must be an int; got 2.0"),
        ({"parties": "2"}, TypeError, "parties must be an int; got '2'"),
        ({"parties": True}, TypeError, "parties must be an int; got True"),
        ({"parties": 2, "action": 3}, TypeError, "action must be callable without arguments, or None; got 3"),
        ({"parties": 2, "timeout": -1}, ValueError, "timeout must be 0 or more seconds, .*; got -1"),
        ({"parties": 2, "timeout": math.nan}, ValueError, "timeout must be 0 or more seconds, .*; got nan"),
        ({"parties": 2, "timeout": "1"}, TypeError, "timeout must be a number of seconds, .*; got '1'"),
        ({"parties": 2, "timeout": True}, TypeError, "timeout must be a number of seconds, .*; got True"),
    ],
)
def test_misuse_is_reported_at_once(arguments: dict[str, Any], kind: type[Exception], message: str) -> None:
    """P13: a bad argument raises, naming itself and its value."""
    with pytest.raises(kind, match=message):
        Barrier(**arguments)


def test_a_bad_timeout_leaves_the_barrier_alone() -> None:
    """P13: wait() checks before it arrives. Numbers of other kinds are numbers."""
    barrier = Barrier(2)
    with pytest.raises(ValueError, match=r"got -0\.5"):
        barrier.wait(-0.5)
    assert (barrier.n_waiting, barrier.broken) == (0, False)
    with pytest.raises(BrokenBarrierError):
        barrier.wait(Fraction(1, 100))
