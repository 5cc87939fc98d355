"""Writes that change what others mean: classes, dictionaries of attributes, code; and attributes of modules that nobody has copied.

One thread writes, another one reads, and the assertion holds in one order only.
"""

from __future__ import annotations

import abc
import functools
import itertools
import math
import threading
import types
from typing import Any


class One:
    """Has its attributes in a dictionary."""

    value = 1
    other = 0

    def __init__(self) -> None:
        self.kept = 0


class Two(One):
    """The same, with another value."""

    value = 2


class Slotted:
    """Has a slot."""

    __slots__ = ("kept",)


def either(write: Any, read: Any) -> None:
    found: list[Any] = []
    threads = [threading.Thread(target=write), threading.Thread(target=lambda: found.append(read()))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [2]


def of_a_module_made_here() -> None:
    module: Any = types.ModuleType("made")
    module.value = 1
    either(lambda: setattr(module, "value", 2), lambda: module.value)


def of_a_module_of_the_process() -> None:
    shared: Any = math
    shared.treadle_value = 1
    either(lambda: setattr(shared, "treadle_value", 2), lambda: shared.treadle_value)


def class_of_an_instance() -> None:
    one: Any = One()
    either(lambda: setattr(one, "__class__", Two), lambda: one.value)


def class_by_a_statement() -> None:
    one: Any = One()

    def write() -> None:
        one.__class__ = Two

    either(write, lambda: one.value)


def special_method_of_a_class() -> None:
    class Sized:
        def __len__(self) -> int:
            return 1

    either(lambda: setattr(Sized, "__len__", lambda _: 2), lambda: len(Sized()))


class Kind(abc.ABC):  # noqa: B024 - others are registered with it
    """A class that others may say that they are of."""


def class_that_is_registered() -> None:
    class Other:
        pass

    either(lambda: Kind.register(Other), lambda: isinstance(Other(), Kind) + 1)


def bases_of_a_class() -> None:
    class Base(One):
        pass

    class Third(Base):
        pass

    either(lambda: setattr(Third, "__bases__", (Two,)), lambda: Third.value)


def dictionary_of_an_instance() -> None:
    one = One()
    either(lambda: setattr(one, "__dict__", {"kept": 2}), lambda: one.kept)


def dictionary_of_two() -> None:
    """Replaced before any thread was started."""
    one, other = One(), One()
    other.__dict__ = one.__dict__
    either(lambda: setattr(one, "kept", 2), lambda: other.kept)


def code_of_a_function() -> None:
    def one() -> int:
        return 1

    def two() -> int:
        return 2

    either(lambda: setattr(one, "__code__", two.__code__), one)


def answer() -> int:
    return 1


def function_of_a_module() -> None:
    either(lambda: globals().update(answer=lambda: 2), lambda: answer())


def function_of_a_module_by_its_name() -> None:
    either(lambda: globals().__setitem__("answer", lambda: 2), lambda: answer())


def hidden_built_in() -> None:
    either(lambda: globals().__setitem__("abs", lambda _: 2), lambda: abs(-1))


def attribute_of_a_function_with_a_cache() -> None:
    @functools.lru_cache
    def function() -> None:
        pass

    part: Any = function
    part.kept = 1
    either(lambda: setattr(part, "kept", 2), lambda: part.kept)


def items_of_what_several_go_round() -> None:
    items = [1, 1]
    circle = itertools.cycle(items)

    def take() -> int:
        items[0] = items[1] = 2
        return next(circle)

    either(lambda: next(circle), take)


def contents_of_a_cell() -> None:
    value = 1

    def get() -> int:
        return value

    cell: Any = (get.__closure__ or ())[0]
    either(lambda: setattr(cell, "cell_contents", 2), get)


def slot_by_its_descriptor() -> None:
    slotted: Any = Slotted()
    slotted.kept = 1
    descriptor: Any = vars(Slotted)["kept"]
    either(lambda: descriptor.__set__(slotted, 2), lambda: descriptor.__get__(slotted))
