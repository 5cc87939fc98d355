"""Words: observations, client programs, and the values of constants, all of them frozen data.

An *observation* is what a client sees of an object: that a call begins, what it returned or raised, that a callback
begins or ends. It bears the name of an action of the specification and that action's arguments, the thread first.

A *program* is what the clients do: for each thread the calls that it makes one after the other, and how the object is
made. Calls are text, which only a kit understands: "wait", "put 1". Threads are named a, b, c, ...
"""

from __future__ import annotations

from dataclasses import dataclass, field
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any, NamedTuple

from treadle.model.faults import Faults
from treadle.tla.values import FALSE, TRUE, ModelValue, Truth, function, sequence, show

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Seen = tuple[Any, ...]
"""An action's name and its arguments but for the thread: ("Call", "wait"), ("Return", ("index", 0))."""


class Observation(NamedTuple):
    """An action of the specification that a client saw happen."""

    action: str
    arguments: tuple[Any, ...]  # values of Python, the name of the thread first

    @property
    def thread(self) -> str:
        """Who saw it."""
        return str(self.arguments[0])

    @property
    def text(self) -> str:
        """As the specification writes it: `Return(a, <<"index", 0>>)`."""
        return f"{self.action}({', '.join(map(show, self.values))})"

    @property
    def short(self) -> str:
        """Without the thread, as in the column of that thread: `Return <<"index", 0>>`."""
        return " ".join([self.action, *map(show, self.values[1:])])

    @property
    def values(self) -> tuple[Any, ...]:
        """The arguments as values of TLA+."""
        thread, *rest = self.arguments
        return (ModelValue.named(str(thread)), *map(value_of, rest))


@dataclass(frozen=True, slots=True)
class Program:
    """What the clients do with one object. Plain data: `as_json` and `from_json` are inverses."""

    threads: tuple[tuple[str, ...], ...]  # by thread: the calls that it makes
    setup: Mapping[str, Any] = field(default_factory=dict)  # how the object is made: for a barrier, parties and action

    @property
    def names(self) -> tuple[str, ...]:
        """What the threads are called, here and in the specification."""
        return names(len(self.threads))

    @property
    def slow(self) -> tuple[str, ...]:
        """The names of the threads that may stop for ever, of which one does at most."""
        return tuple(self.setup.get("slow") or ())

    @property
    def faults(self) -> str:
        """Which exceptions may be delivered into the threads, as `treadle.model.faults` reads it; empty: none."""
        return str(self.setup.get("faults") or "")

    @property
    def alike(self) -> tuple[tuple[int, ...], ...]:
        """The threads that nothing in the program tells apart: groups of two or more, by number.

        They make the same calls, and the setup names none of them: as one that is slow, or as one into which exceptions
        are delivered.
        """
        named = set(_texts(self.setup.values()))
        if self.faults and Faults.of(self.faults).threads:
            return ()
        groups: dict[tuple[str, ...], list[int]] = {}
        for thread, (name, calls) in enumerate(zip(self.names, self.threads, strict=True)):
            if name not in named:
                groups.setdefault(calls, []).append(thread)
        return tuple(tuple(group) for group in groups.values() if len(group) > 1)

    @property
    def calls(self) -> frozenset[str]:
        """The calls that occur."""
        return frozenset(call for calls in self.threads for call in calls)

    @property
    def size(self) -> tuple[int, int]:
        """Smaller programs come first: by the number of calls, then of threads."""
        return sum(map(len, self.threads)), len(self.threads)

    @property
    def text(self) -> str:
        """In one line: `parties=2 | a: wait, abort | b: wait`."""
        setup = " ".join(f"{name}={_told(value)}" for name, value in self.setup.items() if value not in {None, ()})
        told = [f"{name}: {', '.join(calls)}" for name, calls in zip(self.names, self.threads, strict=True)]
        return " | ".join([setup, *told] if setup else told)

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"threads": [list(calls) for calls in self.threads], "setup": dict(self.setup)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Program:
        """What `as_json` wrote."""
        setup = {name: tuple(value) if isinstance(value, list) else value for name, value in data["setup"].items()}
        return cls(tuple(tuple(map(str, calls)) for calls in data["threads"]), setup)


def setting(program: Program, name: str) -> str:
    """A value of a program's setup as text; "none" for what is not set."""
    value = program.setup.get(name)
    return "none" if value in {None, ()} else _told(value)


def _texts(values: Iterable[Any]) -> Iterator[str]:
    """All texts among the values, and in the lists among them."""
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, (tuple, list)):
            yield from _texts(value)


def _told(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How large the client programs may be."""

    threads: int = 3
    rounds: int = 2  # calls of one thread
    calls: tuple[str, ...] = ()  # that may be made; empty: those that the kit chooses
    parties: int | None = None  # for what has parties; None: the kit chooses
    faults: int | str = 0  # exceptions that are delivered into threads: how many in one execution, or which and where


def names(count: int) -> tuple[str, ...]:
    """The names of so many threads: a, b, c, ..."""
    return tuple(ascii_lowercase[index] for index in range(count))


def model(name: str) -> ModelValue:
    """The model value of this name, as `CONSTANT a = a` makes one."""
    return ModelValue.named(name)


def models(names: Iterable[str]) -> frozenset[ModelValue]:
    """A set of model values: what the constant `Threads` is, for instance."""
    return frozenset(map(ModelValue.named, names))


def value_of(value: Any) -> Any:
    """The value of TLA+ that a value of Python stands for: int, str, bool, tuple (a sequence), dict (a function), set, model."""
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, tuple):
        return sequence(map(value_of, value))
    if isinstance(value, dict):
        return function({value_of(key): value_of(item) for key, item in value.items()})
    if isinstance(value, (set, frozenset)):
        return frozenset(map(value_of, value))
    if isinstance(value, (int, str, ModelValue, Truth)):
        return value
    raise TypeError(f"{value!r} has no value in TLA+; it may be an int, str, bool, tuple, dict, set or model value")
