"""How generations of phalanx.Barrier break on real threads: abort, timeout, reset, exceptions (P6, P7, P8, P10)."""

from __future__ import annotations

import ctypes
import math
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from phalanx import Barrier, BarrierStatistics, BrokenBarrierError
from tests.real.crew import start, together, until

if TYPE_CHECKING:
    from phalanx.generation import Generation, Verdict


def broken(barrier: Barrier) -> bool:
    """Asked anew each time: mypy takes a property for a constant."""
    return barrier.broken


def test_abort_wakes_everybody_and_lasts_until_reset() -> None:
    """P6: waiters and later arrivals raise BrokenBarrierError, which says why; after a reset all is well."""
    barrier = Barrier(4)
    waiters = start(barrier.wait, 3)
    until(lambda: barrier.n_waiting == 3)
    barrier.abort()
    barrier.abort()
    for waiter in waiters:
        assert str(waiter.raised(threading.BrokenBarrierError)) == "the barrier is broken: abort() was called"
    assert broken(barrier)
    assert barrier.n_waiting == 0
    with pytest.raises(BrokenBarrierError):
        barrier.wait()
    barrier.reset()
    assert not broken(barrier)
    assert sorted(together(*[barrier.wait] * 4)) == [0, 1, 2, 3]
    assert barrier.statistics() == BarrierStatistics(tripped=1, broken=1, waiting=0)


def test_a_wait_that_expires_breaks_its_generation() -> None:
    """P7: it raises after its timeout, its companions at once, and each is told that a wait timed out."""
    barrier = Barrier(3)
    (companion,) = start(barrier.wait)
    until(lambda: barrier.n_waiting == 1)
    began = time.monotonic()
    with pytest.raises(BrokenBarrierError, match="a wait for it timed out"):
        barrier.wait(0.05)
    assert 0.05 <= time.monotonic() - began < 5
    companion.raised(BrokenBarrierError)
    assert barrier.broken


def test_a_wait_that_expires_too_late_returns(monkeypatch: pytest.MonkeyPatch) -> None:
    """P7: if the last party arrives while an expired waiter is on its way to break the generation, both return."""
    barrier = Barrier(2)
    expired, arrived = threading.Event(), threading.Event()
    real = Barrier._break

    def dawdle(self: Barrier, generation: Generation, verdict: Verdict) -> Verdict:
        expired.set()
        arrived.wait(10)
        return real(self, generation, verdict)

    monkeypatch.setattr(Barrier, "_break", dawdle)
    (late,) = start(lambda: barrier.wait(0.01))
    assert expired.wait(10)
    assert barrier.wait() == 1
    arrived.set()
    assert late.returned() == 0
    assert barrier.statistics() == BarrierStatistics(tripped=1, broken=0, waiting=0)


def test_the_default_timeout_is_the_barriers() -> None:
    """P7: `timeout` given to the barrier holds for every wait that has none of its own."""
    with pytest.raises(BrokenBarrierError, match="timed out"):
        Barrier(2, timeout=0.01).wait()
    patient = Barrier(2, timeout=0)
    (waiter,) = start(lambda: patient.wait(20))
    until(lambda: patient.n_waiting == 1)
    assert patient.wait() == 1
    assert waiter.returned() == 0


def test_a_timeout_of_zero_still_meets() -> None:
    """P7: who arrives last has nothing to wait for, so its timeout does not matter."""
    barrier = Barrier(2)
    (waiter,) = start(lambda: barrier.wait(math.inf))
    until(lambda: barrier.n_waiting == 1)
    assert barrier.wait(0) == 1
    assert waiter.returned() == 0


