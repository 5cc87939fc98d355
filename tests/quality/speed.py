"""How fast the search is: steps and executions a second, for abstract programs and for real scenarios.

    python -m tests.quality.speed [--seconds 2]

Each subject is explored once, up to so many seconds, after a first execution that is not counted. Abstract programs show
the cost of the search alone; real scenarios add that of running Python code in a world. (What one execution costs beside
real threads is in `tests.quality.cost`.)
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from tests.quality.cost import ready
from treadle.search.exploration import Limits, explore
from treadle.search.optimal import Optimal
from treadle.semantics.program.subject import Program
from treadle.semantics.program.text import ProgramText

if TYPE_CHECKING:
    from treadle.semantics.execution import Subject

LAST_ZERO = [
    [["let", "i", 8], ["r", "a{i}", "v"], ["while", "v!=0", [["let", "i", "i-1"], ["r", "a{i}", "v"]]]],
    *[[["r", f"a{n}", "v"], ["w", f"a{n + 1}", "v+1"]] for n in range(8)],
]
PROGRAMS: dict[str, list[Any]] = {
    "four increments": [[["r", "x", "a"], ["w", "x", "a+1"]]] * 4,
    "a writer, nine readers": [[["w", "x", 1]], *[[["r", "x"]]] * 9],
    "six sections under a lock": [[["lock", "m"], ["rmw", "x"], ["unlock", "m"]]] * 6,
    "the last zero of eight": LAST_ZERO,
}
SCENARIOS: dict[str, tuple[str, dict[str, Any]]] = {
    "Barrier(3), locks only": ("barrier_3", {"granularity": "sync", "recorded": False}),
    "Barrier(3), sync": ("barrier_3", {"granularity": "sync"}),
    "Barrier(3), access": ("barrier_3", {"granularity": "access"}),
}


def subjects() -> dict[str, Subject]:
    """Everything that is measured, ready to be run."""
    found: dict[str, Subject] = {
        name: Program(ProgramText.of({"name": name, "threads": threads})) for name, threads in PROGRAMS.items()
    }
    found.update((name, ready(scenario, options)) for name, (scenario, options) in SCENARIOS.items())
    return found


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=2.0, help="at most so long for each subject")
    arguments = parser.parse_args()
    print(f"{'':28}{'executions':>12}{'steps':>10}{'executions/s':>14}{'steps/s':>12}")
    for name, subject in subjects().items():
        explore(subject, Optimal(), limits=Limits(executions=1), stop_at_failure=False)
        verdict = explore(subject, Optimal(), limits=Limits(seconds=arguments.seconds), stop_at_failure=False)
        rates = f"{verdict.executions / verdict.seconds:14,.0f}{verdict.steps / verdict.seconds:12,.0f}"
        print(f"{name:28}{verdict.executions:12,}{verdict.steps:10,}{rates}")


if __name__ == "__main__":
    main()
