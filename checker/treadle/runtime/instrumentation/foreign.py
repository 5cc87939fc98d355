"""Calls: into the program's own code, which makes its own accesses, and into foreign code, which makes none.

Foreign is what was not rewritten: functions and methods in C, and Python code of modules of which the world has no
copy. A call into it is one access to everything mutable that it is handed, and to its own object: it *changes* them,
unless it is known better. Known are the functions that only read (`len`, `sum`, `sorted`, `json.dumps`...), those that
touch nothing (`isinstance`, `id`, ...), those that look at one attribute (`getattr`, ...), and those that read lazily
(`zip`, `map`, the iterators of `itertools`): these are given iterators of ours in place of their arguments.

`callee` is given the function of every call, and returns what is called in its place: mostly the function itself, so
that no frame of ours is in the way and a function that looks at its caller's frame finds it.

Foreign code is one step, whatever it does. Where it calls back code of the program, which lets others run in the middle
of it, that is noticed, and is never silent.
"""

from __future__ import annotations

import functools
import types
from typing import TYPE_CHECKING, Any

from treadle.runtime.instrumentation.arrays import Arrays, is_of_numpy
from treadle.runtime.instrumentation.containers import (
    ALL,
    CHANGE,
    ORDER,
    is_container,
    is_foreign,
    is_own,
    is_transparent,
    table_of,
)
from treadle.runtime.instrumentation.injected import GLOBALS
from treadle.runtime.instrumentation.kept import Kept
from treadle.runtime.instrumentation.knowledge import (
    CALM,
    CALM_MODULES,
    HARMLESS_MODULES,
    KNOWN,
    SAFE_MODULES,
    Treatment,
)
from treadle.runtime.instrumentation.plain import BUILTIN, METHOD_WRAPPER, PLAIN, is_a, is_array
from treadle.runtime.instrumentation.ways import CONTAINERS, MAPPINGS, VIEWS, under

if TYPE_CHECKING:
    from collections.abc import Callable


FUNCTION, METHOD = types.FunctionType, types.MethodType
_UNBOUND = (types.MethodDescriptorType, types.WrapperDescriptorType, types.ClassMethodDescriptorType)


