"""Waiting for time to pass.

A sleep is a wait for nothing, that ends: it touches no object, so no order of it with anything is worth exploring. A
wait *with* a timeout is an operation of the object that is waited for (an attempt at a lock, a question to a thread):
it expires at any moment at which the object does not let it through. See `treadle.semantics.locks`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.model.operations import ONE, Operation, Outcome

if TYPE_CHECKING:
    from collections.abc import Hashable

    from treadle.model.operations import Accesses, Alternative, Alternatives, Look


class Sleep(Operation):
    """Let time pass for the task."""

    __slots__ = ("seconds",)
    kind = "sleep"
    reading = True

    def __init__(self, seconds: float, place: str | None = None) -> None:
        self.seconds = seconds
        self.place = place

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Never blocked."""
        return ONE

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """Nothing that another task could see."""
        return Outcome(None, ())

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002
        """It is never blocked."""
        return ()

    def objects(self) -> tuple[str, ...]:
        """None."""
        return ()

    def signature(self) -> tuple[Hashable, ...]:
        """The kind, and for how long."""
        return (self.kind, f"{self.seconds:g} s")
