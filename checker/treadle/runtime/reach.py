"""What can be reached from the modules of a world, and has to be put back as it was before each execution.

The walk starts at the variables of the copied modules and goes through everything that Python code can change in place.
It stops at what is immutable, at what shared modules own (a logger, a type of theirs), and at declarations that
nobody changes once they are made (annotations, the members of an enumeration).
"""

from __future__ import annotations

import array
import collections
import collections.abc
import contextlib
import datetime as dt
import dis
import enum
import functools
import operator
import re
import types
import typing
import weakref
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, TypeAlias

from treadle.runtime import restoring
from treadle.runtime.bookkeeping import Beginning
from treadle.runtime.facades import Count
from treadle.runtime.instrumentation.plain import address, attributes_of, is_a
from treadle.runtime.instrumentation.walker import Walker
from treadle.runtime.iterators import count
from treadle.runtime.locks import Lock, RLock
from treadle.runtime.thread_locals import Local
from treadle.runtime.thread_module import Handle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import ModuleType

    from treadle.runtime.restoring import Part

_CONSTANT = (
    *(
        object,
        bool,
        int,
        float,
        complex,
        str,
        bytes,
        range,
        slice,
        type(None),
        type(...),
        type(NotImplemented),
        memoryview,
    ),
    type(collections.abc.Callable[..., None]),
    *(types.CodeType, types.GenericAlias, types.UnionType, types.WrapperDescriptorType, types.MethodDescriptorType),
    *(types.ClassMethodDescriptorType, types.GetSetDescriptorType, types.MemberDescriptorType),
    *(operator.attrgetter, operator.itemgetter, operator.methodcaller, re.Pattern, re.Match),
    *(weakref.ref, weakref.ProxyType, weakref.CallableProxyType, typing.TypeVar, typing.ParamSpec),
    type(dt.datetime_CAPI),  # a pointer in C, which no Python code can change
    type(vars(collections.namedtuple("_Example", "field"))["field"]),  # noqa: PYI024 - its descriptor is wanted
)
"""Types whose instances do not change, or whose state is not theirs."""

_CARRIERS = (
    *(types.MethodType, types.BuiltinFunctionType, types.MethodWrapperType, staticmethod, classmethod, property),
    *(functools.partial, Walker, types.MappingProxyType, repeat),
)
"""Types whose instances refer to something else and do not change themselves; see `_inside`."""

_CONTROLLED = (Beginning, Count, Handle, RLock, count)
"""Objects of the world's own that have a state."""

_DECLARATIONS = frozenset(
    {"__annotations__", "__builtins__", "__dataclass_fields__", "__loader__", "__spec__", "__all__", "__path__"}
)

_OWNED = frozenset({
    "_abc", "_asyncio", "_contextvars", "_ctypes", "_decimal", "_frozen_importlib", "_frozen_importlib_external", "_io",
    "_pytest", "_socket", "_struct", "_typing", "abc", "argparse", "ast", "codecs", "contextvars", "ctypes", "datetime",
    "decimal", "email", "fractions", "hypothesis", "importlib", "inspect", "io", "ipaddress", "json", "logging",
    "pathlib", "pluggy", "pytest", "socket", "string", "struct", "treadle", "typing", "unittest", "uuid", "warnings",
    "zipimport", "zoneinfo",
})  # fmt: skip
"""Packages whose objects are immutable, or belong to the process: a world does not touch them."""


