"""Addresses: `id` and the hash that stands on it, the same in every execution.

`sorted(futures, key=id)`, a set of objects, `if id(a) < id(b)`: all of them order objects by where they happen to lie in
memory, which differs from execution to execution. Nothing could be repeated then. So in rewritten code `id` is made of
the stable name of the object, and a class of the program that has no hash of its own gets one that is.

This fixes one order where a real run has any. What a program does in another order of addresses is not explored.

What has no stable name (numbers, strings, tuples, objects of the interpreter) keeps its address, and a program that orders by
those is found to be nondeterministic, as before. Code that is not rewritten sees real addresses; the two never meet in
one table as long as it keeps to itself. (`copy` is rewritten, because it calls `__deepcopy__` with its table.)
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from treadle.runtime.instrumentation.attributes import target_of
from treadle.runtime.instrumentation.logs import lend_lock
from treadle.runtime.instrumentation.plain import is_a
from treadle.runtime.instrumentation.replacements import Replacements
from treadle.runtime.locks import Lock, RLock

if TYPE_CHECKING:
    from collections.abc import Callable

_BEYOND = 1 << 60
"""Above every real address."""

_HASH: Any = object.__hash__


def _number(name: str) -> int:
    """The same for the same name, in every process; different, but for a collision of 48 bits."""
    return int.from_bytes(blake2b(name.encode(), digest_size=6).digest(), "big")


class Addresses(Replacements):
    """The hooks that know where an object lies."""

    def id_(self, value: Any) -> int:
        """`id(value)`."""
        if is_a(value, (Lock, RLock)):  # no thing, but it has a name
            self.names.tell(value._words.task)
            return _BEYOND + (_number(value._words.name) << 4)
        thing = self.meet(value)
        if thing is None:
            return id(value)
        self.names.tell(thing.task)
        # A dictionary of attributes has the locations of its object, but lies elsewhere.
        name = thing.name if target_of(thing) is value else f"{thing.name}.__dict__"
        return _BEYOND + (_number(name) << 4)

    def hashed(self, cls: Any) -> Any:
        """A class that was just made: its objects have a stable hash, unless it has one of its own. Returns it.

        Handlers of `logging` have locks of the world: see `logs`.
        """
        if getattr(cls, "__hash__", None) is _HASH and isinstance(cls, type):
            type.__setattr__(cls, "__hash__", self._hash())
        if isinstance(cls, type):
            lend_lock(cls, self._new_lock)
        return cls

    def _new_lock(self) -> Any:
        threading = self.namespaces.get("threading", {})
        return threading["RLock"]() if "RLock" in threading else None

    def _hash(self) -> Any:
        meet, tell = self.meet, self.names.tell
        hash_of: Callable[[Any], int] = _HASH

        def __hash__(value: Any) -> int:  # noqa: N807 - what it is in the class
            thing = meet(value)
            if thing is None:
                return hash_of(value)
            tell(thing.task)
            return _number(thing.name)

        return __hash__
