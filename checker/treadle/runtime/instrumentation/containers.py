"""Built-in containers and iterators: which locations each way of touching one touches.

Each method of `list`, `dict`, `set`, `deque`, `bytearray` (and of their subclasses, where they do not override it) has
a *way*: it looks at the size, reads all, changes anything, or gets, sets, puts or removes one item. What is not in the
tables changes anything. So an unknown method conflicts with everything that is done to the same object.

- An index of a list is an item where it is a plain `int`; a slice is the whole.
- A key is an item where equality of keys needs no code of the program: numbers, strings, tuples of them, and objects
  that are equal to themselves only. Any other key is the whole.
- Setting a key that is there already touches that item only; a new key touches the set of keys as well. Which of the
  two it is may change while the task waits for its turn: see `presence`.
- An iteration is a series of accesses, one for each item. The items of a list are locations of their own; whoever goes
  through a dictionary or a set sees the order of its keys, and conflicts with whoever inserts one, and two insertions
  conflict with each other where anybody looks at the order.
- A C iterator is a thing: each `next` changes it. What it reads in turn is iterated by us, see `foreign`.
"""

from __future__ import annotations

import functools
import types
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any

from treadle.model.operations import READ, WRITE
from treadle.runtime.instrumentation.attributes import Attributes
from treadle.runtime.instrumentation.injected import GLOBALS
from treadle.runtime.instrumentation.knowledge import READING, TRANSPARENT_MODULES
from treadle.runtime.instrumentation.locations import CONTENTS, SHAPE, WHOLE
from treadle.runtime.instrumentation.plain import (
    IMMUTABLE,
    KEYS_VIEWS,
    LEAVES,
    PLAIN,
    VALUES_VIEWS,
    address,
    is_a,
    is_array,
)
from treadle.runtime.instrumentation.reckoning import ATOMIC
from treadle.runtime.instrumentation.ways import (
    ATOMS,
    CONTAINERS,
    MAPPINGS,
    VIEWS,
    is_private_and_endless,
    item_key,
    source_of,
    table_of_arrays,
    under,
)
from treadle.semantics.memory import INSERT, UPDATE

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    from treadle.runtime.instrumentation.locations import Location, Plan, Thing

# The ways. Each is what it does to (WHOLE, SHAPE, CONTENTS, the item); see `_accesses`.
SIZE, KEYS, ALL, ORDER, CHANGE, GET, SET, PUT = "size", "keys", "all", "order", "change", "get", "set", "put"
DEFAULT = "default"
"""To put what is not there; which may be there by then. (What is there is got.)"""
ATOMICALLY = "atomically"
LOOKS = frozenset({SIZE, KEYS, ALL, ORDER, GET})
"""The ways that change nothing."""


