# ruff: noqa: C416 - each way of looking is wanted as it stands
"""Looking at two values that change together through something else: a view, a lent method, code that was not rewritten.

`WAYS` has the names; the module's `racy_NAME` and `locked_NAME` are the scenarios.
"""

from __future__ import annotations

import copy
import csv
import heapq
import io
import string
from argparse import Namespace
from collections import ChainMap, OrderedDict, UserDict
from collections.abc import Iterator, MutableMapping, MutableSequence
from types import MappingProxyType, SimpleNamespace
from typing import Any

from tests.quality.races import ways
from tests.quality.races.looks import bump_pair, two

way = ways.looking(globals())


def ordered() -> OrderedDict[str, int]:
    return OrderedDict(a=0, b=0)


def bump_values(table: Any) -> None:
    table["a"] += 1
    table["b"] += 1


@way(ordered, bump_values)
def values_of_an_ordered_dict(table: Any) -> Any:
    return [value for value in table.values()]


@way(ordered, bump_values)
def items_of_an_ordered_dict(table: Any) -> Any:
    return [value for _, value in table.items()]


@way(ordered, bump_values)
def list_of_the_values_of_an_ordered_dict(table: Any) -> Any:
    return list(table.values())


@way(ordered, bump_values)
def backwards_through_an_ordered_dict(table: Any) -> Any:
    return [value for _, value in reversed(table.items())]


@way(ordered, bump_values)
def values_of_an_ordered_dict_by_next(table: Any) -> Any:
    values = iter(table.values())
    return next(values), next(values)


class Folded(MutableMapping[str, int]):
    """A mapping of the program's own, with all that `collections.abc` lends it."""

    def __init__(self) -> None:
        self._kept = OrderedDict(a=0, b=0)

    def __getitem__(self, key: str) -> int:
        return self._kept[key.lower()]

    def __setitem__(self, key: str, value: int) -> None:
        self._kept[key.lower()] = value

    def __delitem__(self, key: str) -> None:
        del self._kept[key.lower()]

    def __iter__(self) -> Iterator[str]:
        return (key for key in self._kept)

    def __len__(self) -> int:
        return len(self._kept)


@way(Folded, lambda table: table.update(A=table["a"] + 1, B=table["b"] + 1))
def values_of_a_lent_method(table: Any) -> Any:
    return [*table.values()]


@way(Folded, lambda table: table.update({"a": 1, "b": 1}))
def got_by_a_lent_method(table: Any) -> Any:
    return table.get("A"), table.get("B", 5)


class Row(MutableSequence[int]):
    """A sequence of the program's own."""

    def __init__(self) -> None:
        self._kept = [0, 0]

    def __getitem__(self, index: Any) -> Any:
        return self._kept[index]

    def __setitem__(self, index: Any, value: Any) -> None:
        self._kept[index] = value

    def __delitem__(self, index: Any) -> None:
        del self._kept[index]

    def __len__(self) -> int:
        return len(self._kept)

    def insert(self, index: int, value: int) -> None:
        self._kept.insert(index, value)


@way(Row, bump_pair)
def a_lent_iteration(row: Any) -> Any:
    return [*row]


@way(Row, lambda row: row.extend([1]))
def a_lent_count(row: Any) -> Any:
    return row.count(1), len(row) - 2


@way(lambda: bytearray(2), bump_pair)
def bytes_of_a_memoryview(items: Any) -> Any:
    return bytes(memoryview(items))


@way(lambda: bytearray(2), bump_pair)
def loop_over_a_memoryview(items: Any) -> Any:
    return [item for item in memoryview(items)]


@way(lambda: {0: 0, 1: 0}, lambda table: table.update({0: table[0] + 1, 1: table[1] + 1}))
def views_compared(table: Any) -> Any:
    return table.items() == {0: 0, 1: 0}.items(), table.items() >= {(1, 0)}


@way(two, bump_pair)
def keys_made_of_a_list(items: Any) -> Any:
    keys = list(dict.fromkeys(items))
    return keys[0], keys[-1]


@way(lambda: ChainMap({"a": 0}, {"b": 0}), lambda table: (table.maps[0].update(a=1), table.maps[1].update(b=1)))
def sorted_chain_map(table: Any) -> Any:
    return sorted(table.values())


