"""The action of phalanx.Barrier on real threads: once, alone, and free to abort and reset (P4, P11)."""

from __future__ import annotations

import threading

import pytest

from phalanx import Barrier, BarrierStatistics, BrokenBarrierError
from tests.real.crew import start, together, until


def test_the_action_runs_once_in_the_last_arriver_before_any_release() -> None:
    """P4: 100 rounds of 3 threads run it 100 times, each time in the thread that gets index 2."""
    ran: list[int] = []
    barrier = Barrier(3, action=lambda: ran.append(threading.get_ident()))

    def worker() -> None:
        for turn in range(1, 101):
            index = barrier.wait()
            assert len(ran) == turn
            assert (ran[turn - 1] == threading.get_ident()) == (index == 2)
            everybody.wait()

    everybody = Barrier(3)
    together(worker, worker, worker)
    assert len(ran) == 100


def test_an_action_that_raises_breaks_the_generation() -> None:
    """P4: the last arriver gets the exception, the others BrokenBarrierError with it as the cause; so do later ones."""
    mistake = ValueError("no")

    def action() -> None:
        raise mistake

    barrier = Barrier(2, action)
    (waiter,) = start(barrier.wait)
    until(lambda: barrier.n_waiting == 1)
    with pytest.raises(ValueError, match="no") as raised:
        barrier.wait()
    assert raised.value is mistake
    assert waiter.raised(BrokenBarrierError).__cause__ is mistake
    with pytest.raises(BrokenBarrierError, match="the thread that runs its action was stopped by an exception") as late:
        barrier.wait()
    assert late.value.__cause__ is mistake


@pytest.mark.parametrize("what", ["abort", "reset"])
def test_the_action_may_abort_and_reset(what: str) -> None:
    """P11: that breaks the generation for everybody, the last arriver included, and nothing deadlocks."""
    barrier = Barrier(2, action=lambda: getattr(barrier, what)())
    for outcome in start(barrier.wait, 2):
        outcome.raised(BrokenBarrierError)
    assert barrier.broken == (what == "abort")
    assert barrier.statistics() == BarrierStatistics(tripped=0, broken=1, waiting=0)


def test_the_action_may_not_wait() -> None:
    """P11: it gets a RuntimeError that says what it did; others may go on if it catches that."""
    refused: list[BaseException] = []

    def action() -> None:
        try:
            barrier.wait()
        except RuntimeError as error:
            refused.append(error)

    barrier = Barrier(2, action)
    assert sorted(together(barrier.wait, barrier.wait)) == [0, 1]
    assert "wait() was called by the barrier's own action" in str(refused[0])


def test_actions_of_two_generations_never_overlap() -> None:
    """P4: with four callers of a barrier for two, the second pair's action starts when the first one's has ended."""
    inside: list[int] = []
    most: list[int] = []
    first_may_end = threading.Event()

    def action() -> None:
        inside.append(1)
        most.append(len(inside))
        first_may_end.wait(10)
        inside.pop()

    barrier = Barrier(2, action)
    first = start(barrier.wait, 2)
    until(lambda: len(inside) == 1)
    second = start(barrier.wait, 2)
    until(lambda: barrier.n_waiting == 2)
    first_may_end.set()
    assert sorted(outcome.returned() for outcome in first) == [0, 1]
    assert sorted(outcome.returned() for outcome in second) == [0, 1]
    assert most == [1, 1]


@pytest.mark.parametrize("stop", ["abort", "reset", "waiter's timeout", "last arriver's timeout"])
def test_who_waits_for_an_earlier_action_can_be_stopped(stop: str) -> None:
    """P6, P7, P8: a full generation whose turn has not come breaks at once, while the earlier action runs on."""
    first_may_end = threading.Event()
    running = threading.Event()

    def action() -> None:
        running.set()
        first_may_end.wait(10)

    barrier = Barrier(2, action)
    first = start(barrier.wait, 2)
    assert running.wait(10)
    second = start(lambda: barrier.wait(0.02 if stop == "waiter's timeout" else None))
    second += start(lambda: barrier.wait(0.02 if stop == "last arriver's timeout" else None))
    if not stop.endswith("timeout"):
        until(lambda: all(outcome.asleep() for outcome in second))
        getattr(barrier, stop)()
    for outcome in second:
        outcome.raised(BrokenBarrierError)
    first_may_end.set()
    for outcome in first:
        outcome.raised(BrokenBarrierError)
    barrier.reset()
    assert sorted(together(barrier.wait, barrier.wait)) == [0, 1]
