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

*Lengths of time.* The standard library's waits with a timeout (`Queue.get`, `Condition.wait_for`, `Semaphore.acquire`) ask
for the time to know how much of the timeout is left. They keep the answer in variables of their own, and forget it when
they return. So who calls them has not asked for the time, and a turn of a loop that does can be idle (see `loops`); and
what they come to does not depend on when they were called, so a guess is good enough for them. There is one exception: if
the clock of a task whose time is a guess is put forward by another task's while it waits, then how far that is depends
on the guess, which was the least that is possible. That is noted when the wait asks again. (If the guess of somebody else
puts it forward too little, more of the timeout is left than there could be; but any wait may expire at once. The first
line of a function that asks begins a wait; the others ask how much is left.)
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from treadle.model.operations import READ
from treadle.semantics.timers import Sleep

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from treadle.model.operations import Operation
    from treadle.model.trace import Event
    from treadle.runtime.turns import Turns

START = 1_000.0
"""What `time.monotonic()` returns when an execution starts, in seconds."""
LATE = 2.0**-20
"""So many seconds after its deadline a wait expires."""
MEASURED = 1 << 40
"""So much is added to a task's deeds when a wait of the standard library asks for it: more than it could do otherwise."""
ASKED = 1 << 80
"""So much, when the task asks for the time itself: more than its waits could."""
MEASURING = frozenset(str(Path(os.__file__).with_name(name)) for name in ("queue.py", "threading.py"))
"""The files whose functions ask for nothing but lengths of time."""
EPOCH = 1_700_000_000.0
"""What `time.time()` returns then: 2023-11-14 22:13:20 UTC."""


class Clock:
    """The clocks of all tasks of one execution after another. Seconds since it started."""

    __slots__ = (
        "_begins",
        "_elapsed",
        "_forward",
        "_guessed",
        "_handed",
        "_note",
        "_turns",
        "expired",
        "interruptible",
        "waits",
    )

    waits: dict[int, Callable[[Operation], Operation]]  # by task: what its next wait with a timeout is, as a step
    expired: int  # so many waits have expired in this execution
    _begins: dict[CodeType, int]  # by function that measures: the line in which it asks first
    _forward: set[int]  # tasks whose clock was a guess and was put forward, since they began to wait
    _elapsed: dict[int, float]  # by task; nothing: 0
    _handed: dict[str, float]  # by object: what the last one to change it handed on
    _guessed: set[int | str]  # tasks whose clock might be anything, and objects that hand such a clock on
    interruptible: Callable[[], None] | None  # called in a sleep, before it has lasted

    def __init__(self, turns: Turns, note: Callable[[str], None]) -> None:
        self._turns = turns
        self._note = note
        self._guessed = set()
        self._forward = set()
        self._begins = {}
        self.waits = {}
        self.expired = 0
        self._elapsed = {}
        self._handed = {}
        self.interruptible = None

    def begin(self) -> None:
        """An execution starts."""
        self.expired = 0
        self.waits.clear()
        self._guessed.clear()
        self._forward.clear()
        if self._elapsed:
            self._elapsed.clear()
            self._handed.clear()

    def read(self) -> float:
        """The running task's clock, which it asks for. Called by what the program calls."""
        asking = sys._getframe(2)
        measured = asking.f_code.co_filename in MEASURING
        self._turns.deeds += MEASURED if measured else ASKED
        known = self._is_known(asking.f_code, asking.f_lineno) if measured else self._turns.current not in self._guessed
        if not known:
            self._note("the time was asked for after a loop in which a task slept again and again")
        return self.elapsed()

    def _is_known(self, code: CodeType, line: int) -> bool:
        """Whether the length of time that is measured does not depend on a guess."""
        if self._begins.setdefault(code, line) == line:
            self._forward.discard(self._turns.current)
        return self._turns.current not in self._forward

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
        self.expired += 1
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
        handed, task = self._handed, event.task
        guessed = task in self._guessed
        if self._guessed:
            self._hand_on_a_guess(event)
        now = mine = self._elapsed.get(task, 0.0)
        for name, _, _ in event.accesses:
            if name in handed and handed[name] > now:
                now = handed[name]
        if not now:
            return  # nobody who has anything to do with it has waited yet
        if now > mine:
            self._elapsed[task] = now
            if guessed:
                self._forward.add(task)
        for name, mode, _ in event.accesses:
            if mode != READ:
                handed[name] = now

    def _hand_on_a_guess(self, event: Event) -> None:
        guessed = self._guessed
        if event.task in guessed or any(name in guessed for name, _, _ in event.accesses):
            guessed.add(event.task)
            guessed.update(name for name, mode, _ in event.accesses if mode != READ)
