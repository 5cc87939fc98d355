"""A barrier that is used in rounds, without a lock: the algorithm of `Barrier` and `TreeBarrier`.

The state is one `Generation`, the one where newcomers go. To arrive is to pop a ticket from its list: that is one step,
it is the index, and no two threads get the same. Who gets the last ticket settles the verdict and rings the bell; the
others sleep on that bell. Whoever wakes up reads the verdict of *its* generation and leaves. It does not touch the
barrier again, so nobody waits for it to leave, and the next generation fills meanwhile.

    take a ticket -- not the last --> sleep ------------------> read the verdict
                  `- the last ------> settle it: tripped -> ring
                  `- none is left --> go on to the next generation, and try there

A verdict is one `setdefault`: a timeout, an abort or an interrupt that comes at the same time is either first, and the
generation is broken for all, or it is late, and learns that it has tripped. So nobody can take it back.

Newcomers do not depend on the thread that was last. Where there is no action, a full generation without a verdict can
only trip, so whoever comes next settles that. Where there is one it may take long, and who comes then
is an onlooker: it waits for the verdict, within its timeout, and goes on from there.

The barrier's own reference to the current generation is a hint. A slow thread may put back an older one; a generation
that is over has no tickets, and leads to the one after it, so everybody gets there all the same.

*Interrupts.* An exception may strike after any call and at any jump back, so a thread may have a ticket and not know
it. Whoever is struck therefore breaks the generation that it tried (which does nothing if there is a verdict) and
rings its bell again, since it may have been struck while it rang. Both may be done by several threads, and twice.

What does not work: to recognise a round by a counter that wraps or is reset; to let one who gives up take back its
arrival (the index after it is then given twice); to look first and act then; two stores where one must do.

Refines `spec/Barrier.tla`, by way of `spec/Cyclic.tla`. The promises P1 to P13 are listed in `docs/reference/barrier.md`.
"""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, SupportsFloat, SupportsIndex

from phalanx.arguments import LONGEST, checked_action, checked_count, checked_seconds
from phalanx.generation import (
    ABORTED,
    ACTION_FAILED,
    INTERRUPTED,
    MENDED,
    RESET,
    TIMED_OUT,
    VERDICT,
    Bell,
    Generation,
    Verdict,
)
from phalanx.stage import Stage, Turns

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType


@dataclass(frozen=True, slots=True)
class BarrierStatistics:
    """What a barrier has done so far. All three were true at the same moment of the call that returned them."""

    tripped: int
    """Generations in which everybody met."""
    broken: int
    """Generations that were broken."""
    waiting: int
    """Arrivals in the generation that fills now."""


