"""Controlled time: nothing ever waits, and each task has a clock of its own.

A clock moves only when its task sleeps, or when a wait of it expires: then it jumps to the end of the wait, and a little
further, because no real wait ends before its deadline or on it. (`as_completed` goes on waiting until the deadline lies
behind: with a clock that stood on it for ever, so would the loop go round for ever.) A clock is
handed on along causality: whoever takes a lock that was released at 5 s, or joins a thread that ended then, or begins
because it was started then, finds its clock at 5 s at least. So `time.monotonic()` never runs backwards, in one task
or from one task to another that can know of it; and reading it is no access to anything shared, because what a task
reads depends only on what happened before it, which is the same in all executions of a trace.

What does not work: one clock for all tasks. Every sleep would conflict with every other one and with every reading.

Until some clock has moved in an execution nothing is handed on, because there is only zero to hand on.

The wall clock starts at the same moment in every execution, which is no real one.

A task that goes round in vain, sleeping each time, is parked (see `treadle.semantics.polling`); how long it slept is then
anybody's guess. Who asks for the time after that, knowing of it, finds the verdict incomplete.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.model.operations import READ
from treadle.semantics.timers import Sleep

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.model.trace import Event
    from treadle.runtime.turns import Turns

START = 1_000.0
"""What `time.monotonic()` returns when an execution starts, in seconds."""
LATE = 2.0**-20
"""So many seconds after its deadline a wait expires."""
ASKED = 1 << 40
"""So much is added to a task's deeds when it asks for the time: more than it could do otherwise."""
EPOCH = 1_700_000_000.0
"""What `time.time()` returns then: 2023-11-14 22:13:20 UTC."""


class Clock:
    """The clocks of all tasks of one execution after another. Seconds since it started."""

    __slots__ = ("_elapsed", "_guessed", "_handed", "_note", "_turns", "interruptible")

    _elapsed: dict[int, float]  # by task; nothing: 0
    _handed: dict[str, float]  # by object: what the last one to change it handed on
    _guessed: set[int | str]  # tasks whose clock might be anything, and objects that hand such a clock on
    interruptible: Callable[[], None] | None  # called in a sleep, before it has lasted

    def __init__(self, turns: Turns, note: Callable[[str], None]) -> None:
        self._turns = turns
        self._note = note
        self._guessed = set()
        self._elapsed = {}
        self._handed = {}
        self.interruptible = None

    def begin(self) -> None:
        """An execution starts."""
        self._guessed.clear()
        if self._elapsed:
            self._elapsed.clear()
            self._handed.clear()

    def read(self) -> float:
        """The running task's clock, which it asks for."""
        self._turns.deeds += ASKED
        if self._turns.current in self._guessed:
            self._note("the time was asked for after a loop in which a task slept again and again")
        return self.elapsed()

    def lose_count(self) -> None:
        """From now on nobody knows how long the running task has slept."""
        self._guessed.add(self._turns.current)

    def elapsed(self) -> float:
        """The running task's clock."""
        return self._elapsed.get(self._turns.current, 0.0)

    def advance(self, seconds: float) -> None:
        """The running task has waited so long."""
        turns = self._turns
        if not turns.live:
            return
        if not self._elapsed:
            turns.watch(self._hand_on)
        self._elapsed[turns.current] = self.elapsed() + seconds

    def expire(self, seconds: float) -> None:
        """A wait of the running task for so long has expired."""
        self.advance(seconds + LATE)

    def sleep(self, seconds: float) -> None:
        """Wait for nothing."""
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        if self.interruptible is not None:
            self.interruptible()
        self._turns.step(Sleep(seconds))
        self.advance(seconds)

    def _hand_on(self, event: Event) -> None:
        """Take over what the objects carry, then leave it with those that were changed."""
        handed = self._handed
        if self._guessed:
            self._hand_on_a_guess(event)
        names = [(name, mode) for name, mode, _ in event.accesses]
        now = max((handed.get(name, 0.0) for name, _ in names), default=0.0)
        now = max(now, self._elapsed.get(event.task, 0.0))
        self._elapsed[event.task] = now
        for name, mode in names:
            if mode != READ:
                handed[name] = now

    def _hand_on_a_guess(self, event: Event) -> None:
        guessed = self._guessed
        if event.task in guessed or any(name in guessed for name, _, _ in event.accesses):
            guessed.add(event.task)
            guessed.update(name for name, mode, _ in event.accesses if mode != READ)
