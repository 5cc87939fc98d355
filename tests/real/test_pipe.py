"""Barriers that wake their waiters by pipes, as they do once they are used: descriptors, forks, and odd bytes."""

from __future__ import annotations

import errno
import gc
import os
import signal
import threading
import warnings
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from phalanx import Barrier, BarrierStatistics, BrokenBarrierError
from phalanx import pipe as pipe_module
from phalanx.barrier import AFTER
from phalanx.gates import Gates
from phalanx.pipe import TAKES_NONE, PipeBell, new_bell
from tests.real.crew import PATIENCE, start, together, until

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(not pipe_module.AVAILABLE, reason="the platform has no pipes that are fit for it")

DESCRIPTORS = Path("/proc/self/fd")


def meet(barrier: Barrier, rounds: int, timeout: float | None = None) -> None:
    """Let as many threads as there are parties meet so often, and check the indices."""
    taken = together(*[lambda: [barrier.wait(timeout) for _ in range(rounds)]] * barrier.parties)
    assert all(sorted(given) == list(range(barrier.parties)) for given in zip(*taken, strict=True))


def seasoned(parties: int, action: Callable[[], object] | None = None) -> Barrier:
    """A barrier that has been used so often that it wakes by pipes."""
    barrier = Barrier(parties, action)
    meet(barrier, AFTER + 3)
    assert isinstance(barrier._generation.bell, PipeBell)
    return barrier


@pytest.mark.parametrize("parties", [2, 3, 9])
def test_pipes_are_used_again(parties: int) -> None:
    """P1, P5: over 100 rounds everybody meets, and two pipes are enough."""
    barrier = seasoned(parties)
    before = len(pipe_module._open)
    meet(barrier, 100)
    assert len(pipe_module._open) == before
    assert barrier.statistics() == BarrierStatistics(tripped=AFTER + 103, broken=0, waiting=0)


@pytest.mark.skipif(not DESCRIPTORS.is_dir(), reason="the platform does not list descriptors there")
def test_descriptors_are_given_back() -> None:
    """Fifty barriers that came and went, some of them broken, leave no descriptor behind."""
    gc.collect()
    before = len(list(DESCRIPTORS.iterdir()))
    for turn in range(50):
        barrier = seasoned(2)
        if turn % 2:
            with pytest.raises(BrokenBarrierError):
                barrier.wait(0.0001)
    del barrier
    gc.collect()
    assert len(list(DESCRIPTORS.iterdir())) == before


def by_turns(barrier: Barrier, rounds: int) -> None:
    """Let the threads of a barrier meet so often, each with a timeout in every other round, never all and never none."""

    def waits(first: int) -> list[int]:
        return [barrier.wait(20.0 if (first + turn) % 2 else None) for turn in range(rounds)]

    taken = together(*[partial(waits, thread) for thread in range(barrier.parties)])
    assert all(sorted(given) == list(range(barrier.parties)) for given in zip(*taken, strict=True))


def test_bytes_that_are_left_are_taken() -> None:
    """P1, P5: bytes that nobody takes, for those who have a timeout, are taken by nobody who uses the pipe again."""
    barrier = seasoned(3)
    before = len(pipe_module._open)
    meet(barrier, 50, 20.0)
    by_turns(barrier, 200)
    meet(barrier, 50)
    assert isinstance(barrier._generation.bell, PipeBell)
    assert len(pipe_module._open) == before


def take_none(bell: PipeBell, sleepers: int) -> bool:
    """Whether so many have said that they take no byte."""
    return bell.left.count(TAKES_NONE) == sleepers


def test_nothing_is_written_where_nobody_reads() -> None:
    """Where all sleepers have a timeout they are woken without a byte; where some have, each other one gets his."""
    barrier = seasoned(4)
    bells = []
    for readers in range(4):
        bell = barrier._generation.bell
        assert isinstance(bell, PipeBell)
        waiters = start(barrier.wait, readers) + start(partial(barrier.wait, 20.0), 3 - readers)
        until(partial(take_none, bell, 3 - readers))
        until(lambda: barrier.n_waiting == 3)
        assert barrier.wait() == 3
        assert sorted(waiter.returned() for waiter in waiters) == [0, 1, 2]
        bells.append(bell)
    assert [bell.written for bell in bells] == [0, 1, 2, None]


def test_a_pipe_whose_bytes_are_still_to_come_is_not_used_again() -> None:
    """P7: one who rings, and stands still before it writes, holds nobody up who makes the bell of a later generation."""
    bell = new_bell(1)
    assert bell is not None
    bell.gates.append(threading.Lock())
    bell.left[0] = TAKES_NONE
    bell.rung.append(None)
    assert bell.emptied() is None
    bell.written = 0
    assert bell.emptied() is bell.pipe


def test_who_comes_when_it_has_rung_does_not_sleep() -> None:
    """P9: who puts the gate there when it was looked for already finds the verdict."""
    bell = new_bell(2)
    assert bell is not None
    bell.open()
    assert bell.sleep(0, 20.0, {"verdict": None})
    assert bell.gates[0].locked()


