"""Patterns of `match`, each of which looks for itself at what is shared, and may bind what is.

`WAYS` has the names; the module's `racy_NAME` and `locked_NAME` are the scenarios.
"""

from __future__ import annotations

from typing import Any

from tests.quality.races import ways
from tests.quality.races.boxes import Box

bumping = ways.bumping(globals())
looking = ways.looking(globals())
taking = ways.taking(globals())


class Point:
    __match_args__ = ("x", "y")

    def __init__(self) -> None:
        self.x = 0
        self.y = 0


def move(point: Any) -> None:
    point.x = 1
    point.y = 1


@looking(Point, move)
def value_of_a_pattern(point: Any) -> Any:
    match 1:
        case point.x:
            x = 1
        case _:
            x = 0
    match 1:
        case point.y:
            return x, 1
        case _:
            return x, 0


@looking(Point, move)
def patterns_one_after_the_other(point: Any) -> Any:
    match point:
        case Point(x=0, y=1):
            return 0, 1
        case Point(x=0, y=0):
            return 0, 0
        case Point(x=x, y=y):
            return x, y
    return None


@looking(lambda: [Point(), Point()], lambda points: [*map(move, points)])
def patterns_in_patterns(points: Any) -> Any:
    match points:
        case [Point(x=first), Point(y=second)]:
            return first, second
    return None


@looking(lambda: {"a": 0, "b": 0}, lambda table: table.update(a=1) or table.update(b=1))
def rest_of_a_mapping(table: Any) -> Any:
    match table:
        case {"a": first, **rest}:
            return first, rest["b"]
    return None


@looking(lambda: [0, 0, 0], lambda items: [items.__setitem__(0, 1), items.__setitem__(2, 1)])
def first_and_last_of_a_sequence(items: Any) -> Any:
    match items:
        case [first, *_, last]:
            return first, last
    return None


@taking(lambda: [1])
def item_of_a_sequence(items: Any) -> None:
    match items:
        case [_, *_]:
            items.pop()


@bumping(Box, lambda box: box.x)
def attribute_that_a_pattern_captures(box: Box) -> None:
    match box:
        case Box(x=x):
            box.x = x + 1


class Total:
    """A number that functions count up."""

    def __init__(self) -> None:
        total = 0

        def add() -> None:
            nonlocal total
            match total + 1:
                case total:
                    pass

        self.add = add
        self.read = lambda: total


@bumping(Total, lambda total: total.read())
def variable_that_a_pattern_binds(total: Any) -> None:
    total.add()
