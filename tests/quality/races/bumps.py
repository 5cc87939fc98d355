"""Adding one to something shared, in every way in which Python can say that. Each is a load and a store.

`WAYS` has the names; the module's `racy_NAME` and `locked_NAME` are the scenarios.
"""

from __future__ import annotations

import array
import functools
import operator
import sys
import types
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, defaultdict, deque, namedtuple
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.quality.races import elsewhere, ways

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WAYS: list[str] = []


def way(make: Callable[[], Any], read: Callable[[Any], int]) -> Callable[[Callable[[Any], object]], object]:
    """The function bumps what `make` made; `read` says how often."""

    def register(bump: Any) -> Any:
        WAYS.append(bump.__name__)
        for kind, scenario in ways.both(ways.bumped, make, bump, read).items():
            globals()[f"{kind}_{bump.__name__}"] = scenario
        return bump

    return register


class Box:
    """An object with attributes."""

    count = 0

    def __init__(self, x: int = 0) -> None:
        self.x = x
        self.inner: Any = None
        self.boxes: list[Any] = []
        self.__hidden = 0

    def bump(self) -> None:
        self.x += 1

    def bump_hidden(self) -> int:
        self.__hidden += 1
        return self.__hidden


def get_x(box: Any) -> int:
    return box.x  # type: ignore[no-any-return]


def first(items: Any) -> int:
    return items[0]  # type: ignore[no-any-return]


# Attributes.


@way(Box, get_x)
def attribute(box: Any) -> None:
    box.x += 1


@way(Box, get_x)
def attribute_in_two_statements(box: Any) -> None:
    x = box.x
    box.x = x + 1


@way(Box, get_x)
def method(box: Any) -> None:
    box.bump()


@way(Box, get_x)
def bound_method_kept(box: Any) -> None:
    bump = box.bump
    bump()


@way(Box, lambda box: box.bump_hidden() - 1)
def private_attribute(box: Any) -> None:
    box.bump_hidden()


def nested() -> Box:
    outer = Box()
    outer.inner = Box()
    outer.inner.boxes.append(Box())
    return outer


@way(nested, lambda box: box.inner.x)
def chained_receiver(box: Any) -> None:
    box.inner.x += 1


@way(nested, lambda box: box.inner.boxes[0].x)
def receiver_in_a_list(box: Any) -> None:
    box.inner.boxes[0].x += 1


@way(nested, lambda box: box.inner.boxes[0].x)
def receiver_by_a_negative_index(box: Any) -> None:
    box.inner.boxes[-1].x += 1


def same(box: Any) -> Any:
    return box


@way(Box, get_x)
def receiver_from_a_call(box: Any) -> None:
    same(box).x += 1


@way(Box, get_x)
def receiver_from_a_lambda(box: Any) -> None:
    (lambda: box)().x += 1


@way(Box, get_x)
def receiver_from_a_condition(box: Any) -> None:
    (box if box else None).x += 1  # type: ignore[union-attr]


@way(Box, get_x)
def receiver_from_a_walrus(box: Any) -> None:
    (other := box).x += 1
    assert other is box


@way(lambda: {"a": Box()}, lambda boxes: boxes["a"].x)
def receiver_in_a_dictionary(boxes: Any) -> None:
    boxes["a"].x += 1


@way(lambda: (Box(), 1), lambda pair: pair[0].x)
def receiver_in_a_tuple(pair: Any) -> None:
    pair[0].x += 1


@way(lambda: [Box()], lambda boxes: boxes[0].x)
def receiver_from_a_loop(boxes: Any) -> None:
    for box in boxes:
        box.x += 1


@way(lambda: [Box()], lambda boxes: boxes[0].x)
def receiver_unpacked(boxes: Any) -> None:
    (box,) = boxes
    box.x += 1


@way(lambda: [Box()], lambda boxes: boxes[0].x)
def receiver_from_next(boxes: Any) -> None:
    next(iter(boxes)).x += 1


class Tally:
    """A class that counts."""

    count = 0


def fresh_tally() -> type:
    class Fresh(Tally):
        count = 0

    return Fresh


@way(fresh_tally, lambda cls: cls.count)
def class_attribute(cls: Any) -> None:
    cls.count += 1


@way(fresh_tally, lambda cls: cls.count)
def class_attribute_through_an_instance(cls: Any) -> None:
    one = cls()
    type(one).count = one.count + 1


@way(lambda: Tally, lambda cls: cls.count)
def class_of_the_module(cls: Any) -> None:
    cls.count += 1


@way(Box, lambda box: box.count)
def instance_attribute_with_a_default_in_the_class(box: Any) -> None:
    box.count += 1


class Slotted:
    """An object without a dictionary."""

    __slots__ = ("x",)

    def __init__(self) -> None:
        self.x = 0


@way(Slotted, get_x)
def slot(box: Any) -> None:
    box.x += 1


class Proper:
    """A property over an attribute."""

    def __init__(self) -> None:
        self._x = 0

    @property
    def x(self) -> int:
        return self._x

    @x.setter
    def x(self, value: int) -> None:
        self._x = value


@way(Proper, get_x)
def property_with_a_setter(box: Any) -> None:
    box.x += 1


class Field:
    """A descriptor that keeps its value in the instance."""

    def __get__(self, instance: Any, owner: type) -> int:
        return instance._field  # type: ignore[no-any-return]

    def __set__(self, instance: Any, value: int) -> None:
        instance._field = value


class Described:
    """Has a descriptor."""

    x = Field()

    def __init__(self) -> None:
        self.x = 0


@way(Described, get_x)
def descriptor(box: Any) -> None:
    box.x += 1


