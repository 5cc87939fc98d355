"""Faults as choices: at a *point* an exception is delivered into the task, or not.

Points are where CPython delivers one (`treadle.runtime.faults` says where that is). There are two kinds:

- A `Point` between two operations. Nothing is delivered, which touches nothing; or an exception is, which counts.
- Before a wait: a `Point` says whether the wait that follows is to be interrupted. If so, the task does not wait to
  get what it waits for, but makes a strike (`Strike`, `StrikeJoin`, `StrikeWait`), which is enabled exactly while the wait
  would last: the lock is held, the thread has not ended, the pipe is empty. An execution in which that never comes to be is none of the program's; it is told apart
  (`Ending.ASSUME`), and all that the program can do besides is found where the point said no.

*The bound.* How many were delivered is an object of its own, `FAULTS`. A delivery writes it; a point where nothing is
delivered does not touch it, though it looks at it to know whether a delivery is possible here. This departs from the
rule that an operation looks only at what its accesses cover, and loses nothing. For the accesses and the result of
"nothing" are the same whatever the count is, so it commutes with every delivery; and a delivery at a point p that the
count forbids in one order is planned from another one. Take an execution in which p did deliver, and call E what
happened before p. E is followed by an execution in which neither p nor anybody later delivers, because not to deliver is
possible at every point; that one is explored (by induction on the number of deliveries, which are fewer there), the
count before p in it is that of E, and p with its other alternative is planned from there. If the count were
read by every point, each delivery would be ordered with every point of all other tasks: as many times more executions.

A wait for a condition that ends for no reason (a `Wake`) is bounded in the same way, by a count of its own.

Two deliveries write the same object, so with a bound of two or more they are executed in both orders.

Law: tests/laws/test_deliveries.py, the same outcomes as every interleaving with every delivery.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from treadle.model.operations import BLOCKED, ONE, READ, WRITE, Operation, Outcome
from treadle.semantics.locks import LockOperation
from treadle.semantics.threads import ThreadOperation, end_of

if TYPE_CHECKING:
    from collections.abc import Hashable

    from treadle.model.operations import Accesses, Alternative, Alternatives, Look

FAULTS = "faults"
"""The object whose state is the number of exceptions delivered so far; None: none."""
WAKEUPS = "spurious wakeups"
"""The object whose state is the number of waits that ended for no reason so far; None: none."""
DELIVER = "deliver"
"""The alternative of a point at which the exception is delivered; None is the other one."""
WAKE = "wake"
"""The alternative of a wait that ends for no reason; None is the other one."""
_NOTHING = Outcome(False, ())  # noqa: FBT003


class Chance(Operation):
    """Something that may happen here, or not; at most `bound` times in one execution. True if it does."""

    __slots__ = ("_both", "_happens", "bound")
    rare = True
    counter: ClassVar[str]
    """The object that counts how often it has happened."""

    def __init__(self, bound: int, happens: str, place: str | None = None) -> None:
        self.bound = bound
        self.place = place
        self._both: Alternatives = (None, happens)
        self._happens = Outcome(True, ((self.counter, WRITE, (_counted, 1)),))  # noqa: FBT003

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Never blocked."""
        return self._both if (look(self.counter) or 0) < self.bound else ONE

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """It happens once more, or nothing does."""
        return _NOTHING if alternative is None else self._happens

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002
        """It is never blocked."""
        return ()

    def objects(self) -> tuple[str, ...]:
        """None that anybody else could touch."""
        return ()


def _counted(state: int | None, more: int) -> int:
    return (state or 0) + more


class Point(Chance):
    """Deliver an exception here, or not."""

    __slots__ = ("at", "exception")
    kind = "point"
    counter = FAULTS

    at: str  # the very line and function, also where `place` is that of a caller; empty where that was not recorded

    def __init__(self, bound: int, exception: str, place: str | None = None, *, at: str = "") -> None:
        super().__init__(bound, DELIVER, place)
        self.exception = exception
        self.at = at

    def objects(self) -> tuple[str, ...]:
        """The exception."""
        return (self.exception,)


class Wake(Chance):
    """End the wait for a condition that begins here for no reason, or not."""

    __slots__ = ()
    kind = "wake"
    counter = WAKEUPS

    def __init__(self, bound: int, place: str | None = None) -> None:
        super().__init__(bound, WAKE, place)


class Strike(LockOperation):
    """Be interrupted while waiting for a lock."""

    __slots__ = ()
    kind = "strike"
    reading = True

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Enabled while the lock is held, by the task itself perhaps: then it waits."""
        return ONE if look(self.lock) is not None else BLOCKED

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """It was seen to be held."""
        return Outcome(None, ((self.lock, READ, None),))

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002
        """To look at the lock."""
        return ((self.lock, READ, None),)


class StrikeJoin(ThreadOperation):
    """Be interrupted while waiting for a thread to end."""

    __slots__ = ()
    kind = "strike_join"
    reading = True

    def __init__(self, thread: str, place: str | None = None) -> None:
        super().__init__(thread, (end_of(thread), READ, None), place)

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Enabled until the thread has ended."""
        return BLOCKED if look(end_of(self.thread)) else ONE


class StrikeWait(Operation):
    """Be interrupted while waiting for anything else: in an operation that is blocked. `leaving` is done on the way out."""

    __slots__ = ("_accesses", "operation")
    kind = "strike_wait"

    operation: Operation  # in which it waits

    def __init__(self, operation: Operation, leaving: Accesses = ()) -> None:
        self.operation = operation
        self.place = None
        touched = {name for name, _, _ in leaving}
        looked = dict.fromkeys(name for name, _, _ in operation.attempt(0) if name not in touched)
        self._accesses: Accesses = (*leaving, *[(name, READ, None) for name in looked])

    def alternatives(self, task: int, look: Look) -> Alternatives:
        """Enabled while the operation is not."""
        return BLOCKED if self.operation.alternatives(task, look) else ONE

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """Everything that it waits for was seen."""
        return Outcome(None, self._accesses)

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002
        """To see that."""
        return tuple([(name, mode, None) for name, mode, _ in self._accesses])

    def objects(self) -> tuple[str, ...]:
        """Those of the operation."""
        return self.operation.objects()

    def signature(self) -> tuple[Hashable, ...]:
        """The kind, and what it waits in."""
        return (self.kind, *self.operation.signature())


STRIKES = (Strike, StrikeJoin, StrikeWait)
"""Operations that wait for a wait, which may never come: then the execution is none of the program's."""
