"""A program: barriers on real threads under everything at once, every generation judged, with a watchdog.

    python -m tests.real.stress SYNCHRONISATIONS [SEED]

Crews of 2 to 16 threads meet at a barrier of each kind, with random delays; now and then one gives a tiny timeout,
aborts, resets, hands over a bad argument, or its action raises, aborts, resets or waits. The members of an elastic barrier
leave and join again, and arrive now and wait later. One more thread reads what the barrier says about itself. Everybody writes
down what happened, and after each crew `tests/real/judge.py` holds every generation and every wait against P1 to P13.
A crew that hangs ends the program with the stacks of all threads.

It prints how many synchronisations it made, and of what kind. A million take about a quarter of an hour on two processors.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from phalanx import Barrier, TreeBarrier
from tests.real.crews import Crew, ElasticCrew
from tests.real.judge import judge, overrun
from tests.real.watch import watched

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.real.journal import Journal

PATIENCE = 120.0
"""Seconds after which a crew hangs."""


def _cyclic(
    kind: Callable[..., Barrier | TreeBarrier], *, acts: bool, hurried: bool
) -> Callable[[int, random.Random], Crew]:
    def make(parties: int, dice: random.Random) -> Crew:
        return Crew(kind, parties, dice, acts=acts, hurried=hurried)

    return make


# What is met at: whether it has an action, and whether waits have timeouts. Those that have none are woken by pipes.
KINDS: dict[str, Callable[[int, random.Random], Crew]] = {
    "Barrier": _cyclic(Barrier, acts=False, hurried=False),
    "Barrier, timeouts": _cyclic(Barrier, acts=False, hurried=True),
    "Barrier, action": _cyclic(Barrier, acts=True, hurried=False),
    "Barrier, action and timeouts": _cyclic(Barrier, acts=True, hurried=True),
    "TreeBarrier": _cyclic(partial(TreeBarrier, arity=2), acts=False, hurried=True),
    "TreeBarrier, action": _cyclic(partial(TreeBarrier, arity=3), acts=True, hurried=True),
    "ElasticBarrier": ElasticCrew,
}


def stress(synchronisations: int, seed: int) -> Counter[str]:
    """Crew after crew, of every kind in turn, until there were so many synchronisations; how often what happened."""
    dice = random.Random(seed)
    done: Counter[str] = Counter()
    while done["synchronisations"] < synchronisations:
        for name, make in KINDS.items():
            with watched(PATIENCE):
                done += told(name, meet(make(dice.randint(2, 16), dice), min(2_000, max(20, synchronisations // 20))))
    return done


def meet(crew: Crew, rounds: int) -> Journal:
    """Let a crew meet about so often, and judge it."""
    journal = crew.run(rounds)
    judge(journal)
    return journal


def told(name: str, journal: Journal) -> Counter[str]:
    """A journal in numbers."""
    counts = Counter({"synchronisations": journal.tripped, f"synchronisations of {name}": journal.tripped, "crews": 1})
    counts["waits"] = len(journal.waits)
    counts += Counter(f"waits that were told: {wait.why}" for wait in journal.waits if wait.why)
    counts += Counter(f"calls of {call.what}" for call in journal.calls)
    counts += Counter(f"actions that {run.how or 'ran'}" for run in journal.runs)
    counts["waits with a timeout"] = sum(wait.timeout is not None for wait in journal.waits)
    counts["waits more than a tenth of a second late"] = sum(overrun(wait) > 10**8 for wait in journal.waits)
    counts["arrivals that waited later"] = sum(wait.arrived < wait.slept for wait in journal.waits)
    counts["stays of members"] = len(journal.stays)
    counts["readings"] = len(journal.readings)
    return counts


def main(arguments: list[str]) -> None:
    """What the command line asks for."""
    began = time.monotonic()
    seed = int(arguments[1]) if len(arguments) > 1 else 1
    for what, count in sorted(stress(int(arguments[0]), seed).items()):
        print(f"{count:>12,} {what}")
    print(f"{time.monotonic() - began:>12,.0f} seconds; seed {seed}; every promise was kept")


if __name__ == "__main__":
    main(sys.argv[1:])
