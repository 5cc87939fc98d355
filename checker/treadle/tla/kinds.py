"""What can be known of a value before it is computed.

A kind is a set of values. It lets the translator leave out tests: what is known to be an integer is added with Python's
`+`, a field of a record whose fields are known is a place in a tuple. Kinds are inferred (a variable's kind is the join
of everything that is ever assigned to it), never believed from a TypeOK, so nothing can be wrong by a user's mistake.

Kinds are plain tuples: ("any",), ("never",), ("int",), ("bool",), ("str",), ("model",), ("set", element),
("seq", element), ("tup", (kinds...)), ("rec", ((field, kind)...) by field name), ("fun", key, value).
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

from treadle.tla import sets
from treadle.tla.values import ModelValue, Truth, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

Kind = tuple[Any, ...]

ANY: Kind = ("any",)
NEVER: Kind = ("never",)  # of the elements of {}, and of a variable that nothing was assigned to yet
INT: Kind = ("int",)
BOOL: Kind = ("bool",)
STR: Kind = ("str",)
MODEL: Kind = ("model",)
FUNCTIONS = frozenset({"seq", "tup", "rec", "fun"})
_DEPTH = 6
_FIELDS = 24


def set_of(element: Kind) -> Kind:
    """Return the kind of sets of such elements."""
    return ("set", element)


def element_of(kind: Kind) -> Kind:
    """Return the kind of the elements of a set."""
    if kind[0] == "set":
        result: Kind = kind[1]
        return result
    return NEVER if kind == NEVER else ANY


def key_of(kind: Kind) -> Kind:
    """Return the kind of the arguments of a function."""
    if kind[0] in {"seq", "tup"}:
        return INT
    if kind[0] == "rec":
        return STR
    return kind[1] if kind[0] == "fun" else (NEVER if kind == NEVER else ANY)


def value_of(kind: Kind) -> Kind:
    """Return the kind of the values of a function."""
    if kind[0] in {"seq", "fun"}:
        result: Kind = kind[-1]
        return result
    if kind[0] == "tup":
        return join_all(kind[1])
    if kind[0] == "rec":
        return join_all(value for _, value in kind[1])
    return NEVER if kind == NEVER else ANY


def join_all(kinds: Iterable[Kind]) -> Kind:
    """Return the least kind that holds all of these."""
    return reduce(join, kinds, NEVER)


def join(left: Kind, right: Kind) -> Kind:
    """Return the least kind that holds both."""
    return _cut(_join(left, right), _DEPTH)


def _join(left: Kind, right: Kind) -> Kind:
    if right in (left, NEVER):
        return left
    if left == NEVER:
        return right
    if left[0] == right[0] == "set":
        return ("set", _join(left[1], right[1]))
    if left[0] in FUNCTIONS and right[0] in FUNCTIONS:
        return _join_functions(left, right)
    return ANY


def _join_functions(left: Kind, right: Kind) -> Kind:
    if left[0] == right[0] == "tup" and len(left[1]) == len(right[1]):
        return ("tup", tuple(_join(a, b) for a, b in zip(left[1], right[1], strict=True)))
    if left[0] in {"seq", "tup"} and right[0] in {"seq", "tup"}:
        return ("seq", _join(value_of(left), value_of(right)))
    if left[0] == right[0] == "rec" and [name for name, _ in left[1]] == [name for name, _ in right[1]]:
        return ("rec", tuple((name, _join(a, b)) for (name, a), (_, b) in zip(left[1], right[1], strict=True)))
    return ("fun", _join(key_of(left), key_of(right)), _join(value_of(left), value_of(right)))


def _cut(kind: Kind, depth: int) -> Kind:
    """Forget what lies deeper, so that inference comes to an end."""
    if depth == 0:
        return ANY
    if kind[0] in {"set", "seq"}:
        return (kind[0], _cut(kind[1], depth - 1))
    if kind[0] == "tup":
        return ("tup", tuple(_cut(item, depth - 1) for item in kind[1]))
    if kind[0] == "rec":
        return ("rec", tuple((name, _cut(value, depth - 1)) for name, value in kind[1]))
    if kind[0] == "fun":
        return ("fun", _cut(kind[1], depth - 1), _cut(kind[2], depth - 1))
    return kind


def record_of(fields: dict[str, Kind]) -> Kind:
    """Return the kind of records with exactly these fields."""
    return ("rec", tuple(sorted(fields.items())))


_SIMPLE = {int: INT, str: STR, Truth: BOOL, ModelValue: MODEL}


def kind_of_value(value: Value) -> Kind:
    """Return the kind of a value that is at hand."""
    simple = _SIMPLE.get(type(value))
    if simple is not None:
        return simple
    if type(value) is tuple:
        return _cut(_kind_of_function(value), _DEPTH)
    if type(value) is frozenset:
        return _cut(("set", join_all(map(kind_of_value, value))), _DEPTH)
    return _cut(_kind_of_described(value), _DEPTH)


def _kind_of_function(value: Value) -> Kind:
    keys, kinds = value[0], [kind_of_value(item) for item in value[1:]]
    if keys.length >= 0:
        return ("tup", tuple(kinds)) if 0 < len(kinds) <= 4 else ("seq", join_all(kinds))  # noqa: PLR2004
    if len(keys) <= _FIELDS and all(type(key) is str for key in keys):
        return record_of(dict(zip(keys, kinds, strict=True)))
    return ("fun", join_all(map(kind_of_value, keys)), join_all(kinds))


def _kind_of_described(value: Value) -> Kind:
    if isinstance(value, sets.Interval) or value is sets.NAT or value is sets.INT:
        return set_of(INT)
    if value is sets.STRING:
        return set_of(STR)
    if isinstance(value, sets.Subsets):
        return set_of(kind_of_value(value.base))
    if isinstance(value, sets.Filtered):
        return kind_of_value(value.base)
    if isinstance(value, sets.Sequences):
        return set_of(("seq", element_of(kind_of_value(value.items))))
    if isinstance(value, sets.Functions):
        return set_of(_kind_of_mapping(value))
    if isinstance(value, sets.Products):
        kinds = [element_of(kind_of_value(target)) for target in value.ranges]
        if value.domain.length >= 0:
            return set_of(("tup", tuple(kinds)))
        return set_of(record_of(dict(zip(value.domain, kinds, strict=True))))
    return ANY


def _kind_of_mapping(value: sets.Functions) -> Kind:
    target = element_of(kind_of_value(value.range))
    if value.domain is None:
        return ("fun", ANY, target)
    if value.domain.length >= 0:
        return ("seq", target)
    return ("fun", join_all(map(kind_of_value, value.domain)), target)


def comparable(left: Kind, right: Kind) -> bool:
    """Tell whether values of the two kinds can always be compared: of one sort, or one is a model value."""
    if "any" in {left[0], right[0]}:
        return False
    if left[0] == right[0] or {left[0], right[0]} & {"model", "never"}:
        return True
    return left[0] in FUNCTIONS and right[0] in FUNCTIONS


def may_be_function(kind: Kind) -> bool:
    """Tell whether a value of the kind can be a function."""
    return kind[0] in FUNCTIONS or kind in {ANY, NEVER}
