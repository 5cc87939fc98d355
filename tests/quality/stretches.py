"""Where the time of one execution goes: each stretch of code between two steps, with its hooks and without them.

    python -m tests.quality.stretches [--scenario barrier_3] [--runs 1000]

The last execution of an exploration is repeated, and each stretch is timed from where the chooser returns to where it is
asked again. The least time of all repetitions is printed, in microseconds: what the code takes when nothing disturbs it.
The search has no part in it, nor what a world does before and after an execution (see `tests.quality.cost`).
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

from tests.quality.cost import KINDS, ready
from treadle.search.exploration import explore
from treadle.search.optimal import Optimal

if TYPE_CHECKING:
    from treadle.model.trace import Event
    from treadle.semantics.execution import Execution


class Stopwatch:
    """The chooser that does the same again, and takes the time."""

    def __init__(self, events: list[Event]) -> None:
        self.least = [float("inf")] * (len(events) + 1)
        self._events = events
        self._since = 0.0

    def begin(self, execution: Execution) -> None:  # noqa: ARG002 - as every chooser
        """The first stretch begins."""
        self._since = time.perf_counter()

    def step(self, execution: Execution) -> Event | None:
        """The stretch has ended; the next one begins."""
        taken = time.perf_counter() - self._since
        depth = len(execution.events)
        self.least[depth] = min(self.least[depth], taken)
        event = self._events[depth] if depth < len(self._events) else None
        if event is not None:
            execution.retake(event)
        self._since = time.perf_counter()
        return event


def timed(scenario: str, kind: str, runs: int) -> tuple[list[Event], list[float]]:
    """The steps of an execution, and the seconds before each and after the last."""
    subject = ready(scenario, KINDS[kind])
    events: list[Event] = []

    def keep(execution: Execution) -> None:
        events[:] = execution.events

    explore(subject, Optimal(), stop_at_failure=False, watch=lambda execution, _: keep(execution))
    watch = Stopwatch(events)
    for _ in range(runs):
        subject.run(watch)
    return events, watch.least


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--scenario", default="barrier_3", help="a function of tests/quality/rounds.py")
    parser.add_argument("--runs", type=int, default=1_000)
    arguments = parser.parse_args()
    _, plain = timed(arguments.scenario, "locks only", arguments.runs)
    events, hooked = timed(arguments.scenario, "access", arguments.runs)
    print(f"{'before':54}{'plain':>8}{'hooked':>8}")
    for position, (without, beside) in enumerate(zip(plain, hooked, strict=True)):
        said = f"{events[position].operation} by {events[position].task}" if position < len(events) else "the end"
        print(f"{said:54}{without * 1e6:8.1f}{beside * 1e6:8.1f}")
    print(f"{'all':54}{sum(plain) * 1e6:8.1f}{sum(hooked) * 1e6:8.1f}")


if __name__ == "__main__":
    main()
