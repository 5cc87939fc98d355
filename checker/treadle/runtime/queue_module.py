"""The controlled `_queue`: `SimpleQueue`, which CPython has in C, as one object whose operations are steps.

In CPython `put` and `get` are atomic, and what is put in happens before it is taken out: the queue is synchronisation,
as a lock is. Python's own stand-in for it (`queue._PySimpleQueue`) is made of a `deque` and a semaphore; it is there, too, for
who asks for it by that name, but it has more steps, and it is not what runs outside of a world.

Source: the documentation of `queue.SimpleQueue`; `Modules/_queuemodule.c` of CPython 3.13 for the errors.
"""

from __future__ import annotations

import _queue
import sys
import types
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar

from treadle.runtime.locks import TIMEOUT_MAX
from treadle.semantics.faults import StrikeWait
from treadle.semantics.queues import IsEmpty, Put, Size, Take, TryTake

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from treadle.model.operations import Operation
    from treadle.runtime.clock import Clock
    from treadle.runtime.names import Names
    from treadle.runtime.turns import Turns


class Words:
    """The operations on one queue."""

    __slots__ = ("attempt", "is_empty", "put", "size", "strike", "take", "timed")

    def __init__(self, name: str) -> None:
        self.put = Put(name)
        self.take = Take(name)
        self.attempt = TryTake(name)
        self.timed = TryTake(name, timed=True)
        self.is_empty = IsEmpty(name)
        self.size = Size(name)
        self.strike = StrikeWait(self.take)


class Queues:
    """What the queues of a world stand on. `publish` is told what becomes reachable for others."""

    __slots__ = ("_names", "_words", "clock", "interruptible", "publish", "turns")

    interruptible: Callable[[Operation], None] | None  # told of a wait, with what an interruption of it is
    _words: dict[str, Words]  # by name, of every queue that any execution had

    def __init__(self, turns: Turns, names: Names, clock: Clock, publish: Callable[[Any], None]) -> None:
        self.turns = turns
        self.clock = clock
        self.publish = publish
        self._names = names
        self._words = {}
        self.interruptible = None

    def words(self, frame: FrameType | None) -> Words:
        """The operations on a queue that is made where `frame` stands."""
        name = self._names.new("queue", frame)
        words = self._words.get(name)
        if words is None:
            words = self._words[name] = Words(name)
        return words


class SimpleQueue:
    """An unbounded queue; any task may put in and take out."""

    __slots__ = ("__weakref__", "_items", "_words")

    _queues: ClassVar[Queues]  # of each world's own subclass
    _items: dict[int, Any]  # by place

    def __init__(self) -> None:
        self._words = self._queues.words(sys._getframe(1))
        self._items = {}

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:  # noqa: ARG002 - as the real one
        """Put the item in; never waits."""
        queues = self._queues
        queues.publish(item)
        number = queues.turns.step(self._words.put)
        if not queues.turns.dying:
            self._items[number] = item

    def put_nowait(self, item: Any) -> None:
        """The same."""
        self.put(item)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Take the oldest item out, when there is one; `queue.Empty` if there is none, or none in time."""
        queues = self._queues
        if timeout is not None and block:
            timeout = _checked(timeout)
        if block and timeout != 0 and queues.interruptible is not None:
            queues.interruptible(self._words.strike)
        if block and timeout is None:
            number = queues.turns.step(self._words.take)
        else:
            number = queues.turns.step(self._words.timed if block and timeout else self._words.attempt)
        if queues.turns.dying:
            return None
        if number is None:
            if block and timeout:
                queues.clock.expire(timeout)
            raise _nothing()
        return self._items.pop(number)

    def get_nowait(self) -> Any:
        """Take the oldest item out, if there is one."""
        return self.get(block=False)

    def empty(self) -> bool:
        """Whether nothing is there."""
        return bool(self._queues.turns.step(self._words.is_empty))

    def qsize(self) -> int:
        """How much is there."""
        return int(self._queues.turns.step(self._words.size))

    __class_getitem__: ClassVar[Any] = classmethod(types.GenericAlias)


def _nothing() -> Exception:
    """What the real one raises, which says nothing either."""
    return _queue.Empty()


def _checked(timeout: float) -> float:
    if timeout < 0:
        raise ValueError("'timeout' must be a non-negative number")
    if timeout > TIMEOUT_MAX:
        raise OverflowError("timeout value is too large")
    return timeout


def controlled_queue(queues: Queues) -> ModuleType:
    """The module `_queue` of one world."""
    module = ModuleType("_queue", _queue.__doc__)
    namespace = {"__slots__": (), "__module__": "_queue", "_queues": queues}
    vars(module).update({"Empty": _queue.Empty, "SimpleQueue": type("SimpleQueue", (SimpleQueue,), namespace)})
    return module
