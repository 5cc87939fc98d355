"""Adding one to an attribute, in every way in which Python can say that. Each is a load and a store.

`WAYS` has the names; the module's `racy_NAME` and `locked_NAME` are the scenarios.
"""

from __future__ import annotations

import functools
import operator
import types
import weakref
from collections import namedtuple
from dataclasses import dataclass
from typing import Any

from tests.quality.races import elsewhere, ways
from tests.quality.races.boxes import Box, get_x

way = ways.bumping(globals())


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


@way(Box, get_x)
def methodcaller(box: Any) -> None:
    operator.methodcaller("bump")(box)


def given_a_dictionary() -> Box:
    box, other = Box(), Box()
    box.__dict__ = other.__dict__.copy()
    return box


@way(given_a_dictionary, get_x)
def dictionary_of_an_object_given_at_first(box: Any) -> None:
    box.x += 1


def kept_beside() -> Any:
    box, table = Box(), {"x": 0}
    box.__dict__ = table
    return box, table


@way(kept_beside, lambda both: get_x(both[0]))
def dictionary_of_an_object_kept_beside(both: Any) -> None:
    box, table = both
    table["x"] = box.x + 1


def applied() -> Any:
    part: Any = functools.partial(int)
    part.x = 0
    return part


@way(applied, get_x)
def attribute_of_a_partial(part: Any) -> None:
    part.x += 1


class Table(dict[str, int]):
    """A dictionary that counts how often it is asked, also by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.x = 0

    def get(self, *_: Any) -> Any:
        self.x += 1
        return 0


@way(Table, get_x)
def attribute_of_a_dictionary(table: Any) -> None:
    table.get("a")


@way(Box, get_x)
def property_by_its_getter(box: Any) -> None:
    found = property(get_x)
    box.x = found.__get__(box) + 1


@way(Box, get_x)
def weak_proxy(box: Any) -> None:
    proxy: Any = weakref.proxy(box)
    proxy.x += 1


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
