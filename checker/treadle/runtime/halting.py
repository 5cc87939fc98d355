"""Threads that may stop for ever, between any two of their steps, but not with a lock in their hands.

A thread that stops while it holds a lock stops everybody who needs that lock, in every program that has locks; a
promise that holds "whatever the others do" can only be meant of what others do outside of critical sections. So a
thread does not stop while it holds a lock that another task has made. (A lock that it made itself, such as the one
that it sleeps on, is no critical section.)

*What it has in its hands* is what it took and has not let go itself. That somebody else released the lock meanwhile, as who opens
a gate again does, is nothing that the task has seen: if it made a difference, whether there is a pause would depend on more
than the causal past of the task, and the search would plan a pause where there is none. (So who was woken by taking a gate that another
made does not stop before it has let go of it. That it stops before it is woken is tried.)

At most one thread stops in an execution. Off unless the scenario says who may stop, and while.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.semantics.halting import STOP, Pause, Stopped

if TYPE_CHECKING:
    from treadle.model.operations import Operation
    from treadle.model.trace import Event
    from treadle.runtime.turns import Turns

_LOCKS = ("lock ", "rlock ")


class Halts:
    """Who may stop now, and who did, in one execution after another."""

    __slots__ = ("_held", "_turns", "able", "stopped")

    _held: dict[int, set[str]]  # by task that may stop, or might: the locks of others in its hands
    able: set[int]  # tasks that may stop before their next step
    stopped: set[int]

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._held = {}
        self.able = set()
        self.stopped = set()

    def begin(self) -> None:
        """An execution starts."""
        self.able.clear()
        self.stopped.clear()
        self._held.clear()

    def allow(self, task: int) -> None:
        """From now on the task may stop."""
        self.able.add(task)
        if task not in self._held:
            self._held[task] = set()
            self._turns.watch(self._watch)
        self._turns.before(self._pause)

    def forbid(self, task: int) -> None:
        """From now on it may not."""
        self.able.discard(task)

    def stop(self) -> None:
        """The running task stops for ever."""
        task = self._turns.current
        self.able.clear()
        self.stopped.add(task)
        self._turns.step(Stopped())

    def _pause(self, task: int, operation: Operation) -> None:
        """Asked before each step."""
        if task not in self.able or isinstance(operation, Pause) or self._held[task]:
            return
        if self._turns.step(Pause()) == STOP:
            self.stop()

    def _watch(self, event: Event) -> None:
        """A step was made: did it take a lock that another has made, or let go of one?"""
        held = self._held.get(event.task)
        if held is None:
            return
        execution = self._turns.execution
        own = f" {execution.names[event.task]}@"
        for name, _, _ in event.accesses:
            if name.startswith(_LOCKS) and own not in name:
                if execution.state.get(name) == event.task:
                    held.add(name)
                else:
                    held.discard(name)