class Pair(SimpleNamespace):
    """What is compared and shown by code in C."""


def bump_both(pair: Any) -> None:
    pair.a += 1
    pair.b += 1


@way(lambda: Pair(a=0, b=0), bump_both)
def namespace_shown(pair: Any) -> Any:
    return [part.partition("=")[2] for part in repr(pair)[5:-1].split(", ")]


@way(lambda: SimpleNamespace(a=0, b=0), bump_both)
def namespace_compared(pair: Any) -> Any:
    return pair in (SimpleNamespace(a=0, b=0), SimpleNamespace(a=1, b=1)), True


@way(lambda: Namespace(a=0, b=0), bump_both)
def foreign_object_shown(pair: Any) -> Any:
    return [part.partition("=")[2] for part in repr(pair)[10:-1].split(", ")]


class Couple:
    """An object with two attributes."""

    def __init__(self) -> None:
        self.first = 0
        self.second = 0


def move(pair: Any) -> None:
    pair.first += 1
    pair.second += 1


@way(Couple, move)
def deep_copy(pair: Any) -> Any:
    copied = copy.deepcopy(pair)
    return copied.first, copied.second


@way(Couple, move)
def state_of_an_object(pair: Any) -> Any:
    state = pair.__reduce_ex__(4)[2]
    return state["first"], state["second"]


@way(lambda: {"a": 0, "b": 0}, bump_values)
def largest_and_smallest_by_a_key(table: Any) -> Any:
    return table[max(table, key=table.get)], table[min(table, key=table.get)]


@way(lambda: [Couple()], lambda pairs: move(pairs[0]))
def sorted_by_a_key(pairs: Any) -> Any:
    (first,) = [pair.first for pair in sorted(pairs, key=lambda pair: pair.second)]
    return first, pairs[0].second


def written() -> Any:
    text = io.StringIO()
    return text, csv.writer(text)


@way(written, lambda file: [file[1].writerow("a") for _ in range(2)])
def file_of_a_writer(file: Any) -> Any:
    lines = file[0].getvalue().count("a")
    return lines, lines // 2 * 2


@way(lambda: {"a": 0, "b": 0}, bump_values)
def values_in_a_template(table: Any) -> Any:
    return string.Template("$a $b").substitute(table).split()


@way(lambda: ChainMap({}, {}), lambda table: (table.maps[0].update(a=1), table.maps[1].update(b=1)))
def lengths_in_a_chain_map(table: Any) -> Any:
    length = len(table)
    return length == 2, length != 0


@way(lambda: ([0], [0]), lambda both: [items.__setitem__(0, 1) for items in both])
def merged(both: Any) -> Any:
    return (*heapq.merge(*both),)


@way(lambda: UserDict(a=0, b=0), bump_values)
def foreign_mapping_sorted(table: Any) -> Any:
    return [table[key] for key in sorted(table)]


@way(two, bump_pair)
def sought_in_a_tuple(items: Any) -> Any:
    return items in ([0, 0], [1, 1]), True


@way(lambda: [[0, 0]], lambda items: bump_pair(items[0]))
def sought_in_a_list(items: Any) -> Any:
    return [0, 0] in items or [1, 1] in items, True


@way(lambda: bytearray(2), bump_pair)
def items_of_a_memoryview(items: Any) -> Any:
    return memoryview(items)[0], memoryview(items)[1]


@way(lambda: {"a": 0, "b": 0}, bump_values)
def items_of_a_proxy(table: Any) -> Any:
    return MappingProxyType(table)["a"], MappingProxyType(table)["b"]


def settings() -> type:
    """A class, the attributes of which are shared."""
    return type("Settings", (), {"a": 0, "b": 0})


@way(settings, bump_both)
def attributes_of_a_class_by_vars(kind: Any) -> Any:
    return vars(kind)["a"], vars(kind)["b"]


@way(settings, bump_both)
def attributes_of_a_class_by_its_dictionary(kind: Any) -> Any:
    return kind.__dict__.get("a"), kind.__dict__.get("b")


@way(lambda: [{}, {}], lambda tables: (tables[0].update(a=1), tables[1].update(a=1)))
def truth_of_views(tables: Any) -> Any:
    return [not tables[0].keys(), not tables[1].values()]
