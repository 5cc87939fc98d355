"""What is called in place of a function: the function itself, or a hook that makes its accesses and calls it.

A call goes into the program's own code, which makes its own accesses, or into foreign code, which makes none (see
`foreign`). Known are the functions that only read (`len`, `sum`, `sorted`, `json.dumps`...), those that
touch nothing (`isinstance`, `id`, ...), those that look at one attribute (`getattr`, ...), and those that read lazily
(`zip`, `map`, the iterators of `itertools`): these are given iterators of ours in place of their arguments.

`callee` is given the function of every call, and returns what is called in its place: mostly the function itself, so
that no frame of ours is in the way and a function that looks at its caller's frame finds it.
"""

from __future__ import annotations

import functools
import operator
import types
from abc import ABCMeta
from typing import Any

from treadle.runtime.instrumentation.arrays import is_of_numpy
from treadle.runtime.instrumentation.containers import (
    ALL,
    CHANGE,
    is_container,
    is_foreign,
    is_own,
    is_transparent,
)
from treadle.runtime.instrumentation.foreign import ATTRIBUTES, ITERATED, Foreign, is_binding, label_of
from treadle.runtime.instrumentation.injected import GLOBALS
from treadle.runtime.instrumentation.kept import Kept
from treadle.runtime.instrumentation.knowledge import (
    CALM,
    CALM_MODULES,
    HARMLESS_MODULES,
    KNOWN,
    READING,
    SAFE_MODULES,
    Treatment,
)
from treadle.runtime.instrumentation.plain import BUILTIN, METHOD_WRAPPER, PLAIN, is_a
from treadle.runtime.instrumentation.ways import CONTAINERS, VIEWS

FUNCTION, METHOD = types.FunctionType, types.MethodType
_UNBOUND = (types.MethodDescriptorType, types.WrapperDescriptorType, types.ClassMethodDescriptorType)


