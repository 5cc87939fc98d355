"""Semaphores: a counter that is never below 0; a semaphore that nobody gave a count starts at 0.

Releases commute with each other, and their change is relative, so they can be replayed in any order. An acquisition
conflicts with everything: of two, one may be the last that succeeds, and a release may be the one that allows it.

Law: tests/laws/test_conflicts.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.model.operations import BLOCKED, ONE, RELEASE, WRITE, Operation, Outcome

if TYPE_CHECKING:
    from treadle.model.operations import Accesses, Alternative, Alternatives, Look


def add(count: int | None, amount: int) -> int:
    """The change of a counter."""
    return (count or 0) + amount


class SemaphoreOperation(Operation):
    """An operation on one semaphore."""

    __slots__ = ("semaphore",)

    def __init__(self, semaphore: str, place: str | None = None) -> None:
        self.semaphore = semaphore
        self.place = place

    def objects(self) -> tuple[str, ...]:
        """The semaphore."""
        return (self.semaphore,)

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002 - whoever waits, it waits for the same
        """To take one off."""
        return ((self.semaphore, WRITE, None),)


class Down(SemaphoreOperation):
    """Take one off; blocked while the count is 0."""

    __slots__ = ()
    kind = "down"

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Enabled while something is left."""
        return ONE if look(self.semaphore) else BLOCKED

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """One less."""
        return Outcome(None, ((self.semaphore, WRITE, (add, -1)),))


class Up(SemaphoreOperation):
    """Put one back."""

    __slots__ = ()
    kind = "up"

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Never blocked."""
        return ONE

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """One more."""
        return Outcome(None, ((self.semaphore, RELEASE, (add, 1)),))
