"""The promises of a barrier as scenarios, over any class with the methods of `threading.Barrier`.

Each function is one promise of docs/reference/barrier.md, for `parties` threads that meet `rounds` times. It runs its
threads, joins them, and asserts. It is ordinary Python: the model checker explores every interleaving of it, and it
runs on real threads as well. Every thread writes only places of its own, so that the only order between the threads
is the one that the barrier makes.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

Make = Any  # a class with the methods of threading.Barrier


def run(*bodies: Callable[[], None]) -> None:
    """Run each body in a thread of its own, and join them all."""
    threads = [threading.Thread(target=body, name=f"worker-{index}") for index, body in enumerate(bodies)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def together(make: Make, parties: int, rounds: int) -> None:
    """P1: nobody is released from a generation before `parties` have arrived in it."""
    barrier = make(parties)
    arrived = [[False] * parties for _ in range(rounds)]

    def worker(me: int) -> None:
        for turn in range(rounds):
            arrived[turn][me] = True
            barrier.wait()
            assert all(arrived[turn]), f"released in round {turn + 1} when the arrivals were {arrived[turn]}"

    run(*(lambda me=me: worker(me) for me in range(parties)))


def apart(make: Make, parties: int, rounds: int) -> None:
    """P2: a generation counts only its own arrivals: who is released from one has seen all others leave the last."""
    barrier = make(parties)
    passed = [[False] * parties for _ in range(rounds)]

    def worker(me: int) -> None:
        for turn in range(rounds):
            barrier.wait()
            passed[turn][me] = True
            before = passed[turn - 1] if turn else [True]
            assert all(before), f"through round {turn + 1}, when of the round before had passed {before}"

    run(*(lambda me=me: worker(me) for me in range(parties)))
    assert all(map(all, passed)), passed


def once(make: Make, parties: int, rounds: int) -> None:
    """P4: the action runs exactly once in each generation, before any release."""
    runs: list[int] = []
    barrier = make(parties, action=lambda: runs.append(len(runs)))
    seen = [[0] * rounds for _ in range(parties)]

    def worker(me: int) -> None:
        for turn in range(rounds):
            barrier.wait()
            seen[me][turn] = len(runs)

    run(*(lambda me=me: worker(me) for me in range(parties)))
    assert len(runs) == rounds, f"{len(runs)} runs of the action in {rounds} rounds"
    for turn in range(rounds):
        assert min(mine[turn] for mine in seen) >= turn + 1, f"released before the action: {seen}"


def indices(make: Make, parties: int, rounds: int) -> None:
    """P5: the released participants of a generation get the indices 0..parties-1, each once."""
    barrier = make(parties)
    got = [[-1] * rounds for _ in range(parties)]

    def worker(me: int) -> None:
        for turn in range(rounds):
            got[me][turn] = barrier.wait()

    run(*(lambda me=me: worker(me) for me in range(parties)))
    for turn in range(rounds):
        given = sorted(mine[turn] for mine in got)
        assert given == list(range(parties)), f"indices {given} in round {turn + 1}"


def aborted(make: Make, parties: int, rounds: int) -> None:
    """P6: when `abort()` has returned nobody is left waiting, and later waits raise, whenever the abort comes."""
    barrier = make(parties)

    def worker() -> None:
        try:
            for _ in range(rounds):
                barrier.wait()
        except threading.BrokenBarrierError:
            return

    def breaker() -> None:
        barrier.abort()
        assert refuses(barrier), "a wait after the abort went through"

    run(*[worker] * parties, breaker)
    assert refuses(barrier), "the barrier is whole again"


def refuses(barrier: Make) -> bool:
    """Whether a wait raises BrokenBarrierError."""
    try:
        barrier.wait()
    except threading.BrokenBarrierError:
        return True
    return False


def progress(make: Make, parties: int, rounds: int) -> None:
    """P9: if all parties arrive and nobody interferes, everyone returns."""
    barrier = make(parties)
    turns = [0] * parties

    def worker(me: int) -> None:
        for _ in range(rounds):
            barrier.wait()
            turns[me] += 1

    run(*(lambda me=me: worker(me) for me in range(parties)))
    assert turns == [rounds] * parties, turns


def one_verdict(make: Make, parties: int, rounds: int) -> None:
    """P3: who has been released can take it back from nobody: an abort after the trip breaks nobody of that round."""
    del rounds
    barrier = make(parties)
    released = [False] * parties

    def worker(me: int) -> None:
        barrier.wait()
        released[me] = True
        if me == 0:
            barrier.abort()

    run(*(lambda me=me: worker(me) for me in range(parties)))
    assert all(released), released


def reentered(make: Make, parties: int, rounds: int) -> None:
    """P11: an action that aborts breaks the generation; nothing deadlocks."""
    del rounds
    barriers: list[Any] = []
    barriers.append(make(parties, action=lambda: barriers[0].abort()))
    broken = [False] * parties

    def worker(me: int) -> None:
        try:
            barriers[0].wait()
        except threading.BrokenBarrierError:
            broken[me] = True

    run(*(lambda me=me: worker(me) for me in range(parties)))
    assert all(broken), broken


def expired(make: Make, parties: int, rounds: int) -> None:
    """P7, in part: an expired wait breaks its generation, or finds it tripped and returns: all learn the same."""
    del rounds
    barrier = make(parties)
    verdicts = [""] * parties

    def worker(me: int) -> None:
        try:
            barrier.wait(1.0 if me == 0 else None)
        except threading.BrokenBarrierError:
            verdicts[me] = "broken"
        else:
            verdicts[me] = "tripped"

    run(*(lambda me=me: worker(me) for me in range(parties)))
    assert len(set(verdicts)) == 1, f"one generation, and {verdicts}"
