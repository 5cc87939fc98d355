"""The world's `functools.lru_cache`: a look-up is a step, a store is a step, and the function runs in between.

CPython has the wrapper in C. There each look-up and each store is atomic (one step under the interpreter lock, one critical
section without it), and no lock is held while the function runs: two threads that miss at the same time both call it. So that
is what happens here. A step touches

- the entry of its key, where the cache is unbounded: a hit and a miss read it, a store writes it;
- the whole cache where it has a size, because each hit changes which entry goes next;
- the counters, which only `cache_info` reads: two calls that count commute.

These are synchronisation, at every granularity: whoever finds a value is ordered after who stored it.

What is stored is what the C code stores: unbounded, the last value wins; bounded, the first. Of `functools.py` the copy
in the world is used, and this in place of `_functools._lru_cache_wrapper`.
"""

from __future__ import annotations

import _functools  # type: ignore[import-not-found] # it has no types
import functools
import sys
from collections import OrderedDict
from types import MethodType, ModuleType
from typing import TYPE_CHECKING, Any, ClassVar

from treadle.runtime.facades import face
from treadle.semantics.memory import INSERT, Touch

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.model.operations import Operation
    from treadle.runtime.names import Names
    from treadle.runtime.turns import Turns

_MISSING = object()
_ATOMS = (int, str, bytes, type(None))
"""Keys of these types that are written differently are different. (1.0 and True are 1.)"""


class Caches:
    """What the caches of a world stand on. `publish` is told what becomes reachable for others."""

    __slots__ = ("_operations", "name", "publish", "turns")

    def __init__(self, turns: Turns, names: Names, publish: Callable[[Any], None]) -> None:
        self.turns = turns
        self.name = names.new
        self.publish = publish
        self._operations: dict[Any, Operation] = {}

    def touch(self, label: str, *modes: tuple[str, str]) -> None:
        """A step; the same object for the same step, in all executions."""
        operation = self._operations.get((label, modes))
        if operation is None:
            operation = self._operations[label, modes] = Touch(label, modes)
        self.turns.step(operation)


class Cache:
    """A function that remembers its results."""

    _caches: ClassVar[Caches]  # of each world's own subclass

    def __init__(
        self, function: Callable[..., Any], maxsize: int | None, typed: bool, cache_info: Callable[..., Any]
    ) -> None:
        if not callable(function):
            raise TypeError("the first argument must be callable")
        self._function = function
        self._size = maxsize if maxsize is None else max(maxsize, 0)
        self._typed = typed
        self._info = cache_info
        self._name = self._caches.name("cache", sys._getframe(1))
        self._entries: OrderedDict[Any, Any] = OrderedDict()
        self._hits = self._misses = 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The result for these arguments, remembered or new."""
        if self._size == 0:
            self._count("miss")
            self._misses += 1
            return self._function(*args, **kwargs)
        key = functools._make_key(args, kwargs, self._typed)
        self._look(key)
        found = self._entries.get(key, _MISSING)
        if found is not _MISSING:
            self._hits += 1
            if self._size is not None:
                self._entries.move_to_end(key)
            return found
        self._misses += 1
        result = self._function(*args, **kwargs)
        self._store(key, result)
        return result

    def cache_info(self) -> Any:
        """Hits, misses, the largest size and the current one."""
        self._caches.touch("cache_info", (self._counters, "read"), (self._whole, "read"))
        return self._info(self._hits, self._misses, self._size, len(self._entries))

    def cache_clear(self) -> None:
        """Forget everything."""
        self._caches.touch("cache_clear", (self._counters, "write"), (self._whole, "write"))
        self._entries.clear()
        self._hits = self._misses = 0

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        """It is a method, as any function is."""
        return self if instance is None else MethodType(self, instance)

    def __reduce__(self) -> str:
        return str(self.__qualname__)  # type: ignore[attr-defined] # update_wrapper gives it one

    def __copy__(self) -> Cache:
        return self

    def __deepcopy__(self, memo: Any) -> Cache:
        return self

    # Steps.

    @property
    def _counters(self) -> str:
        return f"{self._name} (counters)"

    @property
    def _whole(self) -> str:
        return f"{self._name} (entries)"

    def _entry(self, key: Any, mode: str) -> tuple[tuple[str, str], ...]:
        """The locations of an entry, touched so."""
        if self._size is not None:
            return ((self._whole, "write"),)
        parts = key if isinstance(key, list) else [key]
        if all(type(part) in _ATOMS for part in parts):
            # What touches one entry commutes with what touches another; not with what looks at all of them.
            return ((self._whole, INSERT), (f"{self._name}[{', '.join(map(repr, parts))}]", mode))
        return ((self._whole, mode),)

    def _count(self, label: str) -> None:
        self._caches.touch(label, (self._counters, INSERT))

    def _look(self, key: Any) -> None:
        self._caches.touch("look up", (self._counters, INSERT), *self._entry(key, "read"))

    def _store(self, key: Any, result: Any) -> None:
        self._caches.publish(result)
        self._caches.publish(key)
        self._caches.touch("remember", *self._entry(key, "write"))
        if self._size is None:
            self._entries[key] = result
        elif key not in self._entries:
            if len(self._entries) >= self._size:
                self._entries.popitem(last=False)
            self._entries[key] = result


def controlled_functools(caches: Caches) -> ModuleType:
    """The module `_functools` of one world."""
    namespace = {"__module__": "functools", "_caches": caches}
    return face(_functools, _lru_cache_wrapper=type("_lru_cache_wrapper", (Cache,), namespace))
