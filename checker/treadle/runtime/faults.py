"""Delivering exceptions into threads, where CPython delivers them.

CPython keeps one flag for everything that wants to interrupt a thread: a signal that arrived (its Python handler runs in
the main thread, and raises KeyboardInterrupt by default), an exception that another thread has set
(`PyThreadState_SetAsyncExc`). In 3.11, 3.12 and 3.13 the interpreter looks at the flag

- when a Python function is entered, and when a generator goes on after a `yield` (the instruction RESUME with an
  argument below 2; not after `yield from` or `await`);
- when a loop jumps back (JUMP_BACKWARD, and in 3.11 the conditional jumps back);
- when a call of anything but a Python function has returned (CALL and CALL_FUNCTION_EX; a call of a Python function is a
  jump into it, whose end is not looked at). Some specialized forms of CALL, such as those for `len` and `isinstance`, do not
  look; the same call does before it is specialized.

It does not look when `with` has called `__enter__` (BEFORE_WITH is no CALL), so `with lock:` never keeps the lock by
accident; it does look when `with` has called an `__exit__` in C at the normal end of the block (that is a CALL), with the
lock released. Sources: `Python/ceval.c` and `Python/bytecodes.c` of the three versions, CHECK_EVAL_BREAKER and
_CHECK_PERIODIC. tests/real/test_delivery.py asks the interpreter that runs the tests.

A wait that is interrupted raises without having got what it waited for: `acquire`, `join`, `sleep`, `os.read`, `poll` and
`SimpleQueue.get` of the main thread do, when a signal's handler raises. In other threads CPython lets the wait end first; here any thread may be hit in
a wait, because any code may be run by the main thread. `RLock._acquire_restore` waits uninterrupted (so does CPython).

What CPython does besides, and this does not: code of modules that the world shares is hit only when it returns, a call
that looks at its caller's frame (`sys._getframe`, `warnings`) is not, and neither is the bookkeeping of
`threading.Thread` that the world replaces.

A lock that its task has made and not let anybody see yet is not waited for: it is free, or the task itself holds it.
That it is unseen is certain as long as the task has made no step since it made the lock; so there is nothing to
choose there. (`Condition.wait` takes the lock that it waits for twice; only the second time is a wait.)
"""

from __future__ import annotations

import builtins
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from treadle.errors import ScenarioError
from treadle.runtime.turns import LOADING
from treadle.semantics.faults import Point

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType, ModuleType

    from treadle.model.faults import Faults
    from treadle.model.operations import Operation
    from treadle.runtime.threads import Threads
    from treadle.runtime.turns import Turns

_OWN = str(Path(__file__).parent)


class Deliveries:
    """The points of one execution after another, and what was delivered there."""

    __slots__ = ("_delivered", "_left", "_point", "_turns", "exception", "faults", "gate", "threads", "told")

    faults: Faults
    exception: type[BaseException]
    threads: Threads
    gate: Callable[[int], bool] | None  # whether a task may be hit now, if somebody wants to say; of its own doing only
    told: Callable[[], object] | None  # called when an exception is about to be raised, in the task that it hits
    _left: dict[int, int]  # by task: so many may still be delivered into it, as far as it knows; -1: it is no target
    _delivered: list[BaseException]  # in this execution

    def __init__(self, faults: Faults, turns: Turns, threads: Threads) -> None:
        self.faults = faults
        self.threads = threads
        self.gate = self.told = None
        self.exception = KeyboardInterrupt
        self._turns = turns
        self._point = Point(faults.number, faults.exception.rpartition(".")[2])
        self._left = {}
        self._delivered = []

    def find(self, load: Callable[[str], ModuleType]) -> None:
        """Find the class of the exception, in the world. ScenarioError if there is none, or it cannot be made."""
        module, _, name = self.faults.exception.rpartition(".")
        try:
            found: Any = getattr(load(module) if module else builtins, name)
            usable = isinstance(found, type) and isinstance(found(), BaseException)
        except (ImportError, AttributeError, TypeError) as error:
            raise self._unknown(f"{type(error).__name__}: {error}") from error
        if not usable:
            raise self._unknown(repr(found))
        self.exception = found

    def _unknown(self, got: str) -> ScenarioError:
        return ScenarioError(
            f"there is no exception {self.faults.exception} to be delivered",
            expected='the name of a built-in exception, or "module.Class", that can be made without arguments',
            got=got,
        )

    def begin(self) -> None:
        """An execution starts."""
        self._left.clear()
        self._delivered.clear()

    def is_delivered(self, error: BaseException) -> bool:
        """Whether it is one of those that were delivered in this execution."""
        return any(error is delivered for delivered in self._delivered)

    def point(self) -> None:
        """Here an exception may be delivered into the running task."""
        if self._is_open() and self._turns.step(self._here()):
            self._deliver()

    def wait(self, strike: Operation, born: int = -1) -> None:
        """The running task is about to wait, which may be interrupted.

        `born` is where the execution stood when the task made what it waits for; -1: somebody else did.
        """
        if self._is_open() and not self._is_unseen(born) and self._turns.step(self._here()):
            self._turns.step(strike)
            self._deliver()

    def differs(self) -> None:
        """The running task stands where it stood, but for what may be delivered there next."""
        self._turns.deeds += 1

    def now(self) -> int:
        """Where the execution stands, for `wait`."""
        return len(self._turns.execution.events) if self._turns.live and self._turns.current != LOADING else -1

    def _is_open(self) -> bool:
        """Whether anything may be delivered here. Once a task was hit by all that may come, it has no points left."""
        turns = self._turns
        task = turns.current
        if not turns.live or task == LOADING:
            return False
        left = self._left.get(task)
        if left is None:
            left = self._left[task] = self.faults.number if self._is_target(task) else 0
        return left > 0 and (self.gate is None or self.gate(task)) and self._is_inside()

    def _is_target(self, task: int) -> bool:
        wanted = self.faults.threads
        return not wanted or self.threads.lives[task].name in wanted or self.threads.titles.get(task) in wanted

    def _is_inside(self) -> bool:
        """Whether it is code that may be hit that runs."""
        if not self.faults.code:
            return True
        frame = _innermost()
        return self.faults.cover(f"{frame.f_globals.get('__name__')}.{frame.f_code.co_qualname}")

    def _here(self) -> Point:
        """The operation, which knows where it is if places are recorded."""
        if self._turns.places is None:
            return self._point
        code = (frame := _innermost()).f_code
        return Point(
            self._point.bound,
            self._point.exception,
            at=f"{Path(code.co_filename).name}:{frame.f_lineno} in {code.co_name}",
        )

    def _is_unseen(self, born: int) -> bool:
        """Whether the running task has made no step since the execution stood there."""
        if born < 0:
            return False
        task = self._turns.current
        later = self._turns.execution.events[born:]
        return not any(event.task == task and event.operation.kind != Point.kind for event in later)

    def _deliver(self) -> None:
        """Raise the exception."""
        self._left[self._turns.current] -= 1
        error = self.exception()
        error.add_note("(delivered from outside, at this place)")
        self._delivered.append(error)
        if self.told is not None:
            self.told()
        raise error


def _innermost() -> FrameType:
    """The frame of the world's code that runs."""
    frame = sys._getframe(2)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_OWN):
        frame = frame.f_back
    return frame
