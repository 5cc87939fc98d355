"""What values are in Python.

| TLA+ | Python |
|---|---|
| integer, string | `int`, `str` |
| TRUE, FALSE | two objects of `Truth`, never `bool`: Python thinks that True == 1, and TLA+ does not |
| model value | `ModelValue` |
| finite set | `frozenset`, or a set of `sets` that is not listed yet and equals it |
| function | `tuple`: first its `Domain`, then its values in the domain's order |

A function is a tuple, whether it is a record, a sequence or neither, so that equal functions are equal tuples and hash
alike, in C. A `Domain` exists once for each set of keys; it maps each key to its place in the tuple, so that
`f[f[0][x]]` is `f[x]`, and a key outside the domain is a KeyError. Sequences have the domain 1..n, whose places are the
keys themselves. Deliberately no class of our own wraps a function: hashing and comparing states is what exploration
spends its time on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

Value = Any  # what the table above lists


class Truth:
    """TRUE or FALSE. There are two, compared by identity."""

    __slots__ = ("holds",)

    def __init__(self, *, holds: bool) -> None:
        self.holds = holds

    def __bool__(self) -> bool:
        return self.holds

    def __repr__(self) -> str:
        return "TRUE" if self.holds else "FALSE"

    def __reduce__(self) -> tuple[Any, ...]:
        return (_truth, (self.holds,))


TRUE = Truth(holds=True)
FALSE = Truth(holds=False)


def _truth(holds: bool) -> Truth:  # noqa: FBT001  (pickle calls it by position)
    return TRUE if holds else FALSE


class ModelValue:
    """A value that equals only itself. There is one for each name.

    It hashes by identity, in C, so sets of model values iterate in another order in every process; who needs an order
    asks `ordered`.
    """

    __slots__ = ("name",)
    known: dict[str, ModelValue] = {}  # noqa: RUF012  (the table of all of them)

    def __init__(self, name: str) -> None:
        self.name = name

    @classmethod
    def named(cls, name: str) -> ModelValue:
        """Return the model value of this name."""
        if name not in cls.known:
            cls.known[name] = cls(name)
        return cls.known[name]

    def __repr__(self) -> str:
        return self.name

    def __reduce__(self) -> tuple[Any, ...]:
        return (ModelValue.named, (self.name,))


class Domain(dict[Value, int]):
    """The domain of functions: each key with its place. Made only by `domain_of`, so identity is equality."""

    __slots__ = ("keys_set", "length")
    __hash__ = object.__hash__  # type: ignore[assignment]
    __eq__ = object.__eq__
    __ne__ = object.__ne__

    def __init__(self, keys: Iterable[Value], length: int) -> None:
        super().__init__((key, place) for place, key in enumerate(keys, 1))
        self.keys_set = frozenset(self)
        self.length = length  # of a sequence; -1 if the domain is not 1..n

    def __reduce__(self) -> tuple[Any, ...]:
        return (domain_of, (self.keys_set,))


_sequences: list[Domain] = [Domain((), 0)]
_domains: dict[frozenset[Value], Domain] = {frozenset(): _sequences[0]}


def sequence_domain(length: int) -> Domain:
    """Return the domain 1..length."""
    while len(_sequences) <= length:
        number = len(_sequences)
        domain = Domain(range(1, number + 1), number)
        _sequences.append(domain)
        _domains[domain.keys_set] = domain
    return _sequences[length]


def domain_of(keys: frozenset[Value]) -> Domain:
    """Return the domain with exactly these keys."""
    found = _domains.get(keys)
    if found is None:
        found = _new_domain(keys)
    return found


def _new_domain(keys: frozenset[Value]) -> Domain:
    if type(keys) is not frozenset:
        keys = frozenset(keys)
        if keys in _domains:
            return _domains[keys]
    length = len(keys)
    if 1 in keys and length in keys and all(type(k) is int and 0 < k <= length for k in keys):
        return sequence_domain(length)
    domain = Domain(ordered(keys), -1)
    _domains[keys] = domain
    return domain


EMPTY = (_sequences[0],)


def sequence(items: Iterable[Value]) -> Value:
    """Return the sequence (or tuple) of the items."""
    listed = tuple(items)
    return (sequence_domain(len(listed)), *listed)


def function(pairs: dict[Value, Value]) -> Value:
    """Return the function with these pairs of key and value."""
    domain = domain_of(frozenset(pairs))
    return (domain, *[pairs[key] for key in domain])


_KINDS = {int: 0, Truth: 1, str: 2, ModelValue: 3, tuple: 5}


def order_key(value: Value) -> tuple[Any, ...]:
    """Return a key that orders all values: by kind, then numbers by size, texts by letters, sets and functions by size.

    CHOOSE takes the first in this order. Among numbers, sets of them and functions to them that is what TLC takes;
    among strings and model values TLC's order is that in which it met them, and this one is alphabetical.
    """
    kind = _KINDS.get(type(value), 4)
    if kind in {0, 2}:
        return (kind, value)
    if kind == 1:
        return (kind, value.holds)
    if kind == 3:  # noqa: PLR2004
        return (kind, value.name)
    if kind == 5:  # noqa: PLR2004
        keys = value[0]
        return (5, len(keys), () if keys.length >= 0 else tuple(map(order_key, keys)), tuple(map(order_key, value[1:])))
    items = ordered(value)
    return (4, len(items), tuple(map(order_key, items)))


_orders: dict[frozenset[Value], tuple[Value, ...]] = {}
_ORDERS_KEPT = 200_000


def ordered(values: Iterable[Value]) -> tuple[Value, ...]:
    """Return the elements of a finite set in the order of `order_key`; sets seen before are looked up."""
    if type(values) is not frozenset:
        return tuple(values)  # the sets of `sets` iterate in order
    found = _orders.get(values)
    if found is None:
        if len(_orders) > _ORDERS_KEPT:
            _orders.clear()
        found = _orders[values] = _sorted(values)
    return found


def _sorted(values: frozenset[Value]) -> tuple[Value, ...]:
    if len(values) < 2:  # noqa: PLR2004
        return tuple(values)
    kinds = {type(value) for value in values}
    if kinds in ({int}, {str}):
        return tuple(sorted(values))
    return tuple(sorted(values, key=order_key))


def show(value: Value) -> str:
    """Return the value as TLA+ text, as TLC prints it."""
    kind = type(value)
    if kind is tuple:
        return _show_function(value)
    if kind is frozenset:
        return "{" + ", ".join(map(show, ordered(value))) + "}"
    if kind is str:
        text: str = value
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'
    return str(value)


def _show_function(value: Value) -> str:
    keys: Domain = value[0]
    shown = [show(item) for item in value[1:]]
    if keys.length >= 0:
        return "<<" + ", ".join(shown) + ">>"
    if all(type(key) is str and key.isidentifier() for key in keys):
        return "[" + ", ".join(f"{key} |-> {text}" for key, text in zip(keys, shown, strict=True)) + "]"
    return "(" + " @@ ".join(f"{show(key)} :> {text}" for key, text in zip(keys, shown, strict=True)) + ")"


def kind_of(value: Value) -> str:
    """Return what the value is, as an error says it."""
    if type(value) is tuple:
        keys: Domain = value[0]
        if keys.length >= 0:
            return "a sequence"
        return "a record" if all(type(key) is str for key in keys) else "a function"
    names = {int: "an integer", str: "a string", Truth: "a truth value", ModelValue: "a model value"}
    return names.get(type(value), "a set" if hasattr(value, "__iter__") else "a function")
