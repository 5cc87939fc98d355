"""Mutual exclusion: one object, whose state is the task that holds it, or None.

Acquisitions and releases conflict with one another always; a failed attempt only reads. An acquisition with a
timeout has the outcomes of an attempt: it may succeed whenever the lock is free, and expire at any moment while it is
not; no timer is needed, because the search explores both orders of the attempt and of each release.

Re-entry of a re-entrant lock touches nothing that another task can see, so it is no operation at all.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from treadle.model.operations import BLOCKED, ONE, READ, WRITE, Operation, Outcome, become

if TYPE_CHECKING:
    from treadle.model.operations import Accesses, Alternative, Alternatives, Look


OPEN = "open"
"""The mode of who opens a lock, and asks for nothing else."""
HANDED_ON = "handed on"
"""What a release gives whose task was not the one that had the lock."""
MANY = 10_000
"""So many outcomes are kept: they are asked for over and over."""


@lru_cache(MANY)
def _taken(lock: str, task: int) -> Outcome:
    """The lock is the task's."""
    return Outcome(True, ((lock, WRITE, (become, task)),))  # noqa: FBT003


@lru_cache(MANY)
def _let_go(lock: str) -> Outcome:
    """The lock is free."""
    return Outcome(True, ((lock, WRITE, (become, None)),))  # noqa: FBT003


@lru_cache(MANY)
def _handed_on(lock: str) -> Outcome:
    """The same, and it was another task's."""
    return Outcome(HANDED_ON, ((lock, WRITE, (become, None)),))


@lru_cache(MANY)
def _opened(lock: str) -> Outcome:
    """The lock is free, whether it was or not."""
    return Outcome(True, ((lock, OPEN, (become, None)),))  # noqa: FBT003


@lru_cache(MANY)
def _looked_at(lock: str, *, result: bool, mode: str = READ) -> Outcome:
    """Nothing is changed."""
    return Outcome(result, ((lock, mode, None),))


class LockOperation(Operation):
    """An operation on one lock."""

    __slots__ = ("lock",)

    def __init__(self, lock: str, place: str | None = None) -> None:
        self.lock = lock
        self.place = place

    def objects(self) -> tuple[str, ...]:
        """The lock."""
        return (self.lock,)

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002 - whoever waits, it waits for the same
        """To take the lock."""
        return ((self.lock, WRITE, None),)


class Acquire(LockOperation):
    """Take the lock; blocked while anybody holds it, the task itself included."""

    __slots__ = ()
    kind = "acquire"

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Enabled while the lock is free."""
        return ONE if look(self.lock) is None else BLOCKED

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """The lock is the task's."""
        return _taken(self.lock, task)


class TryAcquire(LockOperation):
    """Take the lock if it is free, else go on without it: `acquire(blocking=False)` and `acquire(timeout=...)`.

    `coarse` makes a failure count as a write of the lock, as some model checkers do.
    """

    __slots__ = ("coarse", "timed")
    kind = "try_acquire"

    def __init__(self, lock: str, place: str | None = None, *, coarse: bool = False, timed: bool = False) -> None:
        super().__init__(lock, place)
        self.coarse = coarse
        self.timed = timed

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Never blocked."""
        return ONE

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """True and the lock is the task's; or False, which reads it."""
        if look(self.lock) is None:
            return _taken(self.lock, task)
        return _looked_at(self.lock, result=False, mode=WRITE if self.coarse else READ)


class Release(LockOperation):
    """Let go of the lock. Python's plain locks may be released by any task."""

    __slots__ = ()
    kind = "release"

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Never blocked."""
        return ONE

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """The lock is free: True if the task had it, `HANDED_ON` if another one had.

        False for a lock that nobody held, which only reads it (and is an error).
        """
        holder = look(self.lock)
        if holder is None:
            return _looked_at(self.lock, result=False)
        return _let_go(self.lock) if holder == task else _handed_on(self.lock)


class Open(LockOperation):
    """See to it that nobody holds the lock: a release whose caller does not care whether anybody held it.

    Two of them leave the same state behind in either order, and give the same result, so they commute: among those who
    open the same lock it makes no difference who is first. That is no matter of the state: an `Open` of a lock that is
    free is none that only reads. Else whoever is first would conflict with those who come after it.
    """

    __slots__ = ()
    kind = "release"

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Never blocked."""
        return ONE

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """True; the lock is free."""
        return _opened(self.lock)

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002 - whoever opens it
        """To open it."""
        return ((self.lock, OPEN, None),)


class Locked(LockOperation):
    """Ask whether anybody holds the lock."""

    __slots__ = ()
    kind = "locked"
    reading = True

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Never blocked."""
        return ONE

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """Whether it is held."""
        return _looked_at(self.lock, result=look(self.lock) is not None)
