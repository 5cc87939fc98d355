"""Which accesses of this execution are ordered: happens-before between the steps, read off the events.

An access that is no step of its own lies between two steps of its task: after the last one that the task has made,
before the next one that it will make. So it happens before what another task does now if and only if that *next* step
exists already and happens before the last step of the other task. The time of an access is therefore a pair: the task,
and how many steps the task had made. Nothing else needs to be remembered, and no clock is kept by us: the past of each
event is a bit set that the search has filled in, or, under a strategy that needs none, that is filled in here.

The events are read late, when a question is asked, so a step of which nobody asks anything costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.semantics.causality import Causality

if TYPE_CHECKING:
    from treadle.model.trace import Event


class Order:
    """The order of one execution, as far as its events have been read."""

    __slots__ = ("_causality", "_pasts", "_positions", "_read", "_times", "events")

    events: list[Event]  # of the execution, which appends to it
    _read: int  # so many of them have been read
    _positions: dict[int, list[int]]  # by task: where its events are
    _times: dict[int, int]  # by task: how many events it has
    _pasts: dict[int, int]  # by task: the past of its last event
    _causality: Causality | None  # when the pasts are ours to fill in

    def __init__(self) -> None:
        self.begin([])

    def begin(self, events: list[Event]) -> None:
        """An execution starts, whose events will be these."""
        self.events = events
        self._read = 0
        self._positions = {}
        self._times = {}
        self._pasts = {}
        self._causality = None

    def time(self, task: int) -> int:
        """How many steps the task has made: the time of its next access."""
        if self._read != len(self.events):
            self._catch_up()
        return self._times.get(task, 0)

    def before(self, task: int, time: int, current: int) -> bool:
        """Whether an access of `task` at that time is ordered before what the task `current` does now.

        The time of `current` must have been asked for since its last step.
        """
        if time >= self._times.get(task, 0):
            return task == current
        return bool(self._pasts.get(current, 0) >> self._positions[task][time] & 1) or task == current

    def _catch_up(self) -> None:
        events, times, positions, pasts = self.events, self._times, self._positions, self._pasts
        for index in range(self._read, len(events)):
            event = events[index]
            task = event.task
            if self._causality is not None or not hasattr(event, "past"):
                self._fill(event)
            if task in times:
                times[task] += 1
                positions[task].append(index)
            else:
                times[task] = 1
                positions[task] = [index]
            pasts[task] = event.past
        self._read = len(events)

    def _fill(self, event: Event) -> None:
        if self._causality is None:
            self._causality = Causality()
            for earlier in self.events[: event.position]:
                self._causality.add(earlier)
        self._causality.add(event)
