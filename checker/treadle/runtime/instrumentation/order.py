"""Which accesses of this execution are ordered: happens-before between the steps, read off the events.

An access that is no step of its own lies between two steps of its task: after the last one that the task has made,
before the next one that it will make. So it happens before what another task does now if and only if that *next* step
exists already and happens before the last step of the other task. Only one task runs at a time, so the time of an
access is one number: how many steps of anybody there were. The next step of its task is the first one of that task from
this position on; and since the past of an event holds with each step of a task all earlier ones, it is in there exactly
if any step of the task from this position on is. That is one look at two bit sets: the positions of the task's steps,
and the past of the other task's last step, which the search has filled in, or, under a strategy that needs none, is
filled in here.

The events are read late, when a question is asked, so a step of which nobody asks anything costs nothing. What is
asked when an execution is over is asked of whole spans: see `reckoning`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.semantics.causality import Causality
from treadle.semantics.execution import Execution

if TYPE_CHECKING:
    from treadle.model.trace import Event


class Order:
    """The order of one execution."""

    __slots__ = ("_causality", "_execution", "events")

    events: list[Event]  # of the execution, which appends to it
    _execution: Execution
    _causality: Causality | None  # when the pasts are ours to fill in

    def __init__(self) -> None:
        self.begin(Execution())

    def begin(self, execution: Execution) -> None:
        """An execution starts; its strategy has begun it."""
        self._execution = execution
        self.events = execution.events
        self._causality = None

    def before(self, task: int, time: int, current: int) -> bool:
        """Whether an access of `task`, made after so many steps, is ordered before what the task `current` does now."""
        if task == current:
            return True
        events = self.events
        if not events:
            return False
        self.fill()
        last: Event | None = events[-1]
        if events[-1].task != current:  # never in a world: whoever made the last step is the one who runs
            last = next((event for event in reversed(events) if event.task == current), None)
        if last is not None:
            for position in range(time, len(events)):
                if events[position].task == task:
                    return bool(last.past >> position & 1)
        return False

    def fill(self) -> None:
        """Make sure that all events have their pasts. A strategy fills in those of all of them, or of none."""
        events = self.events
        self._execution.fill()
        if events and (self._causality is not None or not hasattr(events[-1], "past")):
            if self._causality is None:
                self._causality = Causality()
            for event in events[len(self._causality.events) :]:
                self._causality.add(event)
