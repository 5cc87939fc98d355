"""Who decides whether a changed `phalanx.Barrier` is still right: client programs, scenarios, and tests, in this order.

A judge has a name, and refuses or not. One that begins with *conform* holds the barrier against spec/Barrier.tla, in every
interleaving of every client program within some bounds, or with an exception at every point of a wait; one that begins with a
promise explores a case of `cases` or of `parts`; a file of tests/real runs on real threads, and is there for what is said in
words, not in steps, and for what the system does.

Pipes have judges of their own: a barrier takes none before it is used for a while, and the client programs are short.

Every judge lets the barrier itself pass; a test sees to that for the first one, which kills most, and `python -m
tests.verify.judges` for all.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import treadle
from tests.verify import cases, parts
from treadle.api.conforming import conform
from treadle.conformance.kits.barrier import ACTIONS
from treadle.conformance.words import Program

if TYPE_CHECKING:
    from treadle.api.tally import Progress

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 30
"""Of the processor's time, for one judge: several times what the real barrier needs."""
MEMORY = 6 * 2**30
"""Bytes of address space: a mutant may fill a list without end."""
STEPS = 3_000
"""Of one execution: the real barrier needs less than 300."""


@dataclass(frozen=True, slots=True)
class Held:
    """A class that is held against the contract by some client programs."""

    programs: tuple[Program, ...]
    target: str = "phalanx:Barrier"

    def refuses(self, first: int | None = None) -> bool:
        """Whether it does something that the contract does not allow; in the first programs, if it is said."""
        programs = self.programs[:first]
        try:
            verdict = conform(self.target, "Barrier", programs=programs, max_steps=STEPS, watch=_stop)
        except _FoundError:
            return True
        return verdict.status is not treadle.Status.PROVED


class _FoundError(Exception):
    """There is a violation."""


def _stop(progress: Progress) -> None:
    """Nobody reads the story, so it need not be made small."""
    if progress.verdict.failures:
        raise _FoundError("the contract is violated")


def _programs(action: str | None, *threads: tuple[tuple[str, ...], ...], **setup: object) -> tuple[Program, ...]:
    """Client programs of a barrier, for two unless it is said."""
    return tuple(Program(each, {"parties": 2, "action": action} | setup) for each in threads)


