"""A program: barriers on real threads under everything at once, for as long as you like, with a watchdog.

    python -m tests.real.stress SYNCHRONISATIONS [SEED]

Crews of 2 to 16 threads meet at a barrier of each kind with random delays; now and then one gives a tiny timeout, aborts
or resets. After each crew the books must balance: every index was given exactly as often as generations tripped, so no
generation had two verdicts (P3), gave an index twice (P5) or let somebody through early (P1); and everybody came back
(P6, P7, P8, P9), else the watchdog ends the program with the stacks of all threads.

It prints how many synchronisations it made, and of what kind.
"""

from __future__ import annotations

import faulthandler
import random
import sys
import threading
import time
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from phalanx import Barrier, ElasticBarrier, TreeBarrier

if TYPE_CHECKING:
    from collections.abc import Callable

Any = Barrier | TreeBarrier | ElasticBarrier
KINDS: dict[str, Callable[[int], Any]] = {
    "Barrier": Barrier,
    "TreeBarrier": partial(TreeBarrier, arity=2),
    "ElasticBarrier": ElasticBarrier,
}
PATIENCE = 60.0
"""Seconds without any progress after which the program ends with an error."""


def crew(barrier: Any, rounds: int, seed: int) -> int:
    """Let as many threads as there are parties meet about so often; how many generations tripped."""
    given: list[Counter[int]] = [Counter() for _ in range(barrier.parties)]
    over = threading.Event()
    workers = [
        threading.Thread(
            target=work, args=(barrier, rounds, random.Random(f"{seed} {number}"), mine, over), daemon=True
        )
        for number, mine in enumerate(given)
    ]
    for worker in workers:
        worker.start()
    over.wait()
    while any(worker.is_alive() for worker in workers):
        # Again and again: a worker may have been about to reset when the first of them was done.
        barrier.abort()
        time.sleep(0.001)
    total = sum(given, Counter())
    tripped = barrier.statistics().tripped
    assert [total[index] for index in range(len(given))] == [tripped] * len(given), f"{tripped} tripped, and {total}"
    return tripped


def work(barrier: Any, rounds: int, dice: random.Random, mine: Counter[int], over: threading.Event) -> None:
    """What each thread does. The first that is done ends it for all."""
    for _ in range(rounds):
        chance = dice.random()
        if chance < 0.01:
            time.sleep(dice.random() / 1_000)
        elif chance < 0.01 + 0.02 / barrier.parties:
            (barrier.abort if dice.random() < 0.5 else barrier.reset)()
        try:
            mine[barrier.wait(dice.random() / 100) if chance > 1 - 0.1 / barrier.parties else barrier.wait()] += 1
        except threading.BrokenBarrierError:
            if over.is_set():
                return
            if barrier.broken:  # else somebody has mended it, and others may be there again
                barrier.reset()
    over.set()


def stress(synchronisations: int, seed: int) -> Counter[str]:
    """Crew after crew, of every kind in turn, until there were so many synchronisations."""
    dice = random.Random(seed)
    done: Counter[str] = Counter()
    while done.total() < synchronisations:
        for name, make in KINDS.items():
            faulthandler.dump_traceback_later(PATIENCE, exit=True)
            parties = dice.randint(2, 16)
            done[name] += crew(make(parties), min(2_000, max(50, synchronisations // 3)), dice.randrange(1 << 30))
            faulthandler.cancel_dump_traceback_later()
    return done


if __name__ == "__main__":
    print(dict(stress(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)))