class Proxy:
    """Passes every attribute on to another object."""

    def __init__(self) -> None:
        object.__setattr__(self, "_target", Box())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._target, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._target, name, value)


@way(Proxy, get_x)
def getattr_of_a_proxy(box: Any) -> None:
    box.x += 1


class Watched:
    """Goes by way of object's own methods."""

    x: int

    def __init__(self) -> None:
        self.x = 0

    def __getattribute__(self, name: str) -> Any:
        return object.__getattribute__(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)


@way(Watched, get_x)
def own_getattribute(box: Any) -> None:
    box.x += 1


@way(Box, get_x)
def getattr_and_setattr(box: Any) -> None:
    setattr(box, "x", getattr(box, "x") + 1)  # noqa: B009, B010 - the functions are what is tested


@way(Box, get_x)
def getattr_with_a_default(box: Any) -> None:
    setattr(box, "x", getattr(box, "x", 0) + 1)  # noqa: B010 - as above


@way(Box, get_x)
def vars_of_an_object(box: Any) -> None:
    vars(box)["x"] += 1


@way(Box, get_x)
def dictionary_of_an_object(box: Any) -> None:
    box.__dict__["x"] = box.x + 1


@way(Box, get_x)
def dictionary_of_an_object_updated(box: Any) -> None:
    box.__dict__.update(x=box.x + 1)


@way(Box, get_x)
def object_setattr(box: Any) -> None:
    object.__setattr__(box, "x", object.__getattribute__(box, "x") + 1)


@way(Box, get_x)
def attrgetter(box: Any) -> None:
    box.x = operator.attrgetter("x")(box) + 1


@way(lambda: types.SimpleNamespace(x=0), get_x)
def simple_namespace(box: Any) -> None:
    box.x += 1


@dataclass
class Record:
    """A dataclass."""

    x: int = 0


@way(Record, get_x)
def dataclass_field(box: Any) -> None:
    box.x += 1


Point = namedtuple("Point", "x y")  # noqa: PYI024 - the function is what is tested


def with_point() -> Box:
    box = Box()
    box.inner = Point(0, 0)
    return box


@way(with_point, lambda box: box.inner.x)
def named_tuple_replaced(box: Any) -> None:
    box.inner = box.inner._replace(x=box.inner.x + 1)


def fresh_function() -> Any:
    def function() -> None:
        pass

    function.calls = 0  # type: ignore[attr-defined]
    return function


@way(fresh_function, lambda function: function.calls)
def attribute_of_a_function(function: Any) -> None:
    function.calls += 1


@way(lambda: elsewhere, lambda module: module.total)
def attribute_of_a_module(module: Any) -> None:
    module.total += 1


@way(lambda: None, lambda _: elsewhere.total)
def attribute_of_an_imported_module(_: Any) -> None:
    elsewhere.total += 1


# Variables.

total = 0


@way(lambda: None, lambda _: total)
def global_variable(_: Any) -> None:
    global total
    total += 1


@way(lambda: None, lambda _: total)
def globals_function(_: Any) -> None:
    globals()["total"] = globals()["total"] + 1


@way(lambda: None, lambda _: total)
def module_from_sys(_: Any) -> None:
    sys.modules[__name__].total += 1


@way(lambda: None, lambda _: total)
def global_unpacked(_: Any) -> None:
    global total
    total, _other = total + 1, 0


@way(lambda: None, lambda _: total)
def global_of_a_loop(_: Any) -> None:
    global total
    for total in (total + 1,):
        pass


def counter() -> dict[str, Any]:
    n = 0

    def bump() -> None:
        nonlocal n
        n += 1

    def walrus() -> int:
        nonlocal n
        return (n := n + 1)

    def loop() -> None:
        nonlocal n
        for n in (n + 1,):
            pass

    def generate() -> Iterator[int]:
        nonlocal n
        n += 1
        yield n

    def comprehend() -> None:
        nonlocal n
        n = [n + 1 for _ in (0,)][0]

    read: Any = lambda: n  # noqa: E731 - a lambda is what is tested
    return {"bump": bump, "walrus": walrus, "loop": loop, "generate": generate, "comprehend": comprehend, "read": read}


def read_counter(functions: Any) -> int:
    return functions["read"]()  # type: ignore[no-any-return]


@way(counter, read_counter)
def nonlocal_variable(functions: Any) -> None:
    functions["bump"]()


@way(counter, read_counter)
def nonlocal_walrus(functions: Any) -> None:
    functions["walrus"]()


@way(counter, read_counter)
def nonlocal_of_a_loop(functions: Any) -> None:
    functions["loop"]()


@way(counter, read_counter)
def nonlocal_in_a_generator(functions: Any) -> None:
    list(functions["generate"]())


@way(counter, read_counter)
def nonlocal_in_a_comprehension(functions: Any) -> None:
    functions["comprehend"]()


def with_default() -> Any:
    def function(sums: list[int] = [0]) -> int:  # noqa: B006 - what everybody shares is what is tested
        sums[0] += 1
        return sums[0]

    return function


@way(with_default, lambda function: function() - 1)
def default_argument(function: Any) -> None:
    function()


@way(lambda: [0], first)
def partial_application(items: Any) -> None:
    functools.partial(operator.setitem, items, 0)(items[0] + 1)


@way(lambda: {"x": 0}, lambda items: items["x"])
def code_from_a_string(items: Any) -> None:
    names: dict[str, Any] = {}
    exec("def bump(items):\n    items['x'] += 1\n", names)
    names["bump"](items)


# Items.


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


@way(Counter, lambda items: items["a"])
def counting(items: Any) -> None:
    items["a"] += 1


@way(lambda: OrderedDict(a=0), lambda items: items["a"])
def ordered_dictionary(items: Any) -> None:
    items["a"] += 1


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
