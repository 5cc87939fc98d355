"""What the operators do, where nothing is known of their arguments: the functions that generated code calls.

Each tests what it is given and raises `Failure` with the sentence that a person can use. Where kinds are known the
translator writes Python's own operator instead, so these are the slow road and the reference for the fast one.
"""

from __future__ import annotations

from functools import partial, reduce
from typing import TYPE_CHECKING, Any, NoReturn

from treadle.tla.failures import AssertionFailure, Failure
from treadle.tla.sets import DescribedSet, Functions, Interval, Joined, Products, Subsets, endless, is_subset
from treadle.tla.values import (
    FALSE,
    TRUE,
    ModelValue,
    Value,
    domain_of,
    kind_of,
    ordered,
    sequence_domain,
    show,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def fail(message: str) -> NoReturn:
    """Raise Failure, inside an expression."""
    raise Failure(message)


def _wrong(value: Value, wanted: str) -> Failure:
    return Failure(f"{brief(value)} is {kind_of(value)}, not {wanted}")


def brief(value: Value, width: int = 120) -> str:
    """Return the value as text, cut if it is long."""
    text = repr(value) if isinstance(value, DescribedSet) else show(value)
    return text if len(text) <= width else text[: width - 3] + "..."


def truth(value: Value) -> bool:
    """Return a TLA+ truth value as Python's."""
    if value is TRUE:
        return True
    if value is FALSE:
        return False
    raise _wrong(value, "a truth value")


def eq(left: Value, right: Value) -> bool:
    """Tell whether two values are equal; values of different sorts cannot be compared, as in TLC."""
    if left == right:
        return True
    if left.__class__ is right.__class__:
        return False
    if isinstance(left, ModelValue) or isinstance(right, ModelValue):
        return False
    if is_set(left) and is_set(right):
        return False
    message = f"{brief(left)} ({kind_of(left)}) cannot be compared with {brief(right)} ({kind_of(right)})"
    raise Failure(message)


def is_set(value: Value) -> bool:
    """Tell whether the value is a set."""
    return type(value) is frozenset or isinstance(value, DescribedSet)


def as_set(value: Value) -> Any:
    """Return the value if it is a set, else fail."""
    if type(value) is frozenset or isinstance(value, DescribedSet):
        return value
    raise _wrong(value, "a set")


def as_int(value: Value) -> int:
    """Return the value if it is an integer, else fail."""
    if type(value) is int:
        return value
    raise _wrong(value, "an integer")


def as_function(value: Value) -> Value:
    """Return the value as a listed function, else fail."""
    if type(value) is tuple:
        return value
    if isinstance(value, LazyFunction):
        return value.listed()
    raise _wrong(value, "a function")


def as_sequence(value: Value) -> Value:
    """Return the value if it is a sequence, else fail."""
    listed = as_function(value)
    if listed[0].length < 0:
        raise _wrong(value, "a sequence")
    return listed


def listed(value: Value) -> Value:
    """Return the value in the form that is stored: sets and functions listed."""
    if isinstance(value, DescribedSet):
        return value.listed()
    if isinstance(value, LazyFunction):
        return value.listed()
    return value


def elements(value: Value) -> tuple[Value, ...]:
    """Return the elements of a set in their order."""
    return ordered(as_set(value))


def add(left: Value, right: Value) -> int:
    """Return the sum."""
    return as_int(left) + as_int(right)


def subtract(left: Value, right: Value) -> int:
    """Return the difference."""
    return as_int(left) - as_int(right)


def multiply(left: Value, right: Value) -> int:
    """Return the product."""
    return as_int(left) * as_int(right)


def negate(value: Value) -> int:
    """Return the number with the other sign."""
    return -as_int(value)


def divide(left: Value, right: Value) -> int:
    """Return the quotient, rounded down."""
    if as_int(right) == 0:
        fail("division by zero")
    return as_int(left) // as_int(right)


def modulo(left: Value, right: Value) -> int:
    """Return the remainder, which is in 0..right-1; `right` must be positive."""
    if as_int(right) <= 0:
        fail(f"the second argument of % is {right}, not a positive number")
    return as_int(left) % as_int(right)


def power(left: Value, right: Value) -> int:
    """Return the power."""
    if as_int(right) < 0:
        fail(f"the exponent {right} is negative")
    result: int = as_int(left) ** right
    return result


def less(left: Value, right: Value) -> bool:
    """Compare two integers."""
    return as_int(left) < as_int(right)


def at_most(left: Value, right: Value) -> bool:
    """Compare two integers."""
    return as_int(left) <= as_int(right)


def interval(low: Value, high: Value) -> Interval:
    """Return low..high."""
    return Interval(as_int(low), as_int(high))


def member(value: Value, group: Value) -> bool:
    """Tell whether the value is in the set."""
    if isinstance(value, LazyFunction):
        value = value.listed()
    return value in as_set(group)


def member_of_some(value: Value, groups: Iterable[Value]) -> bool:
    """Tell whether the value is in the union of some sets."""
    return any(member(value, group) for group in groups)


def subset(left: Value, right: Value) -> bool:
    """Tell whether the left set is contained in the right one."""
    return is_subset(as_set(left), as_set(right))


def cup(left: Value, right: Value) -> Value:
    """Return the union."""
    if endless(as_set(left)) or endless(as_set(right)):
        return Joined("\\cup", left, right)
    return frozenset(left) | frozenset(right)


def cap(left: Value, right: Value) -> Value:
    """Return the intersection."""
    if endless(as_set(left)):
        left, right = right, left
    if endless(as_set(left)) and endless(as_set(right)):
        return Joined("\\cap", left, right)
    as_set(right)
    return frozenset(value for value in left if value in right)


def minus(left: Value, right: Value) -> Value:
    """Return the elements of the left set that are not in the right one."""
    if endless(as_set(left)):
        return Joined("\\", left, right)
    if type(as_set(right)) is frozenset:
        return frozenset(left) - right
    return frozenset(value for value in left if value not in right)


def union(groups: Value) -> Value:
    """Return the union of a set of sets."""
    return union_of(as_set(groups))


def union_of(groups: Iterable[Value]) -> Value:
    """Return the union of some sets; they need not be listed."""
    parts = [as_set(group) for group in groups]
    if any(map(endless, parts)):
        return reduce(partial(Joined, "\\cup"), parts)
    return frozenset().union(*parts)


def subsets(base: Value) -> Subsets:
    """Return SUBSET base."""
    return Subsets(as_set(base))


def functions(keys: Value, target: Value) -> Functions:
    """Return [keys -> target]."""
    return Functions(as_set(keys), as_set(target))


def product(*groups: Value) -> Products:
    """Return the Cartesian product."""
    return Products(sequence_domain(len(groups)), tuple(map(as_set, groups)))


def cardinality(group: Value) -> int:
    """Return the number of elements of a finite set."""
    if endless(as_set(group)):
        fail(f"Cardinality of the infinite set {brief(group)}")
    return len(group)


def domain(value: Value) -> Value:
    """Return the domain of a function."""
    if isinstance(value, LazyFunction):
        return value.keys
    if type(value) is not tuple:
        raise _wrong(value, "a function")
    return value[0].keys_set


def apply(value: Value, key: Value) -> Value:
    """Return the function's value at a key."""
    if type(value) is tuple:
        place = value[0].get(key)
        if place is None:
            fail(f"{brief(key)} is outside the domain {brief(domain(value))} of {brief(value)}")
        return value[place]
    if isinstance(value, LazyFunction):
        return value.at(key)
    raise _wrong(value, "a function")


def changed(value: Value, key: Value, new: Value) -> Value:
    """Return [value EXCEPT ![key] = new]; outside the domain it is the function itself."""
    value = as_function(value)
    place = value[0].get(key)
    if place is None:
        return value
    return (*value[:place], new, *value[place + 1 :])


def changed_by(value: Value, path: tuple[Value, ...], new: Callable[[Value], Value]) -> Value:
    """Return [value EXCEPT !path = new(@)]."""
    value = as_function(value)
    place = value[0].get(path[0])
    if place is None:
        return value
    old = value[place]
    item = listed(new(old)) if len(path) == 1 else changed_by(old, path[1:], new)
    return (*value[:place], item, *value[place + 1 :])


def mapping(keys: Value, at: Callable[[Value], Value]) -> Value:
    r"""Return [x \in keys |-> at(x)], listed unless the keys are infinite."""
    if endless(as_set(keys)):
        return LazyFunction(keys, at)
    found = domain_of(keys)
    return (found, *[at(key) for key in found])


class LazyFunction:
    """A function that is computed where it is applied: one that is recursive, or has an infinite domain.

    It answers to `f[f[0][x]]` like a listed function: `f[0]` is a mapping that wraps the key for `__getitem__`.
    """

    __slots__ = ("_at", "_known", "keys")

    def __init__(self, keys: Value, at: Callable[[Value], Value]) -> None:
        self.keys, self._at = keys, at
        self._known: dict[Value, Value] = {}

    def __getitem__(self, key: Any) -> Any:
        return self.at(key.key) if key.__class__ is _Key else _WRAP

    def at(self, key: Value) -> Value:
        """Return the value at a key, computed once."""
        found = self._known.get(key)
        if found is None:
            if key not in self.keys:
                fail(f"{brief(key)} is outside the domain {brief(self.keys)} of the function")
            found = self._known[key] = self._at(key)
        return found

    def listed(self) -> Value:
        """Return the function as a tuple. Raises Failure if its domain is infinite."""
        if endless(self.keys):
            fail(f"a function with the infinite domain {brief(self.keys)} cannot be listed")
        found = domain_of(self.keys)
        return (found, *[listed(self.at(key)) for key in found])

    def __eq__(self, other: object) -> bool:
        return self is other or self.listed() == listed(other)

    def __hash__(self) -> int:
        return hash(self.listed())

    def __repr__(self) -> str:
        return f"[x \\in {brief(self.keys)} |-> ...]" if endless(self.keys) else show(self.listed())


class _Key:
    __slots__ = ("key",)

    def __init__(self, key: Value) -> None:
        self.key = key


class _Wrap:
    def __getitem__(self, key: Value) -> _Key:
        return _Key(key)


_WRAP = _Wrap()


def choose_failure(what: str) -> NoReturn:
    """Fail because no element of a CHOOSE satisfies its condition."""
    fail(f"no value satisfies {what}")


def thunk(compute: Callable[[], Value]) -> Callable[[], Value]:
    """Return a function that computes at most once."""
    known: list[Value] = []

    def value() -> Value:
        if not known:
            known.append(compute())
        return known[0]

    return value


def check(message: Value) -> NoReturn:
    """Fail: TLC's Assert was given FALSE."""
    text = message if isinstance(message, str) else show(message)
    error = f"Assert failed: {text}"
    raise AssertionFailure(error)
