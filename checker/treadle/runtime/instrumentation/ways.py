"""The tables: in which way each method of each built-in container touches it, and what makes a key an item."""

from __future__ import annotations

import enum
import gc
import itertools
import operator
import sys
import types
from array import array
from collections import OrderedDict, defaultdict, deque
from typing import TYPE_CHECKING, Any, Protocol

from treadle.runtime.instrumentation.plain import COUNTED, KEYS_VIEWS, VALUES_VIEWS, is_a, is_array

if TYPE_CHECKING:
    from collections.abc import Hashable

    from treadle.runtime.instrumentation.locations import Thing

ATOMS = frozenset(
    {(deque, name) for name in ("append", "appendleft", "pop", "popleft")}
    | {(list, name) for name in ("append", "pop")}
)
"""Methods that several threads may call at once, as Python's documentation says: that of `deque`, and the FAQ on lists.

(Of a list only `pop()`, without an index.)
"""

MAPPINGS = (dict, set)
"""Containers whose items are found by a key that is equal."""
VIEWS: frozenset[type] = KEYS_VIEWS | VALUES_VIEWS | {types.MappingProxyType, memoryview}
"""Plain objects that show another one."""

_COMMON = {
    "__len__": "size",
    "__bool__": "size",
    "__iter__": "nothing",  # the iteration makes its own accesses
    "__reversed__": "all",
    "__getitem__": "get",
    "__setitem__": "set",
    "__delitem__": "remove",
    "__class_getitem__": "nothing",
    "__init_subclass__": "nothing",
    "__sizeof__": "size",
    "__hash__": "nothing",
    "__class__": "nothing",
    "__new__": "nothing",
    "__copy__": "order",
    "copy": "order",
}
_READERS = (
    *("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__repr__", "__str__", "__format__"),
    *("__add__", "__mul__", "__rmul__", "__or__", "__ror__", "__and__", "__rand__", "__sub__", "__rsub__"),
    *("__xor__", "__rxor__", "__reduce__", "__reduce_ex__", "__dir__"),
)
_SEQUENCE = {**_COMMON, **dict.fromkeys((*_READERS, "__contains__", "count", "index"), "all"), "copy": "all"}
_BYTES = {
    **_SEQUENCE,
    **{name: "all" for name in dir(bytes) if name not in _COMMON and not name.startswith("__")},
}
_DICT = {
    **_COMMON,
    **dict.fromkeys(_READERS, "order"),
    "__eq__": "all",
    "__ne__": "all",
    "__contains__": "get",
    "get": "get",
    "pop": "remove",
    "setdefault": "default",
    "keys": "nothing",
    "values": "nothing",
    "items": "nothing",
    "__missing__": "default",
}
_SET = {
    **_COMMON,
    **dict.fromkeys(_READERS, "order"),
    **dict.fromkeys(("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"), "all"),
    **dict.fromkeys(("isdisjoint", "issubset", "issuperset"), "all"),
    **dict.fromkeys(("difference", "intersection", "symmetric_difference", "union"), "order"),
    "__contains__": "get",
    "add": "default",
    "discard": "remove",
    "remove": "remove",
}
_ARRAY = {
    **_COMMON,
    **dict.fromkeys(_READERS, "all"),
    **dict.fromkeys(("sum", "mean", "min", "max", "any", "all", "copy", "tolist", "item", "dot", "astype"), "all"),
    "__len__": "nothing",
    **dict.fromkeys(("shape", "dtype", "ndim", "size", "nbytes"), "nothing"),
    **dict.fromkeys(("swapaxes", "transpose", "squeeze", "view", "diagonal", "setflags"), "nothing"),
    **dict.fromkeys(("reshape", "ravel"), "view"),  # a copy, where the memory does not lie so
    **dict.fromkeys(("argmax", "argmin", "argsort", "clip", "cumsum", "flatten", "nonzero", "prod", "ptp"), "all"),
    **dict.fromkeys(("repeat", "round", "searchsorted", "std", "take", "tobytes", "trace", "var", "conj"), "all"),
    **dict.fromkeys(("__float__", "__int__", "__index__", "__complex__", "__invert__", "__pos__", "__divmod__"), "all"),
    **dict.fromkeys(("__array__", "__copy__", "__deepcopy__", "__lshift__", "__rshift__"), "all"),
    **dict.fromkeys(("__truediv__", "__floordiv__", "__pow__", "__neg__", "__matmul__", "__mod__", "__abs__"), "all"),
}

