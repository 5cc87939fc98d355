"""Stopping for ever: a choice before a step, and what is never enabled again.

A thread that stops is no failure of the program: it is one that the scheduler has left, or whose user's code does not
come back. What must hold is said of the others. Neither operation touches an object, so stopping conflicts with
nothing; that the thread does nothing more is what the others see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.model.operations import BLOCKED
from treadle.semantics.choices import Choose

if TYPE_CHECKING:
    from treadle.model.operations import Alternatives, Look

STOP = 1
"""The result of a pause after which the thread stops."""


class Pause(Choose):
    """Go on, or stop for ever."""

    __slots__ = ()
    kind = "pause"

    def __init__(self, place: str | None = None) -> None:
        super().__init__(2, place)


class Stopped(Choose):
    """What a thread wants that has stopped: nothing that it could have."""

    __slots__ = ()
    kind = "stopped"

    def __init__(self, place: str | None = None) -> None:
        super().__init__(1, place)

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Never enabled."""
        return BLOCKED
