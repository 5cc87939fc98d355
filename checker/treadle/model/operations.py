"""What a task is about to do, and what a step does to the objects that it touches.

An *operation* is the next visible thing that one task wants to do: acquire this lock, read that location. It is
pending until the search picks it; picked, it becomes a *step* of the execution. Each operation answers three pure
questions about the states of the objects it touches, and nothing else in treadle answers them:

- `alternatives`: in which ways may it run here? None at all: it is disabled (blocked).
- `outcome`: if it runs so, what does it return, and which *accesses* does it make?
- `attempt`: which accesses is it waiting to make, when it is blocked?

The questions are asked of the live execution, and also of hypothetical ones (the search asks "could this have run
before that?"), so an operation never looks at anything but its own fields and `look`.

An access is a tuple `(object, mode, change)`:

- `object`: the stable name of the object.
- `mode`: how it is touched. Two accesses to one object *commute* when they have the same mode and that mode is not
  `WRITE`; else they *conflict*. So each mode but `WRITE` is a class of accesses that commute with one another:
  reads with reads, releases of a semaphore with releases, equal immutable values written with each other. This is
  the only rule of conflict there is.
- `change`: `None`, or a pair `(function, argument)`: the object's state becomes `function(state, argument)`. A change
  is relative where accesses of its mode commute (a release adds one), so that it can be replayed in another order.

The conventions of the count are those of GenMC, Concuerror and Nidhugg: modes go by outcome (a failed
compare-and-swap reads). Law: tests/laws/test_conflicts.py brute-forces that accesses that do not conflict commute.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, ClassVar, NamedTuple

READ = "read"
WRITE = "write"
RELEASE = "release"
ENQUEUE = "enqueue"

Change = tuple[Callable[[Any, Any], Any], Any]
Access = tuple[str, Hashable, Change | None]
Accesses = tuple[Access, ...]
Alternative = Hashable
Alternatives = tuple[Alternative, ...]
Look = Callable[[str], Any]
"""The state of an object by its name; None for an object that was never touched."""

ONE: Alternatives = (None,)
"""The alternatives of an operation that can run in one way only."""
BLOCKED: Alternatives = ()
"""The alternatives of an operation that cannot run now."""


class Outcome(NamedTuple):
    """What a step gives back to its task, and what it did to the objects."""

    result: Any
    accesses: Accesses


def become(_state: object, value: object) -> object:
    """The change to `value`, whatever the state was."""
    return value


def conflict(one: Hashable, other: Hashable) -> bool:
    """Whether two accesses to one object, with these modes, fail to commute."""
    return one != other or one == WRITE


def dependent(one: Accesses, other: Accesses) -> bool:
    """Whether two steps of different tasks fail to commute: some object is touched by both in conflicting modes."""
    for name, mode, _ in one:
        for other_name, other_mode, _ in other:
            if name == other_name and (mode != other_mode or mode == WRITE):
                return True
    return False


class Operation:
    """Base of all operations. Subclasses live in `treadle.semantics`, one module for each kind of object.

    `place` is where in the code the task stands ("file:line"), for reports; it is not part of an operation's identity.
    """

    __slots__ = ("place",)

    kind: ClassVar[str] = "?"
    fixed: ClassVar[bool] = False
    """Whether it is always enabled, in the same way, and always makes the same accesses (the result may differ)."""
    reading: ClassVar[bool] = False
    """Whether it does no more than read, in whatever states."""
    shut: ClassVar[bool] = False
    """Whether it touches one object, and is disabled until that is touched for the first time (if it can be waited for)."""
    rare: ClassVar[bool] = False
    """Whether a random walk is to take the alternatives after the first one only now and then."""
    place: str | None

    def alternatives(self, task: int, look: Look) -> Alternatives:
        """In which ways it may run; `BLOCKED` when it may not. Alternatives are stable names, never positions."""
        raise NotImplementedError

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:
        """What happens if it runs so; asked only for an alternative that `alternatives` gave for the same states."""
        raise NotImplementedError

    def attempt(self, task: int) -> Accesses:
        """The accesses that it is waiting to make while it is blocked; changes are left out."""
        raise NotImplementedError

    def objects(self) -> tuple[str, ...]:
        """The names of the objects it is about, in the order in which a report shows them."""
        raise NotImplementedError

    def signature(self) -> tuple[Hashable, ...]:
        """What must be equal when a prefix is executed again, and what a schedule stores."""
        return (self.kind, *self.objects())

    def __repr__(self) -> str:
        return f"{self.kind}({', '.join(self.objects())})"
