"""The registry of threads: who is alive.

`enumerate()` and `active_count()` see every start and every end, also of threads that the asker has no other way to know
of. So where a program asks at all, each start and end also touches the registry. Starts and ends commute with one
another there (each adds or removes an entry of its own); a question reads what they changed. The state is how often it was
changed, for those who want to know whether a question would be answered as before.

What is returned lists the threads in the order of their numbers, which does not depend on the order of the starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.model.operations import ONE, READ, Operation, Outcome
from treadle.semantics.threads import End, Start

if TYPE_CHECKING:
    from treadle.model.operations import Access, Accesses, Alternative, Alternatives, Look

REGISTRY = "the registry of threads"


def _once_more(changes: int | None, one: int) -> int:
    return (changes or 0) + one


_CHANGE: Access = (REGISTRY, "enter or leave", (_once_more, 1))
_QUESTION: Accesses = ((REGISTRY, READ, None),)


class RegisteredStart(Start):
    """A start that a question would see."""

    __slots__ = ()

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:
        """It happens, and adds an entry."""
        result, accesses = super().outcome(task, alternative, look)
        return Outcome(result, (*accesses, _CHANGE))


class RegisteredEnd(End):
    """An end that a question would see."""

    __slots__ = ()

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:
        """It happens, and removes an entry."""
        result, accesses = super().outcome(task, alternative, look)
        return Outcome(result, (*accesses, _CHANGE))


class Survey(Operation):
    """Ask who is alive."""

    __slots__ = ()
    kind = "survey"
    reading = True

    def __init__(self, place: str | None = None) -> None:
        self.place = place

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Never blocked."""
        return ONE

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """The registry is read; the subject looks up who is there."""
        return Outcome(look(REGISTRY), _QUESTION)

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002
        """It is never blocked."""
        return _QUESTION

    def objects(self) -> tuple[str, ...]:
        """The registry."""
        return (REGISTRY,)
