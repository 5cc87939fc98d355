"""Things and their locations: what an access touches, prepared once so that touching it again is a look-up.

A *thing* is an object that several tasks may reach: an instance, a class, a module's globals, a list, the variables of
one call of a function. Its parts are *locations*: each attribute, each key, each index. A container has three more:

- `WHOLE`: written by what may change anything (`clear`, `sort`, a slice), read by every other access;
- `SHAPE`: which keys there are; read by `len` and by iteration, inserted into by what adds or removes a key;
- `CONTENTS`: all values together; updated by whoever writes an item, read by whoever reads all of them.

A *plan* is what one kind of access to one part does: a list of locations with modes, some of which are steps. It
remembers the last segment (the stretch between two steps) in which it was touched: what was done in this segment
already need not be recorded again.

What is no step is compared with what others touch when the execution is over (see `reckoning`).
"""

from __future__ import annotations

import re
import weakref
from typing import TYPE_CHECKING, Any

from treadle.model.operations import READ

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from treadle.model.operations import Operation


class Part:
    """A location of a container that is none of its items. Equal to itself only, so to no key."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


WHOLE = Part("whole")
SHAPE = Part("keys")
CONTENTS = Part("contents")


class Location:
    """One part of a thing. Its name is made when it is asked for, which is seldom."""

    __slots__ = ("_name", "family", "key", "thing")

    thing: Thing
    key: Hashable
    family: str  # the name, but for which of many like it this is: what is learned of one holds for all

    def __init__(self, thing: Thing, key: Hashable) -> None:
        self.thing = thing
        self.key = key
        self._name = ""
        self.family = f"{thing.family}{_suffix(key, is_attribute=thing.is_namespace, is_family=True)}"

    @property
    def name(self) -> str:
        """The thing's name, and which part."""
        if not self._name:
            self._name = self._told()
        return self._name

    def _told(self) -> str:
        return f"{self.thing.name}{_suffix(self.key, is_attribute=self.thing.is_namespace)}"


def _suffix(key: Hashable, *, is_attribute: bool, is_family: bool = False) -> str:
    if isinstance(key, Part):
        return f" ({key.text})"
    if is_attribute and isinstance(key, str):
        return f".{key}"
    if is_family:
        return "[]"
    return f"[{key.name if isinstance(key, Thing) else repr(key)}]"


_NAME = re.compile(r"(?P<kind>.+) \S+@(?P<place>[^#]+)(#\d+)?")


class Plan:
    """One kind of access to one part of a thing: the locations that it touches, in which modes."""

    __slots__ = ("label", "operation", "records", "segment", "shapes", "things")

    label: str
    things: tuple[Thing, ...]
    records: list[tuple[Location, str]]  # what is only recorded
    shapes: list[tuple[Location, str]]  # those of the records that change which keys there are
    operation: Operation | None  # the step for what is one
    segment: int  # in which it was recorded last; segments are numbered through all executions. -1: never, or a step

    def __init__(
        self,
        label: str,
        things: tuple[Thing, ...],
        records: list[tuple[Location, str]],
        operation: Operation | None,
    ) -> None:
        self.label = label
        self.things = things
        self.records = records
        self.shapes = [(location, mode) for location, mode in records if location.key is SHAPE and mode != READ]
        self.operation = operation
        self.segment = -1


class Planned(dict[str, "Plan | None"]):
    """The plans for the attributes of one thing by name, made when they are needed. None: nothing to do."""

    __slots__ = ("_make", "_thing")

    def __init__(self, make: Callable[[Thing, str], Plan | None], thing: Thing) -> None:
        super().__init__()
        self._make = make
        self._thing = thing

    def __missing__(self, name: str) -> Plan | None:
        plan = self[name] = self._make(self._thing, name)
        return plan


class Thing:
    """An object that tasks may share, under its stable name.

    It is the same one in all executions of a pass, as its name is, with all that was planned for it.
    Invariant: `ledger.things[address(referent())] is self` while the referent lives.
    """

    __slots__ = (
        "family",
        "is_namespace",
        "loads",
        "locations",
        "met",
        "name",
        "plans",
        "referent",
        "stores",
        "task",
        "time",
        "trusted",
    )

    name: str
    family: str  # its kind and the line where such things are met, whoever meets them and how often
    referent: Any  # the object, or a weak reference to it, so that its address is not used again unnoticed
    is_namespace: bool  # its keys are names of attributes or variables
    task: int  # who met it first: that task's past made the name
    time: int  # and when
    met: int  # in which turn of a loop, as the ledger numbers them
    trusted: set[int]  # tasks for which that is known to be ordered before what they do
    locations: dict[Any, Location]
    plans: dict[tuple[Any, ...], Plan]  # by label, way and key
    loads: Planned
    stores: Planned

    def __init__(self, name: str, *, is_namespace: bool) -> None:
        self.name = name
        parts = _NAME.fullmatch(name)
        self.family = f"{parts['kind']} {parts['place']}" if parts else name
        self.is_namespace = is_namespace
        self.locations = {}
        self.plans = {}

    def is_gone(self) -> bool:
        """Whether it is known that the object is not there any more."""
        return type(self.referent) is weakref.ref and self.referent() is None

    def location(self, key: Hashable) -> Location:
        """The part with this key."""
        found = self.locations.get(key)
        if found is None:
            found = self.locations[key] = Location(self, key)
        return found
