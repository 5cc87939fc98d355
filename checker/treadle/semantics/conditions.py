"""Condition variables: a queue of waiting tasks, and for each task a *mark* that tells it that it was notified.

To wait is two steps: release the lock and enqueue; later, once notified, take the lock again. A timed wait is three:
release and enqueue; its end, which is always enabled and finds out whether it was notified or has expired (then it
leaves the queue); take the lock again.

A notification writes the queue, unless that is empty: then it only reads. It writes the mark of whom it wakes, and the
end of that task's wait reads it, so that a wait ends after its notification and in no other order with the queue. The
marks keep the end of a wait independent of later arrivals in the queue.

Which task a notification wakes is the *policy*. `FIFO`: the one that waits longest; so the order of two arrivals
matters, and they conflict. `ANY`: each of the waiting tasks is an alternative of its own, named by the task and not by
its place in the queue (that would count executions apart that differ in nothing); two arrivals commute.

A new wait clears the mark of its task. This write orders nothing that was not ordered: whoever wrote the mark before
had found this task in the queue in an earlier wait, whose end read it; whoever writes it after found the task in the
queue, after it was enqueued in the same step.

(The conditions of Python's `threading` are made of locks and need none of this; these are the conditions of abstract
programs.) Law: tests/laws/test_conflicts.py, tests/laws/test_search.py.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from treadle.model.operations import BLOCKED, ENQUEUE, ONE, READ, WRITE, Operation, Outcome, become

if TYPE_CHECKING:
    from collections.abc import Iterable

    from treadle.model.operations import Accesses, Alternative, Alternatives, Look


class Policy(Enum):
    """Which waiting task a notification wakes."""

    FIFO = "fifo"
    ANY = "any"


Queue = tuple[int, ...]
"""The waiting tasks: in order of arrival under FIFO, sorted under ANY, where the order of arrival is no state."""


def enqueue_last(queue: Queue | None, task: int) -> Queue:
    """The change by an arrival under FIFO."""
    return (*(queue or ()), task)


def enqueue_sorted(queue: Queue | None, task: int) -> Queue:
    """The change by an arrival under ANY; two arrivals give the same queue in both orders."""
    return tuple(sorted((*(queue or ()), task)))


def leave(queue: Queue | None, tasks: Iterable[int]) -> Queue:
    """The change by a departure."""
    return tuple(waiting for waiting in queue or () if waiting not in tasks)


def mark_of(task: int) -> str:
    """The name of the object that is True once the task's current wait was notified."""
    return f"mark of {task}"


class ConditionOperation(Operation):
    """An operation on one condition, under one policy."""

    __slots__ = ("condition", "policy")

    def __init__(self, condition: str, policy: Policy, place: str | None = None) -> None:
        self.condition = condition
        self.policy = policy
        self.place = place

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Never blocked, unless a subclass says so."""
        return ONE

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002
        """Nothing: it is never blocked."""
        return ()

    def objects(self) -> tuple[str, ...]:
        """The condition."""
        return (self.condition,)


class Enqueue(ConditionOperation):
    """The first step of a wait: release the lock, and stand in the queue. False if the task does not hold the lock."""

    __slots__ = ("lock",)
    kind = "enqueue"

    def __init__(self, condition: str, lock: str, policy: Policy, place: str | None = None) -> None:
        super().__init__(condition, policy, place)
        self.lock = lock

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """The lock is free and the task waits."""
        if look(self.lock) != task:
            return Outcome(False, ((self.lock, READ, None),))  # noqa: FBT003
        fifo = self.policy is Policy.FIFO
        arrival = (
            (self.condition, WRITE, (enqueue_last, task)) if fifo else (self.condition, ENQUEUE, (enqueue_sorted, task))
        )
        cleared = (mark_of(task), WRITE, (become, False))
        return Outcome(True, ((self.lock, WRITE, (become, None)), arrival, cleared))  # noqa: FBT003

    def objects(self) -> tuple[str, ...]:
        """The condition and the lock."""
        return (self.condition, self.lock)


class Resume(ConditionOperation):
    """The second step of a wait: once notified and while the lock is free, take the lock."""

    __slots__ = ("lock",)
    kind = "resume"

    def __init__(self, condition: str, lock: str, policy: Policy, place: str | None = None) -> None:
        super().__init__(condition, policy, place)
        self.lock = lock

    def alternatives(self, task: int, look: Look) -> Alternatives:
        """Enabled when both hold."""
        return ONE if look(mark_of(task)) and look(self.lock) is None else BLOCKED

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """The lock is the task's."""
        return Outcome(None, ((mark_of(task), READ, None), (self.lock, WRITE, (become, task))))

    def attempt(self, task: int) -> Accesses:
        """To read its mark and take the lock."""
        return ((mark_of(task), READ, None), (self.lock, WRITE, None))

    def objects(self) -> tuple[str, ...]:
        """The condition and the lock."""
        return (self.condition, self.lock)


class EndWait(ConditionOperation):
    """The second step of a timed wait: 1 if it was notified; else it expires now, leaves the queue and gives 0."""

    __slots__ = ()
    kind = "end_wait"

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """Notified, it reads its mark only; expired, it writes the queue, and its mark, which tells it from others."""
        mark = mark_of(task)
        if look(mark):
            return Outcome(1, ((mark, READ, None),))
        return Outcome(0, ((self.condition, WRITE, (leave, (task,))), (mark, WRITE, None)))


class Notify(ConditionOperation):
    """Wake one waiting task, if there is one."""

    __slots__ = ()
    kind = "notify"

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """One for each task that may be woken; never blocked."""
        queue: Queue = look(self.condition) or ()
        if self.policy is Policy.ANY and len(queue) > 1:
            return queue
        return ONE

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """That task is out of the queue and marked."""
        queue: Queue = look(self.condition) or ()
        woken = queue[:1] if alternative is None else tuple(waiting for waiting in queue if waiting == alternative)
        return _wake(self.condition, woken)


class NotifyAll(ConditionOperation):
    """Wake all waiting tasks."""

    __slots__ = ()
    kind = "notify_all"

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """All that waited are out of the queue and marked."""
        return _wake(self.condition, look(self.condition) or ())


def _wake(condition: str, woken: Queue) -> Outcome:
    if not woken:
        return Outcome(None, ((condition, READ, None),))
    marks = tuple((mark_of(task), WRITE, (become, True)) for task in woken)
    return Outcome(None, ((condition, WRITE, (leave, woken)), *marks))
