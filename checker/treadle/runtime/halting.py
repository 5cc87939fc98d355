"""Threads that may stop for ever, between any two of their steps, but not with a lock in their hands.

A thread that stops while it holds a lock stops everybody who needs that lock, in every program that has locks; a
promise that holds "whatever the others do" can only be meant of what others do outside of critical sections. So a
thread does not stop while it holds a lock that another task has made. (A lock that it made itself, such as the one
that it sleeps on, is no critical section.)

At most one thread stops in an execution. Off unless the scenario says who may stop, and while.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.semantics.halting import STOP, Pause, Stopped

if TYPE_CHECKING:
    from treadle.model.operations import Operation
    from treadle.runtime.turns import Turns

_LOCKS = ("lock ", "rlock ")


class Halts:
    """Who may stop now, and who did, in one execution after another."""

    __slots__ = ("_turns", "able", "stopped")

    able: set[int]  # tasks that may stop before their next step
    stopped: set[int]

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self.able = set()
        self.stopped = set()

    def begin(self) -> None:
        """An execution starts."""
        self.able.clear()
        self.stopped.clear()

    def allow(self, task: int) -> None:
        """From now on the task may stop."""
        self.able.add(task)
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
        if task not in self.able or isinstance(operation, Pause) or self._holds(task):
            return
        if self._turns.step(Pause()) == STOP:
            self.stop()

    def _holds(self, task: int) -> bool:
        """Whether the task holds a lock that another has made."""
        execution = self._turns.execution
        own = f" {execution.names[task]}@"
        return any(
            state == task and state is not None and name.startswith(_LOCKS) and own not in name
            for name, state in execution.state.items()
        )
