# ruff: noqa: C901, PLR0911, PLR0912, RUF012
# mypy: ignore-errors
# Python is wanted here in every form that it has.
"""Patterns of `match`: what fits, what is bound, what is asked of the subject and when, and the errors."""

from __future__ import annotations

import array
import enum
import types
from collections import ChainMap, OrderedDict, UserList, defaultdict, deque, namedtuple
from typing import Any

from tests.quality.forms.loud import note, noted

FORMS: list[Any] = []
Pair = namedtuple("Pair", "a b")  # noqa: PYI024 - as old code has it


def form(function: Any) -> Any:
    """One of the forms."""
    FORMS.append(function)
    return function


class Color(enum.Enum):
    RED = 1
    GREEN = 2


class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x: Any, y: Any) -> None:
        self.x = x
        self.y = y


class Heard:
    """Says what it is asked."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "none":
            raise AttributeError(name)
        return note(name)

    def __eq__(self, other: object) -> Any:
        return note(["==", other]) if other else note([])

    __hash__ = None


class Row(list):
    """Says how long it is, and which items are taken."""

    def __len__(self) -> int:
        note("len")
        return super().__len__()

    def __getitem__(self, index: Any) -> Any:
        return super().__getitem__(note(index))

    def __iter__(self) -> Any:
        note("iter")
        return super().__iter__()


class Table(dict):
    """Says which keys are asked for."""

    def get(self, *args: Any) -> Any:
        note(("get", args[0]))
        return super().get(*args)

    def keys(self) -> Any:
        note("keys")
        return super().keys()

    def __len__(self) -> int:
        note("len")
        return super().__len__()


SUBJECTS: list[Any] = [
    *(0, 1, -1, 1.0, True, None, "a", "ab", b"a", bytearray(b"a"), 2j, Color.RED, Color.GREEN, range(3)),
    *((), [], [1], [1, 2], (1, 2, 3), [[1, 2], 3], [1, [2, [3]]], {1, 2}, frozenset({1}), iter([1]), memoryview(b"ab")),
    *({}, {"a": 1}, {"a": 1, "b": 2}, {"a": {"b": [1, 2]}}, OrderedDict(a=1), defaultdict(int), ChainMap({"a": 5})),
    *(deque([1, 2]), array.array("i", [1, 2]), UserList([1, 2]), Pair(1, 2), types.SimpleNamespace(a=1)),
    *(types.MappingProxyType({"a": 3}), Point(0, 0), Point(0, 5), Point(Point(1, 2), 3), Point, int, Ellipsis),
]


def classify(value: Any) -> Any:
    match value:
        case None | True | False:
            return "one of three", value
        case 0 | -1 | 2j as number:
            return "number", number
        case Color.RED:
            return "red"
        case "a" | b"a":
            return "letter"
        case str(text):
            return "text", text
        case int() as number if number < 0:
            return "negative"
        case int(number) | float(number):
            return "other number", number
        case []:
            return "empty"
        case [_]:
            return "single"
        case [[one, two], three] | [one, [two, [three]]]:
            return "nested", one, two, three
        case [1, *rest, 3]:
            return "from one to three", rest
        case [first, *_, last] if first == last:
            return "circle"
        case [_, *_, last]:
            return "last", last
    return classify_more(value)


def classify_more(value: Any) -> Any:
    match value:
        case {"a": {"b": [_, deep]}}:
            return "deep", deep
        case {"a": one, "b": 2, **rest}:
            return "both", one, rest
        case {"a": found, **rest}:
            return "a", found, rest
        case {**rest}:
            return "mapping", rest
        case Point(x=0, y=0):
            return "origin"
        case Point(0, y):
            return "on the axis", y
        case Point(Point(x, y), z):
            return "point of a point", x, y, z
        case types.SimpleNamespace(a=found):
            return "namespace", found
        case type() as kind:
            return "class", kind.__name__
        case bytearray() | set() | frozenset():
            return "container", len(value)
        case other:
            return "other", type(other).__name__


@form
def what_fits() -> Any:
    return [classify(value) for value in SUBJECTS if not hasattr(value, "__next__")]


@form
def what_is_asked() -> Any:
    found = []
    for subject in (Heard(), Row([1, 2, 3]), Table(a=1, b=2), Row(), Table()):
        match subject:
            case 0 | "no":
                found.append("equal")
            case Heard(one="two", two="two"):
                found.append("not this")
            case Heard(one="one", none=_):
                found.append("nor this")
            case Heard(one="one", two=two) if note(two) == "no":
                found.append("nor that")
            case [1, 2]:
                found.append("two")
            case [1, *_, 4]:
                found.append("four")
            case [1, *middle, 3] if note(middle) == []:
                found.append("none between")
            case [_, *_, last]:
                found.append(last)
            case {"a": 2, "b": _}:
                found.append("a is 2")
            case {"a": one, "c": _}:
                found.append("c")
            case {"a": one, **rest}:
                found.append((one, rest))
            case [*everything] | {**everything}:
                found.append(everything)
            case _:
                found.append("heard")
        found.append(noted())
    return found


@form
def what_is_bound() -> Any:
    found = []
    for subject in ((1, 2), (3, 4, 5), "no"):
        a = b = "unbound"
        match subject:
            case (a, 9) | (9, a):
                found.append("never")
            case (a, b) if b == 7:
                found.append("bound, but the guard says no")
            case (a, *b, 5):
                found.append("three")
        found.append((a, b))
    return found


class Inside:
    """A class whose body matches."""

    match (1, 2):
        case (one, two):
            pass

    match {"k": 3}:
        case {"k": three}:
            pass


match [1, {"k": (2, 3)}]:
    case [TOP, {"k": (MIDDLE, *LAST)}]:
        pass


@form
def where_it_is_bound() -> Any:
    def generated(values: Any) -> Any:
        for value in values:
            match value:
                case (first, second):
                    got = yield first
                    yield got, second
                case _:
                    yield [lambda: value][0]()  # noqa: B023 - is called at once

    def outer() -> Any:
        kept = "before"

        def inner(value: Any) -> None:
            nonlocal kept
            match value:
                case {"to": kept}:
                    pass

        inner({"to": "after"})
        return kept, sorted(locals())

    steps = generated([(1, 2), 3])
    return (
        (Inside.one, Inside.two, Inside.three),
        (TOP, MIDDLE, LAST),
        [next(steps), steps.send("sent"), next(steps)],
        outer(),
    )


class Odd:
    __match_args__: Any = ["x"]


class Odder:
    __match_args__: Any = (1,)


class Twice:
    __match_args__ = ("x", "x")
    x = 1


class Angry:
    def __eq__(self, other: object) -> bool:
        raise ValueError("not comparable")

    __hash__ = None


KEY = types.SimpleNamespace(one="a", two="a")
WRONG: list[Any] = [Odd(), Odder(), Twice(), Twice(), 1, Point(1, 2), 1, {"a": 1, "b": 2}, Angry(), object()]


def mismatch(subject: Any, number: int) -> Any:
    """Ask what cannot be asked of each of the above."""
    match number, subject:
        case 0, Odd(1):
            pass
        case 1, Odder(1):
            pass
        case 2, Twice(1, 1):
            pass
        case 3, Twice(1, x=1):
            pass
        case 4, int(1, 2):
            pass
        case 5, Point(1, 2, 3):
            pass
        case 6, KEY.one():
            pass
        case 7, {KEY.one: 1, KEY.two: 1}:
            pass
        case 8, 5:
            pass
        case 9, object(1):
            pass


@form
def what_goes_wrong() -> Any:
    found: list[Any] = []
    for number, subject in enumerate(WRONG):
        try:
            mismatch(subject, number)
        except Exception as error:
            found.append((type(error).__name__, str(error), error.__traceback__.tb_next.tb_lineno))
    return found
