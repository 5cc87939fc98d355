# ruff: noqa: PLW0603, SIM201 - each way of asking is wanted as it stands
"""Taking the only thing that is there, if it is there: check, then act.

`WAYS` has the names; the module's `racy_NAME` and `locked_NAME` are the scenarios.
"""

from __future__ import annotations

import bisect
import heapq
from collections import OrderedDict, deque
from typing import Any

from tests.quality.races import ways

way = ways.taking(globals())


def one() -> list[int]:
    return [1]


@way(one)
def pop_of_a_list(items: Any) -> None:
    if items:
        items.pop()


@way(one)
def pop_kept_as_a_method(items: Any) -> None:
    pop = items.pop
    if len(items) > 0:
        pop()


@way(one)
def del_of_a_list(items: Any) -> None:
    if not len(items) == 0:
        del items[0]


@way(one)
def remove_from_a_list(items: Any) -> None:
    if 1 in items:
        items.remove(1)


@way(one)
def index_in_a_list(items: Any) -> None:
    if items.count(1):
        items.index(1)
        items.clear()


@way(one)
def heap(items: Any) -> None:
    if items:
        heapq.heappop(items)


@way(list)
def sorted_insertion(items: Any) -> None:
    if not items:
        bisect.insort(items, 1)
        assert len(items) == 1


@way(list)
def extended(items: Any) -> None:
    if not items:
        items += [1]
        assert len(items) == 1


@way(lambda: deque([1]))
def popleft_of_a_deque(items: Any) -> None:
    while items:
        items.popleft()


@way(lambda: {"a": 1})
def pop_of_a_dictionary(items: Any) -> None:
    if "a" in items:
        items.pop("a")


@way(lambda: {"a": 1})
def del_of_a_dictionary(items: Any) -> None:
    if items.get("a") is not None:
        del items["a"]


@way(lambda: {"a": 1})
def popitem_of_a_dictionary(items: Any) -> None:
    if len(items) == 1:
        items.popitem()


@way(lambda: OrderedDict(a=1))
def popitem_of_an_ordered_dictionary(items: Any) -> None:
    if items:
        items.popitem(last=False)


@way(lambda: {1})
def pop_of_a_set(items: Any) -> None:
    if items:
        items.pop()


@way(lambda: {1})
def remove_from_a_set(items: Any) -> None:
    if 1 in items:
        items.remove(1)


class Lazy:
    """Makes its value when it is first asked for."""

    def __init__(self) -> None:
        self.made = 0
        self.value: Any = None

    def get(self) -> Any:
        if self.value is None:
            self.made += 1
            self.value = object()
        assert self.made == 1
        return self.value


@way(Lazy)
def made_when_first_asked_for(lazy: Any) -> None:
    lazy.get()


class Holder:
    """Has an attribute that can go."""

    def __init__(self) -> None:
        self.x = 1


@way(Holder)
def deleted_attribute(holder: Any) -> None:
    if hasattr(holder, "x"):
        del holder.x


@way(Holder)
def deleted_attribute_by_name(holder: Any) -> None:
    if "x" in vars(holder):
        delattr(holder, "x")


treasure = 1


@way(lambda: None)
def deleted_global(_: Any) -> None:
    global treasure
    if "treasure" in globals():
        del treasure


@way(lambda: bytearray(b"a"))
def pop_of_a_bytearray(items: Any) -> None:
    if items:
        items.pop()


@way(lambda: iter([1]))
def shared_iterator(items: Any) -> None:
    if items.__length_hint__():
        next(items)
