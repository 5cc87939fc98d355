"""Meetings: which things were met in the last execution, in order, so that a repeated prefix need not name them again.

Naming a thing costs a walk through the stack and some tables. But an execution that repeats the first steps of the last
one meets the same things there, in the same order: the code is the same, and nothing else decides. So what was met is
written down, and the next execution reads it off, as long as it repeats. So it is with the things of the program
(`treadle.runtime.instrumentation.acquaintance`), and with the locks that it makes (`treadle.runtime.locks`).

*When it repeats.* The search takes a step again by handing out the same `Event`, and only after it has handed out all
those before it (`treadle.search.replay.repeat`). So two executions agree up to here if the event taken last is the same
object, or if neither has taken any. Strategies that make every event anew agree before their first step only.

*If the code is not deterministic* the wrong name may be read off, as the count in a name may be wrong without this; what
is checked, besides the events, is that the object is of the same type. Where names matter, in steps, the search compares.

Law: tests/laws/test_meetings.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from treadle.model.trace import Event
    from treadle.runtime.names import Key

T = TypeVar("T")


class Meeting(NamedTuple, Generic[T]):
    """One thing that was met."""

    kind: object  # the type of the object, or what else was there to be met
    event: Event | None  # the last step before
    steps: int  # how many there were
    thing: T
    task: int  # who met it
    counted: Key | None  # what its name was counted under; None: it has none of that sort
    so_far: int  # and how many of those there were then


class Meetings(Generic[T]):
    """The meetings of the last execution, as far as the current one has not departed from it, and then its own."""

    __slots__ = ("_next", "_written")

    _written: list[Meeting[T]]
    _next: int  # so many of them were read off in this execution

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """What things are called is not what it was."""
        self._written = []
        self._next = 0

    def begin(self) -> None:
        """An execution starts."""
        del self._written[self._next :]
        self._next = 0

    def again(self, kind: object, events: list[Event]) -> Meeting[T] | None:
        """The next thing, if this is still the execution that was written down; None: it has to be named."""
        written, index = self._written, self._next
        if index < len(written):
            meeting = written[index]
            if (
                meeting.kind is kind
                and meeting.steps == len(events)
                and meeting.event is (events[-1] if events else None)
            ):
                self._next = index + 1
                return meeting
            del written[index:]
        return None

    def write_down(self, meeting: Meeting[T]) -> None:
        """A thing that `again` did not know."""
        self._written.append(meeting)
        self._next += 1