class Reach:
    """Everything that can be reached, as parts."""

    __slots__ = ("_constant", "_module", "_names", "_rest", "_seen", "_slots", "_ways", "parts", "unrestorable")

    parts: list[Part]
    unrestorable: list[str]  # in words: the kind of object, and from which module it was reached
    _constant: set[int]  # types whose objects have nothing to be written down, by address as all types here:
    _module: str  # from which one the walk has come
    _names: frozenset[str]  # of the copied modules
    _seen: dict[int, Any]  # by address, and kept alive by that, as are their types
    _slots: dict[int, list[str]]  # of each type that was met
    _ways: dict[int, _Way]  # how an object of each type that was met is visited
    _rest: list[Any]  # still to be visited

    def __init__(self, modules: Iterable[ModuleType]) -> None:
        self.parts = []
        self.unrestorable = []
        self._constant = {*_CONSTANTS}
        self._seen, self._slots, self._ways = {}, {}, {}
        every = list(modules)
        self._names = frozenset(module.__name__ for module in every)
        # The last one first: that is the module of the scenario, or one that it imports, where a reader would look.
        for module in reversed(every):
            self._module = module.__name__
            self._rest = [module]
            self._walk()

    def _walk(self) -> None:
        """Visit what is left, each once. Most of it is constant, and most of the rest is of a few types."""
        rest, seen, constant, ways = self._rest, self._seen, self._constant, self._ways
        while rest:
            item = rest.pop()
            kind = address(type(item))  # a class of the program may have an `==` or a hash of its own
            if kind not in constant and (name := address(item)) not in seen:
                seen[name] = item
                way = ways.get(kind)
                if way is None:
                    way = ways[kind] = _way(type(item))
                way(self, item)

    def skip(self, item: Any) -> None:
        """An object of which nothing is written down: nor is it of any other of its type."""
        self._constant.add(address(type(item)))

    def visit_module(self, item: ModuleType) -> None:
        """The variables of a module, if it is the world's."""
        if item.__name__ in self._names:
            self._add_dict(vars(item), declarations=True)

    def visit_class(self, item: type) -> None:
        """The attributes of a class, if it is the world's."""
        if item.__module__ in self._names:
            self._add_class(item)

    def visit_function(self, item: types.FunctionType) -> None:
        """What a function refers to; it does not change itself."""
        self._rest += (item.__defaults__, item.__kwdefaults__)
        if vars(item):
            self._rest.append(vars(item))
        if item.__closure__:
            self._add_cells(item)

    def visit_carrier(self, item: Any) -> None:
        """What it refers to."""
        inner = _inside(item)
        if inner is None:
            self.visit_instance(item)
        else:
            self._rest += inner
            self._add_cells(item)

    def visit_instance(self, item: Any) -> None:
        """What an object of any other type holds."""
        kind = type(item)
        known = self._add_container(item, kind)
        attributes = attributes_of(item)
        if attributes or kind.__dictoffset__:
            self._add_dict(attributes)
            known = True
        if is_a(item, BaseException):
            self.parts.append(restoring.of_exception(item))
            self._rest += item.args
        known |= self._add_slots(item, kind)
        if not known and kind.__basicsize__ > object.__basicsize__ and not is_a(item, (tuple, frozenset)):
            self.unrestorable.append(f"{_of(kind)} in {self._module}")

    def _add_container(self, item: Any, kind: type) -> bool:
        if is_a(item, dict):
            self._add_dict(item)
        elif is_a(item, (list, collections.deque)):
            self.parts.append(restoring.of_items(item, item.extend))
            self._rest += item
        elif is_a(item, set):
            self.parts.append(restoring.of_items(item, item.update))
            self._rest += item
        elif is_a(item, (tuple, frozenset)):
            self._rest += item
        elif is_a(item, (bytearray, array.array)) or (kind.__module__, kind.__name__) == ("numpy", "ndarray"):
            self.parts.append(restoring.of_buffer(item))
        # On its class: to ask an object for a name may run its own code, such as one that imports on demand.
        elif hasattr(kind, "getstate") and hasattr(kind, "setstate"):
            with contextlib.suppress(NotImplementedError):  # the dice of the operating system have no state
                self.parts.append(((), functools.partial(item.setstate, item.getstate())))
        elif (kind.__module__, kind.__name__) == ("numpy.random._generator", "Generator"):
            dice = item.bit_generator
            self.parts.append(((), functools.partial(setattr, dice, "state", dice.state)))
        elif hasattr(kind, "cache_clear") and item.cache_info().currsize == 0:
            self.parts.append(((), item.cache_clear))
        else:
            return False
        return True

    def _add_dict(self, live: dict[Any, Any], *, declarations: bool = False) -> None:
        self.parts.append(restoring.of_dict(live, namespace=declarations))
        if declarations:
            self._rest += [value for key, value in live.items() if key not in _DECLARATIONS]
        else:
            for key, value in live.items():
                self._rest += (value, key)

    def _add_class(self, cls: type) -> None:
        self.parts.append(restoring.of_class(cls))
        self._rest += (value for key, value in vars(cls).items() if key not in _DECLARATIONS)
        self._rest += cls.__mro__

    def _add_slots(self, item: Any, kind: type) -> bool:
        names = self._slots.get(address(kind))
        if names is None:
            names = [name for name, _ in _members(kind) if name not in {"__doc__", "__weakref__"}]
            self._slots[address(kind)] = names
        if names:
            self.parts.append(restoring.of_slots(item, names))
            self._rest += (getattr(item, name) for name in names if hasattr(item, name))
        return bool(names)

    def _add_cells(self, item: Any) -> None:
        """The cells of a closure, be it that of a bound method; those that it may write to are put back."""
        cells = getattr(item, "__closure__", None) or ()
        if not cells or str(item.__globals__.get("__name__")).startswith("treadle."):
            return
        written = _written(item.__code__)
        for name, cell in zip(item.__code__.co_freevars, cells, strict=True):
            try:
                content = cell.cell_contents
            except ValueError:
                continue  # empty: its function is not finished, and nobody can have changed it
            if name in written:
                self.parts.append(((), functools.partial(setattr, cell, "cell_contents", content)))
            self._rest.append(content)


