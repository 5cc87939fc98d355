"""Looking at two values that change together, in every way in which Python can look at more than one thing.

`WAYS` has the names; the module's `racy_NAME` and `locked_NAME` are the scenarios.
"""

from __future__ import annotations

import copy
import functools
import io
import itertools
import json
import operator
from collections import deque
from typing import TYPE_CHECKING, Any

from tests.quality.races import ways

if TYPE_CHECKING:
    from collections.abc import Callable

WAYS: list[str] = []


def bump_pair(items: Any) -> None:
    items[0] += 1
    items[1] += 1


def way(make: Callable[[], Any] = lambda: [0, 0], change: Callable[[Any], object] = bump_pair) -> Callable[..., object]:
    """The function takes a picture of what `make` made and `change` changes."""

    def register(look: Any) -> Any:
        WAYS.append(look.__name__)
        for kind, scenario in ways.both(ways.looked, make, change, look).items():
            globals()[f"{kind}_{look.__name__}"] = scenario
        return look

    return register


def pair() -> dict[str, int]:
    return {"a": 0, "b": 0}


def bump_keys(items: Any) -> None:
    items["a"] += 1
    items["b"] += 1


class Point:
    """Two attributes."""

    __match_args__ = ("x", "y")

    def __init__(self) -> None:
        self.x = 0
        self.y = 0


def move(point: Any) -> None:
    point.x += 1
    point.y += 1


# Sequences.


@way()
def items_one_by_one(items: Any) -> Any:
    return items[0], items[1]


@way()
def slice_of_a_list(items: Any) -> Any:
    return items[:]


@way()
def unpacking(items: Any) -> Any:
    a, b = items
    return a, b


@way()
def star_in_a_display(items: Any) -> Any:
    return [*items]


@way()
def star_in_a_call(items: Any) -> Any:
    return (lambda a, b: (a, b))(*items)


@way()
def starred_target(items: Any) -> Any:
    a, *rest = items
    return a, rest[0]


@way()
def loop(items: Any) -> Any:
    seen = []
    for item in items:
        seen.append(item)
    return seen


@way()
def comprehension(items: Any) -> Any:
    return [item for item in items]


@way()
def generator(items: Any) -> Any:
    return tuple(item for item in items)


@way()
def yield_from(items: Any) -> Any:
    def delegate() -> Any:
        yield from items

    return tuple(delegate())


@way()
def list_of_a_list(items: Any) -> Any:
    return list(items)


@way()
def sorted_list(items: Any) -> Any:
    return sorted(items)


@way()
def sum_of_a_list(items: Any) -> Any:
    return sum(items), 2 * items[0]


@way()
def smallest_and_largest(items: Any) -> Any:
    return min(items), max(items)


@way()
def reversed_list(items: Any) -> Any:
    return list(reversed(items))


@way()
def enumerated(items: Any) -> Any:
    return [item for _, item in enumerate(items)]


@way()
def zipped(items: Any) -> Any:
    ((a, _), (b, _)) = zip(items, items, strict=True)
    return a, b


@way()
def mapped(items: Any) -> Any:
    return list(map(int, items))


@way()
def filtered(items: Any) -> Any:
    return list(filter(lambda item: item >= 0, items))


@way()
def chained(items: Any) -> Any:
    return list(itertools.chain.from_iterable([items]))


@way()
def reduced(items: Any) -> Any:
    return functools.reduce(operator.add, items), 2 * items[0]


@way()
def copied(items: Any) -> Any:
    return copy.copy(items)


@way()
def concatenated(items: Any) -> Any:
    return items + []


@way()
def repeated(items: Any) -> Any:
    return items * 1


@way()
def compared(items: Any) -> Any:
    return items == [0, 0] or items == [1, 1], True


@way()
def itemgetter(items: Any) -> Any:
    return operator.itemgetter(0, 1)(items)


@way()
def matched_sequence(items: Any) -> Any:
    match items:
        case [a, b]:
            return a, b
    return None


@way(lambda: [[0, 0]], lambda items: bump_pair(items[0]))
def formatted_string(items: Any) -> Any:
    return json.loads(f"{items}")[0]


@way()
def percent_formatted(items: Any) -> Any:
    return json.loads("%s" % items)  # noqa: UP031 - the operator is what is tested


@way()
def str_of_a_list(items: Any) -> Any:
    return json.loads(str(items))


