"""A barrier for threads: `parties` threads wait for each other, are released together, and may do so again.

The state is one `Generation`, the one that arrivals are counted in, and one plain lock that guards it. An arrival
takes the lock once. If it is the last one, it decides the verdict and releases the gates of the others; else it leaves
the lock and sleeps on its own gate. A thread that wakes up reads the verdict of *its* generation and leaves; it does
not touch the barrier again, so nobody waits for it to leave, and the next generation may fill meanwhile.

A generation that has its verdict stays in place until the next arrival replaces it. So a verdict is one store, and
there is no moment between two stores at which an exception could leave the barrier half changed.

The action runs in the last arriver *without* the lock, so it may abort, reset and read the barrier. While it runs the
generation is FULL: it can still be broken, by a timeout for instance. Callers beyond the number of parties may fill a
later generation meanwhile; its action then waits for its turn, in `_turns`, so that two actions never run at once.

What does not work: to recognise a round by a counter that wraps or is reset (a slow thread mistakes a later round for
its own); to let a waiter that gives up take back its arrival (the index after it is then given twice); to wake with a
condition (every waiter takes the lock again, and `wait(timeout)` then waits for it outside of its timeout).

The promises P1 to P13 are listed in `docs/reference/barrier.md`. The idea of one object per generation is that of
Java's `CyclicBarrier`; names and errors are those of `threading.Barrier`.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, SupportsFloat, SupportsIndex

from phalanx.arguments import checked_action, checked_count, checked_seconds
from phalanx.generation import BROKEN, FILLING, FULL, TRIPPED, Generation, Reason

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType


@dataclass(frozen=True, slots=True)
class BarrierStatistics:
    """What a barrier has done so far. Each number is true at some moment of the call that returned it."""

    tripped: int
    """Generations in which everybody met."""
    broken: int
    """Generations that were broken."""
    waiting: int
    """Arrivals in the generation that fills now."""


class Barrier:
    """Lets `parties` threads wait for each other, again and again. A drop-in for `threading.Barrier`.

    `action`, if given, is called without arguments by the last thread to arrive, before anybody is released.
    `timeout`, in seconds, is the default of `wait`.

    Used as a context manager it aborts if the body raises, so that a worker that fails before it arrives does not
    leave the others waiting for ever.

    Raises:
        TypeError: `parties` is not an int, `action` is not callable, or `timeout` is not a number.
        ValueError: `parties` is less than 1, or `timeout` is negative or NaN.
    """

    def __init__(
        self,
        parties: SupportsIndex,
        action: Callable[[], object] | None = None,
        timeout: SupportsFloat | None = None,
    ) -> None:
        self._parties = checked_count("parties", parties, least=1)
        self._action = checked_action(action)
        self._seconds = checked_seconds(timeout)
        # Guards everything below. It is never held while anything else is waited for, or while the action runs.
        self._lock = threading.Lock()
        # The generation that an arrival is counted in, unless it has tripped or is full: then the next one.
        self._generation = Generation()
        # Generations whose action runs (the first, even if it is broken meanwhile) or waits to run (the others).
        self._turns: deque[Generation] = deque()
        self._tripped = 0
        self._broken = 0

    def wait(self, timeout: SupportsFloat | None = None) -> int:
        """Wait until all parties have arrived; return this thread's place in the order of arrival, from 0.

        A wait that lasts `timeout` seconds (default: the barrier's) breaks its generation. The time limit holds
        whatever the other threads do. The only thing that it does not bound is the action, in the thread that runs it.

        An exception that is raised into a wait, such as KeyboardInterrupt, breaks its generation too and goes on.

        Raises:
            BrokenBarrierError: the generation is broken, or the barrier was already.
            RuntimeError: called from inside the barrier's own action, where it could only deadlock.
        """
        seconds = self._seconds if timeout is None else checked_seconds(timeout)
        generation = None
        try:
            with self._lock:
                generation = self._filling()
                index = generation.arrived
                gate = self._arrive(generation)
            # Only the last arriver asks, so that nobody reads a leader while another thread becomes one.
            if index == self._parties - 1 and generation.leader is not None:
                self._lead(generation, gate, seconds)
            elif gate is not None and not gate.acquire(timeout=seconds):
                self._break(generation, Reason.TIMED_OUT)
        except BaseException as error:
            if generation is not None:
                try:
                    self._withdraw(generation, error)
                except BaseException:
                    # Struck once more, perhaps when half was done. Doing it again does what is missing.
                    self._withdraw(generation, error)
                    raise
            raise
        if generation.phase is BROKEN:
            raise generation.error()
        return index

    def abort(self) -> None:
        """Break the barrier: every waiter and every later `wait` raises BrokenBarrierError, until `reset`.

        A generation that has tripped stays tripped. Aborting a broken barrier changes nothing.
        """
        with self._lock:
            if self._generation.phase is TRIPPED:
                self._generation = Generation()
            self._break_all(self._generation, Reason.ABORTED)

    def reset(self) -> None:
        """Make the barrier as new: its waiters get BrokenBarrierError, later arrivals start a new generation.

        A generation that has tripped stays tripped.
        """
        with self._lock:
            if self._generation.arrived or self._turns:
                self._break_all(self._generation, Reason.RESET)
            if self._generation.phase is BROKEN:
                self._generation = Generation()

    @property
    def parties(self) -> int:
        """How many threads meet."""
        return self._parties

    @property
    def n_waiting(self) -> int:
        """How many have arrived in the generation that has no verdict yet. Never blocks."""
        generation = self._generation
        # In this order: the count was read while there was no verdict, if there is none afterwards.
        arrived = generation.arrived
        return arrived if generation.undecided else 0

    @property
    def broken(self) -> bool:
        """Whether a `wait` would raise BrokenBarrierError at once. Never blocks."""
        generation = self._generation
        # A generation that a reset broke was replaced in the same step: the barrier was never broken.
        return generation.phase is BROKEN and generation.reason is not Reason.RESET

    def statistics(self) -> BarrierStatistics:
        """What the barrier has done so far. Never blocks."""
        return BarrierStatistics(tripped=self._tripped, broken=self._broken, waiting=self.n_waiting)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind is not None:
            self.abort()

    def __repr__(self) -> str:
        state = "broken" if self.broken else f"waiters={self.n_waiting}/{self._parties}"
        return f"<phalanx.{type(self).__qualname__} at {id(self):#x}: {state}>"

    # Steps of `wait`. Those that need the lock say so.

    def _filling(self) -> Generation:
        """The generation that an arrival is counted in. Holds the lock."""
        if self._turns and self._turns[0].leader == threading.get_ident():
            raise RuntimeError(
                f"{self!r}: wait() was called by the barrier's own action, which everybody is waiting for; "
                "it may call abort() or reset(), but not wait()"
            )
        generation = self._generation
        if generation.phase is BROKEN:
            raise generation.error()
        if generation.phase is not FILLING:
            self._generation = generation = Generation()
        return generation

    def _arrive(self, generation: Generation) -> threading.Lock | None:
        """Count an arrival; the gate to sleep on, or None if there is nothing to wait for. Holds the lock."""
        if generation.arrived + 1 < self._parties:
            generation.arrived += 1
            return generation.add_gate()
        if self._action is None:
            self._trip(generation)
            return None
        return self._queue(generation)

    def _queue(self, generation: Generation) -> threading.Lock | None:
        """Line up for the action: None if it is this generation's turn, else the gate to sleep on. Holds the lock."""
        generation.leader = threading.get_ident()
        generation.phase = FULL
        # After the phase, so that nobody reads that all have arrived in a generation that is still filling.
        generation.arrived += 1
        generation.turn = not self._turns
        self._turns.append(generation)
        return None if generation.turn else generation.add_gate()

    def _lead(self, generation: Generation, gate: threading.Lock | None, seconds: float) -> None:
        """What the last arriver does where there is an action: await its turn, run the action, decide."""
        if gate is not None and not gate.acquire(timeout=seconds):
            self._break(generation, Reason.TIMED_OUT)
        elif generation.turn and self._action is not None:
            self._action()
        with self._lock:
            self._trip(generation)
            self._pass_turn(generation)

    def _trip(self, generation: Generation) -> None:
        """Release everybody, unless there is a verdict already. Holds the lock."""
        if generation.undecided:
            generation.phase = TRIPPED
            self._tripped += 1
        generation.open_gates()

    def _break(self, generation: Generation, reason: Reason, cause: BaseException | None = None) -> None:
        """Break the barrier, if this generation has no verdict yet; what this thread held up may go on."""
        with self._lock:
            if generation.undecided:
                self._break_all(generation, reason, cause)
            # If an exception stopped whoever decided before everybody was woken: complete it.
            generation.open_gates()
            self._pass_turn(generation)

    def _withdraw(self, generation: Generation, error: BaseException) -> None:
        """Leave a generation by an exception, the action's or one from outside, so that nobody waits in vain."""
        reason = Reason.ACTION_FAILED if generation.leader == threading.get_ident() else Reason.INTERRUPTED
        self._break(generation, reason, error)

    def _break_all(self, generation: Generation, reason: Reason, cause: BaseException | None = None) -> None:
        """Break all that have no verdict, this generation last. Holds the lock.

        Last, so that after an exception it is still seen that there is something left to do.
        """
        others = [other for other in (*self._turns, self._generation) if other is not generation]
        for each in (*others, generation):
            if each.undecided:
                each.reason = reason
                each.cause = cause
                each.phase = BROKEN
                self._broken += 1
            each.open_gates()
        while len(self._turns) > 1:
            self._turns.pop()

    def _pass_turn(self, generation: Generation) -> None:
        """The action that ran, if it is this thread's, has ended: let the next one run. Holds the lock."""
        if self._turns and self._turns[0] is generation and generation.leader == threading.get_ident():
            self._turns.popleft()
            if self._turns:
                self._turns[0].give_turn()
