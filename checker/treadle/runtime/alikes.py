"""Alikes: interchangeable threads that nobody has declared to be so, because whoever tells them apart is found out.

The threads of a client program that make the same calls are interchangeable as far as the program goes. Whether the class
that is checked treats them alike is up to the class. All that it can know of a thread by which it could do otherwise is
made of the thread's number:

- `get_ident` and `get_native_id`: an `Identity` that says who is the same, and writes down what else it is asked;
- the address, the hash, and the text of an object: made of the object's stable name, in which its creator stands; that
  it was asked for is written down by those who make it (`Names.told`);
- the threads that a thread makes itself, and their numbers: that it starts one, and that the hash of one was asked for,
  is written down.

Whatever else there is (the order of starting, names that are counted in the order of asking, `threading.local`) is the
same for the thread that takes another one's place. Interchangeable threads start one after the other, with nothing but
starts between, and nobody knows which was first.

If anything was written down about one of them, `apart` says so, and what was explored counts on nothing: explore all
orders. If nothing was in any execution that was explored, nothing is in those that were left out, for these are the same
with the threads renamed (by induction over the steps).

Law: tests/laws/test_alikes.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from treadle.runtime.identity import Identity
from treadle.runtime.twins import Twins

if TYPE_CHECKING:
    from treadle.runtime.names import Names
    from treadle.runtime.threads import Threads
    from treadle.runtime.twins import Work

ANYBODY = -2
"""Among the tasks that were told from others: there is no knowing which."""


class Alike:
    """What threads do that do the same: they are started with one and the same of these as their work."""


class Alikes(Twins):
    """The interchangeable threads of one execution after another. Made for a world's threads."""

    __slots__ = ("_identities", "_names", "_tasks")

    _tasks: set[int]  # that are alike, in this execution
    _identities: dict[int, Identity]  # by task, for good

    def __init__(self, threads: Threads, names: Names) -> None:
        self._names = names
        self._tasks = set()
        self._identities = {}
        threads.tell = names.tell
        super().__init__(threads.turns, lambda _reason: names.tell(ANYBODY))

    @property
    def apart(self) -> bool:
        """Whether somebody could tell them apart in the last execution."""
        told = self._names.told
        return bool(self._tasks) and (ANYBODY in told or not told.isdisjoint(self._tasks))

    def begin(self) -> None:
        """An execution starts."""
        super().begin()
        self._tasks.clear()

    def started(self, task: int, work: Work | None) -> None:
        """The running task is about to start this one."""
        if work is not None and type(work[0]) is Alike:
            self._tasks.add(task)
            super().started(task, work)
        elif self._turns.current in self._tasks:
            self._names.tell(ANYBODY)

    def ident(self, task: int) -> Any:
        """What `get_ident` returns in this task."""
        if task not in self._tasks:
            return super().ident(task)
        found = self._identities.get(task)
        if found is None:
            found = self._identities[task] = Identity(task + 1, lambda: self._names.tell(task), self._is_one)
        return found

    def _is_one(self, number: int) -> bool:
        return number - 1 in self._tasks
