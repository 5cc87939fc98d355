"""What is plain: types whose objects have no part that could change, and types that merely carry other objects.

A plain object needs no location: numbers, strings, code, the interpreter's own furniture. A carrier is immutable too,
but what it carries may not be: a tuple, a bound method, a partial application. When one is handed over, what it carries
is handed over with it.
"""

from __future__ import annotations

import functools
import gc
import operator
import re
import sys
import types
import weakref
from collections import OrderedDict, defaultdict, deque
from typing import TYPE_CHECKING, Any

from treadle.runtime.instrumentation.exceptions import Belongings
from treadle.runtime.instrumentation.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Iterable

METHOD_WRAPPER = type("".__str__)
BUILTIN = types.BuiltinFunctionType


address = object.__hash__
"""A number for each object that is alive, of its address, whatever its own `__hash__` says.

`id` does the same, but announces each call to audit hooks, of which a world has one, and so costs three times as much.
"""


def is_a(value: object, kinds: type | tuple[type, ...]) -> bool:
    """`isinstance`, but for what the object says itself: a `__class__` of the program would be code of the program."""
    return issubclass(type(value), kinds)


COUNTED = sys.version_info < (3, 14)
"""Whether the number of references to an object tells who has it. From 3.14 on a variable lends its own where it is loaded, and
that is not counted (What's New In Python 3.14, `sys.getrefcount`)."""

_TABLES: tuple[dict[str, int], ...] = ({}, OrderedDict())
KEYS_VIEWS: frozenset[type] = frozenset(type(table.keys()) for table in _TABLES)
VALUES_VIEWS: frozenset[type] = frozenset(type(view) for table in _TABLES for view in (table.values(), table.items()))
"""What shows the keys of a built-in dictionary, and what shows its values. An ordered one has views of its own."""

PLAIN: frozenset[type] = frozenset(
    {
        int, float, complex, bool, str, bytes, type(None), type(...), type(NotImplemented), range, slice, object,
        tuple, frozenset, staticmethod, classmethod, property, super, memoryview,
        types.MethodType, types.BuiltinFunctionType, types.MethodDescriptorType, types.WrapperDescriptorType,
        types.ClassMethodDescriptorType, types.GetSetDescriptorType, types.MemberDescriptorType, METHOD_WRAPPER,
        types.CodeType, types.FrameType, types.TracebackType, types.CellType, types.MappingProxyType,
        types.GenericAlias, types.UnionType,
        *KEYS_VIEWS, *VALUES_VIEWS,
        re.Pattern, re.Match, functools.partial, weakref.ref, weakref.ProxyType, weakref.CallableProxyType,
        operator.itemgetter, operator.attrgetter, operator.methodcaller, Kept,
    }
)  # fmt: skip
"""Objects of exactly these types have no locations."""

CARRIERS: frozenset[type] = frozenset(
    {tuple, frozenset, types.MethodType, types.BuiltinFunctionType, METHOD_WRAPPER, Kept, functools.partial,
     staticmethod, classmethod, property, types.CellType, types.MappingProxyType,
     *KEYS_VIEWS, *VALUES_VIEWS, memoryview, slice}
)  # fmt: skip
"""Plain, but what they refer to may not be."""

PROXIES: frozenset[type] = frozenset({weakref.ProxyType, weakref.CallableProxyType})
"""Plain, but their attributes are those of another object."""

LEAVES = PLAIN - CARRIERS
"""Plain, and all that there is."""

IMMUTABLE = (tuple, frozenset, str, bytes, int, float, complex, range)
"""Types whose subclasses have the same contents for ever, too (but may have attributes)."""

NAMESPACES_OF_MODULES: frozenset[str] = frozenset({"builtins"})
"""Modules whose classes cannot be written to."""


def attributes_of(value: Any) -> dict[str, Any]:
    """The attributes of an instance, without asking any code of the program for them."""
    try:
        found = object.__getattribute__(value, "__dict__") if type(value).__dictoffset__ else {}
    except Exception:  # its class has made something else of the name
        found = {}
    return found if type(found) is dict or type(found) is Belongings else {}


def behind(proxy: Any) -> Any:
    """The object of a weak proxy, which has all its methods; None if it is gone."""
    try:
        return proxy.__sizeof__.__self__
    except ReferenceError:
        return None


def is_array(kind: type) -> bool:
    """Whether it is NumPy's array type, or a subclass of it."""
    return kind.__module__.partition(".")[0] == "numpy" and hasattr(kind, "__array_finalize__")


def carried(value: Any) -> Iterable[Any]:
    """What can be reached directly through an object, in an order that is the same in every execution."""
    kind = type(value)
    if kind in (tuple, list, frozenset, set, deque):
        return tuple(value)
    if kind is dict:
        return (*value, *value.values())
    if kind is types.FunctionType:
        return _of_function(value)
    if kind is types.MethodType:
        return (value.__self__, value.__func__)
    if kind in (BUILTIN, METHOD_WRAPPER, Kept):
        owner = getattr(value, "__self__", None)
        return () if owner is None or is_a(owner, types.ModuleType) else (owner,)
    if kind is functools.partial:
        return (value.func, value.args, value.keywords)
    if kind is property:
        return (value.fget, value.fset, value.fdel)
    if kind in (staticmethod, classmethod):
        return (value.__func__,)
    if kind is types.CellType:
        return _of_cell(value)
    return _of_any(value)


def variables_of(function: Any) -> Iterable[Any]:
    """What a rewritten function carries besides its defaults, which were published where it was defined.

    (Asking for them would announce itself to audit hooks, which costs more than all the rest.)
    """
    closure = function.__closure__
    return [part for cell in closure for part in _of_cell(cell)] if closure is not None else ()


def _of_function(function: Any) -> Iterable[Any]:
    yield from function.__defaults__ or ()
    yield from (function.__kwdefaults__ or {}).values()
    for cell in function.__closure__ or ():
        yield from _of_cell(cell)


def _of_cell(cell: Any) -> Iterable[Any]:
    try:
        return (cell.cell_contents,)
    except ValueError:
        return ()  # not bound yet


_SHOWING = KEYS_VIEWS | VALUES_VIEWS | {types.MappingProxyType}
_CONTAINERS = (tuple, list, set, frozenset, deque)
BEARERS = (*_CONTAINERS, dict)
"""Types of which `carried` knows something, for their subclasses too; besides functions and the `CARRIERS`."""


def _of_any(value: Any) -> Iterable[Any]:
    """Containers by subclass, and what a view shows."""
    if type(value) is memoryview:
        return (value.obj,)
    if type(value) in _SHOWING:
        return [part for part in gc.get_referents(value) if not is_a(part, type)]
    if is_a(value, dict):
        made_by = (value.default_factory,) if is_a(value, defaultdict) else ()
        return (*made_by, *dict.keys(value), *dict.values(value))
    for base in _CONTAINERS:
        if is_a(value, base):
            return tuple(base.__iter__(value))
    if is_array(type(value)) and value.base is not None:
        return (value.base,)
    return ()
