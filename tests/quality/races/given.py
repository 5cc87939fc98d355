"""What comes to two threads in ways that are no store of the program's: bodies of classes, iterators, foreign objects."""

from __future__ import annotations

import copy
import enum
import functools
import itertools
import random
import threading
from collections.abc import MutableMapping
from configparser import ConfigParser
from email.message import Message
from typing import TYPE_CHECKING, Any, ClassVar
from unittest import mock

from tests.quality.races.ways import together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def taken(numbers: Iterator[Any]) -> None:
    """Two threads take one item each: each gets one of the two."""
    found: dict[int, Any] = {}

    def take(place: int) -> None:
        found[place] = next(numbers)

    together(lambda: take(0), lambda: take(1))
    assert found[0] != found[1]


class Registry:
    """A class whose body has bound a dictionary, and a class in it."""

    known: ClassVar[dict[str, int]] = {}

    class Inner:
        """And a list in that one."""

        names: ClassVar[list[str]] = []


class Once(type):
    """A metaclass that keeps what it has made."""

    made: ClassVar[dict[type, object]] = {}

    def __call__(cls) -> object:
        """The one instance."""
        if cls not in cls.made:
            cls.made[cls] = super().__call__()
        return cls.made[cls]


class Only(metaclass=Once):
    """There is to be one."""


def body_of_a_class() -> None:
    """Two keys of the same dictionary: nothing is lost."""
    together(lambda: Registry.known.update(a=1), lambda: Registry.known.update(b=2))
    assert len(Registry.known) == 2


def body_of_an_inner_class() -> None:
    """Two appends."""
    together(lambda: Registry.Inner.names.append("a"), lambda: Registry.Inner.names.append("b"))
    assert len(Registry.Inner.names) == 2


def body_of_a_local_class() -> None:
    """The same, where the class is made in the scenario, and found through an instance."""

    class Local:
        names: ClassVar[list[str]] = []

        def add(self, name: str) -> None:
            self.names.append(name)

    local = Local()
    together(lambda: local.add("a"), lambda: local.add("b"))
    assert len(local.names) == 2


def metaclass() -> None:
    """What the metaclass keeps is one in the end, whoever came first."""
    together(Only, Only)
    assert len(Once.made) == 1


def local_enumeration() -> None:
    """Members of an enumeration that the scenario makes."""

    class State(enum.Enum):
        IDLE = 1
        BUSY = 2

    class Machine:
        state = State.IDLE

    machine = Machine()

    def work() -> None:
        machine.state = State.BUSY

    together(work, work)
    assert machine.state is State.BUSY


def iterator_of_a_list() -> None:
    """Of a list that nobody has but the iterator."""
    taken(iter([1, 2]))


def iterator_of_a_dictionary() -> None:
    """And of a dictionary."""
    taken(iter({1: 2, 3: 4}))


def backwards() -> None:
    """From the end."""
    taken(reversed([1, 2]))


def side_by_side() -> None:
    """Two lists at once."""
    taken(zip([1, 2], [3, 4], strict=True))


def one_after_the_other() -> None:
    """Of `itertools`."""
    taken(itertools.chain([1], [2]))


def method_as_target() -> None:
    """A list's own method runs as a thread, while the list is added to."""
    numbers: list[int] = []
    together(functools.partial(numbers.append, 1), lambda: numbers.append(2))
    assert len(numbers) == 2


def method_as_argument() -> None:
    """It is handed to a function of the program."""
    numbers: list[int] = []

    def add(push: Callable[[int], None]) -> None:
        push(1)

    thread = threading.Thread(target=add, args=[numbers.append])
    thread.start()
    numbers.append(2)
    thread.join()
    assert len(numbers) == 2


def teed() -> None:
    """Each of two threads has an iterator of `tee`, and one goes on from a copy: the list's own can be entered by both."""
    first, second = itertools.tee(iter([1, 2]))
    found: dict[int, list[int]] = {}

    def take(place: int, numbers: Iterator[int]) -> None:
        found[place] = [next(numbers), *copy.copy(numbers)]

    together(lambda: take(0, first), lambda: take(1, second))
    assert (found[0], found[1]) == ([1, 2], [1, 2])


def teed_while_it_grows() -> None:
    """The end may be found before another item is appended; then it is the end for all."""
    numbers = [1]
    first, second = itertools.tee(numbers)
    next(first)
    together(lambda: numbers.append(2), lambda: next(first, None))
    assert 2 in list(second)


def chain_of_displays() -> None:
    """What is made for a comparison alone needs no look."""
    numbers: list[int] = []
    together(lambda: numbers.append(1), lambda: set() <= {*numbers} <= {1})


def dice_of_a_module() -> None:
    """The module's own dice, which are put back before each execution by code of the module."""
    found: dict[int, float] = {}

    def throw(place: int) -> None:
        found[place] = random.random()

    together(lambda: throw(0), lambda: throw(1))
    assert found[0] != found[1]


