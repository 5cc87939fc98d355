"""What one execution costs in the checker, beside what the same scenario costs when it is run once on real threads.

    python -m tests.quality.cost [--scenario barrier_3] [--repeat 7]

Both are measured in turns in one run, so that whatever else the machine does hits both. A number of the checker is the
time of a whole exploration, search included, divided by its executions: "locks only" looks at no shared access (and
proves nothing about code with races), "sync" records them and reports races, "access" makes those steps that race.
The first exploration of each is not counted: it compiles modules, and learns what "access" needs to know.
"""

from __future__ import annotations

import argparse
import time
from statistics import median
from typing import TYPE_CHECKING, Any

from tests.quality import rounds
from tests.quality.worlds import world
from treadle.search.exploration import explore
from treadle.search.optimal import Optimal

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.runtime.world import World

KINDS: dict[str, dict[str, Any]] = {
    "locks only": {"granularity": "sync", "recorded": False},
    "sync": {"granularity": "sync", "recorded": True},
    "access": {"granularity": "access", "recorded": True},
}


def real(scenario: Callable[[], object], runs: int = 200) -> float:
    """Seconds for one run on real threads."""
    started = time.perf_counter()
    for _ in range(runs):
        scenario()
    return (time.perf_counter() - started) / runs


def checked(subject: World, least: float = 0.1) -> tuple[float, int, int]:
    """Seconds for one execution of an exploration, how many there are, and the steps in all of them."""
    started, times = time.perf_counter(), 0
    while True:
        verdict = explore(subject, Optimal(), stop_at_failure=False)
        times += 1
        seconds = time.perf_counter() - started
        if seconds >= least:
            return seconds / times / verdict.executions, verdict.executions, verdict.steps


def ready(name: str, options: dict[str, Any]) -> World:
    """A world that has learned what there is to learn."""
    subject = world(name, **options)
    explore(subject, Optimal(), stop_at_failure=False)
    while subject.outgrown:
        subject.renew()
        explore(subject, Optimal(), stop_at_failure=False)
    return subject


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--scenario", default="barrier_3", help="a function of tests/quality/rounds.py")
    parser.add_argument("--repeat", type=int, default=7, help="how often each is measured; medians are printed")
    arguments = parser.parse_args()
    subjects = {kind: ready(arguments.scenario, options) for kind, options in KINDS.items()}
    threads: list[float] = []
    costs: dict[str, list[float]] = {kind: [] for kind in KINDS}
    counts = {}
    for _ in range(arguments.repeat):
        threads.append(real(getattr(rounds, arguments.scenario)))
        for kind, subject in subjects.items():
            seconds, *counts[kind] = checked(subject)
            costs[kind].append(seconds)
    once = median(threads)
    print(f"{arguments.scenario}: microseconds, medians of {arguments.repeat}")
    print(f"{'real threads, one run':24}{once * 1e6:8.0f}")
    for kind, all_seconds in costs.items():
        executions, steps = counts[kind]
        each = median(all_seconds)
        rates = f"{1 / each:7.0f} executions/s {steps / executions / each:9.0f} steps/s"
        print(f"{f'one execution, {kind}':24}{each * 1e6:8.0f}   x{once / each:5.2f}   {executions:6} traces {rates}")


if __name__ == "__main__":
    main()
