"""A program: exceptions that a signal raises in the main thread, at random moments while it waits at a barrier.

    python storm.py ROUNDS [threading]

Each round has a new barrier for two, ours or, for comparison, the standard library's. The partner waits again and again; so does the main thread, until a timer's
signal raises KeyboardInterrupt in it, somewhere in `wait` or between two of them. Then the main thread waits once more,
with a long timeout: whether the interrupt left the barrier broken or untouched, that must end at once. And each pair
of meetings has given out each index once.

It prints how many interrupts struck inside `wait`, and ends with 0. It ends with an assertion if a barrier was wedged.
"""

from __future__ import annotations

import random
import signal
import sys
import threading
import time
from collections import Counter

from phalanx import Barrier

LONG = 5.0
Any = Barrier | threading.Barrier


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
        signal.setitimer(signal.ITIMER_REAL, delay)
        while True:
            index = barrier.wait()
            indices.append(index)
    except KeyboardInterrupt as error:
        frames = []
        traceback = error.__traceback__
        while traceback is not None:
            frames.append(traceback.tb_frame.f_code.co_name)
            traceback = traceback.tb_next
        return "wait" in frames


def storm(rounds: int, make: type[Any]) -> int:
    """How many of the interrupts struck inside of `wait`."""
    signal.signal(signal.SIGALRM, interrupt)
    dice = random.Random(1)
    inside = 0
    for _ in range(rounds):
        barrier, mine, theirs = make(2), list[int](), list[int]()
        other = threading.Thread(target=partner, args=(barrier, theirs), daemon=True)
        other.start()
        inside += meet_until_interrupted(barrier, mine, dice.uniform(1e-6, 3e-4))
        began = time.monotonic()
        try:
            mine.append(barrier.wait(LONG))
        except threading.BrokenBarrierError:
            assert barrier.broken
        assert time.monotonic() - began < LONG, "wedged: the next wait was answered by nobody"
        barrier.abort()
        other.join(LONG)
        assert not other.is_alive(), "wedged: the partner was never woken"
        check(mine, theirs, barrier)
    return inside


def check(mine: list[int], theirs: list[int], barrier: Any) -> None:
    """Both were told of the same meetings, save one that the main thread may not have heard of any more."""
    if isinstance(barrier, Barrier):
        assert barrier.statistics().tripped == len(theirs), "somebody was released from a round that never tripped"
    assert len(theirs) - len(mine) in {0, 1}, f"{len(theirs)} meetings for one, {len(mine)} for the other"
    given = Counter(mine) + Counter(theirs)
    assert abs(given[0] - given[1]) <= len(theirs) - len(mine), f"the indices are {given}"


if __name__ == "__main__":
    print(storm(int(sys.argv[1]), threading.Barrier if "threading" in sys.argv else Barrier))
