"""Ctrl-C while code is being checked.

Python would raise KeyboardInterrupt wherever it stands, which may be in the middle of the code that is checked; and
code that handles it, as a good barrier does, would then be refuted by the user's own hand. So the first Ctrl-C only
asks, and is heard between two executions. A second one, for an execution that does not end, is raised at once; what is
found from then on is no violation.
"""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import FrameType, TracebackType


class Interruption:
    """While it is entered, Ctrl-C is heard here."""

    __slots__ = ("_before", "asked", "forced")

    asked: bool  # Ctrl-C was pressed
    forced: bool  # and again: everything that came after it means nothing

    def __init__(self) -> None:
        self.asked = self.forced = False
        self._before: Any = None

    def __enter__(self) -> Self:
        self._before = signal.signal(signal.SIGINT, self._heard)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _heard(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - as handlers are called
        if self.asked:
            self.forced = True
            raise KeyboardInterrupt("Ctrl-C, twice")
        self.asked = True

    def stop_here(self) -> None:
        """Called between two executions: raises KeyboardInterrupt if it was asked for."""
        if self.asked:
            raise KeyboardInterrupt("Ctrl-C")
