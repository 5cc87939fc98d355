"""The hooks: what rewritten code calls in place of what it said.

One object for each world; rewritten modules find it under the global name `_treadle`. Each hook does what the
expression did, with the same result and the same errors, and touches what it touches, at the moment when Python does
it.
"""

from __future__ import annotations

import functools
import itertools
import operator
import sys
import types
from collections import deque
from typing import TYPE_CHECKING, Any

from treadle.runtime.instrumentation.books import NOTHING
from treadle.runtime.instrumentation.containers import ALL, CHANGE, is_foreign, is_own
from treadle.runtime.instrumentation.injected import HOOKS
from treadle.runtime.instrumentation.knowledge import CALM_MODULES
from treadle.runtime.instrumentation.loops import Loop
from treadle.runtime.instrumentation.matching import Matching
from treadle.runtime.instrumentation.plain import COUNTED, LEAVES, PLAIN, address, is_a, is_array
from treadle.runtime.instrumentation.ways import VIEWS
from treadle.runtime.locks import Lock

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.runtime.instrumentation.locations import Thing

_INPLACE: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.iadd, "-": operator.isub, "*": operator.imul, "@": operator.imatmul, "/": operator.itruediv,
    "//": operator.ifloordiv, "%": operator.imod, "**": operator.ipow, "<<": operator.ilshift, ">>": operator.irshift,
    "&": operator.iand, "^": operator.ixor, "|": operator.ior,
}  # fmt: skip
_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "@": operator.matmul, "/": operator.truediv,
    "//": operator.floordiv, "%": operator.mod, "**": operator.pow, "<<": operator.lshift, ">>": operator.rshift,
    "&": operator.and_, "^": operator.xor, "|": operator.or_,
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


SIMPLE = PLAIN - VIEWS - {tuple}
"""Of which nothing is looked at but themselves: what is in a tuple may be compared, too, and what a view shows."""
PATIENCE = 20_000
"""After so many turns of loops without a step, a task is taken to wait for another one."""
ENDLESS = 1_000_000
"""And after so many, where every access is a step, it is taken to go on for ever."""


class AttributeTarget:
    """The target of an assignment that is more than a name: `a.x` in `a.x, b = ...`."""

    __slots__ = ("_hooks", "_name", "_owner")

    def __init__(self, hooks: Hooks, owner: Any, name: str) -> None:
        self._hooks = hooks
        self._owner = owner
        self._name = name

    def _assign(self, value: Any) -> None:
        self._hooks.store(value, self._owner, self._name)

    value = property(None, _assign)


class ItemTarget:
    """The target of an assignment that is an item: `a[k]` in `a[k], b = ...`."""

    __slots__ = ("_hooks", "_key", "_owner")

    def __init__(self, hooks: Hooks, owner: Any, key: Any) -> None:
        self._hooks = hooks
        self._owner = owner
        self._key = key

    def _assign(self, value: Any) -> None:
        self._hooks.set_item(value, self._owner, self._key)

    value = property(None, _assign)


