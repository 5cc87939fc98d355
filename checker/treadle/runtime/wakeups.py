"""Spurious wakeups: waits for a condition that end though nobody has notified.

CPython's own `threading.Condition` has none. POSIX allows them, so do Java and most others, and code that is to be
ported, or to be right by the book, asks its question again after each wait: `while`, not `if`.

A wait that is to end so lets the condition's lock go and takes it again, and returns True; it never joins the queue of
those who wait. *Nothing is lost by that*, and nothing is gained that could not be. Take an execution in which a waiter
stands in the queue for a while, is not notified, and wakes up. Whoever notified meanwhile took those who stood before
it, or found nobody else (else it would have been notified); so its standing there made no difference to anybody, and
the execution in which it is not there is the same. When it wakes up makes no difference either: it can do nothing
before it has its lock again, and when it gets that is explored in any case.

Only waits of the program's own code end so. The standard library counts on there being none: `Event.wait` would say that
an event was set which was not, `Future.result` would time out. (`Condition.wait_for` is the program's wait.)
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from treadle.semantics.faults import Wake

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType, ModuleType

    from treadle.runtime.turns import Turns


def wakeful(threading: ModuleType, turns: Turns, bound: int, is_library: Callable[[str], bool]) -> None:
    """Let waits for the conditions of this private copy end for no reason, at most `bound` in an execution.

    `is_library` says whether a file is one of the standard library's.
    """
    books: Any = threading
    original = books.Condition.wait
    chance = Wake(bound)

    def wait(self: Any, timeout: float | None = None) -> bool:
        if not turns.live or is_library(_waiting(sys._getframe(1), books)) or not turns.step(chance):
            return original(self, timeout)  # type: ignore[no-any-return]
        if not self._is_owned():
            raise RuntimeError("cannot wait on un-acquired lock")
        self._acquire_restore(self._release_save())
        return True

    wait.__doc__ = original.__doc__
    wait.__qualname__ = original.__qualname__
    books.Condition.wait = wait


def _waiting(frame: FrameType | None, books: Any) -> str:
    """The file of the code that waits."""
    hidden = (books.Condition.wait_for.__code__, wakeful.__code__)
    while frame is not None and (frame.f_code in hidden or _is_ours(frame)):
        frame = frame.f_back
    return frame.f_code.co_filename if frame is not None else ""


def _is_ours(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__")).startswith("treadle.")
