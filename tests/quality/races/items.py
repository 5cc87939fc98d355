# ruff: noqa: B020 - each way of saying it is wanted as it stands
"""Adding one to an item of a container, in every way, for every container.

`WAYS` has the names; the module's `racy_NAME` and `locked_NAME` are the scenarios.
"""

from __future__ import annotations

import array
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, defaultdict, deque
from typing import Any

from tests.quality.races import ways
from tests.quality.races.boxes import Box

way = ways.bumping(globals())


def first(items: Any) -> int:
    return items[0]  # type: ignore[no-any-return]


@way(lambda: [0], first)
def list_item(items: Any) -> None:
    items[0] += 1


@way(lambda: [0], first)
def list_item_from_the_end(items: Any) -> None:
    items[-1] += 1


@way(lambda: [0], first)
def list_slice(items: Any) -> None:
    items[0:1] = [items[0] + 1]


@way(lambda: [0], first)
def unpacking_target(items: Any) -> None:
    items[0], _other = items[0] + 1, 0


@way(lambda: [0], first)
def loop_target(items: Any) -> None:
    for items[0] in (items[0] + 1,):
        pass


@way(lambda: [0], first)
def dunder_setitem(items: Any) -> None:
    items.__setitem__(0, items.__getitem__(0) + 1)


@way(lambda: [0], first)
def unbound_setitem(items: Any) -> None:
    list.__setitem__(items, 0, list.__getitem__(items, 0) + 1)


@way(lambda: [0], first)
def map_over_items(items: Any) -> None:
    items[0] = next(map((1).__add__, items))


@way(lambda: {"a": 0}, lambda items: items["a"])
def dictionary_item(items: Any) -> None:
    items["a"] += 1


@way(lambda: {"a": {"b": 0}}, lambda items: items["a"]["b"])
def dictionary_in_a_dictionary(items: Any) -> None:
    items["a"]["b"] += 1


@way(lambda: {("a", 1): 0}, lambda items: items["a", 1])
def dictionary_item_by_a_tuple(items: Any) -> None:
    items["a", 1] += 1


@way(lambda: {Box: 0}, lambda items: items[Box])
def dictionary_item_by_an_object(items: Any) -> None:
    items[Box] += 1


@way(dict, lambda items: items["a"])
def dictionary_get(items: Any) -> None:
    items["a"] = items.get("a", 0) + 1


@way(dict, lambda items: items["a"])
def dictionary_update(items: Any) -> None:
    items.update(a=items.get("a", 0) + 1)


@way(dict, lambda items: sum(items.values()))
def dictionary_length(items: Any) -> None:
    items[len(items)] = 1


@way(lambda: defaultdict(int), lambda items: items["a"])
def default_dictionary(items: Any) -> None:
    items["a"] += 1


@way(lambda: defaultdict(lambda: [0]), lambda items: items["a"][0])
def default_made_by_the_program(items: Any) -> None:
    items["a"][0] += 1


@way(lambda: defaultdict(set), lambda items: len(items["a"]))
def default_made_in_c(items: Any) -> None:
    items["a"].add(len(items["a"]))


@way(Counter, lambda items: items["a"])
def counting(items: Any) -> None:
    items["a"] += 1


@way(lambda: OrderedDict(a=0), lambda items: items["a"])
def ordered_dictionary(items: Any) -> None:
    items["a"] += 1


@way(lambda: Counter("a"), lambda items: 1 - items["a"])
def subtracting(items: Any) -> None:
    items.subtract("a")


@way(lambda: {"all": Counter()}, lambda items: items["all"]["a"])
def adding_counters(items: Any) -> None:
    items["all"] += Counter("a")


@way(lambda: UserDict(a=0), lambda items: items["a"])
def user_dictionary(items: Any) -> None:
    items["a"] += 1


@way(lambda: UserList([0]), first)
def user_list(items: Any) -> None:
    items[0] += 1


@way(lambda: ChainMap({"a": 0}), lambda items: items["a"])
def chain_map(items: Any) -> None:
    items["a"] += 1


class Ledger(dict[str, int]):
    """A dictionary with a method of its own."""

    def add(self, name: str) -> None:
        self[name] = self[name] + 1


@way(lambda: Ledger(a=0), lambda items: items["a"])
def subclass_of_dict(items: Any) -> None:
    items.add("a")


class Strict(list[int]):
    """A list that checks what it is given."""

    def __setitem__(self, index: Any, value: Any) -> None:
        super().__setitem__(index, value)


@way(lambda: Strict([0]), first)
def subclass_of_list(items: Any) -> None:
    items[0] += 1


@way(lambda: deque([0]), first)
def deque_item(items: Any) -> None:
    items[0] += 1


@way(lambda: deque([0]), first)
def deque_rotated(items: Any) -> None:
    items.append(items[0] + 1)
    items.popleft()


@way(lambda: bytearray(1), first)
def byte(items: Any) -> None:
    items[0] += 1


@way(lambda: memoryview(bytearray(1)), first)
def byte_through_a_view(items: Any) -> None:
    items[0] += 1


@way(lambda: array.array("i", [0]), first)
def array_item(items: Any) -> None:
    items[0] += 1
