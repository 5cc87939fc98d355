"""An exception that strikes a thread at the n-th moment at which CPython could deliver one, inside of phalanx.

CPython raises what a signal's handler or another thread has ordered when a function has been entered, when a call has
returned and when a loop has jumped back. Something that is called before each instruction can raise there too, and
counts, so every such moment can be struck in turn, not only those that luck finds. It strikes after calls of functions
written in Python as well, which is a little more than CPython does.

That something is `sys.monitoring`. Python 3.11 does not have it; there it is a trace function, which Python switches
off when it raises, and which a profile function puts back at the next call.
"""

from __future__ import annotations

import dis
import sys
import threading
from contextlib import contextmanager
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, TypeVar

from phalanx import arguments, barrier, cyclic, gates, generation, pipe, stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

MOMENTS = {
    "CALL",
    "CALL_FUNCTION_EX",
    "CALL_KW",
    "JUMP_BACKWARD",
    "POP_JUMP_BACKWARD_IF_FALSE",
    "POP_JUMP_BACKWARD_IF_NONE",
    "POP_JUMP_BACKWARD_IF_NOT_NONE",
    "POP_JUMP_BACKWARD_IF_TRUE",
    "RESUME",
}

Result = TypeVar("Result")


class StruckError(BaseException):
    """What strikes."""


def _codes(room: object) -> Iterator[CodeType]:
    """All code of the functions of a module or class, nested ones included."""
    for name, found in vars(room).items():
        if name == "__del__":
            continue  # Python throws away what is raised there
        if isinstance(found, property):
            yield from _nested(found.fget.__code__)  # type: ignore[union-attr]
        elif isinstance(found, FunctionType):
            yield from _nested(found.__code__)
        elif isinstance(found, type) and found.__module__ == getattr(room, "__name__", None):
            yield from _codes(found)


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _nested(constant)


ROOMS = (arguments, barrier, cyclic, gates, generation, pipe, stage)
CODES = {code for module in ROOMS for code in _codes(module)}


class Striker:
    """Strikes at the given moments, counted from 0 over all of the barrier's functions that the struck thread runs."""

    def __init__(self, *moments: int) -> None:
        self._moments = moments
        self._passed = 0
        # Where it struck: function and line.
        self.where: list[str] = []
        # The instruction that ran last in each frame.
        self._last: dict[FrameType, str] = {}

    def run(self, work: Callable[[], Result]) -> Result:
        """Do the work in this thread, and strike."""
        with self._monitored() if sys.version_info >= (3, 12) else self._traced():
            return work()

    def _step(self, frame: FrameType, offset: int) -> None:
        """The frame is about to run the instruction at that offset."""
        last = self._last.get(frame)
        self._last[frame] = dis.opname[frame.f_code.co_code[offset]]
        # Where a handler begins no call has returned: it has raised.
        if last in MOMENTS and self._last[frame] != "PUSH_EXC_INFO":
            self._passed += 1
            if self._passed - 1 in self._moments:
                self.where.append(f"{frame.f_code.co_name}, line {frame.f_lineno}")
                raise StruckError

    @contextmanager
    def _monitored(self) -> Iterator[None]:
        monitoring: Any = sys.monitoring  # type: ignore[attr-defined, unused-ignore] # since 3.12
        tool, me = 4, threading.get_ident()

        def instruction(_: CodeType, offset: int) -> None:
            if threading.get_ident() == me:
                self._step(sys._getframe(1), offset)

        monitoring.use_tool_id(tool, "striker")
        monitoring.register_callback(tool, monitoring.events.INSTRUCTION, instruction)
        for code in CODES:
            monitoring.set_local_events(tool, code, monitoring.events.INSTRUCTION)
        try:
            yield
        finally:
            for code in CODES:
                monitoring.set_local_events(tool, code, 0)
            monitoring.free_tool_id(tool)

    @contextmanager
    def _traced(self) -> Iterator[None]:
        sys.setprofile(self._rearm)
        sys.settrace(self._enter)
        try:
            yield
        finally:
            sys.settrace(None)
            sys.setprofile(None)

    def _enter(self, frame: FrameType, _event: str, _: Any) -> Callable[..., Any] | None:
        if frame.f_code not in CODES:
            return None
        frame.f_trace_opcodes = True
        return self._trace

    def _trace(self, frame: FrameType, event: str, _: Any) -> Callable[..., Any]:
        if event == "opcode":
            self._step(frame, frame.f_lasti)
        return self._trace

    def _rearm(self, frame: FrameType | None, _event: str, _: Any) -> None:
        if sys.gettrace() is None and len(self.where) < len(self._moments):
            self._last.clear()
            while frame is not None:
                if frame.f_code in CODES:
                    frame.f_trace = self._trace
                    frame.f_trace_opcodes = True
                frame = frame.f_back
            sys.settrace(self._enter)