PIPED = "tests.verify.piped:Piped"
WAIT, TIMED = ("wait",), ("wait_timeout",)
SMALL = (
    *_programs(None, (WAIT, WAIT), (WAIT, TIMED), (WAIT, ("abort",)), (WAIT, ("reset",)), (TIMED, ("abort",))),
    *_programs(None, (TIMED, TIMED), (TIMED, ("reset",)), (("abort",), ("reset",))),
    *(program for action in ACTIONS for program in _programs(action, (WAIT, WAIT))),
    *_programs("works", (WAIT, TIMED), (WAIT, WAIT, ("abort",)), (WAIT, WAIT, WAIT), (WAIT, WAIT, TIMED)),
    *_programs("stops", (WAIT, TIMED)),
    *_programs(None, (WAIT, TIMED), slow=("a",)),
    # What is read, and what is refused.
    *_programs(None, (("n_waiting", "wait", "n_waiting"), WAIT), (WAIT, ("broken",)), (("misuse", "broken"),)),
    *_programs(None, (WAIT, WAIT, ("broken",)), (WAIT, WAIT, WAIT)),
    *_programs("works", (WAIT, WAIT, ("n_waiting",))),
    *_programs(None, (WAIT, ("abort",), ("n_waiting",)), (("abort", "n_waiting"),)),
    # One generation after the other.
    *_programs(None, (("abort", "reset", "wait"), WAIT), (("reset", "wait"), WAIT), (("abort", "abort", "broken"),)),
    *_programs(None, (("wait_timeout", "reset", "broken"),), (WAIT, WAIT, ("reset",)), (WAIT, WAIT, ("abort", "wait"))),
    *_programs(None, (("wait", "wait"), ("wait", "wait"))),
    # One party, whose actions take turns.
    *_programs(None, (("wait", "reset", "wait"),), (WAIT, ("abort", "reset", "wait")), parties=1),
    *_programs("works", (WAIT, ("reset", "wait")), (WAIT, ("reset", "wait_timeout")), parties=1),
    *_programs("raises", (("wait", "reset", "wait"),), (WAIT, ("reset", "wait")), parties=1),
    *_programs("resets", (("wait", "wait"),), parties=1),
    *_programs("stops", (WAIT, ("reset", "wait_timeout")), (WAIT, WAIT, ("abort",)), parties=1),
    *_programs("works", (("abort", "wait"),), parties=1),
    *_programs(None, (WAIT, WAIT, WAIT), (WAIT, WAIT, TIMED), parties=3),
)
STRUCK = (
    *_programs(None, (WAIT, WAIT), (TIMED,), faults="1"),
    *_programs("works", (WAIT, WAIT), faults="1"),
    *_programs(None, (WAIT, WAIT), parties=3, faults="1"),
)
PIPES_USED = _programs(
    None,
    (WAIT, WAIT),
    (WAIT, TIMED),
    (WAIT, ("abort",)),
    (TIMED, ("reset", "wait")),
    (("wait", "wait", "wait", "wait"), ("wait", "wait", "wait", "wait")),
    (("wait", "wait_timeout", "wait"), ("wait", "wait", "wait")),
)
CONFORM = {
    "conform: small programs": Held(SMALL),
    "conform: struck by an exception": Held(STRUCK),
}
PIPES = {
    "conform: pipes": Held(PIPES_USED, PIPED),
    "conform: pipes, struck": Held(_programs(None, (WAIT, WAIT), faults="1"), PIPED),
}
SCENARIOS = {
    "P2 apart 2x2": f"{cases.__name__}:apart_phalanx_2x2",
    "P9 progress 3x1": f"{cases.__name__}:progress_phalanx_3x1",
    "P4 actions never overlap": f"{parts.__name__}:actions_in_turn",
    "P10 who is struck twice": f"{parts.__name__}:struck_twice",
    "P10 an abort that is struck": f"{parts.__name__}:struck_abort",
    "P7 late sleepers ring": f"{parts.__name__}:late_sleeper_rings",
    "P12 a reading that is overtaken": f"{parts.__name__}:overtaken_reading",
    "P7 onlookers in time": f"{parts.__name__}:onlookers_in_time",
    "P7 turns in time": f"{parts.__name__}:turns_in_time",
    "P9 gates are handed on": f"{parts.__name__}:handed_on",
}
TESTS = ("tests/real/test_reading.py", "tests/real/test_breaking.py", "tests/real/test_action.py")
SYSTEM = ("tests/real/test_pipe.py",)
EVERY = (*CONFORM, *SCENARIOS, *TESTS, *PIPES, *SYSTEM)
OF_MODULE = {
    "pipe": (*PIPES, *SYSTEM),
    "barrier": (*CONFORM, *PIPES, *SYSTEM),
    "cyclic": (*CONFORM, *SCENARIOS, *TESTS, *SYSTEM),
}
"""Whom a mutant of a module meets; of the other modules: all but those for pipes. (A barrier without pipes is no part of
`pipe`; in `cyclic` it is noted whether pipes would do.)"""


def names(module: str, first: str | None = None) -> list[str]:
    """The judges of a module's mutants, in the order in which they are asked; the one named first before all."""
    every = OF_MODULE.get(module, (*CONFORM, *SCENARIOS, *TESTS))
    return [first, *(name for name in every if name != first)] if first in every else list(every)


def enter(folder: str) -> None:
    """Prepare this process: what is imported from now on comes from the folder; what does not end is stopped."""
    sys.path.insert(0, folder)
    os.chdir(ROOT)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def refuses(name: str, folder: str, *, shortly: bool = False) -> bool:
    """Whether the judge finds fault with what is in the folder, or what there is if none is named.

    `shortly` is for warming up: a program or two.
    """
    if folder:
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + SECONDS, resource.RLIM_INFINITY))
    if name in TESTS + SYSTEM:
        return _fails(name, folder)
    try:
        if name in SCENARIOS:
            return treadle.explore(SCENARIOS[name], max_steps=STEPS).status is not treadle.Status.PROVED
        return (CONFORM | PIPES)[name].refuses(2 if shortly else None)
    except treadle.TreadleError:
        return True  # it cannot even be loaded, or made, or does not depend on the schedule alone


def _fails(test: str, folder: str) -> bool:
    """Whether a file of tests fails on real threads. A hang is a failure."""
    path = os.pathsep.join([folder, os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-o", "timeout=30", test]
    ended = subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, check=False)
    return ended.returncode != 0


def main() -> int:
    """Ask all about the barrier itself; 0 if none refuses it."""
    refusing = 0
    for name in EVERY:
        began = time.monotonic()
        refused = refuses(name, "")
        refusing += refused
        print(f"{name:40} {'refuses' if refused else 'lets it pass'} {time.monotonic() - began:8.1f} s", flush=True)
    return 1 if refusing else 0


if __name__ == "__main__":
    sys.exit(main())
