"""Locks in a world with faults: a wait for one may be interrupted, and an exception delivered once it is released.

`with` looks for exceptions after it has called `__exit__` at the normal end of the block, and not after `__enter__`; what
is called by name gets its point from the rewritten code that calls it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from treadle.runtime.locks import Lock, Locks, RLock

if TYPE_CHECKING:
    from treadle.runtime.clock import Clock
    from treadle.runtime.faults import Deliveries
    from treadle.runtime.learned import Learned
    from treadle.runtime.names import Names
    from treadle.runtime.turns import Turns


class InterruptibleLocks(Locks):
    """What the locks of a world with faults stand on."""

    __slots__ = ("deliveries",)

    deliveries: Deliveries

    def __init__(self, turns: Turns, names: Names, clock: Clock, learned: Learned, deliveries: Deliveries) -> None:
        super().__init__(turns, names, clock, learned)
        self.deliveries = deliveries

    @property
    def kinds(self) -> tuple[type[Lock], type[RLock]]:
        """Those that can be interrupted."""
        return InterruptibleLock, InterruptibleRLock


class InterruptibleLock(Lock):
    """A plain lock."""

    __slots__ = ("_born",)
    _locks: ClassVar[InterruptibleLocks]

    def __init__(self) -> None:
        super().__init__()
        self._born = self._locks.deliveries.now()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """As a lock; a wait may be interrupted."""
        if blocking and timeout != 0:
            self._locks.deliveries.wait(self._words.strike, self._born)
        return super().acquire(blocking, timeout)

    __enter__ = acquire

    def __exit__(self, kind: object = None, *exception: object) -> None:
        super().__exit__(kind, *exception)
        if kind is None:
            self._locks.deliveries.point()

    acquire_lock = acquire


class InterruptibleRLock(RLock):
    """A re-entrant lock."""

    __slots__ = ("_born",)
    _locks: ClassVar[InterruptibleLocks]

    def __init__(self) -> None:
        super().__init__()
        self._born = self._locks.deliveries.now()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """As a lock; a wait may be interrupted."""
        if blocking and timeout != 0 and not self._is_owned():
            self._locks.deliveries.wait(self._words.strike, self._born)
        return super().acquire(blocking, timeout)

    __enter__ = acquire

    def __exit__(self, kind: object = None, *exception: object) -> None:
        super().__exit__(kind, *exception)
        if kind is None:
            self._locks.deliveries.point()