def generator_entered_twice() -> None:
    """The interpreter may leave a generator in the middle, and says so to whoever asks it meanwhile."""

    def numbers() -> Iterator[int]:
        for number in range(3):  # noqa: UP028 - so that there is something to be left in the middle of
            yield number

    shared = numbers()
    together(lambda: next(shared), lambda: next(shared))


def patched_by_foreign_code() -> None:
    """One thread patches what another one calls."""

    class Server:
        def answer(self) -> int:
            return 1

    server = Server()
    heard: list[int] = []

    def patch() -> None:
        with mock.patch.object(Server, "answer", return_value=2):
            pass

    together(patch, lambda: heard.append(server.answer()))
    assert heard == [1]


def update_from_a_shared_dictionary() -> None:
    """The method that `collections.abc` lends goes through a dictionary that another thread changes."""
    table: Counted = Counted()
    given = {"a": 1}

    def grow() -> None:
        given["b"] = 2

    together(grow, lambda: table.update(given))
    assert len(table) == 2


class Counted(MutableMapping[str, int]):
    """A mapping of the program's own."""

    def __init__(self) -> None:
        self._kept: dict[str, int] = {}

    def __getitem__(self, key: str) -> int:
        return self._kept[key]

    def __setitem__(self, key: str, value: int) -> None:
        self._kept[key] = value

    def __delitem__(self, key: str) -> None:
        del self._kept[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


def generated() -> None:
    """A generator expression over a list."""
    taken(number for number in [1, 2])


class Letter(Message):
    """A class of the program on a foreign one, which stores its list."""


def foreign_attribute() -> None:
    """Two items of the list that the foreign class has made."""
    letter = Letter()
    together(lambda: letter.__setitem__("a", "1"), lambda: letter.__setitem__("b", "2"))
    assert len(letter) == 2


def foreign_object() -> None:
    """An object whose insides are all foreign, and changed by foreign code."""
    parser = ConfigParser()
    parser.read_string("[one]\nx = 1")
    together(lambda: parser.set("one", "y", "1"), lambda: parser.set("one", "z", "1"))
    assert parser.get("one", "y") == "1"


class Shelf:
    """A class that is iterated by way of its list."""

    def __init__(self) -> None:
        """Nothing is on it."""
        self.items: list[int] = []

    def __iter__(self) -> Iterator[int]:
        """What `iter` gives: an iterator of the list's own."""
        return iter(self.items)


class Backwards(Shelf):
    """The same, from the end."""

    def __iter__(self) -> Iterator[int]:
        return reversed(self.items)


class Called(Shelf):
    """The same, by the method's name."""

    def __iter__(self) -> Iterator[int]:
        return self.items.__iter__()


class Table:
    """A mapping of the program's own, whose keys are those of a dictionary."""

    def __init__(self) -> None:
        """Nothing is in it."""
        self.items: dict[int, int] = {}

    def keys(self) -> Any:
        """The dictionary's own view."""
        return self.items.keys()

    def __getitem__(self, key: int) -> int:
        """One of them."""
        return self.items[key]


def looked_at(shelf: Any, look: Callable[[Any], object], put: Callable[[Any], object]) -> None:
    """One thread looks while the other one puts something there; it never comes too early."""
    seen: list[object] = []
    together(lambda: put(shelf.items), lambda: seen.append(look(shelf)))
    assert seen[0]


def put_last(items: list[int]) -> None:
    """Onto the shelf."""
    items.append(1)


def loop_over_an_object() -> None:
    """By a loop."""
    looked_at(Shelf(), lambda shelf: [item for item in shelf], put_last)  # noqa: C416 - a loop is what is meant


def sum_of_an_object() -> None:
    """By code in C."""
    looked_at(Shelf(), sum, put_last)


def list_of_an_object() -> None:
    """From the end, by code in C."""
    looked_at(Backwards(), list, put_last)


def iterator_by_its_method() -> None:
    """By the method that `iter` calls."""
    looked_at(Called(), list, put_last)


def dict_of_an_object() -> None:
    """By `dict`, which asks for the keys and then for each value."""
    looked_at(Table(), dict, lambda items: items.update({1: 2}))


def keywords_of_an_object() -> None:
    """As keyword arguments, which are read before the call."""
    looked_at(Named(), lambda table: keywords(**table), lambda items: items.update(one=2))


def display_of_an_object() -> None:
    """In a display of a dictionary."""
    looked_at(Table(), lambda table: {**table}, lambda items: items.update({1: 2}))


def update_from_an_object() -> None:
    """By the method of a dictionary."""

    def copied(table: Any) -> dict[Any, Any]:
        copy: dict[Any, Any] = {}
        copy.update(table)
        return copy

    looked_at(Table(), copied, lambda items: items.update({1: 2}))


def keywords(**given: int) -> dict[str, int]:
    """What it was called with."""
    return given


class Named(Table):
    """A table whose keys are names."""
