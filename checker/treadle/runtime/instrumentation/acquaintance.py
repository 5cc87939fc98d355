"""Acquaintance: which things were met in the current execution, and under which names.

**Names.** A thing is named by the task that meets it first, the line where, and a counter there. The same thing must
have the same name in every execution of the same trace, so the meeting must be ordered before every access by another
task. It is, because a thing is met at the latest when it is *published*: stored into an attribute, an item, a global or
captured variable, or handed to foreign code; and before that only its creator can reach it. What is published makes
everything met that can be reached through it and was not stored by code that sees to that: the items of containers, what
the body of a class has bound (of a module's classes when it was loaded), the source of an iterator, the attributes of *strangers*,
whose classes have methods that were not rewritten (again when such code returns, and before the second task starts). Should a thing come to a task in a way that was not seen, so that two
tasks meet it in no order, that is found here (its first meeting is not ordered before the access), and the verdict is
incomplete and says where.

A thing is held by a weak reference where its type allows one, so that it dies when it should; a list or a dictionary
has none, and what only a list refers to lives until the execution ends.
"""

from __future__ import annotations

import os
import sys
import weakref
from functools import partial
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from treadle.runtime.instrumentation.books import NOTHING
from treadle.runtime.instrumentation.exceptions import belongings, is_bare, parts
from treadle.runtime.instrumentation.injected import GLOBALS
from treadle.runtime.instrumentation.knowledge import SAFE_MODULES, TRANSPARENT_MODULES
from treadle.runtime.instrumentation.locations import Planned, Thing
from treadle.runtime.instrumentation.plain import (
    BEARERS,
    CARRIERS,
    NAMESPACES_OF_MODULES,
    PLAIN,
    address,
    carried,
    is_a,
    is_array,
    variables_of,
)
from treadle.runtime.instrumentation.ways import ITERATORS, source_of
from treadle.runtime.meetings import Meeting, Meetings
from treadle.runtime.turns import LOADING

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from treadle.model.trace import Event
    from treadle.runtime.instrumentation.locations import Plan
    from treadle.runtime.names import Names
    from treadle.runtime.turns import Turns

MANY = 1_000
"""So many types are remembered."""


class Form:
    """How things of one type are held."""

    __slots__ = (
        "brings",
        "carries",
        "has_parts",
        "is_bare",
        "is_local",
        "is_namespace",
        "is_special",
        "is_stranger",
        "weakly",
    )

    def __init__(
        self,
        *,
        has_parts: bool,
        is_namespace: bool,
        weakly: bool,
        is_bare: bool,
        carries: bool,
        is_special: bool,
        is_local: bool,
        is_stranger: bool,
    ) -> None:
        self.has_parts = has_parts  # some part of them could change, and is not looked after by the world itself
        self.is_namespace = is_namespace
        self.weakly = weakly  # they can be weakly referred to
        self.is_bare = is_bare  # but only by what they alone have: see `exceptions`
        self.carries = carries  # something can be reached through them without an attribute
        self.is_special = is_special  # they are modules or classes
        self.is_local = is_local  # their class was made in an execution, and is met with them
        self.brings = carries or is_local or is_stranger
        self.is_stranger = is_stranger  # code that was not rewritten gives them attributes


