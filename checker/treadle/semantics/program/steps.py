"""The operations that only abstract programs have.

- A mutex of a program may be unlocked by any thread at any time; it is a write whether or not it was locked. (Real
  locks are stricter, see `locks`.)
- `Spawn` starts a thread, which may be one that has nothing visible to do: then it has also ended.
- `Framed` adds to a thread's own operations what concerns its life: its first operation reads its start, its last one
  writes its end. A thread without operations of its own for that needs no steps of its own for that: a step `Begin`
  just before the first operation, or `End` just after the last, would conflict with what the frame conflicts with and
  with nothing else. Except that a thread whose first operation is blocked for good has not begun; that is the
  convention of the published counts, so frames are what programs use.

Law: tests/laws/test_search.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from treadle.model.operations import BLOCKED, READ, WRITE, Operation, Outcome, become
from treadle.semantics.locks import Release
from treadle.semantics.threads import Start, end_of, start_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from treadle.model.operations import Access, Accesses, Alternative, Alternatives, Look


class Unlock(Release):
    """Set the mutex free, whoever holds it and whether or not it is held."""

    __slots__ = ()
    kind = "unlock"

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """Always a write."""
        return Outcome(None, ((self.lock, WRITE, (become, None)),))


class Spawn(Start):
    """Start a thread. `idle` tells whether the thread has ended as soon as it is started."""

    __slots__ = ("_idle",)
    kind = "spawn"

    def __init__(self, thread: str, idle: Callable[[], bool], place: str | None = None) -> None:
        super().__init__(thread, place)
        self._idle = idle

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """It is started. Its end is looked at, for a thread may be spawned twice; and written, if it has ended."""
        end = end_of(self.thread)
        if self._idle() or look(end):
            return Outcome(None, (self._access, (end, WRITE, (become, True))))
        return Outcome(None, (self._access, (end, READ, None)))


class Framed(Operation):
    """An operation of a thread that somebody spawns or joins."""

    __slots__ = ("_deferred", "_end", "_ends", "_start", "operation")

    operation: Operation  # what the thread wants to do
    _start: Access | None  # to read the thread's start, if this operation does
    _deferred: bool  # whether the thread does not exist before its start
    _end: Access  # to write the thread's end
    _ends: Callable[[Any], bool] | None  # whether the thread has ended once the operation gave this result

    def __init__(
        self, operation: Operation, thread: str, ends: Callable[[Any], bool] | None, *, begins: bool, deferred: bool
    ) -> None:
        self.operation = operation
        self.place = operation.place
        self._start = (start_of(thread), READ, None) if begins or deferred else None
        self._deferred = deferred
        self._end = (end_of(thread), WRITE, (become, True))
        self._ends = ends

    @property
    def kind(self) -> str:  # type: ignore[override]
        """That of the operation in the frame."""
        return self.operation.kind

    def alternatives(self, task: int, look: Look) -> Alternatives:
        """Those of the operation, once the thread is started."""
        if self._deferred and self._start is not None and not look(self._start[0]):
            return BLOCKED
        return self.operation.alternatives(task, look)

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:
        """That of the operation, and the start and the end."""
        result, accesses = self.operation.outcome(task, alternative, look)
        if self._start is not None:
            accesses = _with(accesses, self._start)
        if self._ends is not None and self._ends(result):
            accesses = _with(accesses, self._end)
        return Outcome(result, accesses)

    def attempt(self, task: int) -> Accesses:
        """That of the operation, and to read the start, without which there is no thread."""
        accesses = self.operation.attempt(task)
        return _with(accesses, self._start) if self._deferred and self._start is not None else accesses

    def objects(self) -> tuple[str, ...]:
        """Those of the operation."""
        return self.operation.objects()

    def signature(self) -> tuple[Hashable, ...]:
        """That of the operation."""
        return self.operation.signature()


def _with(accesses: Accesses, further: Access) -> Accesses:
    """Accesses with one more. A thread that spawns itself has touched its own start or end: then the stronger stays."""
    name, mode, _ = further
    rest = tuple(access for access in accesses if access[0] != name)
    return accesses if mode == READ and len(rest) < len(accesses) else (*rest, further)