class Containers(Attributes):
    """The hooks for items, sizes, membership and iteration."""

    def access(self, target: Any, label: str, way: str, key: Hashable = None) -> None:
        """Touch a container in this way, now."""
        if not self.crowded:
            if way in (SET, PUT, DEFAULT, CHANGE, ATOMICALLY):
                self.meet(target)
            return
        if way not in LOOKS:
            self.turns.deeds += 1
        thing = self.things.get(address(target))
        if thing is None:
            thing = self.meet(target)
            if thing is None:
                return
        if way in (KEYS, ORDER):
            self.look_at_order(thing)
        # By label too: a step's name must not depend on who came first to this place.
        plan = thing.plans.get((label, way, key)) or self.planned(thing, label, way, key)
        if plan.segment < self.base + len(self.events):
            self.touch(plan)

    def planned(self, thing: Thing, label: str, way: str, key: Hashable) -> Plan:
        """The plan of touching a container in this way."""
        plan = thing.plans.get((label, way, key))
        if plan is None:
            plan = thing.plans[label, way, key] = self._plan_container(thing, label, way, key)
        return plan

    def _plan_container(self, thing: Thing, label: str, way: str, key: Hashable) -> Plan:
        if thing.is_namespace and way in (CHANGE, ALL, ORDER, KEYS, SIZE) and is_a(thing.referent, dict):
            self.incomplete(f"{label} looks at all of {thing.name} at once")
        elif thing.is_namespace and way in (SET, PUT, DEFAULT) and isinstance(key, str):
            self.plan_store(thing, key)
        elif thing.is_namespace:
            self.expose(thing)
        plan = self.plan(label, (thing,), self.accesses(thing, way, key))
        return self.defaulted(plan, thing, key) if way == DEFAULT else plan

    def accesses(self, thing: Thing, way: str, key: Hashable = None) -> Iterator[tuple[Location, str]]:
        """What a way of touching is, location by location."""
        if way in (KEYS, ORDER):
            self.look_at_order(thing)
        if way == CHANGE:
            yield thing.location(WHOLE), WRITE
            return
        if way == ATOMICALLY:
            yield thing.location(WHOLE), ATOMIC
            return
        yield thing.location(WHOLE), READ
        if way in (SIZE, KEYS, ALL, ORDER):
            yield thing.location(SHAPE), READ
        if way in (ALL, ORDER):
            yield thing.location(CONTENTS), READ
        if way == GET:
            yield thing.location(key), READ
        if way in (SET, PUT, DEFAULT):
            yield thing.location(key), WRITE
            yield thing.location(CONTENTS), UPDATE
        if way in (PUT, DEFAULT):
            yield thing.location(SHAPE), WRITE if thing.name in self.sharing.ordered else INSERT

    def look_at_order(self, thing: Thing) -> None:
        """Two insertions do not commute for whoever sees the order afterwards."""
        shape = thing.locations.get(SHAPE)
        if shape is None:
            return
        if len(self.inserting.get(shape, ())) <= 1 and not self.is_step(shape):
            return
        self.sharing.learn("ordered", thing.name)

    def access_all(self, label: str, targets: Iterable[tuple[Any, str, Hashable]]) -> None:
        """Touch several containers, each in its way, in one step."""
        if not self.crowded and self.is_quiet():
            return
        self.turns.deeds += 1
        found = [(thing, way, key) for target, way, key in targets if (thing := self.meet(target)) is not None]
        accesses = [access for thing, way, key in found for access in self.accesses(thing, way, key)]
        self.touch(self.plan(label, tuple(thing for thing, _, _ in found), accesses))

    def advance(self, iterator: Any) -> None:
        """Before the next item of a foreign iterator: it moves, and what it goes through is read."""
        source = source_of(iterator)
        if source is None:
            self.access(iterator, "next", CHANGE)
            if self.crowded:  # else it was not counted
                self.spent.move(iterator, self.turns.current, self.turns.deeds)
        else:
            self.access_all("next", ((iterator, CHANGE, None), (source, *next_of(iterator, source))))

    def settle(self, owner: Any, label: str, way: str, key: Any, part: Hashable) -> None:
        """Touch one key of a dictionary or set, as it is when the step is taken: see `presence`."""
        raise NotImplementedError

    def settle_index(self, owner: Any, label: str, find: Callable[[], tuple[str, int]]) -> None:
        """Touch the item of a list that `find` gives, as it is when the step is taken."""
        raise NotImplementedError

    # Items.

    def item(self, owner: Any, key: Any) -> Any:
        """`owner[key]`."""
        kind = type(owner)
        if kind not in PLAIN or kind in VIEWS:
            if self.crowded and type(key) in SURE.get(kind, ()) and (type(key) is str or key >= 0):
                self.access(owner, "load", GET, key)  # what `before_item` comes to, found at once
            elif is_a(owner, defaultdict) and makes_items(kind):
                return self.made_item(owner, key)
            elif self.crowded:
                self.before_item(owner, key, "load", "__getitem__")
        return owner[key]

    def made_item(self, owner: Any, key: Any) -> Any:
        """`owner[key]` that may make the item: see `defaults`."""
        raise NotImplementedError

    def set_item(self, value: Any, owner: Any, key: Any) -> None:
        """`owner[key] = value`."""
        self.turns.deeds += 1
        self.publish(value)
        self.before_item(owner, key, "store", "__setitem__")
        owner[key] = value

    def del_item(self, owner: Any, key: Any) -> None:
        """`del owner[key]`."""
        self.turns.deeds += 1
        self.before_item(owner, key, "delete", "__delitem__")
        del owner[key]

    def before_item(self, owner: Any, key: Any, label: str, method: str) -> None:
        """The accesses of an item, before it is read, stored or deleted."""
        kind = type(owner)
        if kind is memoryview:
            self.access(owner.obj, label, ALL if method == "__getitem__" else CHANGE)
        elif is_array(kind):
            self.before_array_item(owner, key, label, method)
        elif type(getattr(kind, method, None)) is types.FunctionType:
            if is_foreign(kind, method):
                self.touch_deeply(label, ALL if method in READING.get(kind, ()) else CHANGE, (owner, key))
        elif kind in VIEWS:
            self.before_item(under(owner), key, label, method)
        elif kind not in PLAIN and is_foreign(kind, method) and not is_a(owner, IMMUTABLE):
            self.method_access(owner, label, method, (key,))

    def before_array_item(self, owner: Any, key: Any, label: str, method: str) -> None:
        """An item of a NumPy array: see `arrays`."""
        raise NotImplementedError

    def touch_deeply(self, label: str, way: str, values: Iterable[Any], depth: int = 6) -> None:
        """One step that touches every container among the values, and in them."""
        raise NotImplementedError

    def method_access(self, owner: Any, label: str, method: str, args: tuple[Any, ...]) -> None:
        """The accesses of a container's own method, called with these arguments."""
        way = table_of(type(owner)).get(method, CHANGE)
        if way in (GET, SET, PUT, "remove", DEFAULT) and args:
            self._item_access(owner, label, way, args[0])
        elif not self.stepping and (type(owner), method) in ATOMS and (method != "pop" or not args):
            self.access(owner, label, ATOMICALLY)
        elif way != "nothing":
            self.access(owner, label, CHANGE if way in (SET, PUT, "remove", DEFAULT) else way)

    def _item_access(self, owner: Any, label: str, way: str, key: Any) -> None:
        if is_a(owner, MAPPINGS):
            part = item_key(key, self)
            if part is None:
                self.access(owner, label, ALL if way == GET else CHANGE)
            elif way == GET and not _fills(owner):
                self.access(owner, label, GET, part)
            else:
                self.settle(owner, label, way, key, part)
        elif type(key) is int:
            self.settle_index(owner, label, lambda: (way if way == GET else _listed(way), _index(owner, key)))
        else:
            self.access(owner, label, ALL if way == GET else CHANGE)

    # Looking at a container without a call: truth, membership, size, everything.

    def truth(self, value: Any) -> Any:
        """Before `value` is asked whether it is true, which is a look at its size. Returns it."""
        kind = type(value)
        if kind in VIEWS:
            self.truth(under(value))
        elif kind not in PLAIN and not is_a(value, IMMUTABLE):
            if is_foreign(kind, "__bool__"):
                self.look("bool", value, ALL, kind.__bool__)
            elif is_foreign(kind, "__len__") and not hasattr(kind, "__bool__"):
                self.look("bool", value, SIZE, kind.__len__)
        return value

    def look(self, label: str, owner: Any, way: str, method: Any) -> None:
        """What a method does that only looks; one in Python may look at, and keep, anything that it can reach."""
        if type(method) is types.FunctionType:
            self.touch_deeply(label, ALL if method.__name__ in READING.get(type(owner), ()) else CHANGE, (owner,))
        else:
            self.access(owner, label, way)

    def contains(self, member: Any, container: Any) -> bool:
        """`member in container`."""
        owner = under(container)
        kind = type(owner)
        if type(member) not in LEAVES and issubclass(kind, _COMPARED):
            self.touch_deeply("in", ALL, (member, owner))
        elif kind not in PLAIN and is_foreign(kind, "__contains__") and not is_a(owner, IMMUTABLE):
            if is_a(owner, MAPPINGS) and type(container) not in VALUES_VIEWS:
                self._item_access(owner, "in", GET, member)
            else:
                self.look("in", owner, ALL, kind.__contains__)
        elif kind not in PLAIN and not hasattr(kind, "__contains__"):
            return member in self.iterate(owner)
        return member in container

    # Iteration.

    def iterate(self, source: Any) -> Any:
        """What a loop goes through: the same items, with an access before each."""
        kind = type(source)
        if kind is list:
            return self._walk_list(source)
        if kind in PLAIN and kind not in VIEWS:
            return source
        if is_a(source, IMMUTABLE) and is_foreign(kind, "__iter__"):
            return source
        if kind in VIEWS:
            return self._walk(source, under(source), KEYS if kind in KEYS_VIEWS else ORDER)
        if kind is types.GeneratorType or is_foreign(kind, "__next__"):
            return source if is_private_and_endless(source) else self._walk(source, source, CHANGE)
        if is_foreign(kind, "__iter__"):
            return self._walk(source, source, KEYS if kind in MAPPINGS else ORDER)
        if not hasattr(kind, "__iter__") and is_foreign(kind, "__getitem__"):
            return self._walk(source, source, ALL)
        return source

    def _walk_list(self, source: list[Any]) -> Iterator[Any]:
        index = 0
        while True:
            self.access(source, "next", GET, index)
            if index >= len(source):
                return
            yield source[index]
            index += 1

    def _walk(self, source: Any, owner: Any, way: str) -> Iterator[Any]:
        if way is not CHANGE:
            self.access(owner, "iter", way)
        items = iter(source)
        while True:
            if way is CHANGE:
                self.advance(owner)
            else:
                self.access(owner, "next", way)
            try:
                item = next(items)
            except StopIteration:
                return
            yield item


