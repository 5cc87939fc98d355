"""Who decides whether a changed `phalanx.Barrier` is still right: client programs, scenarios, and tests, in this order.

A judge has a name, and refuses or not. One that begins with *conform* holds the barrier against spec/Barrier.tla, in every
interleaving of every client program within some bounds; one that begins with a promise explores a case of `cases`, which
goes round after round; a file of tests/real runs on real threads, and is there for what is said in words, not in steps.

Every judge lets the barrier itself pass; a test sees to that for the first one, which kills most.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import treadle
from tests.verify import cases
from treadle.api.conforming import conform
from treadle.conformance.words import Bounds, Program

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 120
"""Of the processor's time, for all judges of one mutant: ten times of what the real barrier needs."""
STEPS = 3_000
"""Of one execution: the real barrier needs less than 300."""
CONFORM = {
    "conform: 2 threads, 1 call": Bounds(threads=2, rounds=1, parties=2),
    "conform: 1 party": Bounds(threads=1, rounds=2, parties=1),
    "conform: readers": Bounds(threads=2, rounds=1, parties=2, calls=("wait", "n_waiting", "broken", "misuse")),
}


def _programs(action: str | None, *programs: tuple[tuple[str, ...], ...]) -> list[Program]:
    """Client programs of a barrier for two."""
    return [Program(threads, {"parties": 2, "action": action}) for threads in programs]


PROGRAMS = {
    "conform: after a reset": _programs(
        None,
        (("abort", "reset", "wait"), ("wait",)),
        (("reset", "wait"), ("wait",)),
        (("wait_timeout", "reset", "broken"),),
        (("wait",), ("wait",), ("reset",)),
        (("wait",), ("wait",), ("abort", "wait")),
    ),
    "conform: a stranger at the action": _programs(
        "works",
        (("wait",), ("wait",), ("wait",)),
        (("wait",), ("wait",), ("abort",)),
        (("wait",), ("wait",), ("wait_timeout",)),
    ),
}
SCENARIOS = {
    "P2 apart 2x2": "apart_phalanx_2x2",
    "P9 progress 3x1": "progress_phalanx_3x1",
}
TESTS = ("tests/real/test_reading.py",)


def names(first: str | None = None) -> list[str]:
    """All judges in the order in which they are asked; the one named first, if it is one of them, before all."""
    every = [*CONFORM, *PROGRAMS, *SCENARIOS, *TESTS]
    return [first, *(name for name in every if name != first)] if first in every else every


def enter(folder: str) -> None:
    """Prepare this process: what is imported from now on comes from the folder; a loop without end is stopped."""
    sys.path.insert(0, folder)
    os.chdir(ROOT)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def refuses(name: str, folder: str) -> bool:
    """Whether the judge finds fault with what is in the folder."""
    if name in TESTS:
        return _fails(name, folder)
    try:
        if name in CONFORM:
            verdict = conform("phalanx:Barrier", "Barrier", bounds=CONFORM[name], max_steps=STEPS)
        elif name in PROGRAMS:
            verdict = conform("phalanx:Barrier", "Barrier", programs=PROGRAMS[name], max_steps=STEPS)
        else:
            verdict = treadle.explore(f"{cases.__name__}:{SCENARIOS[name]}", max_steps=STEPS)
    except treadle.TreadleError:
        return True  # it cannot even be loaded, or made, or does not depend on the schedule alone
    return verdict.status is not treadle.Status.PROVED


def _fails(test: str, folder: str) -> bool:
    """Whether a file of tests fails on real threads. A hang is a failure."""
    path = os.pathsep.join([folder, os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-o", "timeout=30", test]
    ended = subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, check=False)
    return ended.returncode != 0
