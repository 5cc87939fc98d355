"""Observations as steps: what a client of an object sees, at a moment of its own in the order of the execution.

An observation touches nothing that the code under test touches, so the code does the same with it and without. The
search leaves observations out and works out their orders afterwards (`treadle.conformance.orders`). They are steps where
one particular order is meant: in a schedule that is kept and told, while it is made small, and in the law test that
explores every order of them. There each conflicts with every other, since their order is what is looked at.

Law: tests/laws/test_conformance.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.model.operations import ONE, WRITE, Operation, Outcome, become

if TYPE_CHECKING:
    from collections.abc import Hashable

    from treadle.model.operations import Accesses, Alternative, Alternatives, Look

HISTORY = "observations"
"""The object that every observation writes."""
_ACCESSES: Accesses = ((HISTORY, WRITE, (become, None)),)
_ATTEMPT: Accesses = ((HISTORY, WRITE, None),)


class Observe(Operation):
    """Something is observed; never blocked, and without a result."""

    __slots__ = ("text",)
    kind = "observe"
    fixed = True

    text: str  # what, in the words of the specification

    def __init__(self, text: str, place: str | None = None) -> None:
        self.text = text
        self.place = place

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Never blocked."""
        return ONE

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """It takes its place among the observations."""
        return Outcome(None, _ACCESSES)

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002
        """It is never blocked; what it would do."""
        return _ATTEMPT

    def objects(self) -> tuple[str, ...]:
        """The order of all observations."""
        return (HISTORY,)

    def signature(self) -> tuple[Hashable, ...]:
        """The kind, and what is observed."""
        return (self.kind, self.text)

    def __repr__(self) -> str:
        return self.text
