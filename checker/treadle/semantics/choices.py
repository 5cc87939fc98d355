"""Data choices: one of several values, picked by the search.

A choice touches no object, so it conflicts with nothing; each of its alternatives is a trace of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.model.operations import Operation, Outcome

if TYPE_CHECKING:
    from collections.abc import Hashable

    from treadle.model.operations import Accesses, Alternative, Alternatives, Look


class Choose(Operation):
    """Pick one of 0, 1, ..., count - 1; the result is what was picked."""

    __slots__ = ("_all",)
    kind = "choose"
    reading = True

    def __init__(self, count: int, place: str | None = None) -> None:
        self._all = tuple(range(count))
        self.place = place

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """All of them, always."""
        return self._all

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """What was picked."""
        return Outcome(alternative, ())

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002
        """It is never blocked."""
        return ()

    def objects(self) -> tuple[str, ...]:
        """None."""
        return ()

    def signature(self) -> tuple[Hashable, ...]:
        """The kind, and how many there are to choose from."""
        return (self.kind, str(len(self._all)))