class Foreign(Arrays):
    """The hooks for calls."""

    def callee(self, function: Any) -> Any:
        """What to call in place of `function`."""
        kind = type(function)
        if kind is METHOD:
            inner = function.__func__
            if type(inner) is FUNCTION and (GLOBALS in inner.__globals__ or inner in self.calm):
                return function
            return self._foreign_method(function)
        if kind is FUNCTION:
            return function if GLOBALS in function.__globals__ else self._foreign(function)
        if kind is BUILTIN or kind is METHOD_WRAPPER:
            owner = function.__self__
            if owner is None or type(owner) is types.ModuleType:
                return self._known(function)
            return self._bound(function, owner, function.__name__)
        if kind in _UNBOUND:
            return functools.partial(self._call_unbound, function)
        if is_a(function, type):
            return self._constructor(function)
        if kind is functools.partial:
            return self._partial(function)
        return self._object(function)

    def method(self, owner: Any, name: str) -> Any:
        """`owner.name`, to be called at once."""
        if type(owner) in CONTAINERS:
            return functools.partial(self._call_container, owner, name)
        found = self.load_any(owner, name)
        if type(found) is METHOD:  # the first case of `callee` that most calls are
            inner = found.__func__
            if type(inner) is FUNCTION and (GLOBALS in inner.__globals__ or inner in self.calm):
                return found
        return self.callee(found)

    def attribute(self, owner: Any, name: str) -> Any:
        """`owner.name`, to be kept: a container's own method keeps making accesses wherever it is called."""
        found = self.load_any(owner, name)
        return self.kept(found) if type(found) is BUILTIN else found

    def kept(self, method: Any) -> Any:
        """A function in C that is kept for later: a container's own method goes on making accesses."""
        owner = method.__self__
        return Kept(method, self._bound(method, owner, method.__name__)) if type(owner) in CONTAINERS else method

    # The kinds of callables.

    def _object(self, function: Any) -> Any:
        if is_of_numpy(function):
            return functools.partial(self.call_numpy, function)
        return functools.partial(self._call_object, function) if is_foreign(type(function), "__call__") else function

    def _known(self, function: Any) -> Any:
        treatment = KNOWN.get(function)
        if treatment is Treatment.NOTHING or getattr(function, "__module__", None) in HARMLESS_MODULES:
            self.turns.deeds += function not in CALM
            return function
        if treatment in ("heap_", "look_at_files"):
            return functools.partial(getattr(self, treatment), function)
        if type(treatment) is str:
            return getattr(self, treatment)
        if treatment is Treatment.READS:
            return functools.partial(self._call, function, ALL)
        if treatment is Treatment.COPIES:
            return functools.partial(self._call_copying, function)
        if treatment is Treatment.LAZY:
            return functools.partial(self._call_lazily, function)
        if is_of_numpy(function):
            return functools.partial(self.call_numpy, function)
        return functools.partial(self._call, function, CHANGE)

    def _foreign(self, function: Any) -> Any:
        if _is_safe(function):
            return functools.partial(self._call_safe, function)
        return self._passed(function, function) if is_transparent(function) else self._known(function)

    def _passed(self, function: Any, inner: Any) -> Any:
        """A function that needs no hook. It may change something that is not looked at here, unless it is known not to."""
        if inner.__module__ in CALM_MODULES:
            self.calm.add(inner)
        else:
            self.turns.deeds += 1
        return function

    def _foreign_method(self, function: Any) -> Any:
        inner = function.__func__
        if is_transparent(inner):
            return self._passed(function, inner) if type(inner) is FUNCTION else function
        return functools.partial(self._call_safe if _is_safe(inner) else self._call_foreign_method, function)

    def _call_foreign_method(self, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        handed = (function.__self__, *args, *kwargs.values())
        return self._guarded(_label(function), CHANGE, handed, function, args, kwargs)

    def _bound(self, function: Any, owner: Any, name: str) -> Any:
        kind = type(owner)
        if kind in PLAIN and kind not in VIEWS and kind is not memoryview:
            return functools.partial(self._call, function, ALL)  # such as str.join: it reads its arguments
        if is_a(owner, type) or kind is super:
            return self._of_type(function, owner, name)
        if name in _ATTRIBUTES:
            return functools.partial(getattr(self, _ATTRIBUTES[name]), function, owner)
        return functools.partial(self._call_method, function, owner, name)

    def _of_type(self, function: Any, owner: Any, name: str) -> Any:
        if name == "__new__":
            return functools.partial(self._call_new, function)
        if name in ("__setattr__", "__delattr__"):
            return functools.partial(getattr(self, _ATTRIBUTES[name]), function, owner)
        self.turns.deeds += 1
        return function if name in _OF_TYPES else functools.partial(self._call, function, ALL)

    def _constructor(self, cls: Any) -> Any:
        """A class: its own code runs as it is; what is built in looks at its arguments."""
        treatment = KNOWN.get(cls)
        if treatment is not None:
            return self._known(cls)
        if type(type(cls).__call__) is types.FunctionType:
            self.turns.deeds += not is_own(type(cls).__call__)
            return cls
        for method in (cls.__init__, cls.__new__):
            if type(method) is types.FunctionType:
                if not (is_own(method) or is_transparent(method) or _is_of_named_tuple(method)):
                    return functools.partial(self._call, cls, CHANGE)
                self.turns.deeds += not is_own(method)
                return cls
        if issubclass(cls, BaseException) or (cls.__init__ is object.__init__ and cls.__new__ is object.__new__):
            return cls
        if any(base in CONTAINERS or base is tuple for base in cls.__mro__):
            return functools.partial(self._call_copying, cls)
        if any(base.__module__.startswith("treadle.") for base in cls.__mro__):
            self.turns.deeds += 1
            return cls
        return functools.partial(self._call, cls, CHANGE)

    def _partial(self, function: Any) -> Any:
        inner = self.callee(function.func)
        return function if inner is function.func else functools.partial(inner, *function.args, **function.keywords)

    # Calling.

    def _call(self, function: Callable[..., Any], way: str, /, *args: Any, **kwargs: Any) -> Any:
        """Foreign code that treats everything that it is handed in this way."""
        if way == CHANGE or kwargs:
            self.turns.deeds += 1
        handed = (*args, *kwargs.values()) if kwargs else args
        for value in handed:
            if type(value) not in PLAIN or type(value) in VIEWS or type(value) is tuple:
                return self._guarded(_label(function), way, handed, function, args, kwargs)
        return function(*args, **kwargs)

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
        self.touch_deeply(label, way, handed)
        before = len(self.events)
        result = function(*args, **kwargs)
        if way == CHANGE and self.crowded:
            self.recognise(handed)
        if len(self.events) != before:
            self._called_back(label, lambda: self.touch_deeply(label, way, handed))
        return result

    def _call_safe(self, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """What is safe by locks of its own: it reads what it is handed, and lets nobody run meanwhile."""
        self.touch_deeply(_label(function), ALL, (*args, *kwargs.values()))
        return self.turns.in_one_piece(
            lambda: function(*args, **kwargs),
            lambda: self.incomplete(
                f"{_label(function)} holds a real lock, and runs code of the program that makes steps"
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
        self.touch_deeply(_label(function), CHANGE, args[:1], depth=0)
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
        if name in _ATTRIBUTES:
            return getattr(self, _ATTRIBUTES[name])(functools.partial(function, owner), owner, *args, **kwargs)
        if is_a(owner, type):
            self.turns.deeds += 1
            return function(owner, *args, **kwargs)
        return self._call_method(functools.partial(function, owner), owner, name, *args, **kwargs)

    def _call_method(self, function: Any, owner: Any, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """A method in C: its object in the way of the table, its arguments read or kept."""
        if is_array(type(owner)) and not owner.dtype.hasobject:
            return self.call_of_array(function, owner, name, *args, **kwargs)
        target = under(owner)
        for value in args:
            self.publish(value)
        for value in kwargs.values():
            self.publish(value)
        if name in _ITERATED and args:
            args = tuple(self._gathered(value, deeply=name in _COMPARING) for value in args)
        kind = type(target)
        if name == "__init__" and kind not in CONTAINERS:
            self.turns.deeds += 1
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
        if kwargs or name in _ITERATED:
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
        if any(type(value) not in known for value in args):
            return self._call(function, ALL, *args, **kwargs)
        for value in args:
            self.glance(_label(function), value)
        return function(*args, **kwargs)

    def _call_lazily(self, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """A function that returns an iterator over its arguments: each item is an access, when its turn comes."""
        return function(*[self._lazy(value) for value in args], **kwargs)

    def _lazy(self, value: Any) -> Any:
        self.publish(value)
        return self.attribute_callable(value) if callable(value) else self.iterate(value)

    def attribute_callable(self, function: Any) -> Any:
        """A function that foreign code will call."""
        return function if is_a(function, type) and function not in CONTAINERS else self.callee(function)

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
            if plan is not None and plan.segment != self.base + len(self.events):
                self.touch(plan)

    def _set_attribute(self, function: Any, owner: Any, name: str, value: Any) -> None:
        self.publish(value)
        self.before_store(owner, name)
        function(name, value)

    def _delete_attribute(self, function: Any, owner: Any, name: str) -> None:
        self.before_store(owner, name)
        function(name)


def _label(function: Any) -> str:
    return str(getattr(function, "__qualname__", None) or type(function).__qualname__)


_ATTRIBUTES = {
    "__getattribute__": "_get_attribute",
    "__setattr__": "_set_attribute",
    "__delattr__": "_delete_attribute",
}
_OF_TYPES = frozenset({"mro", "__subclasses__", "__init__", "__init_subclass__", "__subclasshook__", "__prepare__",
                       "__instancecheck__", "__subclasscheck__", "__call__", "__class_getitem__", "fromkeys"})  # fmt: skip
_COMPARING = frozenset({"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"})
_ITERATED = frozenset({"extend", "update", "__iadd__", "__ior__", "extendleft", "__init__", "union", "intersection",
                       "difference", "symmetric_difference", "difference_update", "intersection_update",
                       "symmetric_difference_update", "isdisjoint", "issubset", "issuperset", "__add__", "__or__",
                       "__and__", "__sub__", "__xor__", "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"})  # fmt: skip


def _is_of_named_tuple(method: Any) -> bool:
    """Whether it is the `__new__` of a named tuple, which only keeps what it is handed."""
    return bool(method.__module__.startswith("namedtuple_"))


def _is_safe(function: Any) -> bool:
    """Whether a Python function that was not rewritten belongs to a module that is safe by itself."""
    return (getattr(function, "__module__", None) or "").partition(".")[0] in SAFE_MODULES