_Way: TypeAlias = "Callable[[Reach, Any], None]"
_CONSTANTS = frozenset(map(address, _CONSTANT))


def _way(kind: type) -> _Way:
    """How an object of this type is visited."""
    if _is_constant_of_numpy(kind):
        return Reach.skip
    if issubclass(kind, types.ModuleType):
        return Reach.visit_module
    if issubclass(kind, type):
        return Reach.visit_class
    if kind is types.FunctionType:
        return Reach.visit_function
    if issubclass(kind, _CARRIERS):
        return Reach.visit_carrier
    owned = issubclass(kind, (enum.Enum, Lock, Local)) or kind.__module__.partition(".")[0] in _OWNED
    return Reach.skip if owned and not issubclass(kind, _CONTROLLED) else Reach.visit_instance


@functools.lru_cache(maxsize=4_096)
def _written(code: types.CodeType) -> frozenset[str]:
    """The names that the code, or code inside of it, writes to other than its own variables."""
    steps = dis.get_instructions(code)
    names = frozenset(step.argval for step in steps if step.opname in {"STORE_DEREF", "DELETE_DEREF"})
    return names.union(*(_written(inner) for inner in code.co_consts if isinstance(inner, types.CodeType)))


def _inside(item: Any) -> list[Any] | None:
    """What one of the carriers refers to, which does not change itself; None if it does."""
    if is_a(item, (types.MethodType, types.BuiltinFunctionType, types.MethodWrapperType)):
        return [item.__self__]
    if is_a(item, (staticmethod, classmethod)):
        return [item.__func__]
    if is_a(item, property):
        return [item.fget, item.fset, item.fdel]
    if is_a(item, functools.partial):
        return [item.func, item.args, item.keywords]
    if is_a(item, Walker):
        return [item.inner]
    if is_a(item, types.MappingProxyType):
        return [value for pair in item.items() for value in pair]
    if is_a(item, repeat) and operator.length_hint(item, -1) < 0:
        return [next(item)]  # for ever, so there is no position
    return None


def _members(kind: type) -> Iterator[tuple[str, Any]]:
    """The slots of a class."""
    every = chain.from_iterable(vars(cls).items() for cls in kind.__mro__ if "__slots__" in vars(cls))
    return ((name, value) for name, value in every if isinstance(value, types.MemberDescriptorType))


def _of(kind: type) -> str:
    """A type, as its module calls it."""
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _is_constant_of_numpy(kind: type) -> bool:
    """Whether it is a type of numbers, of types or of functions of NumPy's."""
    names = {base.__name__ for base in kind.__mro__ if base.__module__.partition(".")[0] == "numpy"}
    return not names.isdisjoint({"generic", "dtype", "ufunc", "_ArrayFunctionDispatcher"})
