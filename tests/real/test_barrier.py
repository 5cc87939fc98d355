"""phalanx.Barrier on real threads: everybody meets, nobody is confused with another round (P1, P2, P3, P5, P9)."""

from __future__ import annotations

import gc
import random
import threading
import time
import weakref
from functools import partial

import pytest

from phalanx import Barrier, BarrierStatistics
from tests.real.crew import Outcome, start, together, until


@pytest.mark.parametrize("parties", [1, 2, 3, 8])
def test_nobody_is_released_early_or_twice(parties: int) -> None:
    """P1, P2, P5: in 200 rounds nobody is a round ahead, and each round gives each index once."""
    rounds = 200
    barrier = Barrier(parties)
    arrivals = [0] * parties
    indices: list[list[int]] = [[] for _ in range(parties)]

    def worker(me: int) -> None:
        for turn in range(1, rounds + 1):
            arrivals[me] = turn
            indices[me].append(barrier.wait())
            assert min(arrivals) >= turn

    together(*(partial(worker, me) for me in range(parties)))
    assert all(sorted(given) == list(range(parties)) for given in zip(*indices, strict=True))
    assert barrier.statistics() == BarrierStatistics(tripped=rounds, broken=0, waiting=0)


def test_indices_are_the_order_of_arrival() -> None:
    """P5: the first to arrive gets 0, the last parties - 1."""
    barrier = Barrier(4)
    early: list[Outcome[int]] = []

    def all_wait() -> bool:
        return barrier.n_waiting == len(early)

    for _ in range(3):
        early += start(barrier.wait)
        until(all_wait)
    assert barrier.wait() == 3
    assert [outcome.returned() for outcome in early] == [0, 1, 2]


def test_abort_after_the_trip_breaks_nobody() -> None:
    """P3: a thread that aborts as soon as it has passed leaves its partner's release alone, 300 times of 300."""
    for _ in range(300):
        barrier = Barrier(2)

        def pass_and_abort(barrier: Barrier = barrier) -> int:
            index = barrier.wait()
            barrier.abort()
            return index

        assert sorted(together(pass_and_abort, barrier.wait)) == [0, 1]
        assert barrier.broken


def test_reset_after_the_trip_breaks_nobody() -> None:
    """P3: nor does a thread that resets, and the barrier serves again."""
    for _ in range(100):
        barrier = Barrier(2)

        def pass_and_reset(barrier: Barrier = barrier) -> int:
            index = barrier.wait()
            barrier.reset()
            return index

        assert sorted(together(pass_and_reset, barrier.wait)) == [0, 1]
        assert sorted(together(barrier.wait, barrier.wait)) == [0, 1]


@pytest.mark.slow
def test_everyone_returns_whatever_the_pace() -> None:
    """P9: 6 threads that dawdle at random meet 1,000 times."""
    barrier = Barrier(6)

    def worker(seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(1_000):
            if dice.random() < 0.02:
                time.sleep(dice.random() / 1_000)
            barrier.wait()

    together(*(partial(worker, seed) for seed in range(6)))
    assert barrier.statistics().tripped == 1_000


def test_strangers_arrive_in_the_next_generation() -> None:
    """P13: of five callers of a barrier for two, four meet in pairs and one waits on."""
    barrier = Barrier(2)
    callers: list[Outcome[int]] = start(barrier.wait, 5)
    until(lambda: barrier.statistics() == BarrierStatistics(tripped=2, broken=0, waiting=1))
    assert barrier.wait() == 1
    assert sorted(caller.returned() for caller in callers) == [0, 0, 0, 1, 1]


def test_a_barrier_keeps_nothing_of_the_past() -> None:
    """A generation that is over, and the cause that broke it, are gone when the barrier has moved on."""
    barrier = Barrier(1)
    barrier.wait()
    over = weakref.ref(barrier)
    mistake = RuntimeError("gone")
    failing = Barrier(1, action=lambda: (_ for _ in ()).throw(mistake))
    with pytest.raises(RuntimeError, match="gone"):
        failing.wait()
    failing.reset()
    assert failing._generation.verdict is None
    del barrier
    gc.collect()
    assert over() is None


@pytest.mark.slow
def test_a_thousand_threads_meet() -> None:
    """P9: 1,024 threads meet three times, and each round gives out each index once."""
    parties = 1_024
    barrier = Barrier(parties)
    indices: list[list[int]] = []
    before = threading.stack_size(256 * 1024)
    try:
        crew = start(lambda: indices.append([barrier.wait() for _ in range(3)]), parties)
    finally:
        threading.stack_size(before)
    for outcome in crew:
        outcome.returned()
    assert all(sorted(given) == list(range(parties)) for given in zip(*indices, strict=True))
