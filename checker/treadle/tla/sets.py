"""Sets that are described and not listed: intervals, SUBSET S, [S -> T], records, products, Seq(S), Nat, Int, STRING.

Membership in them is decided without listing; who iterates them gets the elements in the order of `values.order_key`
for intervals, and in a fixed order for the rest. Each equals, and hashes like, the frozenset of its elements, so that
it may stand anywhere; what is stored for long is listed first (`listed`), because that is faster. An infinite set can
be asked for membership only.
"""

from __future__ import annotations

from itertools import chain, combinations, product
from typing import TYPE_CHECKING, Any

from treadle.tla.failures import Failure
from treadle.tla.values import FALSE, TRUE, Domain, Value, domain_of, ordered, sequence_domain, show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class DescribedSet:
    """A set known by a description."""

    __slots__ = ("_listed",)

    def __init__(self) -> None:
        self._listed: frozenset[Value] | None = None

    def __iter__(self) -> Iterator[Value]:
        message = f"{self!r} is infinite, so its elements cannot be listed"
        raise Failure(message)

    def __contains__(self, value: object) -> bool:
        raise NotImplementedError

    def listed(self) -> frozenset[Value]:
        """Return the elements. Raises Failure if there are infinitely many."""
        if self._listed is None:
            self._listed = frozenset(self)
        return self._listed

    def __len__(self) -> int:
        return len(self.listed())

    def __bool__(self) -> bool:
        return len(self) > 0

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if isinstance(other, DescribedSet):
            other = other.listed()
        return self.listed() == other

    def __hash__(self) -> int:
        return hash(self.listed())


class Infinite(DescribedSet):
    """Nat, Int, STRING: a name and a test."""

    __slots__ = ("_test", "name")

    def __init__(self, name: str, test: Any) -> None:
        super().__init__()
        self.name, self._test = name, test

    def __contains__(self, value: object) -> bool:
        return bool(self._test(value))

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __len__(self) -> int:
        return 1 << 62

    def __repr__(self) -> str:
        return self.name


NAT = Infinite("Nat", lambda value: type(value) is int and value >= 0)
INT = Infinite("Int", lambda value: type(value) is int)
STRING = Infinite("STRING", lambda value: type(value) is str)
BOOLEAN = frozenset({TRUE, FALSE})


class Interval(DescribedSet):
    """`low .. high`."""

    __slots__ = ("high", "low")

    def __init__(self, low: int, high: int) -> None:
        super().__init__()
        self.low, self.high = low, high

    def __iter__(self) -> Iterator[Value]:
        return iter(range(self.low, self.high + 1))

    def __contains__(self, value: object) -> bool:
        return type(value) is int and self.low <= value <= self.high

    def __len__(self) -> int:
        return max(0, self.high - self.low + 1)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Interval):
            return (self.low, self.high) == (other.low, other.high) or not (self or other)
        if isinstance(other, DescribedSet):
            other = other.listed()
        return type(other) is frozenset and len(other) == len(self) and all(item in self for item in other)

    def __hash__(self) -> int:
        return hash(self.listed())

    def __repr__(self) -> str:
        return f"{self.low}..{self.high}"


def count_up(low: int, high: int) -> range:
    """Return the integers from low to high."""
    return range(low, high + 1)


def is_subset(left: Iterable[Value], right: Any) -> bool:
    """Tell whether every element of `left` is in `right`."""
    if type(left) is frozenset and type(right) is frozenset:
        return left <= right
    if isinstance(left, Infinite):
        return left is right or (left is NAT and right is INT)
    return all(value in right for value in left)


class Subsets(DescribedSet):
    """`SUBSET base`."""

    __slots__ = ("base",)

    def __init__(self, base: Any) -> None:
        super().__init__()
        self.base = base

    def __iter__(self) -> Iterator[Value]:
        items = ordered(self.base)
        sizes = (combinations(items, size) for size in range(len(items) + 1))
        return map(frozenset, chain.from_iterable(sizes))

    def __contains__(self, value: object) -> bool:
        if type(value) is frozenset:
            return value <= self.base if type(self.base) is frozenset else is_subset(value, self.base)
        return isinstance(value, DescribedSet) and is_subset(value, self.base)

    def __len__(self) -> int:
        return 1 << len(self.base)

    def __repr__(self) -> str:
        return f"SUBSET {show(self.base)}"


