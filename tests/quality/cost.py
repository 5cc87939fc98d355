"""What one execution costs in the checker, beside what the same scenario costs when it is run once on real threads.

    python -m tests.quality.cost [--scenario barrier_3] [--repeat 7]

Both are measured in turns in one run, so that whatever else the machine does hits both. A processor may be twice as fast in one second as in
the next, so a factor is that of two neighbours, and the median of all such factors is printed. A number of the checker is the
time of a whole exploration, search included, divided by its executions: "locks only" looks at no shared access (and
proves nothing about code with races), "sync" records them and reports races, "access" makes those steps that race.
The first exploration of each is not counted: it compiles modules, and learns what "access" needs to know.

The factors are those of the wall clock, which is what one waits for, and of the processor: real threads wait for each other.
"""

from __future__ import annotations

import argparse
import time
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.quality import rounds
from tests.quality.worlds import settled, world
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


class Cost(NamedTuple):
    """Seconds for one run or execution."""

    wall: float
    cpu: float  # of all threads of the process


def real(scenario: Callable[[], object], runs: int = 200) -> Cost:
    """One run on real threads."""
    started, worked = time.perf_counter(), time.process_time()
    for _ in range(runs):
        scenario()
    return Cost((time.perf_counter() - started) / runs, (time.process_time() - worked) / runs)


def checked(subject: World, least: float = 0.1) -> tuple[Cost, int, int]:
    """One execution of an exploration, how many there are, and the steps in all of them."""
    started, worked, executions = time.perf_counter(), time.process_time(), 0
    while True:
        verdict = explore(subject, Optimal(), stop_at_failure=False)
        executions += verdict.executions
        seconds = time.perf_counter() - started
        if seconds >= least:
            cost = Cost(seconds / executions, (time.process_time() - worked) / executions)
            return cost, verdict.executions, verdict.steps


def ready(name: str, options: dict[str, Any]) -> World:
    """A world that has learned what there is to learn."""
    subject = world(name, **options)
    settled(subject)
    return subject


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--scenario", default="barrier_3", help="a function of tests/quality/rounds.py")
    parser.add_argument("--repeat", type=int, default=7, help="how often each is measured; medians are printed")
    arguments = parser.parse_args()
    subjects = {kind: ready(arguments.scenario, options) for kind, options in KINDS.items()}
    threads: dict[str, list[Cost]] = {kind: [] for kind in KINDS}
    costs: dict[str, list[Cost]] = {kind: [] for kind in KINDS}
    counts = {}
    for _ in range(arguments.repeat):
        for kind, subject in subjects.items():
            threads[kind].append(real(getattr(rounds, arguments.scenario)))
            cost, *counts[kind] = checked(subject)
            costs[kind].append(cost)
    once = medians([cost for measured in threads.values() for cost in measured])
    print(f"{arguments.scenario}: microseconds, medians of {arguments.repeat}")
    print(f"{'':24}{'wall':>8}{'CPU':>8}{'factors':>15}")
    print(f"{'real threads, one run':24}{once.wall * 1e6:8.0f}{once.cpu * 1e6:8.0f}")
    for kind, all_costs in costs.items():
        executions, steps = counts[kind]
        each = medians(all_costs)
        factor = factors(threads[kind], all_costs)
        rates = f"{1 / each.wall:7.0f} executions/s {steps / executions / each.wall:9.0f} steps/s"
        times = f"{each.wall * 1e6:8.0f}{each.cpu * 1e6:8.0f}   x{factor.wall:5.2f} x{factor.cpu:5.2f}"
        print(f"{f'one execution, {kind}':24}{times}   {executions:6} traces {rates}")


def factors(runs: list[Cost], executions: list[Cost]) -> Cost:
    """So many executions cost as much as one run: the medians over neighbours."""
    return medians([Cost(a.wall / b.wall, a.cpu / b.cpu) for a, b in zip(runs, executions, strict=True)])


def medians(costs: list[Cost]) -> Cost:
    """Of each kind of time alone."""
    return Cost(median(cost.wall for cost in costs), median(cost.cpu for cost in costs))


if __name__ == "__main__":
    main()