SURE: dict[type, tuple[type, ...]] = {list: (int,), deque: (int,), dict: (str,)}
"""By type of container, the types of keys whose item is known by the key alone, if it is no negative number."""
_COMPARED = (tuple, list, deque)
"""Containers that are asked for a member by comparing it with each item, which may look into both."""
_UNKNOWN = {"__len__": SIZE, "__getitem__": ALL, "__contains__": ALL, "__iter__": ALL, "__bool__": ALL}


@functools.cache
def _inherits(kind: type) -> dict[str, str]:
    if is_array(kind):
        return table_of_arrays
    for base in kind.__mro__:
        if base in CONTAINERS:
            return CONTAINERS[base]
    return _UNKNOWN


def is_container(kind: type) -> bool:
    """Whether it is a built-in container, a subclass of one, or an array: something with parts that are known."""
    return table_of(kind) is not _UNKNOWN


def table_of(kind: type) -> dict[str, str]:
    """The ways of the methods of a container's type, its subclasses included."""
    table = CONTAINERS.get(kind)
    return table if table is not None else _inherits(kind)


def is_foreign(kind: type, method: str) -> bool:
    """Whether objects of this type have this method, and it is no code of a program."""
    found = getattr(kind, method, None)
    if type(found) is types.FunctionType:
        return not is_own(found) and not is_transparent(found)
    return found is not None


def is_own(function: Any) -> bool:
    """Whether a function's code was rewritten."""
    return GLOBALS in function.__globals__


def is_transparent(function: Any) -> bool:
    """Whether a function that was not rewritten touches nothing but through methods of what it is handed."""
    return (getattr(function, "__module__", None) or "").partition(".")[0] in TRANSPARENT_MODULES


def next_of(iterator: Any, source: Any) -> tuple[str, Hashable]:
    """What the next item of an iterator over a container is."""
    if type(source) is list:
        state = iterator.__reduce__()
        return (GET, state[2]) if len(state) > 2 else (ALL, None)  # noqa: PLR2004 - its third part is the index
    return ORDER, None


def makes_items(kind: type) -> bool:
    """Whether reading a missing item is what a `defaultdict` does."""
    return getattr(kind, "__missing__", None) is defaultdict.__missing__


def _fills(owner: Any) -> bool:
    """Whether reading a missing key may insert it."""
    return is_a(owner, dict) and type(owner) is not dict and hasattr(type(owner), "__missing__")


def _listed(way: str) -> str:
    return SET if way == SET else CHANGE


def _index(owner: Any, key: int) -> int:
    return key if key >= 0 else len(owner) + key
