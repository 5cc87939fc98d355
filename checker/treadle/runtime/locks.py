"""The locks of the controlled `_thread`: plain and re-entrant, with the signatures and errors of the real ones.

A lock has no state of its own: who holds it is known to the execution, under the lock's name. Each operation is an
object that is made once for each name and kept for all executions, so that an execution that repeats another one asks
for the very same objects and nothing need be compared.

A re-entrant lock counts by itself, because only its owner does: re-entry is no operation. Neither is the question
whether the caller owns it.

An acquisition with a timeout is never blocked: it succeeds if the lock is free, and else expires, which moves the
clock of its task on; the search puts it before and after each release.

*Born taken.* Who makes a lock and takes it at once, as `Condition.wait` does, takes it in no step of its own: the lock comes
to be as one that is taken. Nobody can have seen it before, because its maker has made no step since. And whoever finds it later
comes after that, as he comes after its making: he has found it in something that the maker wrote, and either some step of
the maker orders that, which is younger than the lock; or nothing does, and then what was written is raced for, becomes a
step (or is reported), and where it was written before the lock was taken, taking it is a step, too. So all that touches the
lock is ordered after it was taken, and to leave that step away leaves away no order of anything.

That takes for granted that a lock is made before the step in which it is written somewhere. It is not so where the step itself runs what makes
the lock, as the look into a `defaultdict` of locks does: the step comes first. So it must have been one in which nothing is run (`QUIET`).
Law: tests/laws/test_ownership.py.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, ClassVar
from zlib import crc32

from treadle.runtime.meetings import Meeting, Meetings
from treadle.runtime.turns import LOADING
from treadle.semantics.faults import Strike
from treadle.semantics.locks import Acquire, Locked, Open, Release, TryAcquire

if TYPE_CHECKING:
    from types import FrameType

    from treadle.runtime.clock import Clock
    from treadle.runtime.learned import Learned
    from treadle.runtime.names import Names
    from treadle.runtime.turns import Turns

QUIET = frozenset({"start", "begin", "join", "acquire", "try_acquire", "release"})
"""Kinds of steps in which no code of the program is run."""
TIMEOUT_MAX = 9223372036.0
"""The longest timeout, in seconds."""


class Words:
    """The operations on one lock."""

    __slots__ = (
        "acquire",
        "asked",
        "attempt",
        "handed",
        "hash",
        "locked",
        "name",
        "open",
        "release",
        "strike",
        "task",
        "timed",
    )

    asked: bool  # whether somebody has asked whether he has it
    handed: bool  # whether somebody may have let it go whose it was not
    hash: int  # the same in every execution and in every process, so that the order of a set of locks is, too
    task: int  # that makes the lock

    def __init__(self, name: str, task: int) -> None:
        self.name = name
        self.task = task
        self.asked = self.handed = False
        self.hash = crc32(name.encode())
        self.acquire = Acquire(name)
        self.attempt = TryAcquire(name)
        self.timed = TryAcquire(name, timed=True)
        self.release = Release(name)
        self.open = Open(name)
        self.locked = Locked(name)
        self.strike = Strike(name)


class Locks:
    """What the locks of a world stand on."""

    __slots__ = ("_born", "_clock", "_learned", "_meetings", "_names", "_words", "newborn", "turns")

    newborn: Words | None  # of the lock that was made last
    _born: int  # so many steps had been made then
    _meetings: Meetings[Words]  # the locks that tasks have made
    _words: dict[str, Words]  # by name, of every lock that any execution had

    def __init__(self, turns: Turns, names: Names, clock: Clock, learned: Learned) -> None:
        self.turns = turns
        self.newborn = None
        self._names = names
        self._clock = clock
        self._learned = learned
        self._meetings = Meetings()
        self._words = {}

    def begin(self) -> None:
        """An execution starts."""
        self._meetings.begin()

    def forget(self) -> None:
        """The modules are loaded anew."""
        self._meetings.forget()

    @property
    def kinds(self) -> tuple[type[Lock], type[RLock]]:
        """The classes of plain and of re-entrant locks."""
        return Lock, RLock

    def words(self, kind: str) -> Words:
        """The operations on a lock that is made where the caller's caller stands."""
        turns = self.turns
        if not turns.live or turns.current == LOADING:
            words = self._named(kind, sys._getframe(2))
        else:
            events = turns.execution.events
            meeting = self._meetings.again(kind, events)
            if meeting is None:
                words = self._named(kind, sys._getframe(2))
                last, latest = events[-1] if events else None, self._names.latest
                self._meetings.write_down(Meeting(kind, last, len(events), words, turns.current, *latest))
            else:
                words = meeting.thing
                assert meeting.counted is not None, words.name
                self._names.counts[meeting.counted] = meeting.so_far
            self.newborn = words
            self._born = len(events)
        turns.made[words.name] = len(turns.made), turns.current
        return words

    def _named(self, kind: str, frame: FrameType | None) -> Words:
        name = self._names.new(kind, frame)
        words = self._words.get(name)
        if words is None:
            words = self._words[name] = Words(name, self.turns.current)
        return words

    def is_born_taken(self, words: Words) -> bool:
        """Whether the lock that was made last is taken at once, so that it need not be. See above."""
        self.newborn = None
        turns = self.turns
        if not turns.live or turns.current == LOADING:
            return False
        events = turns.execution.events
        if len(events) != self._born or (events and events[-1].operation.kind not in QUIET):
            return False
        turns.execution.bear(words.name, turns.current)
        return True

    def is_had(self, lock: Lock) -> bool:
        """Whether the running task has the lock, if that can be told without a step. See `treadle.runtime.ownership`."""
        turns, words = self.turns, lock._words
        if not turns.live or words.name in self._learned.handed:
            return False
        words.asked = True
        if words.handed:
            self._learned.learn("handed", words.name)
        return bool(turns.execution.state.get(words.name) == turns.current)

    def oddly_released(self, words: Words, outcome: object) -> None:
        """The lock was let go by a task that did not have it; raises RuntimeError if nobody had."""
        if not outcome:
            raise RuntimeError("release unlocked lock")
        self._hand(words)

    def opened(self, words: Words) -> bool:
        """Let the lock go, whoever has it, if anybody has: True. See `semantics.locks.Open`, which does not tell who had it."""
        opened = bool(self.turns.step(words.open))
        self._hand(words)
        return opened

    def _hand(self, words: Words) -> None:
        """Somebody may have let the lock go whose it was not."""
        words.handed = True
        if words.asked:
            self._learned.learn("handed", words.name)

    def told(self, words: Words, owner: int | None = None) -> str:
        """The lock's name, for a text that shows it, perhaps with who has it."""
        self._names.tell(words.task)
        if owner is not None:
            self._names.tell(owner)
        return words.name

    def hash(self, words: Words) -> int:
        """The lock's hash."""
        self._names.tell(words.task)
        return words.hash

    def acquire(self, words: Words, blocking: bool, timeout: float) -> bool:
        """An acquisition that may fail."""
        timeout = checked_timeout(blocking, timeout)
        if blocking and timeout == -1:
            return bool(self.turns.step(words.acquire))
        if timeout <= 0:
            return bool(self.turns.step(words.attempt))
        waits = self._clock.waits.pop(self.turns.current, None) if self._clock.waits else None
        if self.turns.step(waits(words.timed) if waits is not None else words.timed):
            return True
        self._clock.expire(timeout)
        return False


