"""A program: more than a thousand threads at one barrier.

    python -m tests.real.crowd [THREADS] [ROUNDS]

For each kind of barrier: all meet in ROUNDS generations (20, if nothing is said), and each gives every index once.
Then two are missing, and all the others are woken by an abort, by a reset and by the timeout of one more; after
each of these the barrier is reset. In the end all meet once more. A hang ends the program with the stacks of all threads.

1,024 threads, the default, take ten to twenty seconds.
"""

from __future__ import annotations

import sys
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from phalanx import Barrier, ElasticBarrier, TreeBarrier
from tests.real.watch import watched

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS: dict[str, Callable[[int], Any]] = {
    "Barrier": Barrier,
    "Barrier, with a timeout": partial(Barrier, timeout=600.0),
    "TreeBarrier": TreeBarrier,
    "ElasticBarrier": ElasticBarrier,
}
ENDINGS: dict[str, Callable[[Any], object]] = {
    "abort() was called": lambda barrier: barrier.abort(),
    "reset() was called while this thread waited": lambda barrier: barrier.reset(),
    "a wait for it timed out": lambda barrier: told(partial(barrier.wait, 0.01)),
}
STACK_BYTES = 256 * 1024
PATIENCE = 300.0
"""Seconds after which a crowd hangs."""


def told(wait: Callable[[], int]) -> int | str:
    """What a wait returns, or why the barrier is broken."""
    try:
        return wait()
    except threading.BrokenBarrierError as error:
        return str(error).partition(": ")[2]


class Crowd:
    """So many threads, each of which waits so often; what they were told, a list for each thread that is done."""

    def __init__(self, barrier: Any, size: int, rounds: int) -> None:
        self.told: list[list[int | str]] = []
        self._threads = [threading.Thread(target=self._stay, args=(barrier, rounds), daemon=True) for _ in range(size)]
        for thread in self._threads:
            thread.start()

    def _stay(self, barrier: Any, rounds: int) -> None:
        self.told.append([told(barrier.wait) for _ in range(rounds)])

    def rounds(self) -> list[tuple[int | str, ...]]:
        """What all were told, a tuple for each round, once they are done."""
        for thread in self._threads:
            thread.join()
        return list(zip(*self.told, strict=True))


def gather(make: Callable[[int], Any], parties: int, rounds: int) -> None:
    """Let so many threads meet at a barrier, and be parted; an assertion fails if something is not as promised."""
    barrier = make(parties)
    meet(barrier, rounds)
    for why, end in ENDINGS.items():
        crowd = Crowd(barrier, parties - 2, 1)
        while barrier.n_waiting < parties - 2:
            time.sleep(0.001)
        end(barrier)
        assert set(*crowd.rounds()) == {why}
        barrier.reset()
    meet(barrier, 1)
    assert barrier.statistics().tripped == rounds + 1


def meet(barrier: Any, rounds: int) -> None:
    """P1, P5, P9: all meet in every round, and get an index each."""
    for given in Crowd(barrier, barrier.parties, rounds).rounds():
        assert sorted(given, key=str) == sorted(range(barrier.parties), key=str)


def main(arguments: list[str]) -> None:
    """What the command line asks for."""
    parties, rounds = (*map(int, arguments), *(1_024, 20)[len(arguments) :])
    threading.stack_size(STACK_BYTES)
    for name, make in KINDS.items():
        began = time.monotonic()
        with watched(PATIENCE):
            gather(make, parties, rounds)
        print(f"{name}: {parties:,} threads, {rounds} rounds, parted 3 times, {time.monotonic() - began:.1f} seconds")


if __name__ == "__main__":
    main(sys.argv[1:])
