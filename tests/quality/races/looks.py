# ruff: noqa: C416, PERF402, PLC3002, PLR1714, RUF005 - each way of looking is wanted as it stands
"""Looking at two items of a sequence that change together, in every way in which Python can look at more than one thing.

`WAYS` has the names; the module's `racy_NAME` and `locked_NAME` are the scenarios.
"""

from __future__ import annotations

import copy
import functools
import itertools
import json
import operator
from collections import deque
from typing import Any, NamedTuple

from tests.quality.races import ways

way = ways.looking(globals())


class Kept(NamedTuple):
    items: Any


class Several(tuple[Any]):
    """A tuple with a name."""

    __slots__ = ()


def two() -> list[int]:
    return [0, 0]


def bump_pair(items: Any) -> None:
    items[0] += 1
    items[1] += 1


@way(two, bump_pair)
def items_one_by_one(items: Any) -> Any:
    return items[0], items[1]


@way(two, bump_pair)
def slice_of_a_list(items: Any) -> Any:
    return items[:]


@way(two, bump_pair)
def unpacking(items: Any) -> Any:
    a, b = items
    return a, b


@way(two, bump_pair)
def star_in_a_display(items: Any) -> Any:
    return [*items]


@way(two, bump_pair)
def star_in_a_call(items: Any) -> Any:
    return (lambda a, b: (a, b))(*items)


@way(two, bump_pair)
def starred_target(items: Any) -> Any:
    a, *rest = items
    return a, rest[0]


@way(two, bump_pair)
def loop(items: Any) -> Any:
    seen = []
    for item in items:
        seen.append(item)
    return seen


@way(two, bump_pair)
def comprehension(items: Any) -> Any:
    return [item for item in items]


@way(two, bump_pair)
def generator(items: Any) -> Any:
    return tuple(item for item in items)


@way(two, bump_pair)
def yield_from(items: Any) -> Any:
    def delegate() -> Any:
        yield from items

    return tuple(delegate())


@way(two, bump_pair)
def named_tuple_shown(items: Any) -> Any:
    shown = repr(Kept(items))  # Kept(items=[0, 0])
    return shown[12], shown[15]


@way(two, bump_pair)
def subclass_of_tuple_compared(items: Any) -> Any:
    both = Several([items])
    return (0, 0) if both == ([0, 0],) else (both == ([1, 1],), 1)


@way(two, bump_pair)
def unpacked_within(items: Any) -> Any:
    (a, b), *_ = items, 0
    return a, b


@way(two, bump_pair)
def loop_that_unpacks_within(items: Any) -> Any:
    for _, (a, *rest) in enumerate([items]):
        pair = a, rest[0]
    return pair


@way(two, bump_pair)
def comprehension_that_unpacks_within(items: Any) -> Any:
    ((a, b),) = [(a, b) for _, (a, b) in [(0, items)]]
    return a, b


@way(two, bump_pair)
def list_of_a_list(items: Any) -> Any:
    return list(items)


@way(two, bump_pair)
def sorted_list(items: Any) -> Any:
    return sorted(items)


@way(two, bump_pair)
def sum_of_a_list(items: Any) -> Any:
    return sum(items), 2 * items[0]


@way(two, bump_pair)
def smallest_and_largest(items: Any) -> Any:
    return min(items), max(items)


@way(list, lambda items: items.append(1))
def length_and_list_backwards(items: Any) -> Any:
    return len(items), len([*reversed(items)])


@way(two, bump_pair)
def reversed_list(items: Any) -> Any:
    return list(reversed(items))


@way(two, bump_pair)
def enumerated(items: Any) -> Any:
    return [item for _, item in enumerate(items)]


@way(two, bump_pair)
def zipped(items: Any) -> Any:
    ((a, _), (b, _)) = zip(items, items, strict=True)
    return a, b


@way(two, bump_pair)
def mapped(items: Any) -> Any:
    return list(map(int, items))


@way(two, bump_pair)
def filtered(items: Any) -> Any:
    return list(filter(lambda item: item >= 0, items))


@way(two, bump_pair)
def chained(items: Any) -> Any:
    return list(itertools.chain.from_iterable([items]))


@way(two, bump_pair)
def reduced(items: Any) -> Any:
    return functools.reduce(operator.add, items), 2 * items[0]


@way(two, bump_pair)
def copied(items: Any) -> Any:
    return copy.copy(items)


@way(two, bump_pair)
def concatenated(items: Any) -> Any:
    return items + []


@way(two, bump_pair)
def repeated(items: Any) -> Any:
    return items * 1


@way(two, bump_pair)
def compared(items: Any) -> Any:
    return items == [0, 0] or items == [1, 1], True


@way(two, bump_pair)
def itemgetter(items: Any) -> Any:
    return operator.itemgetter(0, 1)(items)


@way(two, bump_pair)
def matched_sequence(items: Any) -> Any:
    match items:
        case [a, b]:
            return a, b
    return None


@way(lambda: [[0, 0]], lambda items: bump_pair(items[0]))
def formatted_string(items: Any) -> Any:
    return json.loads(f"{items}")[0]


@way(two, bump_pair)
def percent_formatted(items: Any) -> Any:
    return json.loads("%s" % items)  # noqa: UP031 - the operator is what is tested


@way(two, bump_pair)
def str_of_a_list(items: Any) -> Any:
    return json.loads(str(items))


@way(two, bump_pair)
def joined(items: Any) -> Any:
    return ",".join(str(item) for item in items).split(",")


@way(two, bump_pair)
def dumped(items: Any) -> Any:
    return json.loads(json.dumps(items))


@way(lambda: deque([0, 0]), bump_pair)
def deque_loop(items: Any) -> Any:
    return [item for item in items]


@way(lambda: bytearray(2), bump_pair)
def bytes_of_a_bytearray(items: Any) -> Any:
    return bytes(items)


@way(lambda: [1, 1], bump_pair)
def all_and_any(items: Any) -> Any:
    return items[0] + 0 * len(items), items[1]
