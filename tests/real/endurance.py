"""A program: barriers that are used for a long time, and memory that stays as it was.

    python -m tests.real.endurance SECONDS [GENERATIONS A SECOND]

Three threads meet at a barrier of each kind, 100 times a second each if nothing else is said; every tenth generation is
broken, in turn by an abort, a reset or a timeout. All the while it counts what the process holds: its memory, Python's
blocks of memory, objects that the collector knows, and descriptors. The first quarter of the time is for
warming up; what the last quarter shows may not be more than what the second one did, save a little noise.

It prints both and how many generations there were, and ends with an assertion if something grew. The run in the
documentation took twenty minutes.
"""

from __future__ import annotations

import gc
import itertools
import os
import statistics
import sys
import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from phalanx import Barrier, BrokenBarrierError, ElasticBarrier, TreeBarrier

if TYPE_CHECKING:
    from collections.abc import Callable

PARTIES = 3
KINDS: dict[str, Callable[[], Any]] = {
    "Barrier": partial(Barrier, PARTIES),
    "Barrier, with a timeout": partial(Barrier, PARTIES, timeout=600.0),
    "Barrier, action": partial(Barrier, PARTIES, action=lambda: None),
    "TreeBarrier": partial(TreeBarrier, PARTIES, arity=2),
    "ElasticBarrier": partial(ElasticBarrier, PARTIES),
}
PROCESS = Path("/proc/self")
NOISE = {"bytes": 1 << 20, "blocks": 500, "objects": 200, "descriptors": 2}
"""What may be more in the end without being a leak: less than one thing for each thousand generations of a long run."""


class Held(NamedTuple):
    """What a process holds."""

    bytes: int
    """Resident memory; 0 where the platform does not tell."""
    blocks: int
    objects: int
    descriptors: int


def held() -> Held:
    """What this process holds now, when garbage has been collected."""
    gc.collect()
    blocks, objects = sys.getallocatedblocks(), len(gc.get_objects())
    if not PROCESS.is_dir():
        return Held(0, blocks, objects, 0)
    pages = int((PROCESS / "statm").read_text(encoding="ascii").split()[1])
    return Held(pages * os.sysconf("SC_PAGE_SIZE"), blocks, objects, len(list((PROCESS / "fd").iterdir())))


class Meeting:
    """Threads that meet at one barrier, so often a second, until they are told to stop."""

    def __init__(self, make: Callable[[], Any], rate: float) -> None:
        self.barrier = make()
        self._pause = 1 / rate
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._meet, args=(leads,), daemon=True)
            for leads in [True] + [False] * (PARTIES - 1)
        ]
        for thread in self._threads:
            thread.start()

    def _meet(self, leads: bool) -> None:
        for generation in itertools.count(1):
            if self._over.is_set():
                return
            if leads:
                self._over.wait(self._pause)
            try:
                self._break_or_wait(generation if leads else 0)
            except BrokenBarrierError:
                if self.barrier.broken:
                    self.barrier.reset()

    def _break_or_wait(self, generation: int) -> None:
        if generation % 30 == 10:
            self.barrier.abort()
        elif generation % 30 == 20:
            self.barrier.reset()
        elif generation % 30 == 29 and generation > 1_000:
            # Late: a barrier whose waits have timeouts wakes in another way from then on.
            self.barrier.wait(0)
        else:
            self.barrier.wait()

    def stop(self) -> tuple[int, int]:
        """Let the threads go; how many generations tripped and how many were broken."""
        self._over.set()
        while any(thread.is_alive() for thread in self._threads):
            self.barrier.abort()
            time.sleep(0.001)
        told = self.barrier.statistics()
        return told.tripped, told.broken


def endure(seconds: float, rate: float) -> tuple[Held, Held, dict[str, tuple[int, int]]]:
    """What was held in the second quarter of the time and in the last one, and how many generations there were."""
    meetings = {name: Meeting(make, rate) for name, make in KINDS.items()}
    samples = 40
    taken = []
    for _ in range(samples):
        time.sleep(seconds / samples)
        taken.append(held())
    generations = {name: meeting.stop() for name, meeting in meetings.items()}
    quarter = samples // 4
    return middle(taken[quarter : 2 * quarter]), middle(taken[-quarter:]), generations


def middle(taken: list[Held]) -> Held:
    """The median of each number."""
    return Held(*(int(statistics.median(values)) for values in zip(*taken, strict=True)))


def grown(before: Held, after: Held) -> dict[str, int]:
    """What there is more of than noise explains."""
    return {
        name: more for name, noise in NOISE.items() if (more := getattr(after, name) - getattr(before, name)) > noise
    }


def main(arguments: list[str]) -> None:
    """What the command line asks for."""
    rate = float(arguments[1]) if len(arguments) > 1 else 100.0
    before, after, generations = endure(float(arguments[0]), rate)
    for name, (tripped, broken) in generations.items():
        print(f"{name}: {tripped:,} generations tripped, {broken:,} were broken")
    print(f"before: {before}\nafter:  {after}")
    assert not grown(before, after), f"there is more than before: {grown(before, after)}"


if __name__ == "__main__":
    main(sys.argv[1:])
