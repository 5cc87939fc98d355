"""The question of a condition whether the caller has its lock, answered without a step where the answer is certain.

`Condition.wait` and `Condition.notify` begin with that question. A re-entrant lock answers it by itself, and nobody else can
make the answer another one, so there it is no operation. A plain lock does not know who has it, so `threading` tries to take
it: if that fails, somebody has it. As an operation this makes one step in three of a `queue.Queue`, an `Event` or a `Barrier`,
and nearly always nothing could come of it: the caller has the lock, and keeps it until it lets it go by itself.

*Argument.* The attempt of a task that has the lock fails, and reads the lock. Who else touches a lock that is taken reads it, too
(an attempt that fails), waits for it, or lets it go, though it has not got it. Only the last one conflicts. So call a lock
*handed* if in some execution a task lets it go that another one has. Of a lock that is not handed the question conflicts with
nothing that another task can do before the caller lets the lock go itself, which comes after it in any case: to leave it away
changes no other step, and no order of steps. Which locks are handed is learned (`treadle.runtime.instrumentation.sharing`): as long as none is known, take a
shortest execution in which a task asks of a lock that it has, and before it does anything else another task lets that lock go. Up to there all
answers are right, so the search without these steps has an equivalent execution, in which it sees the release. It notes the lock, and starts
again. (Both are in one execution, so they are also seen where several processes share the search. And it does so where the question comes
after such a release, too: in another order of the two the task might have the lock, and be told so without the step that is planned.)

*With faults* all is left as it is: an attempt is a call, and an exception may strike when it returns.

Law: tests/laws/test_ownership.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

    from treadle.runtime.locks import Locks


def known(threading: ModuleType, locks: Locks) -> None:
    """Let the conditions of this private copy know whether the caller has their lock."""
    books: Any = threading
    original = books.Condition._is_owned
    plain = books._allocate_lock

    def _is_owned(self: Any) -> bool:
        lock = self._lock
        return (type(lock) is plain and locks.is_had(lock)) or original(self)

    _is_owned.__doc__ = original.__doc__
    _is_owned.__qualname__ = original.__qualname__
    books.Condition._is_owned = _is_owned
