"""Barriers that are known to be wrong, each in one way, and one that is right to hold them against.

A checker that finds nothing proves nothing. So each class here breaks one promise of `docs/reference/barrier.md`, its
docstring says which and how, and the tests beside this module expect a checker to find exactly that. The mistakes are
those that people make: most of them were seen in code that is in use.

`SimpleBarrier` is the barrier that a textbook shows, with what textbooks overlook. The next two leave out its
generation counter. The rest are variants of `MonitorBarrier`, which is right (P1 to P6, P8 and P9 hold; it has no
timeouts): each overrides the one step that it gets wrong.

Nothing here touches anything but `threading`, so each runs on real threads as well.
"""

from __future__ import annotations

import threading
from threading import BrokenBarrierError
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class SimpleBarrier:
    """P5, P1 and P7 fail.

    The last arriver returns 0, and so does the first, who took the count before adding to it (P5). A wait that times
    out leaves its arrival counted, so the next round trips one too early (P1). And the full timeout starts again
    after each wakeup, so that a wait can outlast it (P7).
    """

    def __init__(self, parties: int) -> None:
        self._parties = parties
        self._changed = threading.Condition(threading.Lock())
        self._count = 0
        self._generation = 0

    def wait(self, timeout: float | None = None) -> int:
        with self._changed:
            generation = self._generation
            index = self._count
            self._count += 1
            if self._count == self._parties:
                self._count = 0
                self._generation += 1
                self._changed.notify_all()
                return 0
            while generation == self._generation:
                if not self._changed.wait(timeout):
                    raise BrokenBarrierError("timed out")
            return index


class SleepsThroughRelease:
    """P9 fails: without a generation, a waiter recognises its release by a count of 0, and may look too late.

    The fast thread arrives in the next round and makes the count 1 before the slow one has looked: both sleep.
    """

    def __init__(self, parties: int) -> None:
        self._parties = parties
        self._changed = threading.Condition(threading.Lock())
        self._count = 0

    def wait(self) -> int:
        with self._changed:
            index = self._count
            self._count += 1
            if self._count == self._parties:
                self._count = 0
                self._changed.notify_all()
                return index
            while self._count != 0:
                self._changed.wait()
            return index


class PassesAgain:
    """P2 and P1 fail: without a generation, a door that is shut by the last to leave lets the first through twice.

    The fast thread comes back for the next round while the slow one has not left this one, finds the door open, and
    passes alone.
    """

    def __init__(self, parties: int) -> None:
        self._parties = parties
        self._changed = threading.Condition(threading.Lock())
        self._inside = 0
        self._open = False

    def wait(self) -> int:
        with self._changed:
            index = self._inside
            self._inside += 1
            if self._inside == self._parties:
                self._open = True
                self._changed.notify_all()
            while not self._open:
                self._changed.wait()
            self._inside -= 1
            if self._inside == 0:
                self._open = False
            return index


class Round:
    """One use of a `MonitorBarrier`."""

    def __init__(self) -> None:
        self.count = 0
        self.tripped = False
        self.broken = False

    @property
    def decided(self) -> bool:
        return self.tripped or self.broken


class MonitorBarrier:
    """Right: one lock, one condition, an object for each round. What the variants below are held against."""

    def __init__(self, parties: int, action: Callable[[], object] | None = None) -> None:
        self._parties = parties
        self._action = action
        self._changed = threading.Condition(threading.Lock())
        self._round = Round()

    def wait(self) -> int:
        with self._changed:
            own = self._round
            if own.broken:
                raise BrokenBarrierError("broken before this arrival")
            index = own.count
            own.count += 1
            if own.count == self._parties:
                self._meet(own)
            else:
                self._sleep(own)
            return self._leave(own, index)

    def abort(self) -> None:
        with self._changed:
            self._round.broken = True
            self._changed.notify_all()

    def reset(self) -> None:
        with self._changed:
            self._round.broken = True
            self._round = Round()
            self._changed.notify_all()

    def _meet(self, own: Round) -> None:
        self._act(own)
        self._release(own)

    def _act(self, own: Round) -> None:
        if self._action is not None:
            try:
                self._action()
            except BaseException:
                own.broken = True
                self._changed.notify_all()
                raise

    def _release(self, own: Round) -> None:
        own.tripped = True
        self._round = Round()
        self._changed.notify_all()

    def _sleep(self, own: Round) -> None:
        while not own.decided:
            self._changed.wait()

    def _leave(self, own: Round, index: int) -> int:
        if own.broken:
            raise BrokenBarrierError("broken while waiting")
        return index


class IfInsteadOfWhile(MonitorBarrier):
    """P1 fails where conditions wake up without being notified: the waiter does not look again."""

    def _sleep(self, own: Round) -> None:
        if not own.decided:
            self._changed.wait()


class NotifiesOne(MonitorBarrier):
    """P9 fails from 3 parties on: the last arriver wakes one of its partners, and the others sleep for ever."""

    def _release(self, own: Round) -> None:
        own.tripped = True
        self._round = Round()
        self._changed.notify()


class ReleasesBeforeAction(MonitorBarrier):
    """P4 fails: the action runs when the others may have left already."""

    def _meet(self, own: Round) -> None:
        self._release(own)
        self._changed.release()
        try:
            if self._action is not None:
                self._action()
        finally:
            self._changed.acquire()


class ActsOutsideLock(MonitorBarrier):
    """P1 and P2 fail: while the action runs outside the lock, its round is still the one that newcomers join.

    A newcomer is counted in a round that is complete, and is released with it: one more than the parties.
    """

    def _meet(self, own: Round) -> None:
        self._changed.release()
        try:
            if self._action is not None:
                self._action()
        finally:
            self._changed.acquire()
        self._release(own)


class AbortForgetsNotify(MonitorBarrier):
    """P6 fails: abort breaks the barrier and wakes nobody, so those who wait sleep on."""

    def abort(self) -> None:
        with self._changed:
            self._round.broken = True


class ResetKeepsRound(MonitorBarrier):
    """P8 fails: reset wakes the waiters, but starts no new round.

    The count is set back in the round that they still belong to; they find no verdict, and sleep on uncounted.
    """

    def reset(self) -> None:
        with self._changed:
            self._round.count = 0
            self._changed.notify_all()


class IndexReadLate(MonitorBarrier):
    """P5 fails: the index is what a counter that all share shows after the lock was released between two steps."""

    def __init__(self, parties: int, action: Callable[[], object] | None = None) -> None:
        super().__init__(parties, action)
        self._left = 0

    def _leave(self, own: Round, index: int) -> int:
        super()._leave(own, index)
        place = self._left % self._parties
        self._changed.release()
        self._changed.acquire()
        self._left += 1
        return place
