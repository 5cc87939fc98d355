"""Shrinking: the same failure with the fewest preemptions, and then the fewest steps.

Three passes, each of which keeps only what was run again and failed in the same way:

1. *Slice.* Of the failing execution keep only what happens before the failure: for an exception, the causal past of the
   last step of the task that failed. (A deadlock needs all its steps.)
2. *Straighten.* Among the schedules of that same trace, take one with few changes of task: go on with a task for as
   long as the order of the trace allows. The trace, and so the failure, is the same.
3. *Search.* Explore with 0, 1, 2, ... preemptions, fewer than are left, within a budget of executions; the first
   failure of the same kind is one with the fewest preemptions there are. It is then sliced and straightened in turn.

`preemptions` counts as the bounded search does: a change of task where the task before could have gone on.
Law: tests/laws/test_shrink.py, minimal on every failing program that brute force can count.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from treadle.errors import NondeterminismError, ScheduleError
from treadle.model.verdict import Ending
from treadle.search.bounded import Bounded
from treadle.search.exploration import FAILURES, Limits, explore
from treadle.search.replay import Replay
from treadle.semantics.causality import Causality

if TYPE_CHECKING:
    from collections.abc import Sequence

    from treadle.model.schedule import Schedule
    from treadle.model.trace import Event
    from treadle.model.verdict import Verdict
    from treadle.semantics.execution import Execution, Subject


class Counting(Replay):
    """A replay that counts preemptions and keeps the causal order."""

    __slots__ = ("_last", "causality", "preemptions")

    def __init__(self, schedule: Schedule) -> None:
        super().__init__(schedule)
        self.causality = Causality()
        self.preemptions = 0
        self._last: int | None = None

    def begin(self, execution: Execution) -> None:
        """Start the one execution."""
        self.causality.begin(execution.initial)

    def step(self, execution: Execution) -> Event | None:
        """The next stored step."""
        could = self._last is not None and bool(execution.alternatives(self._last))
        event = super().step(execution)
        if event is not None:
            self.preemptions += could and event.task != self._last
            self._last = event.task
            self.causality.add(event)
        return event


@dataclass(frozen=True, slots=True)
class Failing:
    """A failing execution that was run: its schedule, its cost, and the order of its events."""

    schedule: Schedule
    execution: Execution
    causality: Causality
    preemptions: int

    @property
    def cost(self) -> tuple[int, int]:
        """Less is better: preemptions, then steps."""
        return self.preemptions, len(self.execution.events)


def shrink(subject: Subject, schedule: Schedule, *, executions: int = 2_000, seconds: float = 10.0) -> Schedule:
    """The smallest failing schedule found within the budget; the given one if nothing smaller fails alike.

    The subject must be the one whose execution the schedule is. Raises ScheduleError if the schedule does not fail.
    """
    best = _run(subject, schedule)
    if best is None:
        message = "the schedule to be shrunk does not fail"
        raise ScheduleError(message, expected=schedule.failure or "a failure", got="an execution that passes")
    best = _improved(subject, best)
    for bound in range(best.preemptions):
        found = _search(subject, best, bound, Limits(executions=executions, seconds=seconds))
        if found is not None:
            best = min(best, _improved(subject, found), key=lambda failing: failing.cost)
            break
    return best.schedule


def _run(subject: Subject, schedule: Schedule) -> Failing | None:
    """Run the schedule; None if it does not fit, or does not fail."""
    replay = Counting(schedule)
    try:
        execution = subject.run(replay)
    except (NondeterminismError, ScheduleError):
        return None
    if execution.ending not in FAILURES:
        return None
    written = execution.schedule(schedule.target, **schedule.options)
    return Failing(written, execution, replay.causality, replay.preemptions)


def _alike(one: Execution, other: Execution) -> bool:
    """Whether two executions fail in the same way."""
    if one.failure is None or other.failure is None:
        return one.ending is other.ending
    return (one.failure.kind, _head(one.failure.message)) == (other.failure.kind, _head(other.failure.message))


def _head(message: str) -> str:
    """The type of an exception, without its values."""
    return message.partition(":")[0]


def _improved(subject: Subject, failing: Failing) -> Failing:
    """Slice and straighten; keep each result that fails in the same way and costs less."""
    for change in (_sliced, _straightened):
        events = change(failing)
        candidate = _run(subject, _schedule(failing.schedule, events))
        if candidate is not None and _alike(failing.execution, candidate.execution) and candidate.cost <= failing.cost:
            failing = candidate
    return failing


def _schedule(like: Schedule, events: Sequence[Event]) -> Schedule:
    """The choices of some events of an execution, in a new order."""
    return replace(like, choices=tuple(like.choices[event.position] for event in events))


def _sliced(failing: Failing) -> list[Event]:
    """What happens before the last step of the task that failed; everything, if no single task failed."""
    events = failing.causality.events
    failure = failing.execution.failure
    task = failure.task if failure is not None else None
    last = failing.causality.last(task) if task is not None else None
    if last is None or failing.execution.ending is not Ending.FAILED:
        return events
    return [event for event in events if event.happens_before(last)]


def _straightened(failing: Failing) -> list[Event]:
    """Another schedule of the same trace: each task goes on for as long as the order of the trace allows."""
    left = list(failing.causality.events)
    order: list[Event] = []
    done = 0
    current: int | None = None
    while left:
        ready = [e for e in left if not e.past & ~(done | 1 << e.position)]
        same = [event for event in ready if event.task == current]
        event = (same or ready)[0]
        left.remove(event)
        order.append(event)
        done |= 1 << event.position
        current = event.task
    return order


def _search(subject: Subject, failing: Failing, bound: int, limits: Limits) -> Failing | None:
    """The first failure of the same kind with so many preemptions at most."""
    found: list[Schedule] = []
    like = failing.schedule

    class Stop(Bounded):
        """Ends the search at the first failure of the same kind."""

        __slots__ = ()

        def end(self, execution: Execution) -> bool:
            return super().end(execution) and not found

    def watch(execution: Execution, verdict: Verdict) -> None:  # noqa: ARG001 - every watcher is told
        if execution.ending in FAILURES and _alike(failing.execution, execution):
            found.append(execution.schedule(like.target, **like.options))

    explore(subject, Stop(bound), limits=limits, stop_at_failure=False, watch=watch)
    return _run(subject, found[0]) if found else None
