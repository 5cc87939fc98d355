"""Plain depth-first search over all interleavings: no reduction, nothing clever. The oracle.

Every enabled task with every alternative is tried at every step. It is hopeless beyond the smallest subjects, and it
is what the reduced searches are compared with. `outcomes` of two searches must be equal; the number of distinct
traces among its executions must be the number of executions of an optimal search.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.search.replay import repeat, require_same

if TYPE_CHECKING:
    from treadle.model.operations import Alternative
    from treadle.model.trace import Event
    from treadle.search.replay import Stand
    from treadle.semantics.execution import Execution


class Exhaustive:
    """The strategy that takes every path."""

    __slots__ = ("_events", "_left", "_stands")

    _events: list[Event]  # the current execution
    _left: list[list[tuple[int, Alternative]]]  # for each of its steps, what was not yet tried in its place
    _stands: list[Stand]  # before each of its steps, what the tasks wanted

    def __init__(self) -> None:
        self._events = []
        self._left = []
        self._stands = []

    def begin(self, execution: Execution) -> None:
        """Nothing to prepare."""

    def step(self, execution: Execution) -> Event | None:
        """Repeat the prefix, then take the first thing that was not yet tried."""
        depth = len(execution.events)
        if depth < len(self._events):
            return repeat(execution, self._events[depth])
        if depth == len(self._left):
            self._left.append([(task, a) for task in execution.enabled() for a in execution.alternatives(task)])
            self._stands.append([*execution.pending])
        else:
            require_same(execution, self._stands[depth])
        if not self._left[depth]:
            self._left.pop()
            self._stands.pop()
            return None
        task, alternative = self._left[depth].pop(0)
        event = execution.take(task, alternative, execution.alternatives(task))
        self._events.append(event)
        return event

    def end(self, execution: Execution) -> bool:  # noqa: ARG002 - every strategy is told
        """Back up to the deepest step with something left to try."""
        while self._left and not self._left[-1]:
            self._left.pop()
        del self._stands[len(self._left) :]
        del self._events[max(len(self._left) - 1, 0) :]
        return bool(self._left)
