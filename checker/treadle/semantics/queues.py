"""Queues without a bound, as `queue.SimpleQueue` is: what one puts in last comes out last.

A queue is a row of places, a counter of what was put in and a counter of what was taken out. The n-th to put fills place
n, the n-th to take finds what is there. So two that put conflict, and two that take; but who puts at the end and who
takes from the front do not, unless it is the same place. Two threads that hand ten things to a third one have the
orders in which they put, and not those in which it takes meanwhile.

Who finds its place empty waits for the counter of what was put in, which says the same: place n is filled exactly when
more than n were put in.

A wait with a timeout has the outcomes of an attempt: it finds something, or expires at any moment at which it does not.

Law: tests/laws/test_conflicts.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from treadle.model.operations import BLOCKED, ONE, READ, WRITE, Operation, Outcome, become

if TYPE_CHECKING:
    from treadle.model.operations import Accesses, Alternative, Alternatives, Look


def place_of(queue: str, number: int) -> str:
    """The name of a place: its state is True once it was filled."""
    return f"{queue} [{number}]"


def filled(queue: str) -> str:
    """The name of the counter of what was put in."""
    return f"{queue} (put)"


def emptied(queue: str) -> str:
    """The name of the counter of what was taken out."""
    return f"{queue} (taken)"


def _add(count: int | None, amount: int) -> int:
    return (count or 0) + amount


class QueueOperation(Operation):
    """An operation on one queue; never blocked, unless a subclass says so."""

    __slots__ = ("queue",)

    def __init__(self, queue: str, place: str | None = None) -> None:
        self.queue = queue
        self.place = place

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Never blocked."""
        return ONE

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002
        """To take something, for which something must be put in."""
        return ((emptied(self.queue), WRITE, None), (filled(self.queue), READ, None))

    def objects(self) -> tuple[str, ...]:
        """The queue."""
        return (self.queue,)

    def _front(self, look: Look) -> tuple[int, Any]:
        """The number of the place from which the next one takes, and whether anything is there."""
        number = look(emptied(self.queue)) or 0
        return number, look(place_of(self.queue, number))


class Put(QueueOperation):
    """Fill the next place; its number."""

    __slots__ = ()
    kind = "put"

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """One more is there."""
        number = look(filled(self.queue)) or 0
        place = (place_of(self.queue, number), WRITE, (become, True))
        return Outcome(number, ((filled(self.queue), WRITE, (_add, 1)), place))


class TryTake(QueueOperation):
    """Take what is there, if anything is; the number of its place, or None."""

    __slots__ = ("timed",)
    kind = "try_take"

    def __init__(self, queue: str, place: str | None = None, *, timed: bool = False) -> None:
        super().__init__(queue, place)
        self.timed = timed

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """A number; or nothing is there, which is only a look."""
        number, there = self._front(look)
        place = (place_of(self.queue, number), READ, None)
        if there:
            return Outcome(number, ((emptied(self.queue), WRITE, (_add, 1)), place))
        return Outcome(None, ((emptied(self.queue), READ, None), place))


class Take(TryTake):
    """Take what is there; blocked while nothing is."""

    __slots__ = ()
    kind = "take"

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Enabled while its place is filled."""
        return ONE if self._front(look)[1] else BLOCKED


class IsEmpty(QueueOperation):
    """Ask whether nothing is there."""

    __slots__ = ()
    kind = "is_empty"

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """A look at the front."""
        number, there = self._front(look)
        return Outcome(not there, ((emptied(self.queue), READ, None), (place_of(self.queue, number), READ, None)))


class Size(QueueOperation):
    """Ask how much is there."""

    __slots__ = ()
    kind = "queue_size"

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """A look at both counters."""
        put, taken = look(filled(self.queue)) or 0, look(emptied(self.queue)) or 0
        return Outcome(put - taken, ((filled(self.queue), READ, None), (emptied(self.queue), READ, None)))
