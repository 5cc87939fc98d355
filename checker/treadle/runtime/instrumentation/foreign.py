"""Calls of foreign code, which makes no accesses of its own.

Foreign is what was not rewritten: functions and methods in C, and Python code of modules of which the world has no
copy. A call into it is one access to everything mutable that it is handed, and to its own object: it *changes* them,
unless it is known better. (Which is which, and what is known, is told in `callees`.)

Foreign code is one step, whatever it does. Where it calls back code of the program, which lets others run in the middle
of it, that is noticed, and is never silent.
"""

from __future__ import annotations

import functools
import types
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from treadle.runtime.instrumentation.containers import (
    ALL,
    CHANGE,
    ORDER,
    is_container,
    is_foreign,
    table_of,
)
from treadle.runtime.instrumentation.logs import comes_to_the_program
from treadle.runtime.instrumentation.plain import PLAIN, attributes_of, is_a, is_array
from treadle.runtime.instrumentation.raising import Raising
from treadle.runtime.instrumentation.ways import CONTAINERS, MAPPINGS, VIEWS, under

if TYPE_CHECKING:
    from collections.abc import Callable


class Foreign(Raising):
    """The hooks that are called in place of foreign code, and call it."""

    def _call(self, function: Callable[..., Any], way: str, /, *args: Any, **kwargs: Any) -> Any:
        """Foreign code that treats everything that it is handed in this way."""
        if way == CHANGE or kwargs:
            self.turns.deeds += 1
        handed = (*args, *kwargs.values()) if kwargs else args
        for value in handed:
            if type(value) not in PLAIN or type(value) in VIEWS or type(value) is tuple:
                return self._guarded(label_of(function), way, handed, function, args, kwargs)
        return function(*args, **kwargs)

    def hand_over(self, label: str, way: str, handed: tuple[Any, ...]) -> None:
        """These values come to foreign code, which treats them in this way."""
        self.touch_deeply(label, way, handed)

    def _guarded(
        self,
        label: str,
        way: str,
        handed: tuple[Any, ...],
        function: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        """Touch what is handed over, then call. Foreign code that calls back is not one step; see `_called_back`."""
        self.hand_over(label, way, handed)
        before = len(self.events)
        result = function(*args, **kwargs)
        if way == CHANGE and self.crowded:
            self.recognise(handed)
        if len(self.events) != before:
            self._called_back(label, lambda: self.touch_deeply(label, way, handed))
        return result

    def _call_safe(self, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """What is safe by locks of its own: it reads what it is handed, and lets nobody run meanwhile; but see `logs`."""
        if comes_to_the_program(function, self.namespaces):
            self.turns.deeds += 1
            handed = (*args, *kwargs.values())
            return self._guarded(label_of(function), ALL, handed, function, args, kwargs)
        self.touch_deeply(label_of(function), ALL, (*args, *kwargs.values()))
        return self.turns.in_one_piece(
            lambda: function(*args, **kwargs),
            lambda: self.incomplete(
                f"{label_of(function)} holds a real lock, and runs code of the program that makes steps"
            ),
        )

    def _called_back(self, label: str, again: Callable[[], object]) -> None:
        """Foreign code has let others run in the middle of what should be one step.

        What it did afterwards is recorded now. Where it is raced for, that is too late: it cannot be followed.
        """
        before = len(self.events)
        again()
        if len(self.events) != before:
            self.incomplete(f"{label} changes or reads something shared, and runs code of the program in between")

    def heap_(self, function: Any, /, *args: Any) -> Any:
        """A function that changes the list that it is given first, and compares or keeps the rest."""
        for value in args[1:]:
            self.publish(value)
        self.touch_deeply(label_of(function), CHANGE, args[:1], depth=0)
        return function(*args)

    def _call_object(self, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """A foreign object with a state of its own, which the call may change; before and after what it may call back."""
        self.access(function, "call", CHANGE)
        result = self._call(function, CHANGE, *args, **kwargs)
        self.access(function, "call", CHANGE)
        return result

    def _call_unbound(self, function: Any, /, owner: Any = None, *args: Any, **kwargs: Any) -> Any:
        """`list.append(xs, 1)` is `xs.append(1)`."""
        name = function.__name__
        if type(owner) in PLAIN and type(owner) not in VIEWS:
            return self._call(function, ALL, owner, *args, **kwargs)
        if name in ATTRIBUTES:
            return getattr(self, ATTRIBUTES[name])(functools.partial(function, owner), owner, *args, **kwargs)
        if is_a(owner, type) or is_binding(owner, name):
            self.turns.deeds += 1
            return function(owner, *args, **kwargs)
        return self._call_method(functools.partial(function, owner), owner, name, *args, **kwargs)

    def _call_method(self, function: Any, owner: Any, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """A method in C: its object in the way of the table, its arguments read or kept."""
        if is_array(type(owner)) and not owner.dtype.hasobject:
            return self.call_of_array(function, owner, name, *args, **kwargs)
        target = under(owner)
        if is_a(target, BaseException):
            return self.call_of_exception(function, target, name, args, kwargs)
        for value in args:
            self.publish(value)
        for value in kwargs.values():
            self.publish(value)
        if name in ITERATED and args:
            args = tuple(self._gathered(value, deeply=name in _COMPARING) for value in args)
        kind = type(target)
        if kind is ContextVar or (name == "__init__" and kind not in CONTAINERS):
            self.turns.deeds += 1  # of a context variable each task has a value of its own
            return function(*args, **kwargs)
        if kind not in CONTAINERS and (not is_container(kind) or is_array(kind)):
            way = CHANGE if table_of(kind).get(name, CHANGE) == CHANGE else ALL
            return self._guarded(name, way, (target, *args, *kwargs.values()), function, args, kwargs)
        if name == "__next__":
            self.advance(target)
            return function(*args)
        self.method_access(target, name, name, args)
        before = len(self.events)
        result = function(*args, **kwargs)
        if len(self.events) != before:
            self._called_back(name, lambda: self.method_access(target, name, name, args))
        return result

    def _call_container(self, owner: Any, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """`owner.name(...)` of a built-in container, exactly."""
        if kwargs or name in ITERATED:
            return self._call_method(getattr(owner, name), owner, name, *args, **kwargs)
        for value in args:
            self.publish(value)
        self.method_access(owner, name, name, args)
        before = len(self.events)
        result = getattr(owner, name)(*args)
        if len(self.events) != before:
            self._called_back(name, lambda: self.method_access(owner, name, name, args))
        return result

    def _gathered(self, value: Any, *, deeply: bool) -> Any:
        """What a container is filled from is read first, item by item where its own code runs."""
        kind = type(value)
        if kind in PLAIN and kind not in VIEWS:
            return value
        if kind in CONTAINERS or kind in VIEWS:
            if deeply:
                self.touch_deeply("read", ORDER, (value,), depth=1)
            else:
                self.glance("read", value)
            return value.copy() if kind in CONTAINERS and hasattr(value, "copy") else value
        return [*self.iterate(value)] if hasattr(kind, "__next__") else value

    def _call_copying(self, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """A function that makes a container of the references in what it is handed."""
        # A dictionary is also made of pairs, each of which is looked into. What keywords say is only kept.
        known = (*MAPPINGS, *PLAIN) if issubclass(function, dict) else (*CONTAINERS, *PLAIN)
        if any(type(value) not in known and not _is_fixed(type(value), function) for value in args):
            return self._call(function, ALL, *args, **kwargs)
        for value in args:
            self.glance(label_of(function), value)
        return function(*args, **kwargs)

    def _call_new(self, function: Any, /, cls: Any, *args: Any, **kwargs: Any) -> Any:
        """`super().__new__(cls, ...)`: a new object, which nobody else has."""
        return function(cls, *args, **kwargs)

    # Attributes by way of object's own methods.

    def _get_attribute(self, function: Any, owner: Any, name: str) -> Any:
        self._touch_attribute(owner, name)
        return function(name)

    def _touch_attribute(self, owner: Any, name: str) -> None:
        if self.crowded or not self.is_quiet():
            thing = self.meet(owner)
            plan = thing.loads[name] if thing is not None else None
            if plan is not None and plan.segment < self.base + len(self.events):
                self.touch(plan)

    def _set_attribute(self, function: Any, owner: Any, name: str, value: Any) -> None:
        self.publish(value)
        self.before_store(owner, name)
        function(name, value)

    def _delete_attribute(self, function: Any, owner: Any, name: str) -> None:
        self.before_store(owner, name)
        function(name)

    def _give_state(self, function: Any, owner: Any, *args: Any) -> Any:
        """What an object is pickled and copied as. The dictionary of its attributes is in it, and is read from there."""
        if is_container(type(owner)) or is_a(owner, BaseException) or not attributes_of(owner):
            return self._call_method(function, owner, function.__name__, *args)
        self.dictionary(owner)
        self.turns.deeds += 1
        return function(*args)


def is_binding(owner: Any, name: str) -> bool:
    """Whether it is what a property or a function does as a descriptor: to call code of the program, and nothing else."""
    return name in ("__get__", "__set__", "__delete__") and is_a(owner, (property, types.FunctionType))


def _is_fixed(kind: type, function: type) -> bool:
    """Whether it is a tuple by another name, which always has the same items, and is not taken to be of pairs."""
    return issubclass(kind, tuple) and is_foreign(kind, "__iter__") and not issubclass(function, dict)


def label_of(function: Any) -> str:
    """How a call of it is told."""
    return str(getattr(function, "__qualname__", None) or type(function).__qualname__)


ATTRIBUTES = {
    "__getattribute__": "_get_attribute",
    "__setattr__": "_set_attribute",
    "__delattr__": "_delete_attribute",
    "__reduce__": "_give_state",
    "__reduce_ex__": "_give_state",
    "__getstate__": "_give_state",
}
"""The hooks for methods that every object has."""
_COMPARING = frozenset({"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"})
ITERATED = frozenset({"extend", "update", "__iadd__", "__ior__", "extendleft", "__init__", "union", "intersection",
                       "difference", "symmetric_difference", "difference_update", "intersection_update",
                       "symmetric_difference_update", "isdisjoint", "issubset", "issuperset", "__add__", "__or__",
                       "__and__", "__sub__", "__xor__", "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"})  # fmt: skip