class CyclicBarrier(ABC):
    """The methods of `threading.Barrier`, for a class that says what its threads sleep on."""

    def __init__(
        self,
        parties: SupportsIndex,
        action: Callable[[], object] | None = None,
        timeout: SupportsFloat | None = None,
    ) -> None:
        self._parties = checked_count("parties", parties, least=1)
        self._action = checked_action(action)
        self._seconds = checked_seconds(timeout)
        self._last = self._parties - 1
        # What each generation gets a copy of.
        self._tickets = list(range(self._last, -1, -1))
        self._turns = Turns()
        # Where newcomers look first: the current generation, or an older one, from which there is a way to it.
        self._generation = self._fresh(None, 0, 0)

    @abstractmethod
    def _bell(self, last: Bell | None, generations: int) -> Bell:
        """A bell for `parties` - 1 sleepers: after the bell `last`, if there is one, and so many generations."""

    def wait(self, timeout: SupportsFloat | None = None) -> int:  # noqa: C901 - every call is a place to be struck at
        """Wait until all parties have arrived; return this thread's place in the order of arrival, from 0.

        A wait that lasts `timeout` seconds (default: the barrier's) breaks its generation. The time limit holds
        whatever the other threads do. The only thing that it does not bound is the action, in the thread that runs it.

        An exception that is raised into a wait, such as KeyboardInterrupt, breaks its generation too and goes on.

        Raises:
            BrokenBarrierError: the generation is broken, or the barrier was already.
            RuntimeError: called from inside the barrier's own action, where it could only deadlock.
        """
        seconds = self._seconds
        if timeout is not None:  # What nearly all are needs no call.
            seconds = timeout if type(timeout) is float and 0.0 <= timeout <= LONGEST else checked_seconds(timeout)
        action = self._action
        if action is not None:
            self._turns.refuse_actor(self)
        generation = self._generation
        index = None
        try:
            while index is None:
                try:
                    index = generation.tickets.pop()
                except IndexError:
                    following, seconds = self._pass_over(generation, seconds)
                    if following is None:
                        break
                    generation = following
            if index == self._last:
                stage = generation.stage
                # Called from here and from no deeper: a traceback then keeps no generation alive.
                if stage is not None and action is not None and self._takes_turn(generation, stage, seconds):
                    action()
                    self._turns.give_up(stage)
                self._trip(generation)
            elif index is not None and not generation.bell.sleep(index, seconds, generation.fate):
                self._expire(generation)
        except BaseException as error:
            try:
                self._withdraw(generation, error)
            except BaseException:
                # Struck where `_withdraw` was entered, before it could guard itself.
                self._withdraw(generation, error)
                raise
            del generation
            raise
        verdict = generation.fate[VERDICT]
        if verdict.reason is not None:
            del generation
            raise verdict.error()
        return index  # type: ignore[return-value] # only a broken barrier has no ticket to give

    def abort(self) -> None:
        """Break the barrier: every waiter and every later `wait` raises BrokenBarrierError, until `reset`.

        A generation that has tripped stays tripped. Aborting a broken barrier changes nothing.
        """
        mine = Verdict(ABORTED)
        generation = self._generation
        # It breaks one generation at most: a reset may have mended that already when this looks again.
        while (verdict := self._break(generation, mine)) is not mine:
            following = verdict.following or generation.mended
            if following is None:
                return
            generation = following

    def reset(self) -> None:
        """Make the barrier as new: its waiters get BrokenBarrierError, later arrivals start a new generation.

        A generation that has tripped stays tripped.
        """
        generation = self._current()
        while len(generation.tickets) < self._parties or generation.verdict is not None:
            verdict = self._break(generation, Verdict(RESET, following=self._replacement(generation)))
            following = verdict.following
            if following is None:
                following = generation.fate.setdefault(MENDED, self._replacement(generation))
            self._generation = generation = following
            if verdict.reason is not None:
                return

    @property
    def parties(self) -> int:
        """How many threads meet."""
        return self._parties

    @property
    def n_waiting(self) -> int:
        """How many have arrived in the generation that has no verdict yet. Never blocks."""
        return self.statistics().waiting

    @property
    def broken(self) -> bool:
        """Whether a `wait` would raise BrokenBarrierError at once. Never blocks."""
        # It had none, or was broken, when it was found. If it has tripped or was reset since, that broke no later `wait`.
        verdict = self._current().verdict
        return verdict is not None and verdict.following is None

    def statistics(self) -> BarrierStatistics:
        """What the barrier has done so far. Never blocks."""
        generation = self._current()
        # In this order: the tickets were counted while there was no verdict, if there is none afterwards.
        left = len(generation.tickets)
        verdict = generation.verdict
        if verdict is None:
            return BarrierStatistics(generation.tripped, generation.broken, self._parties - left)
        if verdict.following is not None:
            return BarrierStatistics(verdict.following.tripped, verdict.following.broken, 0)
        return BarrierStatistics(generation.tripped, generation.broken + 1, 0)

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

    # How one generation follows another.

    def _fresh(self, last: Bell | None, tripped: int, broken: int) -> Generation:
        """A generation with nobody in it, after the one with the bell `last` and so many others."""
        generation = Generation()
        generation.tickets = self._tickets.copy()
        generation.fate = {}
        generation.bell = self._bell(last, tripped + broken)
        generation.stage = None if self._action is None else Stage()
        generation.tripped = tripped
        generation.broken = broken
        return generation

    def _replacement(self, generation: Generation) -> Generation:
        """One that can follow this one if it is broken."""
        return self._fresh(generation.bell, generation.tripped, generation.broken + 1)

    def _current(self) -> Generation:
        """The last generation that there is."""
        generation = self._generation
        while (following := generation.following) is not None:
            generation = following
        return generation

    def _tripped(self, generation: Generation) -> Verdict:
        """The verdict that this generation has tripped, with the next one."""
        return Verdict(None, None, self._fresh(generation.bell, generation.tripped + 1, generation.broken))

    def _pass_over(self, generation: Generation, seconds: float) -> tuple[Generation | None, float]:
        """Where one goes who found no ticket: nowhere, if this or the barrier is broken. And how many seconds are left.

        Who looks on until a reset breaks the generation has waited for it, and is told.
        """
        verdict = generation.verdict
        if verdict is not None:
            return verdict.following or generation.mended, seconds
        stage = generation.stage
        if stage is None:
            # Everybody is there, and nothing else is needed: what its last arriver is about to do can be done here.
            return generation.settle(self._tripped(generation)).following, seconds
        limit = time.monotonic() + seconds
        if not stage.onlookers.sleep(0, seconds):
            self._break(generation, Verdict(TIMED_OUT))
        verdict = generation.fate[VERDICT]
        rest = seconds if seconds < 0 else max(0.0, limit - time.monotonic())
        return verdict.following if verdict.reason is None else None, rest

    # How a generation gets its verdict.

    def _takes_turn(self, generation: Generation, stage: Stage, seconds: float) -> bool:
        """Whether the last arriver may run the action now; if not, its generation has a verdict."""
        if self._turns.take(stage, generation.fate, seconds):
            return True
        self._break(generation, Verdict(TIMED_OUT))
        return False

    def _trip(self, generation: Generation) -> None:
        """All are there: release them, if nobody has broken the generation."""
        verdict = generation.fate.setdefault(VERDICT, self._tripped(generation))
        if verdict.reason is None:
            # First, so that those who are woken find it.
            self._generation = verdict.following
            generation.open()

    def _break(self, generation: Generation, verdict: Verdict) -> Verdict:
        """Break a generation, if it has no verdict yet; its verdict. If it is broken, everybody in it is awake."""
        try:
            settled = generation.settle(verdict)
            if settled.reason is not None:
                generation.end()
        except BaseException:
            # Struck, perhaps when half was done: what is missing is done now.
            generation.settle(verdict)
            generation.end()
            raise
        return settled

    def _expire(self, generation: Generation) -> None:
        """A sleeper's time is up: break the generation. If it has tripped, others may have relied on this sleeper."""
        if self._break(generation, Verdict(TIMED_OUT)).reason is None:
            generation.bell.open_all()

    def _withdraw(self, generation: Generation, error: BaseException) -> None:
        """Leave a generation by an exception, the action's or one from outside, so that nobody waits in vain."""
        try:
            self._leave(generation, error)
        except BaseException:
            # Struck once more.
            self._leave(generation, error)
            raise

    def _leave(self, generation: Generation, error: BaseException) -> None:
        reason = INTERRUPTED
        stage = generation.stage
        if stage is not None and stage.leader == threading.get_ident():
            self._turns.give_up(stage)
            reason = ACTION_FAILED
        generation.settle(Verdict(reason, error))
        generation.end()