class Callees(Foreign):
    """The hooks that choose what is called."""

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
        if kind is operator.methodcaller:
            return functools.partial(self._call_by_name, function)
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
        """An object that can be called."""
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
        """A Python function that was not rewritten."""
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
        if inner is ABCMeta.register and self.crowded:  # `isinstance` looks there without a hook
            self.incomplete(f"a class is registered with {function.__self__.__name__}")
        if is_transparent(inner):
            return self._passed(function, inner) if type(inner) is FUNCTION else function
        owner: Any = type(function.__self__)
        if inner.__module__ == _MIXING and _is_of_the_program(owner):
            return functools.partial(self._call_mixed_in, function)
        return functools.partial(self._call_safe if _is_safe(inner) else self._call_foreign_method, function)

    def _call_mixed_in(self, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """A method that `collections.abc` lends to a class of the program: it calls that class's own, which make accesses.

        It goes through what it is handed itself, so that is read before. Where it compares what it is handed with what
        is there, that would not be seen.
        """
        parts = [type(value) for value in args if type(value) not in PLAIN or type(value) in VIEWS]
        if any(kind in VIEWS or (is_container(kind) and function.__func__.__name__ not in ITERATED) for kind in parts):
            return self._call_foreign_method(function, *args, **kwargs)
        if function.__func__.__name__ in ITERATED:
            args = tuple(self._gathered(value, deeply=False) for value in args)
        self.turns.deeds += 1
        return function(*args, **kwargs)

    def _call_foreign_method(self, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        handed = (function.__self__, *args, *kwargs.values())
        way = ALL if function.__func__.__name__ in READING.get(type(function.__self__), ()) else CHANGE
        return self._guarded(label_of(function), way, handed, function, args, kwargs)

    def _bound(self, function: Any, owner: Any, name: str) -> Any:
        """A method in C, bound to its object."""
        kind = type(owner)
        if kind is types.MemberDescriptorType or kind is types.GetSetDescriptorType:
            self.unseen(f"{owner.__name__} is reached by {name} of its descriptor")
        if kind in PLAIN and kind not in VIEWS and kind is not memoryview:
            return functools.partial(self._call, function, ALL)  # such as str.join: it reads its arguments
        if is_a(owner, type) or kind is super:
            return self._of_type(function, owner, name)
        if is_binding(owner, name):
            self.turns.deeds += 1
            return function
        if name in ATTRIBUTES:
            return functools.partial(getattr(self, ATTRIBUTES[name]), function, owner)
        return functools.partial(self._call_method, function, owner, name)

    def _of_type(self, function: Any, owner: Any, name: str) -> Any:
        if name == "__new__":
            return functools.partial(self._call_new, function)
        if name in ("__setattr__", "__delattr__"):
            return functools.partial(getattr(self, ATTRIBUTES[name]), function, owner)
        if name == "fromkeys":
            return lambda keys, *value: function(self._gathered(keys, deeply=False), *value)
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
                self.turns.deeds += not (is_own(method) or method.__module__ in CALM_MODULES)
                return cls
        if issubclass(cls, BaseException) or (cls.__init__ is object.__init__ and cls.__new__ is object.__new__):
            return cls
        if any(base in CONTAINERS or base is tuple for base in cls.__mro__):
            return functools.partial(self._call_copying, cls)
        if any(base.__module__.startswith("treadle.") for base in cls.__mro__):
            self.turns.deeds += 1
            return cls
        return functools.partial(self._call, cls, CHANGE)

    def _call_by_name(self, caller: Any, owner: Any) -> Any:
        """What `operator.methodcaller` has made, called: the name of the method and its arguments are in what it is pickled as."""
        made, args = caller.__reduce__()
        kwargs = made.keywords if type(made) is functools.partial else {}
        name, *args = made.args + args if type(made) is functools.partial else args
        return self.method(owner, name)(*args, **kwargs)

    def _partial(self, function: Any) -> Any:
        inner = self.callee(function.func)
        return function if inner is function.func else functools.partial(inner, *function.args, **function.keywords)

    # Lazy functions call what they are handed when an item is taken.

    def _call_lazily(self, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """A function that returns an iterator over its arguments: each item is an access, when its turn comes."""
        return function(*[self._lazy(value) for value in args], **kwargs)

    def _lazy(self, value: Any) -> Any:
        self.publish(value)
        return self.attribute_callable(value) if callable(value) else self.asked_by_several(value)

    def asked_by_several(self, value: Any) -> Any:
        """What `iterate` gives, for an iterator that several tasks may ask at once: see `walker`."""
        return self.iterate(value)

    def attribute_callable(self, function: Any) -> Any:
        """A function that foreign code will call."""
        return function if is_a(function, type) and function not in CONTAINERS else self.callee(function)


_MIXING = "collections.abc"
_OWN_METHODS = (
    "__getitem__",
    "__setitem__",
    "__delitem__",
    "__iter__",
    "__len__",
    "__contains__",
    "insert",
    "add",
    "discard",
)


@functools.cache
def _is_of_the_program(kind: type) -> bool:
    """Whether all that `collections.abc` counts on in such an object is code of the program, or lent by it, too."""
    found = (getattr(kind, name, None) for name in _OWN_METHODS)
    return all(
        method is None or (type(method) is FUNCTION and (is_own(method) or method.__module__ == _MIXING))
        for method in found
    )


_OF_TYPES = frozenset({"mro", "__subclasses__", "__init__", "__init_subclass__", "__subclasshook__", "__prepare__",
                       "__instancecheck__", "__subclasscheck__", "__call__", "__class_getitem__"})  # fmt: skip


def _is_of_named_tuple(method: Any) -> bool:
    """Whether it is the `__new__` of a named tuple, which only keeps what it is handed."""
    return bool(method.__module__.startswith("namedtuple_"))


def _is_safe(function: Any) -> bool:
    """Whether a Python function that was not rewritten belongs to a module that is safe by itself."""
    return (getattr(function, "__module__", None) or "").partition(".")[0] in SAFE_MODULES