class Acquaintance:
    """The things of one execution after another."""

    things: dict[int, Thing]  # by address
    loaded: dict[int, Thing]  # those met while modules were loaded
    events: list[Event]  # of this execution
    serial: int  # the number of the current turn of a loop that is watched closely: see `loops`
    furniture: dict[int, Any]  # by address: objects of the world's own that no program changes
    namespaces: dict[str, dict[str, Any]]  # the globals of rewritten modules
    constants: dict[str, set[str]]  # by name of such a module: the names that functions read without a hook
    held: list[Thing]  # met in this execution, of objects that live as long
    strangers: list[Thing]  # met in this execution: foreign code gives them attributes
    _remembered: dict[str, Thing]  # by name: of all executions of this pass
    _meetings: Meetings[Thing]
    _kinds: dict[type, Form]  # by type

    def __init__(self, turns: Turns, names: Names) -> None:
        self.turns = turns
        self.names = names
        self.events = []
        self.serial = 0
        self.things = {}
        self.loaded = {}
        self.furniture = {address(NOTHING): NOTHING}
        self.namespaces = {}
        self.constants = {}
        self.strangers = []
        self.held = []
        self._remembered = {}
        self._meetings = Meetings()
        self._kinds = {}

    def furnish(self, *targets: Any) -> None:
        """These are the world's own, and do not change. They take the place of what was said before."""
        self.furniture = {address(target): target for target in (NOTHING, *targets)}

    def meet(self, target: Any) -> Thing | None:
        """The thing for an object; None if it has no parts that could change, or parts that only one task sees."""
        key = address(target)
        thing = self.things.get(key)
        if thing is not None:
            return thing
        kind = type(target)
        return None if kind in PLAIN else self._met(target, kind, key)

    def _met(self, target: Any, kind: type, key: int) -> Thing | None:
        """The same, for an object that is not plain and has no thing yet."""
        form = self._kinds.get(kind) or self._form(kind)
        if not form.has_parts or key in self.furniture:
            return None
        if form.is_special:
            if is_a(target, ModuleType):
                return self._module(target)
            if is_a(target, type) and target.__module__ in NAMESPACES_OF_MODULES:
                return None
        meeting = self._meetings.again(kind, self.events) if self.turns.current != LOADING else None
        if meeting is not None:
            _, _, time, thing, task, counted, so_far = meeting
            if counted is not None:
                self.names.counts[counted] = so_far
            thing.referent = target
            thing.task = task
            thing.time = time
            thing.met = self.serial
            thing.trusted = {task}
            self.things[key] = thing
        else:
            thing = self._meet_anew(target, kind, key, is_namespace=form.is_namespace)
        if form.weakly:
            # When it dies, nothing else can lie there yet, so what is found there is its own.
            gone = partial(self.things.pop, key) if thing.task != LOADING else partial(self._gone, key)
            thing.referent = weakref.ref(belongings(target) if form.is_bare else target, gone)
        elif thing.task != LOADING:
            self.held.append(thing)
        if form.brings:
            self._bring(target, kind, form, thing)
        return thing

    def _module(self, target: ModuleType) -> Thing:
        """A module's globals: of the world's own, and of any other, which has its name whoever meets it."""
        namespace = vars(target)
        key = address(namespace)
        thing = self.things.get(key) or self.loaded.get(key)
        if thing is None:
            thing = self.add(f"module {namespace.get('__name__')}", key, namespace, is_namespace=True)
            if thing.task != LOADING:
                thing.task = LOADING
                self.held.append(thing)
        return thing

    def _bring(self, target: Any, kind: type, form: Form, thing: Thing) -> None:
        """Publish what becomes reachable with a thing."""
        if form.is_local:
            self.publish(kind)
        if form.is_stranger:
            self.strangers.append(thing)
        if form.carries:
            for part in self._carried(target, kind):
                self.publish(part)

    def _carried(self, target: Any, kind: type) -> Iterable[Any]:
        """What becomes reachable with a thing, and was not published where it was stored."""
        if kind is FunctionType and GLOBALS in target.__globals__:
            return variables_of(target)
        if is_a(target, type):
            return self._of_class(target)
        if is_a(target, BaseException):
            return parts(target)
        source = source_of(target)
        return carried(target) if source is None else (source,)

    def _of_class(self, target: type) -> list[Any]:
        """Of a class of the program: its bases and its metaclass, and what its body has bound, which nobody stored."""
        if target.__module__ not in self.namespaces:
            return []
        values = [value for value in vars(target).values() if type(value) is not FunctionType]
        return [base for base in (type(target), *target.__bases__) if base.__module__ in self.namespaces] + values

    def introduce(self, modules: Iterable[ModuleType]) -> None:
        """Modules were loaded: meet what the bodies of their classes have bound, and the variables of the environment."""
        self.add("os.environ", address(os.environ), os.environ, is_namespace=True)
        self.add("variables of os.environ", address(os.environ._data), os.environ._data, is_namespace=False)  # type: ignore[attr-defined] # it has no other name
        for module in modules:
            for value in [*vars(module).values()]:
                if is_a(value, type) and value.__module__ == module.__name__ in self.namespaces:
                    self._introduce(value)

    def _introduce(self, cls: type) -> None:
        for name, value in [*vars(cls).items()]:
            if is_a(value, type) and value.__qualname__ == f"{cls.__qualname__}.{name}":
                self._introduce(value)
            elif type(value) is not FunctionType:
                self.publish(value)

    def _form(self, kind: type) -> Form:
        if len(self._kinds) > MANY:
            self._kinds.clear()
        form = self._kinds[kind] = _form(kind, self.namespaces)
        return form

    def _meet_anew(self, target: Any, kind: type, key: int, *, is_namespace: bool) -> Thing:
        """The thing, where this execution does something else than the last one."""
        defined = self._definition(target)
        thing = self.add(defined or self._name(target), key, target, is_namespace=is_namespace)
        if defined:
            thing.task = LOADING
        self._write_down(kind, thing, counted=not defined)
        return thing

    def _write_down(self, kind: object, thing: Thing, *, counted: bool) -> None:
        if self.turns.current != LOADING:
            events = self.events
            under, count = self.names.latest if counted else (None, 0)
            last = events[-1] if events else None
            self._meetings.write_down(Meeting(kind, last, len(events), thing, thing.task, under, count))

    def _definition(self, target: Any) -> str:
        """The name of a function or class that a module's top level defines: it is the same whoever meets it."""
        if not is_a(target, (type, FunctionType)):
            return ""
        found: Any = self.namespaces.get(target.__module__)
        for part in target.__qualname__.split("."):
            found = (found if is_a(found, dict) else getattr(found, "__dict__", {})).get(part)
        kind = "class" if is_a(target, type) else "function"
        return f"{kind} {target.__module__}.{target.__qualname__}" if found is target else ""

    def add(self, name: str, key: int, referent: Any, *, is_namespace: bool) -> Thing:
        """A new thing under this name, for the object with the address `key`; 0: for none."""
        task = self.turns.current
        thing = self._remembered.get(name)
        if thing is None:
            thing = self._remembered[name] = Thing(name, is_namespace=is_namespace)
            thing.loads = Planned(self.plan_load, thing)
            thing.stores = Planned(self.plan_store, thing)
        thing.referent = referent
        thing.task = task
        thing.time = len(self.events)
        thing.met = self.serial
        thing.trusted = {task}
        if key:
            self.things[key] = thing
        if task == LOADING:
            self.loaded[key or -len(self.loaded) - 1] = thing
        return thing

    def _name(self, target: Any) -> str:
        kind = type(target).__name__
        if is_a(target, (type, FunctionType)):
            kind = f"{'class' if is_a(target, type) else 'function'} {target.__qualname__}"
        return self.names.new(kind, sys._getframe(2))

    def _gone(self, key: int, _reference: object) -> None:
        self.things.pop(key, None)
        self.loaded.pop(key, None)

    def publish(self, value: Any) -> None:
        """Meet everything that becomes reachable when others can reach `value`."""
        kind = type(value)
        if kind not in PLAIN:
            key = address(value)
            if key not in self.things:
                self._met(value, kind, key)
        elif kind in CARRIERS:
            if kind is partial and address(value) not in self.things:
                self._met(value, kind, address(value))  # it has attributes, too
            for part in carried(value):
                self.publish(part)

    # How attributes are found is the business of `attributes`.

    def plan_load(self, thing: Thing, name: str) -> Plan | None:
        """What reading this attribute does."""
        raise NotImplementedError

    def plan_store(self, thing: Thing, name: str) -> Plan | None:
        """What writing this attribute does."""
        raise NotImplementedError