def checked_timeout(blocking: bool, timeout: float) -> float:
    """The timeout of an acquisition that is not simply blocking; raises what the real locks raise."""
    if not blocking and timeout != -1:
        raise ValueError("can't specify a timeout for a non-blocking call")
    if timeout != timeout or (timeout < 0 and timeout != -1):  # noqa: PLR0124 - NaN
        raise ValueError("timeout value must be a non-negative number")
    if timeout > TIMEOUT_MAX:
        raise OverflowError("timeout value is too large")
    return timeout


def _is_missed() -> bool:
    """Whether a text is asked for by a container that was to remove something, and complains that it is not there.

    `Condition.wait` does that to its own lock when it was notified after it had given up, and does not read the complaint.
    To look at the lock for that would be a step; and its name would tell who waits.
    """
    frame = sys._getframe(2)
    return frame.f_code.co_name == "_call_container" and frame.f_locals.get("name") == "remove"


class Lock:
    """A plain lock. Any task may release it."""

    __slots__ = ("__weakref__", "_words")
    _locks: ClassVar[Locks]

    def __init__(self) -> None:
        self._words = self._locks.words("lock")

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Take the lock; False if it is not blocking, or the timeout expires first."""
        locks, words = self._locks, self._words
        if timeout == -1:
            if locks.newborn is words and blocking and locks.is_born_taken(words):
                return True
            return locks.turns.step(words.acquire if blocking else words.attempt)  # type: ignore[no-any-return]
        return locks.acquire(words, blocking, timeout)

    __enter__ = acquire

    def release(self) -> None:
        """Let the lock go."""
        outcome = self._locks.turns.step(self._words.release)
        if outcome is not True:
            self._locks.oddly_released(self._words, outcome)

    def __exit__(self, *exception: object) -> None:
        outcome = self._locks.turns.step(self._words.release)
        if outcome is not True:
            self._locks.oddly_released(self._words, outcome)

    def locked(self) -> bool:
        """Whether anybody holds it."""
        return bool(self._locks.turns.step(self._words.locked))

    def __repr__(self) -> str:
        if _is_missed():
            return "<_thread.lock object>"
        state = "locked" if self.locked() else "unlocked"
        return f"<{state} _thread.lock object at {self._locks.told(self._words)}>"

    def __hash__(self) -> int:
        return self._locks.hash(self._words)

    def _at_fork_reinit(self) -> None:
        self._words = self._locks.words("lock")

    acquire_lock = acquire
    release_lock = release
    locked_lock = locked


class RLock:
    """A re-entrant lock: its owner may take it again, and lets it go as often."""

    __slots__ = ("__weakref__", "_count", "_owner", "_words")
    _locks: ClassVar[Locks]
    _owner: int | None
    _count: int

    def __init__(self) -> None:
        self._words = self._locks.words("rlock")
        self._owner = None
        self._count = 0

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Take the lock, once more if the task has it; False if it is not blocking, or the timeout expires first."""
        locks = self._locks
        turns = locks.turns
        if self._owner == turns.current:
            self._count += 1
            turns.deeds += 1
            return True
        if timeout == -1 and blocking:
            turns.step(self._words.acquire)
        elif not locks.acquire(self._words, blocking, timeout):
            return False
        self._owner = turns.current
        self._count = 1
        return True

    __enter__ = acquire

    def release(self) -> None:
        """Undo one acquisition; the last one lets the lock go."""
        turns = self._locks.turns
        if self._owner != turns.current:
            raise RuntimeError("cannot release un-acquired lock")
        if self._count > 1:
            self._count -= 1
            turns.deeds += 1
            return
        self._count = 0
        self._owner = None
        turns.step(self._words.release)

    def __exit__(self, *exception: object) -> None:
        self.release()

    def _is_owned(self) -> bool:
        return self._owner == self._locks.turns.current

    def _recursion_count(self) -> int:
        return self._count if self._is_owned() else 0

    def _release_save(self) -> tuple[int, int | None]:
        if self._owner is None:
            raise RuntimeError("cannot release un-acquired lock")
        state = self._count, self._owner
        self._count = 0
        self._owner = None
        self._locks.turns.step(self._words.release)
        return state

    def _acquire_restore(self, state: tuple[int, Any]) -> None:
        self._locks.turns.step(self._words.acquire)
        self._count, self._owner = state

    def __hash__(self) -> int:
        return self._locks.hash(self._words)

    def _at_fork_reinit(self) -> None:
        self._words = self._locks.words("rlock")
        self._owner = None
        self._count = 0

    def __repr__(self) -> str:
        state = "unlocked" if self._owner is None else "locked"
        name = self._locks.told(self._words, self._owner)
        return f"<{state} _thread.RLock object owner={self._owner or 0} count={self._count} at {name}>"
