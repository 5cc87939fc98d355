"""A program: exceptions that a signal raises in the main thread, at random moments while it waits at a barrier.

    python -m tests.real.storm INTERRUPTS [KIND...]

Each round has a new barrier of a kind: ours (all of them in turn, if none is named) or, for comparison, the standard
library's, named `threading`. The partners wait again and again; so does the main thread, until a timer's signal raises KeyboardInterrupt in it, somewhere in
`wait` or between two of them. Then the main thread waits once more, with a long timeout: whether the interrupt left the
barrier broken or untouched, that must end at once. And the meetings have given out each index once.

A signal that strikes inside of a `__del__` raises nothing: Python throws that away. So the timer strikes again after a while.

It prints how many interrupts struck, and how many of them inside `wait`, and ends with 0. It ends with an assertion if a
barrier was wedged. Fifty thousand interrupts take one to two minutes.
"""

from __future__ import annotations

import random
import signal
import sys
import threading
import time
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

from phalanx import Barrier, ElasticBarrier, TreeBarrier
from phalanx import barrier as barrier_module

if TYPE_CHECKING:
    from collections.abc import Callable

LONG = 5.0
AGAIN = 0.2
"""Seconds after which the timer strikes once more, should the first interrupt have been lost."""
KINDS: dict[str, Callable[[], Any]] = {
    "gates": partial(Barrier, 2),
    "pipes": partial(Barrier, 2),
    "action": partial(Barrier, 2, lambda: None),
    "tree": partial(TreeBarrier, 4, arity=2),
    "elastic": partial(ElasticBarrier, 2),
}
THEIRS: Callable[[], Any] = partial(threading.Barrier, 2)


def interrupt(*_: object) -> None:
    """The signal's handler."""
    raise KeyboardInterrupt


def partner(barrier: Any, indices: list[int]) -> None:
    """Meet until the barrier breaks."""
    try:
        while True:
            indices.append(barrier.wait())
    except threading.BrokenBarrierError:
        return


def meet_until_interrupted(barrier: Any, indices: list[int], delay: float) -> bool:
    """Meet until the signal strikes; whether it did so inside of `wait`."""
    try:
        signal.setitimer(signal.ITIMER_REAL, delay, AGAIN)
        while True:
            index = barrier.wait()
            indices.append(index)
    except KeyboardInterrupt as error:
        signal.setitimer(signal.ITIMER_REAL, 0)
        frames = []
        traceback = error.__traceback__
        while traceback is not None:
            frames.append(traceback.tb_frame.f_code.co_name)
            traceback = traceback.tb_next
        return "wait" in frames


def storm(rounds: int, make: Callable[[], Any], seed: int = 1) -> int:
    """How many of so many interrupts struck inside of `wait`."""
    signal.signal(signal.SIGALRM, interrupt)
    dice = random.Random(seed)
    inside = 0
    for _ in range(rounds):
        barrier, mine = make(), list[int]()
        theirs = [list[int]() for _ in range(barrier.parties - 1)]
        others = [threading.Thread(target=partner, args=(barrier, indices), daemon=True) for indices in theirs]
        for other in others:
            other.start()
        inside += meet_until_interrupted(barrier, mine, dice.uniform(1e-6, 3e-4))
        began = time.monotonic()
        try:
            mine.append(barrier.wait(LONG))
        except threading.BrokenBarrierError:
            assert barrier.broken
        assert time.monotonic() - began < LONG, "wedged: the next wait was answered by nobody"
        barrier.abort()
        for other in others:
            other.join(LONG)
            assert not other.is_alive(), "wedged: a partner was never woken"
        check(mine, theirs, barrier)
    return inside


def check(mine: list[int], theirs: list[list[int]], barrier: Any) -> None:
    """All were told of the same meetings, save one that the main thread may not have heard of any more."""
    meetings = len(theirs[0])
    assert {len(indices) for indices in theirs} == {meetings}, f"the partners count {list(map(len, theirs))} meetings"
    if hasattr(barrier, "statistics"):
        assert barrier.statistics().tripped == meetings, "somebody was released from a round that never tripped"
    assert meetings - len(mine) in {0, 1}, f"{meetings} meetings for the others, {len(mine)} for the main thread"
    given = sum(map(Counter, theirs), Counter(mine))
    missing = {index: meetings - given[index] for index in range(barrier.parties) if given[index] != meetings}
    assert list(missing.values()) == [1] * (meetings - len(mine)), f"the indices are {given} in {meetings} meetings"


def main(arguments: list[str]) -> None:
    """What the command line asks for."""
    kinds = arguments[1:] or list(KINDS)
    usually = barrier_module.AFTER
    for kind in kinds:
        # Pipes from the first generation on: few rounds are long enough to come to them by themselves.
        barrier_module.AFTER = 0 if kind == "pipes" else usually  # type: ignore[misc] # a test may
        rounds = int(arguments[0]) // len(kinds)
        began = time.monotonic()
        inside = storm(rounds, THEIRS if kind == "threading" else KINDS[kind])
        print(f"{kind}: {rounds:,} interrupts, {inside:,} inside wait, {time.monotonic() - began:.0f} seconds")


if __name__ == "__main__":
    main(sys.argv[1:])
