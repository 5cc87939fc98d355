"""Where the interpreter that runs the tests delivers an exception that was ordered for a thread, asked of itself.

`_ = -order` orders it for the running thread: it calls C from an instruction that is no call, so nothing is delivered there.
Then the cases say where it comes. `treadle.runtime.faults` relies on each of these facts.
"""

from __future__ import annotations

import ctypes
import functools
import threading
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class StruckError(BaseException):
    """What is ordered."""


ORDER = functools.partial(
    ctypes.pythonapi.PyThreadState_SetAsyncExc, ctypes.c_ulong(threading.get_ident()), ctypes.py_object(StruckError)
)
"""Orders the exception for the main thread; further arguments are ignored."""


class Order:
    __neg__ = staticmethod(ORDER)


class LockLike:
    """A context manager one of whose methods is C, and orders the exception."""

    def __init__(self, log: list[str]) -> None:
        self.log = log

    def __enter__(self) -> None:
        pass

    def __exit__(self, *exception: object) -> None:
        self.log.append("left")


class OrderingEnter(LockLike):
    __enter__ = staticmethod(ORDER)


class OrderingExit(LockLike):
    __exit__ = staticmethod(ORDER)


order: Any = Order()


def nothing(log: list[str]) -> None:
    log.append("nothing ran")


def ordering() -> None:
    _ = -order


def entering_a_function(log: list[str]) -> None:
    log += ["before"]
    _ = -order
    log += ["ordered"]
    nothing(log)


def returning_from_a_function(log: list[str]) -> None:
    ordering()
    log += ["returned"]
    len(())
    log += ["called C"]


def returning_from_c(log: list[str]) -> None:
    log += ["before"]
    ORDER()
    log += ["returned"]


def entering_with(log: list[str]) -> None:
    with OrderingEnter(log):
        log += ["inside"]
        len(())
        log += ["still inside"]


def leaving_with(log: list[str]) -> None:
    with OrderingExit(log):
        log += ["inside"]
    log += ["outside"]


def jumping_back_in_for(log: list[str]) -> None:
    for turn in ("first", "second"):
        _ = -order
        log += [turn]


def jumping_back_in_while(log: list[str]) -> None:
    turns = 0
    while turns < 2:
        turns += 1
        _ = -order
        log += ["turn"]


def ending_a_while(log: list[str]) -> None:
    turns = 0
    while turns < 1:
        turns += 1
        _ = -order
    log += ["after the loop"]
    len(())
    log += ["called C"]


def going_on_after_yield(log: list[str]) -> None:
    def numbers() -> Iterator[int]:
        try:
            yield 1
            log.append("went on")
        except StruckError:
            log.append("inside")
            raise

    for _ in numbers():
        _ = -order


CASES: list[tuple[Callable[[list[str]], None], list[str]]] = [
    (entering_a_function, ["before", "ordered"]),
    (returning_from_a_function, ["returned"]),
    (returning_from_c, ["before"]),
    (entering_with, ["inside", "left"]),
    (leaving_with, ["inside"]),
    (jumping_back_in_for, ["first"]),
    (jumping_back_in_while, ["turn"]),
    (ending_a_while, ["after the loop"]),
]


@pytest.mark.parametrize(("case", "expected"), CASES, ids=lambda case: getattr(case, "__name__", ""))
def test_an_exception_is_delivered_where_we_say(case: Callable[[list[str]], None], expected: list[str]) -> None:
    """Entering a function, when C has returned, at a jump back; not when Python has returned, not in `with` before its body."""
    log: list[str] = []
    with pytest.raises(StruckError):
        case(log)
    assert log == expected


def test_a_for_loop_jumps_back_before_its_generator_goes_on() -> None:
    """So the exception is delivered to the loop, and the generator is closed."""
    log: list[str] = []
    with pytest.raises(StruckError):
        going_on_after_yield(log)
    assert log == []


def test_a_generator_is_hit_when_it_goes_on() -> None:
    """It is its own handler that sees the exception."""
    log: list[str] = []

    def numbers() -> Iterator[str]:
        try:
            yield "first"
        except StruckError:
            log.append("inside")
            yield "second"

    # `yield from` goes on without looking, and hands on to what it delegates to.
    def outer() -> Iterator[str]:
        try:
            yield from numbers()
        except StruckError:
            log.append("outside")

    generator = outer()
    assert next(generator) == "first"
    _ = -order
    for value in generator:
        log.append(value)
        break
    assert log == ["inside", "second"]
