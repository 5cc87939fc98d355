"""A program: forks while threads wait at barriers, meet, and run actions.

    python -m tests.real.forks FORKS [SEED]

For each kind of barrier some threads meet without a pause, while the main thread forks again and again. Each child has
the barrier as it was at that moment, and none of those threads. It resets it, and lets as many threads of its own meet
there 20 times. The threads of the parent must not notice, while the child runs and after it has ended. In the end every
index was given as often as generations tripped. A hang, here or in a child, ends the program with the stacks.

A thousand forks take less than a minute.
"""

from __future__ import annotations

import faulthandler
import os
import random
import signal
import sys
import threading
import time
import traceback
import warnings
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

from phalanx import Barrier, BrokenBarrierError, ElasticBarrier, TreeBarrier
from tests.real.watch import watched

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS: dict[str, Callable[[int], Any]] = {
    "Barrier": Barrier,
    "Barrier, with a timeout": partial(Barrier, timeout=60.0),
    "Barrier, action": partial(Barrier, action=lambda: time.sleep(0.0001)),
    "TreeBarrier": partial(TreeBarrier, arity=2),
    "ElasticBarrier": ElasticBarrier,
}
ROUNDS = 20
"""How often the threads of a child meet."""
PATIENCE = 20
"""Seconds after which a child hangs."""


def fork(barrier: Any) -> int:
    """Fork; the child uses the barrier and ends with 0. Its number."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # there are threads, and that is what is tried
        child = os.fork()
    if child:
        return child
    try:
        # Not the parent's watchdog, whose lock is held here by a thread that is not there.
        signal.alarm(PATIENCE)
        use(barrier)
        os._exit(0)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def use(barrier: Any) -> None:
    """In the child: make the barrier as new, and meet at it."""
    barrier.reset()
    given: list[int] = []

    def member() -> None:
        given.extend(barrier.wait() for _ in range(ROUNDS))

    threads = [threading.Thread(target=member, daemon=True) for _ in range(barrier.parties)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(given) == Counter(list(range(barrier.parties)) * ROUNDS), given


def meet_meanwhile(barrier: Any, given: list[int]) -> None:
    """In the parent: meet until the barrier is aborted."""
    try:
        while True:
            given.append(barrier.wait())
    except BrokenBarrierError:
        return


def forks(make: Callable[[int], Any], parties: int, times: int, dice: random.Random) -> int:
    """Fork so often while so many threads meet; how often these met."""
    barrier = make(parties)
    given: list[int] = []
    threads = [threading.Thread(target=meet_meanwhile, args=(barrier, given), daemon=True) for _ in range(parties)]
    for thread in threads:
        thread.start()
    for _ in range(times):
        time.sleep(dice.random() / 1_000)
        child = fork(barrier)
        met = barrier.statistics().tripped
        _, status = os.waitpid(child, 0)
        assert status == 0, f"a child of a fork ended with {status}"
        while barrier.statistics().tripped < met + 2:
            time.sleep(0.0001)
    barrier.abort()
    for thread in threads:
        thread.join()
    tripped = barrier.statistics().tripped
    assert Counter(given) == Counter(list(range(parties)) * tripped), f"{tripped} tripped, and {Counter(given)}"
    return int(tripped)


def main(arguments: list[str]) -> None:
    """What the command line asks for."""
    dice = random.Random(int(arguments[1]) if len(arguments) > 1 else 1)
    faulthandler.register(signal.SIGALRM, chain=True)
    for name, make in KINDS.items():
        began = time.monotonic()
        times, parties = int(arguments[0]) // len(KINDS), dice.randint(2, 8)
        with watched(PATIENCE + times):
            met = forks(make, parties, times, dice)
        seconds = time.monotonic() - began
        print(f"{name}: {times} forks while {parties} threads met {met:,} times, {seconds:.0f} seconds")


if __name__ == "__main__":
    main(sys.argv[1:])