def test_a_wait_expires_while_the_action_runs() -> None:
    """P7: an action that takes long does not hold back a waiter's timeout; its last arriver then finds it broken."""
    waiter_left = threading.Event()
    barrier = Barrier(2, action=lambda: waiter_left.wait(10))
    (waiter,) = start(lambda: barrier.wait(0.02))
    until(lambda: barrier.n_waiting == 1)
    (last,) = start(barrier.wait)
    waiter.raised(BrokenBarrierError)
    waiter_left.set()
    last.raised(BrokenBarrierError)


def test_a_wait_does_not_wait_for_those_who_leave() -> None:
    """P2, P7: one who comes back while a partner has not yet left times out on time, and breaks only its own round."""
    barrier = Barrier(2)
    for _ in range(20):
        (slow,) = start(barrier.wait)
        barrier.wait(10)
        with pytest.raises(BrokenBarrierError, match="timed out"):
            barrier.wait(0.001)
        slow.returned()
        barrier.reset()


def test_reset_sends_the_waiters_away() -> None:
    """P8: they get BrokenBarrierError, which says so; the barrier was never broken and is as new."""
    barrier = Barrier(3)
    waiters = start(barrier.wait, 2)
    until(lambda: barrier.n_waiting == 2)
    barrier.reset()
    assert not broken(barrier)
    for waiter in waiters:
        assert "reset() was called" in str(waiter.raised(BrokenBarrierError))
    assert sorted(together(*[barrier.wait] * 3)) == [0, 1, 2]
    barrier.reset()
    assert barrier.statistics() == BarrierStatistics(tripped=1, broken=1, waiting=0)


# There, while an exception is on its way to a thread that sleeps, a traced thread that enters a function never comes out
# of the look whether the exception is for itself.
UNTRACED = pytest.mark.skipif(
    sys.gettrace() is not None and sys.version_info < (3, 12),
    reason="CPython 3.11 loops for ever if such an exception meets a trace function, coverage's for instance",
)


def _throw(thread_id: int, error: type[BaseException]) -> None:
    """Deliver an exception into another thread, at the next point where Python does that."""
    changed = ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread_id), ctypes.py_object(error))
    assert changed == 1


@UNTRACED
def test_an_exception_after_the_trip_takes_no_index_away() -> None:
    """P10: thrown into a sleeping waiter it arrives when the waiter wakes up: the round stands, the next is whole."""
    barrier = Barrier(3)
    identity: list[int] = []

    def victim() -> int:
        identity.append(threading.get_ident())
        return barrier.wait()

    (struck,) = start(victim)
    until(lambda: barrier.n_waiting == 1)
    (other,) = start(barrier.wait)
    until(lambda: barrier.n_waiting == 2)
    _throw(identity[0], InterruptedError)
    assert barrier.wait() == 2
    struck.raised(InterruptedError)
    assert other.returned() == 1
    assert sorted(together(*[barrier.wait] * 3)) == [0, 1, 2]


@UNTRACED
def test_an_interrupted_waiter_breaks_its_generation() -> None:
    """P10: thrown into a waiter that then times out, it gets out, and the companions learn what it was."""
    barrier = Barrier(3)
    identity: list[int] = []

    def victim() -> int:
        identity.append(threading.get_ident())
        return barrier.wait(0.1)

    (struck,) = start(victim)
    (other,) = start(barrier.wait)
    until(lambda: barrier.n_waiting == 2)
    _throw(identity[0], InterruptedError)
    struck.raised(InterruptedError)
    assert isinstance(other.raised(BrokenBarrierError).__cause__, InterruptedError)
    assert barrier.broken


def test_a_body_that_raises_aborts() -> None:
    """`with barrier:` lets the others go if a worker fails before it arrives, and lets the exception through."""
    barrier = Barrier(2)
    (waiter,) = start(barrier.wait)
    until(lambda: barrier.n_waiting == 1)
    with pytest.raises(ZeroDivisionError), barrier:
        raise ZeroDivisionError("before it arrived")
    waiter.raised(BrokenBarrierError)
    barrier.reset()
    with barrier as same:
        assert same is barrier
    assert not barrier.broken
