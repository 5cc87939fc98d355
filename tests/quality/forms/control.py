# ruff: noqa: C400, C901, F821, PERF401, PLC3002, PLR0912, PT018, RET503, SIM223
# mypy: ignore-errors
# Python is wanted here in every form that it has.
"""Generators, coroutines, with, match, and errors with the lines in their tracebacks: each form is a function that returns what it came to."""

from __future__ import annotations

import traceback
from contextlib import contextmanager
from typing import Any

from tests.quality.forms.loud import Loud, note, noted

FORMS: list[Any] = []


def form(function: Any) -> Any:
    """One of the forms."""
    FORMS.append(function)
    return function


@form
def generators() -> Any:
    def count(n: int) -> Any:
        try:
            while n:
                got = yield n
                note(got)
                n -= 1
        finally:
            note("closed")
        return "done"

    def delegate() -> Any:
        result = yield from count(2)
        yield result
        yield from [7, 8]

    one = delegate()
    found = [next(one), one.send("sent"), *one]
    other = count(5)
    next(other)
    other.close()
    try:
        other.throw(KeyError("k"))
    except KeyError as error:
        found.append(str(error))
    return found, noted(), list(x * y for x in range(3) for y in range(x) if x + y)


@form
def coroutines() -> Any:
    class Ready:
        def __await__(self) -> Any:
            yield "waiting"
            return 5

    async def numbers() -> Any:
        for i in range(2):
            yield i

    class Guard:
        async def __aenter__(self) -> str:
            return "in"

        async def __aexit__(self, *exception: object) -> None:
            note("out")

    async def main() -> Any:
        async with Guard() as place:
            found = [place, await Ready()]
        async for number in numbers():
            found.append(number)
        found.append([n async for n in numbers()])
        return found

    task = main()
    said = [task.send(None)]
    try:
        task.send(None)
    except StopIteration as stop:
        said.append(stop.value)
    return said, noted()


@form
def with_statements() -> Any:
    @contextmanager
    def manager() -> Any:
        note("before")
        try:
            yield {"k": 1}
        finally:
            note("after")

    box: dict[str, Any] = {}
    with manager() as box["a"], manager() as (key):
        note(key)
    with Loud("a"):
        raise ValueError("swallowed")
    return box, noted()


@form
def matches() -> Any:
    class Point:
        __match_args__ = ("x", "y")

        def __init__(self, x: Any, y: Any) -> None:
            self.x = x
            self.y = y

    def kind(value: Any) -> Any:
        match value:
            case [1, *rest] if rest:
                return "list", rest
            case {"a": a, **others}:
                return "mapping", a, others
            case Point(0, y=y) if y > 5:
                return "far", y
            case Point(x, y):
                return "point", x, y
            case str() | bytes() as text:
                return "text", text
            case None | True:
                return "constant"
            case _:
                return "other"

    values = ([1], [1, 2], {"a": 1, "b": 2}, Point(0, 9), Point(0, 1), "s", b"b", None, True, 3)
    return [kind(value) for value in values]


def fail(how: int) -> Any:
    """Go wrong, in one of many ways."""
    box: Any = Loud("a") if how > 4 else object()
    if how == 0:
        return box.missing
    if how == 1:
        box.missing = 1
    # fmt: off
    if how == 2:
        return [][
            how
        ]
    if how == 11:
        return (
            box
            .name
            .upper()
            .missing
            .more()
        )
    # fmt: on
    if how == 3:
        return {}["key"]
    if how == 4:
        return 1 + "a"  # type: ignore[operator]
    if how == 5:
        return len(5)  # type: ignore[arg-type]
    if how == 6:
        (lambda: 1 / 0)()
    if how == 7:
        return undefined  # type: ignore[name-defined]
    if how == 8:
        assert [] and how, f"wrong {how}"
    if how == 9:
        return [].pop()
    if how == 10:
        return how()  # type: ignore[operator]
    for _ in 5:  # type: ignore[attr-defined]
        pass


@form
def errors_and_their_lines() -> Any:
    found = []
    for how in range(13):
        try:
            fail(how)
        except Exception as error:
            frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == __file__]
            found.append((type(error).__name__, str(error), [(f.name, f.lineno) for f in frames]))
    return found
