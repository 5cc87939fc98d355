"""Standstill: a call that waits for the world outside, while nobody else of the scenario can run.

All tasks are one real thread. So a call that really waits (`recv` of a real socket, the loop of asyncio, `flock`, a
real lock that another task holds) stops them all, and waits for ever if it is another task that was to end it.
Nothing can be made of such an execution, but it has to end.

A timer looks once a second. The execution stands still if it has made no step since, and the process has used next to
no processor time, three times running. (A process that is stopped from outside and goes on finds one look at most to
have become due. Whoever computes is given all the time in the world.) Then the execution is cut in the middle of the
call, which the signal interrupts; the verdict is incomplete, and the exploration ends, because the next execution would
wait as long.

Python runs handlers in the main thread only, so elsewhere nobody looks; nor where the signal has a handler already, as
with pytest-timeout, which then does the same. A debugger may wait for its user.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType, TracebackType

    from treadle.runtime.turns import Turns

SECOND = 1.0
LOOKS = 4
"""So many looks at nothing are a standstill."""
LITTLE = 0.02
"""Whoever uses less processor time than this, in seconds a second, does nothing."""
_DEBUGGERS = frozenset({"pdb", "bdb", "code"})


class Standstill:
    """While it is entered, executions that stand still are cut."""

    __slots__ = ("_looks", "_on", "_place", "_seen", "_turns", "_used", "found")

    found: str | None  # where a call waited, once one was cut
    _on: bool  # this is who the signal is for
    _looks: int  # in vain, one after the other
    _seen: tuple[int, int]  # which execution it was, and how many steps it had made
    _used: float  # processor time of this process, in seconds

    def __init__(self, turns: Turns, place: Callable[[FrameType | None], str]) -> None:
        """`place` says where in the program a frame stands."""
        self._turns = turns
        self._place = place
        self._on = False
        self._looks = 0
        self._seen = (0, 0)
        self._used = 0.0
        self.found = None

    def __enter__(self) -> Self:
        with suppress(ValueError):  # this is not the main thread
            if signal.getsignal(signal.SIGALRM) is signal.SIG_DFL and not any(signal.getitimer(signal.ITIMER_REAL)):
                signal.signal(signal.SIGALRM, self._look)
                signal.setitimer(signal.ITIMER_REAL, SECOND, SECOND)
                self._on = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._on:
            signal.setitimer(signal.ITIMER_REAL, 0.0)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            self._on = False

    def _look(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - as handlers are called
        turns = self._turns
        used, self._used = self._used, sum(os.times()[:2])
        if not turns.live or self._used - used > LITTLE * SECOND:
            self._looks = 0
            return
        seen, self._seen = self._seen, (id(turns.execution), len(turns.execution.events))
        self._looks = self._looks + 1 if seen == self._seen else 0
        if self._looks >= LOOKS and not _debugs(frame):
            self._looks = 0
            self.found = self._place(frame)
            turns.cut()


def _debugs(frame: FrameType | None) -> bool:
    """Whether a debugger is on the stack, which waits for its user."""
    if sys.gettrace() is not None:
        return True
    while frame is not None:
        if frame.f_globals.get("__name__") in _DEBUGGERS:
            return True
        frame = frame.f_back
    return False
