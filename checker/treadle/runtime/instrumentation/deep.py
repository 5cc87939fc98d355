"""Deep looks: a read or a change that goes through containers in containers, all in one step.

`str(xs)`, `a == b`, a call of foreign code: what they may touch is everything that can be reached from what they are
given. Who else could touch it in the meantime is asked after the step: if something else can be reached by then,
another step is made for that.

What only copies references (`list(xs)`, `a, b = xs`, `f(**options)`, `xs + ys`, `set.update`, a named tuple) does not look
into the things that they refer to: that is a glance.
"""

from __future__ import annotations

import functools
import gc
import types
import weakref
from typing import TYPE_CHECKING, Any

from treadle.runtime.instrumentation.clearing import Clearing
from treadle.runtime.instrumentation.containers import ALL, CHANGE, ORDER, is_container, is_foreign
from treadle.runtime.instrumentation.exceptions import GIVEN, SAYING, is_bare, parts
from treadle.runtime.instrumentation.plain import PLAIN, address, attributes_of, carried, is_a, is_array
from treadle.runtime.instrumentation.ways import VIEWS, source_of, under

if TYPE_CHECKING:
    from collections.abc import Iterable

    from treadle.runtime.instrumentation.locations import Plan, Thing

MANY = 2_000
"""So many deep looks are remembered."""
DEPTH = 6
"""So many containers in containers are looked into."""


class Deep(Clearing):
    """The hooks that look at all that can be reached."""

    def touch_deeply(self, label: str, way: str, values: Iterable[Any], depth: int = DEPTH) -> None:
        """One step that touches every container among the values, and in them."""
        if way == CHANGE:
            self.turns.deeds += 1
        if not self.crowded and self.is_quiet():
            if way == CHANGE:
                for value in values:
                    self.publish(value)
            return
        values = tuple(values)
        before = None
        while True:
            things: dict[Thing, Any] = {}
            for value in values:
                self._reach(value, things, depth, way)
            found = tuple(things)
            if found in (before, ()):
                return
            events = len(self.events)
            plan = self._plan_deeply(label, way, things, found)
            if plan.segment < self.base + events:
                self.touch(plan)
            if len(self.events) == events:
                return
            before = found

    def recognise(self, changed: Iterable[Any]) -> None:
        """Code that was not rewritten may have stored things in these: meet them before anybody else does."""
        things: dict[Thing, Any] = {}
        for value in changed:
            self._reach(value() if type(value) is weakref.ref else value, things, DEPTH, CHANGE)

    def _plan_deeply(self, label: str, way: str, things: dict[Thing, Any], found: tuple[Thing, ...]) -> Plan:
        """What touching these things does; it is asked for again and again."""
        ways = [self._way(things[thing], way) for thing in found]
        key = (label, *ways, *found)
        plan = self.deep.get(key)
        if plan is None:
            if len(self.deep) > MANY:
                self.deep.clear()
            accesses = [
                access for thing, kind in zip(found, ways, strict=True) for access in self.accesses(thing, kind)
            ]
            plan = self.deep[key] = self.plan(label, found, accesses)
        else:
            for thing, kind in zip(found, ways, strict=True):
                if kind == ORDER:
                    self.look_at_order(thing)
        return plan

    def glance(self, label: str, value: Any) -> None:
        """One step that reads a container, and nothing in it: what copies references does no more than that."""
        owner = under(value)
        kind = type(owner)
        if kind not in PLAIN and is_container(kind):
            self.access(owner, label, self._way(owner, ALL))

    def _way(self, value: Any, way: str) -> str:
        if way == ALL and hasattr(type(value), "__next__"):
            self.turns.deeds += 1
            self.spent.move(value, self.turns.current, self.turns.deeds)
            return CHANGE
        if way in (ALL, CHANGE) and is_a(value, BaseException):
            return SAYING if way == ALL else GIVEN if is_bare(type(value)) else way
        return ORDER if way == ALL and is_a(value, (dict, set)) else way

    def _reach(self, value: Any, things: dict[Thing, Any], depth: int, way: str) -> None:  # noqa: C901 - cases
        kind = type(value)
        if kind in VIEWS or kind is memoryview or is_array(kind):
            value = under(value)
            kind = type(value)
        if kind is functools.partial or issubclass(kind, (tuple, frozenset)):
            for part in carried(value):
                self._reach(part, things, depth, way)
            if kind in PLAIN:
                return
        if kind in PLAIN or kind is types.FunctionType or is_a(value, type) or address(value) in self.furniture:
            return
        if issubclass(kind, BaseException) and (way == ALL or is_bare(kind)):
            self._reach_exception(value, things, depth, way)
            return
        known = is_container(kind)
        if not known and way == ALL and not is_foreign(kind, "__next__") and not self._is_read_unseen(kind):
            return  # whatever reads it calls its own code
        thing = self.meet(value)
        if thing is None or thing in things:
            return
        things[thing] = value
        if not known and thing.is_namespace:
            self.expose(thing)
        if depth:
            for part in self._parts(value, known=known):
                self._reach(part, things, depth - 1, way)

    def _reach_exception(self, error: BaseException, things: dict[Thing, Any], depth: int, way: str) -> None:
        """Who reads an exception reads its arguments. One that was not met is no other task's, but it may hold others' things."""
        thing = self.things.get(address(error)) if way == ALL else self.meet(error)
        if thing is not None and thing not in things:
            things[thing] = error
        elif thing is not None:
            return
        if depth:
            inside = error.args if way == ALL else (*parts(error), *attributes_of(error).values())
            for part in inside:
                self._reach(part, things, depth - 1, way)

    def _is_read_unseen(self, kind: type) -> bool:
        """Whether what reads such an object is code that was not rewritten, and looks at its attributes."""
        return issubclass(kind, types.SimpleNamespace) or (self._kinds.get(kind) or self._form(kind)).is_stranger

    def _parts(self, value: Any, *, known: bool) -> Iterable[Any]:
        """What foreign code can get at through a value."""
        if known:
            return carried(value)
        source = source_of(value)
        if source is not None:
            return (source,)
        carried_too = parts(value) if is_a(value, BaseException) else ()
        return (*carried_too, *attributes_of(value).values(), *_held(value))


_RUNNING = (types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType)


@functools.cache
def _is_of_c(kind: type) -> bool:
    """Whether it has no method in Python, so that what its methods use is all its own or what it refers to."""
    if issubclass(kind, (*_RUNNING, BaseException, types.ModuleType)):
        return False
    return all(type(value) is not types.FunctionType for base in kind.__mro__ for value in vars(base).values())


def _held(value: Any) -> Iterable[Any]:
    """What an object of C refers to: the file of a `csv.writer`, the buffer under a text file."""
    kind: Any = type(value)
    if not _is_of_c(kind):
        return
    attributes = attributes_of(value)
    for part in gc.get_referents(value):
        held = part.__self__ if type(part) is types.BuiltinFunctionType else part
        if held is not attributes and not is_a(held, (type, types.ModuleType)) and "__builtins__" not in _keys(held):
            yield held


def _keys(value: Any) -> Any:
    return value if type(value) is dict else ()
