"""A barrier whose parties come and go while it runs, and may arrive now and wait later.

Work often goes on with fewer workers: one has nothing left to do, or has failed. A barrier for a fixed number would hang
then. Here every party is a *member*, made by `join` and ended by `leave`; a generation trips when as many have arrived as
there are members. So it may trip in two ways: the last one missing arrives, or it leaves. Leaving counts at once, for
the generation that fills now. When nobody is left, the barrier is finished for good, and says so to whoever arrives or
joins.

To arrive and to wait are two calls here, since a worker often has something to do between them: `arrive` counts and
returns a token, `wait(token)` waits for that arrival's generation. `wait()` is both. Who leaves in the generation in
which it has arrived says so, with the token: the arrival must not stand for one of those who are still members, or they
would be released before all of them have come.

One lock guards the few fields; it is never held while anybody waits. Unlike `Barrier`, where the number of tickets is
fixed and one `pop` can say who is last, the number of members and that of arrivals change together here, and what is
decided by two numbers at once is decided under a lock. Each waiter sleeps on a gate of its own, a token's; whoever
settles the verdict opens the gates. A generation is an object, as everywhere in this package, so that nobody mistakes
one round for another.

Refines `spec/Elastic.tla`. Compare Java's `Phaser`, .NET's `Barrier`, and `arrive_and_drop` of C++20's `std::barrier`.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self, SupportsFloat, SupportsIndex

from phalanx.arguments import checked_count, checked_seconds
from phalanx.errors import FinishedBarrierError
from phalanx.gates import closed_gate, open_gate
from phalanx.generation import ABORTED, INTERRUPTED, RESET, TIMED_OUT, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

TRIPPED: Final = Verdict(None)


class Phase:
    """One generation: who has arrived in it, and its verdict."""

    __slots__ = ("tokens", "verdict", "without")

    def __init__(self) -> None:
        # In the order of arrival.
        self.tokens: list[Token] = []
        # How many of these are of members who have left since, and so stand for nobody who is still one.
        self.without = 0
        # Set once, under the lock, before the gates are opened.
        self.verdict: Verdict | None = None

    def open(self) -> None:
        """Wake all who wait. Calling it again completes what an exception stopped."""
        for token in self.tokens:
            token.open()


class Token:
    """One arrival, from `arrive` until `wait(token)`. It is for the barrier that made it."""

    __slots__ = ("_gate", "index", "phase", "thread")

    def __init__(self, phase: Phase, index: int) -> None:
        # The generation that it is an arrival in.
        self.phase = phase
        # How many had arrived before.
        self.index = index
        # Who arrived, for `participant`.
        self.thread = threading.get_ident()
        self._gate = closed_gate()

    def sleep(self, seconds: float) -> bool:
        """Sleep until there is a verdict, for at most that many seconds (-1: for ever); whether there is one."""
        if not self._gate.acquire(timeout=seconds):
            return False
        # For whoever waits with the same token.
        self.open()
        return True

    def open(self) -> None:
        """Wake who sleeps on it."""
        open_gate(self._gate)

    def __repr__(self) -> str:
        return f"<phalanx.Token: arrival {self.index}>"


@dataclass(frozen=True, slots=True)
class ElasticStatistics:
    """What an elastic barrier has done so far. All were true at the same moment."""

    parties: int
    """Members now."""
    tripped: int
    """Generations in which everybody met."""
    broken: int
    """Generations that were broken."""
    waiting: int
    """Arrivals in the generation that fills now."""


class ElasticBarrier:
    """Lets its parties wait for each other, again and again, while parties join and leave.

    It begins with `parties` members, who need not join. `timeout`, in seconds, is the default of `wait`.

    `with barrier:` aborts if the body raises, as in `Barrier`. `with barrier.participant():` makes the caller a member
    for so long; it leaves at the end, also by an exception, so that the others go on without it.

    Raises:
        TypeError: `parties` is not an int, or `timeout` is not a number.
        ValueError: `parties` is less than 1, or `timeout` is negative or NaN.
    """

    def __init__(self, parties: SupportsIndex, timeout: SupportsFloat | None = None) -> None:
        self._seconds = checked_seconds(timeout)
        # Guards everything below.
        self._lock = threading.Lock()
        # How many are members. 0: the barrier is finished.
        self._parties = checked_count("parties", parties, least=1)
        # The generation that fills; one that is broken stays until a reset.
        self._phase = Phase()
        self._tripped = 0
        self._broken = 0

    def join(self) -> None:
        """Become a member, from the generation that fills now. Waits for nobody.

        One that is interrupted by an exception, such as KeyboardInterrupt, has not joined.

        Raises:
            FinishedBarrierError: nobody is a member any more.
        """
        joined = False
        try:
            with self._lock:
                self._refuse_finished("join")
                # Between these there is no call, so no exception from outside.
                self._parties += 1
                joined = True
        except BaseException:
            if joined:
                self.leave()
            raise

    def leave(self, token: Token | None = None) -> None:
        """Cease to be a member, from the generation that fills now: the others do not wait for this one.

        If all others have arrived in it, it trips. Who has arrived in it already leaves with the token of that arrival,
        which stays one. Who leaves last finishes the barrier.

        Raises:
            FinishedBarrierError: nobody is a member any more.
            TypeError: it is no token.
        """
        if token is not None and not isinstance(token, Token):
            raise TypeError(f"leave() takes a token from arrive(), or nothing; got {token!r}")
        phase = None
        try:
            with self._lock:
                self._refuse_finished("leave")
                phase = self._phase
                self._parties -= 1
                if token is not None and token.phase is phase:
                    phase.without += 1
                self._trip_if_complete(phase)
        except BaseException as error:
            self._mend(phase, error)
            raise

    def arrive(self) -> Token:
        """Arrive, and wait later or never: the token is for `wait`. If all others have arrived the generation trips.

        Raises:
            FinishedBarrierError: nobody is a member any more.
        """
        phase = None
        try:
            with self._lock:
                self._refuse_finished("arrive")
                phase = self._phase
                token = Token(phase, len(phase.tokens))
                if phase.verdict is None:
                    phase.tokens.append(token)
                    self._trip_if_complete(phase)
                else:
                    token.open()
        except BaseException as error:
            self._mend(phase, error)
            raise
        return token

    def wait(self, token: Token | SupportsFloat | None = None, timeout: SupportsFloat | None = None) -> int:
        """Wait until all parties have arrived; return this arrival's place in the order of arrival, from 0.

        With a token it waits for the generation of that arrival, else it arrives first. As in `Barrier`, a number in
        the first place is the timeout, in seconds (default: the barrier's). One that expires breaks the generation, and
        so does an exception that is raised into a wait, such as KeyboardInterrupt.

        Raises:
            BrokenBarrierError: the generation is broken, or the barrier was already.
            FinishedBarrierError: nobody is a member any more.
            TypeError: there are two timeouts.
        """
        if token is not None and not isinstance(token, Token):
            if timeout is not None:
                raise TypeError(f"wait() takes one timeout; got {token!r} and {timeout!r}; a token comes from arrive()")
            token, timeout = None, token
        seconds = self._seconds if timeout is None else checked_seconds(timeout)
        mine = token
        try:
            mine = self.arrive() if mine is None else mine
            verdict = mine.phase.verdict if mine.sleep(seconds) else self._break(mine.phase, Verdict(TIMED_OUT))
        except BaseException as error:
            # Without a token it has not arrived, or `arrive` has mended that.
            self._mend(None if mine is None else mine.phase, error)
            raise
        assert verdict is not None
        if verdict.reason is not None:
            raise verdict.error()
        return mine.index

    def abort(self) -> None:
        """Break the barrier: every waiter and every later `wait` raises BrokenBarrierError, until `reset`.

        A generation that has tripped stays tripped. Aborting a broken or a finished barrier changes nothing.
        """
        phase = None
        try:
            with self._lock:
                phase = self._phase
                self._settle_broken(phase, Verdict(ABORTED))
        except BaseException as error:
            self._mend(phase, error)
            raise

    def reset(self) -> None:
        """Make the barrier as new, with the members that it has: its waiters get BrokenBarrierError.

        A generation that has tripped stays tripped. A barrier that is finished stays so.
        """
        phase = None
        try:
            with self._lock:
                phase = self._phase
                fresh, verdict = Phase(), phase.verdict or Verdict(RESET)
                # Between these there is no call, so no exception from outside.
                if phase.tokens and phase.verdict is None:
                    self._broken += 1
                phase.verdict = verdict
                self._phase = fresh
                phase.open()
        except BaseException as error:
            self._mend(phase, error)
            raise

    @contextmanager
    def participant(self) -> Iterator[Self]:
        """Be a member for so long: join, and leave at the end, also if the body raises.

        If the caller has arrived in the generation that fills then, that stays an arrival.

        Raises:
            FinishedBarrierError: nobody is a member any more.
        """
        self.join()
        try:
            yield self
        finally:
            self.leave(self._own_arrival())

    @property
    def parties(self) -> int:
        """How many are members now; 0 if the barrier is finished."""
        return self._parties

    @property
    def n_waiting(self) -> int:
        """How many have arrived in the generation that has no verdict yet. Never blocks."""
        phase = self._phase
        # In this order: the count was read while there was no verdict, if there is none afterwards.
        arrived = len(phase.tokens)
        return arrived if phase.verdict is None else 0

    @property
    def broken(self) -> bool:
        """Whether a `wait` would raise BrokenBarrierError at once, until a reset. Never blocks."""
        verdict = self._phase.verdict
        # One that has tripped, or that a reset broke, is about to be replaced: in the same step, as callers see it.
        return verdict is not None and verdict.reason is not None and verdict.reason is not RESET

    @property
    def finished(self) -> bool:
        """Whether nobody is a member any more. Never blocks."""
        return self._parties == 0

    def statistics(self) -> ElasticStatistics:
        """What the barrier has done so far."""
        with self._lock:
            return ElasticStatistics(self._parties, self._tripped, self._broken, self.n_waiting)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind is not None:
            self.abort()

    def __repr__(self) -> str:
        waiters = f"waiters={self.n_waiting}/{self._parties}"
        state = "finished" if self.finished else "broken" if self.broken else waiters
        return f"<phalanx.{type(self).__qualname__} at {id(self):#x}: {state}>"

    def _refuse_finished(self, what: str) -> None:
        """Raise FinishedBarrierError if there are no members. Holds the lock."""
        if self._parties == 0:
            raise FinishedBarrierError(f"the barrier is finished: {what}() was called when all parties had left")

    def _own_arrival(self) -> Token | None:
        """The arrival of the calling thread in the generation that fills, if there is one."""
        me = threading.get_ident()
        return next((token for token in self._phase.tokens.copy() if token.thread == me), None)

    def _trip_if_complete(self, phase: Phase) -> None:
        """Settle that the generation has tripped, if all have arrived. Holds the lock."""
        if phase.tokens and phase.verdict is None and len(phase.tokens) >= self._parties + phase.without:
            fresh = Phase()
            # Between these there is no call, so no exception from outside.
            phase.verdict = TRIPPED
            self._phase = fresh
            self._tripped += 1
            phase.open()

    def _break(self, phase: Phase, verdict: Verdict) -> Verdict | None:
        """Break a generation, if it has no verdict yet; its verdict. Everybody in it is awake then."""
        with self._lock:
            self._settle_broken(phase, verdict)
            return phase.verdict

    def _settle_broken(self, phase: Phase, verdict: Verdict) -> None:
        """Break a generation, if it has no verdict yet, and wake everybody in it. Holds the lock."""
        # Where nobody is a member and nobody has arrived there is nothing to break.
        if phase.verdict is None and (self._parties or phase.tokens):
            phase.verdict = verdict
            self._broken += 1
        # Also if there was a verdict: whoever settled it may have been struck before everybody was awake.
        phase.open()

    def _mend(self, phase: Phase | None, error: BaseException) -> None:
        """Leave by an exception, so that nobody waits in vain. Without a generation nothing was changed yet."""
        if phase is not None:
            try:
                self._break(phase, Verdict(INTERRUPTED, error))
            except BaseException:
                # Struck once more.
                self._break(phase, Verdict(INTERRUPTED, error))
                raise
