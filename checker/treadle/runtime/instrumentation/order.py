"""Which accesses of this execution are ordered: happens-before between the steps, read off the events.

An access that is no step of its own lies between two steps of its task: after the last one that the task has made,
before the next one that it will make. So it happens before what another task does now if and only if that *next* step
exists already and happens before the last step of the other task. Only one task runs at a time, so the time of an
access is one number: how many steps of anybody there were. The next step of its task is the first one of that task from
this position on; and since the past of an event holds with each step of a task all earlier ones, it is in there exactly
if any step of the task from this position on is. That is one look at two bit sets: the positions of the task's steps,
and the past of the other task's last step, which the search has filled in, or, under a strategy that needs none, is
filled in here.

The events are read late, when a question is asked, so a step of which nobody asks anything costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.semantics.causality import Causality

if TYPE_CHECKING:
    from treadle.model.trace import Event


class Order:
    """The order of one execution, as far as its events have been read."""

    __slots__ = ("_causality", "_read", "events", "positions")

    events: list[Event]  # of the execution, which appends to it
    _read: int  # so many of them have been read
    positions: dict[int, int]  # by task: bit p is set if the event at position p is one of its
    _causality: Causality | None  # when the pasts are ours to fill in

    def __init__(self) -> None:
        self.begin([])

    def begin(self, events: list[Event]) -> None:
        """An execution starts, whose events will be these."""
        self.events = events
        self._read = 0
        self.positions = {}
        self._causality = None

    def before(self, task: int, time: int, current: int) -> bool:
        """Whether an access of `task`, made after so many steps, is ordered before what the task `current` does now."""
        if task == current:
            return True
        past = self.past_of(current)
        return bool(past >> time & self.positions.get(task, 0) >> time)

    def past_of(self, current: int) -> int:
        """The past of the last step of a task, all positions being read; 0 if it has made none."""
        events = self.events
        if self._read != len(events):
            self._catch_up()
        if not events:
            return 0
        last = events[-1]
        if last.task == current:  # always in a world: whoever made the last step is the one who runs
            return last.past
        return next((event.past for event in reversed(events) if event.task == current), 0)

    def _catch_up(self) -> None:
        events, positions = self.events, self.positions
        if self._causality is not None or not hasattr(events[-1], "past"):  # a strategy fills in all of them, or none
            for event in events[self._read :]:
                self._fill(event)
        for index in range(self._read, len(events)):
            task = events[index].task
            positions[task] = positions.get(task, 0) | 1 << index
        self._read = len(events)

    def _fill(self, event: Event) -> None:
        if self._causality is None:
            self._causality = Causality()
            for earlier in self.events[: event.position]:
                self._causality.add(earlier)
        self._causality.add(event)