class Hooks(Matching):
    """Everything that rewritten code calls."""

    # Variables: a module's globals, and those of a function that inner functions see.

    def module(self, namespace: dict[str, Any], constants: tuple[str, ...] = ()) -> Thing:
        """A module starts to run, with these globals, of which its functions read some as constants."""
        name = str(namespace.get("__name__", "?"))
        self.constants.setdefault(name, set()).update(constants)
        known = self.things.get(address(namespace)) or self.loaded.get(address(namespace))
        if known is not None:
            return known
        self.namespaces[name] = namespace
        return self.add(self.names.new(f"module {name}", None), address(namespace), namespace, is_namespace=True)

    def scope(self, function: str) -> Thing:
        """A function is called, some of whose variables its inner functions see."""
        name = self.names.new(f"variables of {function}", sys._getframe(1))
        return self.add(name, 0, None, is_namespace=True)

    def read(self, scope: Thing, name: str) -> bool:
        """Before a variable is read. True."""
        if self.crowded:
            plan = scope.loads[name]
            if plan is not None and plan.segment < self.base + len(self.events):
                self.touch(plan)
        return True

    def write(self, scope: Thing, name: str) -> None:
        """Before a variable is bound or unbound."""
        self.turns.deeds += 1
        if self.crowded:
            plan = scope.stores[name]
            if plan is not None and plan.segment < self.base + len(self.events):
                self.touch(plan)

    def bind(self, scope: Thing, name: str, value: Any) -> Any:
        """Before a variable is bound to this value. Returns it."""
        if type(value) not in LEAVES:
            self.publish(value)
        self.write(scope, name)
        return value

    def share(self, value: Any) -> Any:
        """A value that inner functions will see. Returns it."""
        if type(value) not in LEAVES:
            self.publish(value)
        return value

    # Assignments in place, and targets.

    def attribute_begin(self, owner: Any, name: str) -> tuple[Any, str, Any]:
        """`owner.name` of `owner.name += ...`: the load."""
        return owner, name, self.load_any(owner, name)

    def attribute_finish(self, begun: tuple[Any, str, Any], symbol: str, value: Any) -> None:
        """The operation and the store."""
        owner, name, current = begun
        self.store(self.in_place(current, symbol, value), owner, name)

    def item_begin(self, owner: Any, key: Any) -> tuple[Any, Any, Any]:
        """`owner[key]` of `owner[key] += ...`: the load."""
        return owner, key, self.item(owner, key)

    def item_finish(self, begun: tuple[Any, Any, Any], symbol: str, value: Any) -> None:
        """The operation and the store."""
        owner, key, current = begun
        self.set_item(self.in_place(current, symbol, value), owner, key)

    def in_place(self, current: Any, symbol: str, value: Any) -> Any:
        """`current += value`, the result of which is then stored."""
        kind = type(current)
        if kind in PLAIN and kind not in VIEWS:
            if type(value) not in PLAIN or type(value) in VIEWS:
                self._look(symbol, (value,))
        elif is_foreign(kind, _DUNDER[symbol]):
            return self._call_method(lambda other: _INPLACE[symbol](current, other), current, _DUNDER[symbol], value)
        elif is_foreign(kind, f"__{_DUNDER[symbol][3:]}"):
            self._look(symbol, (current, value))
        return _INPLACE[symbol](current, value)

    def attribute_target(self, owner: Any, name: str) -> AttributeTarget:
        """Where to assign `.value`."""
        return AttributeTarget(self, owner, name)

    def item_target(self, owner: Any, key: Any) -> ItemTarget:
        """Where to assign `.value`."""
        return ItemTarget(self, owner, key)

    # Looks at whole values.

    def binary(self, symbol: str, left: Any, right: Any) -> Any:
        """`left + right`, `left < right`: reads both where they are containers."""
        if type(left) not in SIMPLE or type(right) not in SIMPLE:
            if symbol in _JOINING and type(left) in _JOINED and type(right) in _JOINED:
                self.glance(symbol, left)
                self.glance(symbol, right)
            elif is_array(type(left)) or is_array(type(right)):
                self.touch_arrays(symbol, (left, right), ())
            else:
                self._look(symbol, (left, right))
        return _BINARY[symbol](left, right)

    def chained(self, value: Any) -> Any:
        """An operand of `a < b < c`. Returns it."""
        kind = type(value)
        unnamed = COUNTED and sys.getrefcount(value) <= _UNNAMED
        if kind in SIMPLE or kind is tuple or (unnamed and _has_only_leaves(value)):
            return value  # plain, or nobody else has it
        if any(is_foreign(kind, name) for name in ("__len__", "__iter__", "__next__")):
            self.unseen("a container in a chain of comparisons")
        return value

    def whole(self, value: Any) -> Any:
        """Before all of a value is looked at: unpacked, formatted. Returns it."""
        if type(value) not in PLAIN or type(value) in VIEWS or type(value) is tuple:
            self._look("read", (value,))
        return value

    def unpack(self, value: Any) -> Any:
        """Before a value is unpacked. Returns it, or an iterator of ours."""
        if type(value) in PLAIN and type(value) not in VIEWS:
            return value
        if is_foreign(type(value), "__next__"):
            return self.iterate(value)
        self.glance("unpack", value)
        return value

    def spread(self, value: Any) -> Any:
        """Before a value becomes the keyword arguments of a call. Returns it, or a dictionary of the same."""
        if value is not NOTHING:  # as nearly every thread has it
            self.glance("unpack", value)
        return self.mapped(value)

    def _look(self, label: str, values: tuple[Any, ...], depth: int = 6) -> None:
        self.touch_deeply(label, ALL, values, depth)

    def delegate(self, source: Any) -> Any:
        """What `yield from` goes through."""
        if type(source) is types.GeneratorType or type(source) is types.CoroutineType:
            self.access(source, "resume", CHANGE)
            return source
        return self.iterate(source)

    def unpack_all(self, value: Any, shape: tuple[Any, ...] | None) -> Any:
        """A value that is unpacked, and parts of it in turn: the same parts, each read when its turn comes, in lists of their own."""
        if shape is None or not (hasattr(type(value), "__iter__") or hasattr(type(value), "__getitem__")):
            return value
        starred = "*" in shape
        (*parts,) = itertools.islice(self.unpack(value), None if starred else len(shape) + 1)
        left = len(parts) - len(shape)
        if left < -starred or (left and not starred):
            return parts  # to unpack it says what is wrong
        where = shape.index("*") if starred else 0
        shapes = (*shape[:where], *[None] * (left + 1), *shape[where + 1 :]) if starred else shape
        return [*map(self.unpack_all, parts, shapes)]

    def iterate_unpacked(self, source: Any, shape: tuple[Any, ...] | None = None) -> Any:
        """What a loop goes through that unpacks each item."""
        unpack = functools.partial(self.unpack_all, shape=shape) if shape is not None else self.unpack
        return map(unpack, self.iterate(source))

    def own(self, shown: Any) -> Any:
        """A function's variables, as `locals` shows them, but for those that the rewrite has put there."""
        if isinstance(shown, list):
            return [name for name in shown if not name.startswith(HOOKS)]
        for name in [name for name in shown if name.startswith(HOOKS)]:
            del shown[name]
        return shown

    def lap(self) -> bool:
        """Another turn of a `while` loop. True.

        A loop that waits for another task, and makes no step, would never end, because nobody else runs. (If it goes
        round in vain, `loops` sees that; this is for those that count their turns.) After so many turns without a step
        the execution is given up, and in the next pass every access is a step. A loop that still makes none then touches
        nothing that is shared, and has to end by itself; if it takes too long, the verdict is incomplete.
        """
        self._laps += 1
        if self._laps >= PATIENCE and self.turns.live:
            self._impatient()
        return True

    def _impatient(self) -> None:
        """Loops have turned many times. Without a step since they were counted last?"""
        if self._lapped != len(self.events):
            self._lapped = len(self.events)
            self._laps = 0
            return
        if self._laps < ENDLESS and (self.sharing.everything or len(self.workers) < 2):  # noqa: PLR2004 - nobody else
            return
        if self._laps >= ENDLESS:
            self.incomplete(f"a loop has turned {ENDLESS:,} times without a step")
        elif self.stepping:
            self.sharing.learn("spun", self.names.place())  # which is new, or every access would be a step
        else:
            self.incomplete("a loop waits for what only an access can bring; granularity access follows it")
        self.turns.cut()

    def loop(self, key: str) -> Loop:
        """A loop begins: the one of this function, in this line."""
        return Loop(self, key, self.lap)

    def managed(self, manager: Any) -> Any:
        """What a `with` enters and leaves: foreign code, unless it is the program's or the world's. Returns it."""
        kind = type(manager)
        calm = self._managers.get(kind)
        if calm is None:
            found = [getattr(kind, name, None) for name in ("__enter__", "__exit__")]
            calm = self._managers[kind] = all(
                type(method) is types.FunctionType and (is_own(method) or method.__module__ in CALM_MODULES)
                for method in found
            )
        if not calm:
            self.turns.deeds += 1
            return self.closing(manager)
        return manager

    def opens(self, lock: Any) -> bool:
        """Open a lock, where it does not matter whether it is open. False: it is none of ours. See `openings`."""
        if not is_a(lock, Lock) or type(lock).release is not Lock.release:
            return False
        self.turns.deeds += 1
        return bool(lock._locks.opened(lock._words))

    slice = staticmethod(slice)
    nothing = NOTHING


def _has_only_leaves(value: Any) -> bool:
    """Whether it is a built-in container with nothing in it that could change."""
    kind = type(value)
    if kind is dict:
        return all(type(part) in LEAVES for pair in value.items() for part in pair)
    return kind in (list, deque, bytearray, set) and all(type(part) in LEAVES for part in value)


_UNNAMED = 2
"""So many references to an operand there are while `chained` looks at it, if it was made for the expression."""
_JOINING = frozenset("+*")
_JOINED = PLAIN | {list, deque, bytearray}
"""Operators that only copy references, and the sequences for which that holds."""

_DUNDER = {
    "+": "__iadd__", "-": "__isub__", "*": "__imul__", "@": "__imatmul__", "/": "__itruediv__", "//": "__ifloordiv__",
    "%": "__imod__", "**": "__ipow__", "<<": "__ilshift__", ">>": "__irshift__", "&": "__iand__", "^": "__ixor__",
    "|": "__ior__",
}  # fmt: skip
