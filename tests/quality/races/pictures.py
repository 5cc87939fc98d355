# ruff: noqa: PLC3002 - each way of looking is wanted as it stands
"""Looking at two parts that change together of anything but a sequence: of a dictionary, a set, an object, an iterator, a file.

`WAYS` has the names; the module's `racy_NAME` and `locked_NAME` are the scenarios.
"""

from __future__ import annotations

import copy
import io
import itertools
from typing import Any

from tests.quality.races import ways

way = ways.looking(globals())


def pair() -> dict[str, int]:
    return {"a": 0, "b": 0}


def bump_keys(items: Any) -> None:
    items["a"] += 1
    items["b"] += 1


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


class Point:
    """Two attributes."""

    __match_args__ = ("x", "y")

    def __init__(self) -> None:
        self.x = 0
        self.y = 0


def move(point: Any) -> None:
    point.x += 1
    point.y += 1


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