CONTAINERS: dict[type, dict[str, str]] = {
    list: _SEQUENCE,
    deque: _SEQUENCE,
    bytearray: _BYTES,
    array: _SEQUENCE,
    dict: _DICT,
    set: _SET,
    OrderedDict: {**_DICT, "__eq__": "order", "__ne__": "order"},
    defaultdict: _DICT,
}
"""By type, the way of each method; one that is missing changes anything."""


METHODS = frozenset(name for kind in CONTAINERS for name in dir(kind))
"""The names of all their methods."""

table_of_arrays = _ARRAY
_SOURCES: tuple[Any, ...] = ([], {}, {}.values(), {}.items(), deque(), bytearray(), array("i"), OrderedDict())
ITERATORS = frozenset(type(iterator) for source in _SOURCES for iterator in (iter(source), reversed(source))) | {
    type(iter(set())),
    reversed,
}
"""Iterators over containers: they go on reading them."""


def source_of(iterator: Any) -> Any:
    """The container that an iterator goes through; None if it is at its end, or goes through none."""
    if type(iterator) in ITERATORS:
        for part in gc.get_referents(iterator):
            if is_a(part, tuple(CONTAINERS)):
                return part
    return None


_CALLING = type(iter(int, 1))
_HELD = 4
"""So many references to an object there are while `is_private_and_endless` looks at it, if a `for` alone is given it."""


def is_private_and_endless(iterator: Any) -> bool:
    """Whether a `for` alone has this iterator, which is not moved by a turn so that anybody could tell.

    It is of `itertools.repeat` without an end, `iter(function, sentinel)`, or `itertools.count`, which has moved on, but
    that shows only in what the `for` binds. Nobody else can get hold of it later. To be asked with nothing but the two hooks
    of `iterate` between this function and the loop, each of which has it in a variable.
    """
    if not COUNTED or sys.getrefcount(iterator) > _HELD:
        return False
    kind = type(iterator)
    if kind is itertools.repeat:
        return operator.length_hint(iterator, -1) < 0  # else so many are left
    return kind is _CALLING or (kind.__name__ == "count" and kind.__module__ == itertools.__name__)


def under(view: Any) -> Any:
    """The container that a view shows; any other object is its own."""
    if type(view) is memoryview:
        return view.obj
    if is_array(type(view)):
        while view.base is not None and is_array(type(view.base)):
            view = view.base
        return view
    if type(view) in VIEWS:
        for part in gc.get_referents(view):
            if not is_a(part, type):
                return part
    return view


_HASH: Any = object.__hash__
_OURS = "treadle."
"""A hash from here is what objects without one of their own are given; they are equal to themselves only, as before."""
_EQUAL: Any = object.__eq__
_ATOMS = frozenset({int, str, bytes, bool, float, type(None)})


class Host(Protocol):
    """Who knows the things of an execution: see `acquaintance`."""

    def meet(self, target: Any) -> Thing | None:
        """The thing for an object."""

    def publish(self, value: Any) -> None:
        """Meet everything that becomes reachable with it."""


def item_key(key: Any, ledger: Host) -> Hashable | None:
    """What stands for a key among the locations; None: nothing that is known to be equal exactly when the key is."""
    kind = type(key)
    if kind is bool or (kind is float and key.is_integer()):
        return int(key)  # an equal key
    if kind in _ATOMS:
        return key if key is not None else _NONE
    if kind is tuple:
        parts = [item_key(part, ledger) for part in key]
        return None if None in parts else tuple(parts)
    if is_a(key, enum.Enum):
        return f"{kind.__qualname__}.{key.name}"
    if kind.__eq__ is _EQUAL and (kind.__hash__ is _HASH or _is_given(kind.__hash__)):
        ledger.publish(key)
        return ledger.meet(key)
    return None


def _is_given(method: Any) -> bool:
    return bool((getattr(method, "__module__", None) or "").startswith(_OURS))


class _None:
    """Stands for the key None, which would say that there is none."""

    def __repr__(self) -> str:
        return "None"


_NONE = _None()