@way()
def joined(items: Any) -> Any:
    return ",".join(str(item) for item in items).split(",")


@way()
def dumped(items: Any) -> Any:
    return json.loads(json.dumps(items))


@way(lambda: deque([0, 0]))
def deque_loop(items: Any) -> Any:
    return [item for item in items]


@way(lambda: bytearray(2))
def bytes_of_a_bytearray(items: Any) -> Any:
    return bytes(items)


@way(lambda: [1, 1])
def all_and_any(items: Any) -> Any:
    return items[0] + 0 * len(items), items[1]


# Dictionaries and sets.


@way(pair, bump_keys)
def dictionary_values(items: Any) -> Any:
    return list(items.values())


@way(pair, bump_keys)
def dictionary_items(items: Any) -> Any:
    return [value for _, value in items.items()]


@way(pair, bump_keys)
def dictionary_copy(items: Any) -> Any:
    return dict(items).values()


@way(pair, bump_keys)
def dictionary_merged(items: Any) -> Any:
    return (items | {}).values()


@way(pair, bump_keys)
def double_star(items: Any) -> Any:
    return (lambda a, b: (a, b))(**items)


@way(pair, bump_keys)
def double_star_in_a_display(items: Any) -> Any:
    return {**items}.values()


@way(pair, bump_keys)
def matched_mapping(items: Any) -> Any:
    match items:
        case {"a": a, "b": b}:
            return a, b
    return None


@way(pair, bump_keys)
def format_map(items: Any) -> Any:
    return "{a} {b}".format_map(items).split()


def add_two(items: Any) -> None:
    items.add(1)
    items.add(2)


@way(set, add_two)
def length_of_a_set(items: Any) -> Any:
    return len(items) in (0, 2), True


@way(set, add_two)
def members_of_a_set(items: Any) -> Any:
    return 1 in items, 2 in items


@way(set, add_two)
def sorted_set(items: Any) -> Any:
    return sorted(items) in ([], [1, 2]), True


@way(set, add_two)
def loop_over_a_set(items: Any) -> Any:
    try:
        return sum(1 for _ in items) in (0, 2), True
    except RuntimeError:  # it changed size during the iteration
        return 0, 1


@way(dict, lambda items: (items.setdefault("a", 0), items.setdefault("b", 0)))
def length_of_a_dictionary(items: Any) -> Any:
    return len(items) in (0, 2), True


@way(dict, lambda items: (items.setdefault("a", 0), items.setdefault("b", 0)))
def keys_of_a_dictionary(items: Any) -> Any:
    return "a" in items, "b" in items.keys()  # noqa: SIM118 - the view is what is tested


@way(list, lambda items: (items.append(1), items.append(2)))
def length_of_a_list(items: Any) -> Any:
    return len(items) in (0, 2), True


@way(list, lambda items: (items.append(1), items.append(2)))
def last_of_a_list(items: Any) -> Any:
    return not items or items[-1] == 2, True


# Objects, iterators, files.


@way(Point, move)
def attributes_one_by_one(point: Any) -> Any:
    return point.x, point.y


@way(Point, move)
def matched_class(point: Any) -> Any:
    match point:
        case Point(x, y):
            return x, y
    return None


@way(Point, move)
def vars_of_an_object(point: Any) -> Any:
    return dict(vars(point)).values()


@way(Point, move)
def object_copied(point: Any) -> Any:
    return vars(copy.copy(point)).values()


def next_pair(numbers: Any) -> Any:
    return next(numbers), next(numbers)


@way(itertools.count, next_pair)
def shared_count(numbers: Any) -> Any:
    a, b = next_pair(numbers)
    return a + 1, b


@way(lambda: iter([0, 1, 2, 3]), next_pair)
def shared_iterator(numbers: Any) -> Any:
    a, b = next_pair(numbers)
    return a + 1, b


@way(lambda: (number for number in range(4)), next_pair)
def shared_generator(numbers: Any) -> Any:
    a, b = next_pair(numbers)
    return a + 1, b


@way(lambda: zip(range(4), range(4), strict=True), next_pair)
def shared_zip(numbers: Any) -> Any:
    (a, _), (b, _) = next_pair(numbers)
    return a + 1, b


@way(lambda: io.StringIO("0\n1\n2\n3\n"), lambda file: (file.readline(), file.readline()))
def shared_file(file: Any) -> Any:
    return int(file.readline()) + 1, int(file.readline())