def _form(kind: type, own_modules: Container[str]) -> Form:
    # They make their own steps; but the world's `sys` is a module like any other.
    own = any(base.__module__.startswith("treadle.") for base in kind.__mro__) and not issubclass(kind, ModuleType)
    weakly = kind.__weakrefoffset__ != 0 or kind is type
    contents = (list, dict, set, bytearray)
    return Form(
        has_parts=not own and kind.__module__ not in SAFE_MODULES,
        is_namespace=not issubclass(kind, contents),
        weakly=weakly or is_bare(kind),
        is_bare=is_bare(kind),
        carries=kind is FunctionType
        or issubclass(kind, (*BEARERS, type, BaseException))
        or is_array(kind)
        or kind in ITERATORS,
        is_special=issubclass(kind, (ModuleType, type)),
        is_local="<locals>" in kind.__qualname__ and kind.__module__ in own_modules,
        is_stranger=not own and not is_bare(kind) and any(_is_strange(base, own_modules) for base in kind.__mro__),
    )


def _is_strange(base: type, own_modules: Container[str]) -> bool:
    """Whether a class has methods in Python that were not rewritten, and may store attributes."""
    module = base.__module__
    if module in own_modules or module.partition(".")[0] in _NO_STRANGERS or not base.__dictoffset__:
        return False
    return any(type(value) is FunctionType for value in vars(base).values())


_NO_STRANGERS = TRANSPARENT_MODULES | SAFE_MODULES | {"builtins", "numpy", "treadle"}
"""Top packages whose classes store nothing in their instances that several threads might change."""