class Functions(DescribedSet):
    """`[keys -> range]`."""

    __slots__ = ("domain", "range")

    def __init__(self, keys: Any, target: Any) -> None:
        super().__init__()
        self.domain: Domain | None = None if isinstance(keys, Infinite) else domain_of(keys)
        self.range = target

    def __iter__(self) -> Iterator[Value]:
        if self.domain is None:
            return super().__iter__()
        values = ordered(self.range) if self.domain else ()
        domain = self.domain
        return ((domain, *chosen) for chosen in product(values, repeat=len(domain)))

    def __contains__(self, value: object) -> bool:
        if type(value) is not tuple or value[0] is not self.domain:
            return False
        target = self.range
        if type(target) is frozenset:
            return target.issuperset(value[1:])
        return all(item in target for item in value[1:])

    def __len__(self) -> int:
        return int(len(self.range) ** len(self.domain)) if self.domain is not None else 1 << 62

    def __repr__(self) -> str:
        return f"[{show(self.domain.keys_set) if self.domain is not None else '...'} -> {show(self.range)}]"


class Products(DescribedSet):
    r"""Functions whose values come from a set each: `[a: S, b: T]` and `S \X T`."""

    __slots__ = ("domain", "ranges")

    def __init__(self, domain: Domain, ranges: tuple[Any, ...]) -> None:
        super().__init__()
        self.domain, self.ranges = domain, ranges

    def __iter__(self) -> Iterator[Value]:
        domain = self.domain
        return ((domain, *chosen) for chosen in product(*map(ordered, self.ranges)))

    def __contains__(self, value: object) -> bool:
        if type(value) is not tuple or value[0] is not self.domain:
            return False
        return all(item in target for item, target in zip(value[1:], self.ranges, strict=True))

    def __len__(self) -> int:
        size = 1
        for target in self.ranges:
            size *= len(target)
        return size

    def __repr__(self) -> str:
        if self.domain.length >= 0:
            return "(" + " \\X ".join(map(show, self.ranges)) + ")"
        fields = (f"{key}: {show(target)}" for key, target in zip(self.domain, self.ranges, strict=True))
        return "[" + ", ".join(fields) + "]"


class Sequences(DescribedSet):
    """`Seq(items)`."""

    __slots__ = ("items",)

    def __init__(self, items: Any) -> None:
        super().__init__()
        self.items = items

    def __contains__(self, value: object) -> bool:
        return type(value) is tuple and value[0].length >= 0 and all(item in self.items for item in value[1:])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequences) and self.items == other.items

    def __hash__(self) -> int:
        return hash(("Seq", self.items))

    def __len__(self) -> int:
        return 1 << 62

    def __repr__(self) -> str:
        return f"Seq({show(self.items)})"


class Filtered(DescribedSet):
    r"""`{x \in S : P}` for an infinite S."""

    __slots__ = ("base", "test")

    def __init__(self, base: Any, test: Callable[[Value], bool]) -> None:
        super().__init__()
        self.base, self.test = base, test

    def __contains__(self, value: object) -> bool:
        return value in self.base and bool(self.test(value))

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __len__(self) -> int:
        return 1 << 62

    def __repr__(self) -> str:
        return f"a part of {self.base!r}"


class Joined(DescribedSet):
    """A union, intersection or difference in which a set takes part that cannot be listed."""

    __slots__ = ("left", "op", "right")

    def __init__(self, op: str, left: Any, right: Any) -> None:
        super().__init__()
        self.op, self.left, self.right = op, left, right

    def __contains__(self, value: object) -> bool:
        if self.op == "\\cup":
            return value in self.left or value in self.right
        return value in self.left and (value in self.right) == (self.op == "\\cap")

    def __iter__(self) -> Iterator[Value]:
        if self.op == "\\cup":
            return iter(ordered(frozenset(self.left) | frozenset(self.right)))
        if self.op == "\\cap" and not endless(self.right) and endless(self.left):
            return iter(value for value in ordered(self.right) if value in self.left)
        return iter(value for value in ordered(self.left) if value in self)

    def __len__(self) -> int:
        return 1 << 62 if endless(self) else len(self.listed())

    def __repr__(self) -> str:
        return f"({show(self.left)} {self.op} {show(self.right)})"


def endless(values: Any) -> bool:
    """Tell whether a set is known to be infinite."""
    if isinstance(values, Infinite | Sequences | Filtered):
        return True
    if isinstance(values, Joined):
        sides = endless(values.left), endless(values.right)
        return {"\\cup": any(sides), "\\cap": all(sides)}.get(values.op, sides[0])
    if isinstance(values, Subsets):
        return endless(values.base)
    if isinstance(values, Functions):
        return values.domain is None or endless(values.range)
    return isinstance(values, Products) and any(map(endless, values.ranges))


def pairs_domain(length: int) -> Domain:
    """Return the domain of tuples of a length."""
    return sequence_domain(length)
