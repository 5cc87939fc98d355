"""What comes to two threads in ways that are no store of the program's: bodies of classes, iterators, foreign objects."""

from __future__ import annotations

import enum
import itertools
import threading
from collections import UserDict
from configparser import ConfigParser
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def together(*works: Callable[[], object]) -> None:
    """Each in a thread of its own."""
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


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


def generated() -> None:
    """A generator expression over a list."""
    taken(number for number in [1, 2])


class Bag(UserDict[str, int]):
    """A class of the program on a foreign one, which stores its dictionary."""


def foreign_attribute() -> None:
    """Two keys of the dictionary that the foreign class has made."""
    bag = Bag()
    together(lambda: bag.__setitem__("a", 1), lambda: bag.__setitem__("b", 2))
    assert len(bag) == 2


def foreign_object() -> None:
    """An object whose insides are all foreign, and changed by foreign code."""
    parser = ConfigParser()
    parser.read_string("[one]\nx = 1")
    together(lambda: parser.set("one", "y", "1"), lambda: parser.set("one", "z", "1"))
    assert parser.get("one", "y") == "1"