def test_where_descriptors_are_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that gives none is no trouble: the barrier wakes by gates."""

    def refuse() -> NoReturn:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(os, "pipe", refuse)
    barrier = Barrier(3)
    meet(barrier, AFTER + 3)
    assert isinstance(barrier._generation.bell, Gates)


def test_not_too_many_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a number of pipes in the whole process, further barriers wake by gates."""
    monkeypatch.setattr(pipe_module, "MOST", len(pipe_module._open) + 2)
    first = seasoned(2)
    second = Barrier(2)
    meet(second, AFTER + 3)
    assert isinstance(second._generation.bell, Gates)
    meet(first, 10)
    assert isinstance(first._generation.bell, PipeBell)


@pytest.mark.parametrize("stop", ["abort", "reset"])
def test_breaking_wakes_everybody(stop: str) -> None:
    """P6, P8: abort and reset end the sleep of those who read a pipe and of those who have a timeout; the next round is whole."""
    barrier = seasoned(4)
    waiters = start(barrier.wait, 2) + start(partial(barrier.wait, 20))
    until(lambda: barrier.n_waiting == 3)
    getattr(barrier, stop)()
    for waiter in waiters:
        waiter.raised(BrokenBarrierError)
    barrier.reset()
    meet(barrier, 5)


def test_a_timeout_wakes_everybody() -> None:
    """P7: one whose time is up breaks its generation, for those who have time as well."""
    barrier = seasoned(4)
    waiters = start(barrier.wait) + start(partial(barrier.wait, 20)) + start(partial(barrier.wait, 0.01))
    for waiter in waiters:
        assert "a wait for it timed out" in str(waiter.raised(BrokenBarrierError))
    barrier.reset()
    meet(barrier, 5)


@pytest.mark.parametrize("timeout", [None, 20.0])
def test_late_bytes_release_nobody(timeout: float | None) -> None:
    """P1: bytes of a thread that rang for an earlier generation are taken for what they are, beside those with a timeout too."""
    barrier = seasoned(3)
    bell = barrier._generation.bell
    assert isinstance(bell, PipeBell)
    waiters = start(partial(barrier.wait, timeout), 2)
    until(lambda: all(waiter.asleep() or timeout is not None for waiter in waiters) and barrier.n_waiting == 2)
    # As one would who was struck when it wrote, and writes late.
    os.write(bell.pipe.writer, bell.pipe.some)
    (stranger,) = start(lambda: Barrier(1).wait())
    stranger.returned()
    assert not any(waiter.ended() for waiter in waiters)
    assert barrier.wait() == 2
    assert sorted(waiter.returned() for waiter in waiters) == [0, 1]
    meet(barrier, 10, timeout)


def forked(child: Callable[[], object]) -> int:
    """Run it in a child of this process that ends with 0 if it returns; the child's number."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # there are threads, and that is what is tested
        number = os.fork()
    if number == 0:
        try:
            # A child that hangs ends, and its parent sees that.
            signal.alarm(round(PATIENCE))
            child()
            os._exit(0)
        finally:
            os._exit(1)
    return number


def test_a_fork_while_threads_wait() -> None:
    """A child has its own pipes: its bytes reach no waiter here, and it can use the barrier after a reset."""
    barrier = seasoned(2)
    (waiter,) = start(barrier.wait)
    until(lambda: barrier.n_waiting == 1)

    def use() -> None:
        barrier.reset()
        threads = [threading.Thread(target=lambda: [barrier.wait() for _ in range(50)]) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert os.waitpid(forked(use), 0)[1] == 0
    assert not waiter.ended()
    assert barrier.wait() == 1
    assert waiter.returned() == 0
    meet(barrier, 10)


def test_a_fork_when_bytes_are_left() -> None:
    """A child does not look for the bytes that nobody has taken in its parent's pipe."""
    barrier = seasoned(3)
    by_turns(barrier, 5)

    def use() -> None:
        for _ in range(3):
            barrier.reset()
            waiters = start(barrier.wait) + start(partial(barrier.wait, 20.0))
            assert barrier.wait(20.0) + sum(waiter.returned() for waiter in waiters) == 3

    assert os.waitpid(forked(use), 0)[1] == 0
    by_turns(barrier, 5)


def test_a_child_that_lives_on_holds_nobody_up() -> None:
    """P9: waiters are woken while a child that was forked when they slept still has all descriptors open."""
    barrier = seasoned(2)
    (waiter,) = start(barrier.wait)
    until(lambda: barrier.n_waiting == 1)
    ours, theirs = os.pipe()

    def live_on() -> None:
        os.close(theirs)
        os.read(ours, 1)

    child = forked(live_on)
    assert barrier.wait() == 1
    assert waiter.returned() == 0
    os.close(theirs)
    os.close(ours)
    assert os.waitpid(child, 0)[1] == 0
