"""Lodgings: locks that a task puts into a queue of waiters, and takes out again before anybody has looked.

Who waits for a condition with a timeout makes a new lock, puts it into the condition's queue, and takes it out again when
the timeout expires (`threading.Condition.wait`). Each of the two changes the queue, so a loop that waits again and again
would never be idle (see `loops`). But the two together leave nothing behind, if

- the queue is a `deque` of the world's locks, each equal to itself only, and this one was not in it;
- the task that made the lock put it in and took it out;
- nobody else has *looked* at the queue in between: whatever somebody does to it is a look, but for putting in or taking out
  a lock of their own. An `append` sees nothing of what is there; a `remove` looks for another lock than this one.

*Argument.* Take the two away: what others put in and took out meanwhile is the same, in the same order, and none of them has
been told anything else than before. Nobody but who looked at the queue can have come to know of the lock, since its maker
keeps it in a variable of its own (or has stored it somewhere, which counts).

Both are still written down as changes of the queue, so an access to it that nothing orders is still a race. Where the queue
is raced for, they are steps, with the events of which an iteration can be idle all the same. (A loop that itself looks at the
queue, too, finds another version of it each time, and is followed until it is cut.)

*In the middle.* A loop that is parked within its wait (`semantics.polling`) is parked with a lock in the queue. Where a turn has taken
one out and put the next one in, the queue is as it was if the one was its last when it went, and the other came behind the
same one: whoever is notified first is the same as before. A task behind which others wait by now goes round once more, and is behind them.

Deeds are numbered as the task counts them (`Turns.deeds`). A turn of a loop counts a lodging as undone only if all of
it lies within the turn.

Law: tests/laws/test_expiring.py.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from treadle.runtime.instrumentation.plain import is_a
from treadle.runtime.locks import Lock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from treadle.model.trace import Event
    from treadle.runtime.instrumentation.locations import Thing


class Lodging:
    """One lock in one queue."""

    __slots__ = ("before", "deeds", "events", "left", "lock", "queue", "seen", "task")

    lock: Lock
    queue: Thing
    before: object  # what was the last in the queue when it came; None: nothing
    left: object  # and when it was gone again; itself: it was not the last one then
    task: int  # who put it in, and took it out
    deeds: list[int]  # with these deeds
    events: list[Event]  # and steps, if they were steps
    seen: bool  # somebody may have looked

    def __init__(self, lock: Lock, queue: Thing, before: object, task: int) -> None:
        self.lock = lock
        self.queue = queue
        self.before = before
        self.left = self
        self.task = task
        self.deeds = []
        self.events = []
        self.seen = False


class Lodgings:
    """Those of one execution after another."""

    __slots__ = ("_inside", "_undone", "blind")

    blind: set[int]  # tasks that are putting a lock of their own in or out just now
    _inside: dict[Thing, list[Lodging]]  # by queue
    _undone: dict[int, list[Lodging]]  # by task: what went in and out, and nobody saw it

    def __init__(self) -> None:
        self.blind = set()
        self._inside = {}
        self._undone = {}

    def begin(self) -> None:
        """An execution starts."""
        self.blind.clear()
        self._inside.clear()
        self._undone.clear()

    def put(self, queue: Thing, lock: Lock, before: object, task: int) -> Lodging:
        """The lock is in the queue now, behind that one."""
        lodging = Lodging(lock, queue, before, task)
        self._inside.setdefault(queue, []).append(lodging)
        return lodging

    def take(self, queue: Thing, lock: Lock) -> Lodging | None:
        """It is out again, and was in as long as is known here."""
        inside = self._inside.get(queue, [])
        for lodging in inside:
            if lodging.lock is lock:
                inside.remove(lodging)
                if not lodging.seen:
                    self._undone.setdefault(lodging.task, []).append(lodging)
                return lodging
        return None

    def inside(self, queue: Thing, lock: str) -> Lodging | None:
        """That of the lock with this name in this queue."""
        for lodging in self._inside.get(queue, ()):
            if lodging.lock._words.name == lock:
                return lodging
        return None

    def look(self, things: Iterable[Thing], task: int) -> None:
        """The task has touched these."""
        if self._inside and task not in self.blind:
            for thing in things:
                for lodging in self._inside.get(thing, ()):
                    lodging.seen = True

    def undone(self, task: int, since: int) -> Iterator[Lodging]:
        """What the task has put in and taken out after that deed; each is two deeds that have come to nothing."""
        for lodging in reversed(self._undone.get(task, ())):
            first, last = lodging.deeds
            if last <= since:
                return
            if first > since:
                yield lodging


def is_lodging(queue: Any, name: str, args: tuple[Any, ...], task: int) -> bool:
    """Whether this call puts a lock of the task into a queue of locks in which it is not, or takes it out."""
    if name not in ("append", "remove") or type(queue) is not deque or len(args) != 1:
        return False
    (lock,) = args
    if not is_a(lock, Lock) or lock._words.task != task or not all(is_a(other, Lock) for other in queue):
        return False
    return any(other is lock for other in queue) == (name == "remove")
