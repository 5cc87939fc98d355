# ruff: noqa: PT017 - scenarios, which pytest never runs
"""Ways of sharing an exception of a built-in class, which nobody can refer to weakly (`instrumentation.exceptions`).

`WAYS` has the names; the module's `racy_NAME` and `locked_NAME` are the scenarios.
"""

from __future__ import annotations

import gc
import traceback
import weakref
from concurrent.futures import Future
from typing import Any

from tests.quality.races import ways
from tests.quality.races.ways import together

WAYS: list[str] = []

bump = ways.bumping(globals())
ERROR = ValueError(0)


class Shared:
    """An exception, and whether it was touched."""

    def __init__(self) -> None:
        self.error: Any = ValueError("no")
        self.done = False


def fresh() -> Any:
    error: Any = ValueError(0)
    error.count = 0
    return error


def of_the_module() -> Any:
    return ERROR


def count(error: Any) -> int:
    return int(error.count)


def argument(error: Any) -> int:
    return int(error.args[0])


@bump(fresh, count)
def attribute_of_an_exception(error: Any) -> None:
    error.count += 1


@bump(fresh, count)
def attribute_of_an_exception_by_name(error: Any) -> None:
    setattr(error, "count", getattr(error, "count") + 1)  # noqa: B009, B010 - as somebody does


@bump(fresh, count)
def attribute_of_an_exception_in_its_dictionary(error: Any) -> None:
    vars(error)["count"] = error.count + 1


@bump(fresh, argument)
def arguments_of_an_exception(error: Any) -> None:
    error.args = (error.args[0] + 1,)


@bump(fresh, argument)
def arguments_of_an_exception_by_its_text(error: Any) -> None:
    error.args = (int(str(error)) + 1,)


@bump(fresh, argument)
def arguments_of_an_exception_by_its_constructor(error: Any) -> None:
    error.__init__(int(f"{error}") + 1)


@bump(of_the_module, argument)
def arguments_of_an_exception_of_the_module(error: Any) -> None:
    error.args = (error.args[0] + 1,)


@bump(lambda: ValueError([0]), lambda error: int(error.args[0][0]))
def list_in_the_arguments_of_an_exception(error: Any) -> None:
    error.args[0][0] += 1


@bump(lambda: OSError(0, "no"), lambda error: int(error.errno))
def number_of_an_operating_system_error(error: Any) -> None:
    error.errno += 1


@bump(lambda: KeyError("x"), lambda error: int(str(error.__cause__ or 0)))
def cause_of_an_exception(error: Any) -> None:
    error.__cause__ = ValueError(int(str(error.__cause__ or 0)) + 1)


@bump(lambda: KeyError("x"), lambda error: int(str(error.__context__ or 0)))
def context_of_an_exception(error: Any) -> None:
    error.__context__ = ValueError(int(str(error.__context__ or 0)) + 1)


look = ways.looking(globals())


def raises(shared: Any) -> None:
    """Raise it, and tell."""
    try:
        raise shared.error
    except ValueError:
        shared.done = True


@look(Shared, raises)
def traceback_of_what_was_raised(shared: Any) -> Any:
    return shared.error.__traceback__ is not None, shared.done


@look(Shared, raises)
def traceback_that_is_printed(shared: Any) -> Any:
    return "Traceback" in traceback.format_exception(shared.error)[0], shared.done


def raises_from(shared: Any) -> None:
    """Raise it from another one, and tell."""
    try:
        raise shared.error from KeyError("cause")
    except ValueError:
        shared.done = True


@look(Shared, raises_from)
def cause_of_what_was_raised(shared: Any) -> Any:
    return shared.error.__cause__ is not None, shared.done


def raises_within(shared: Any) -> None:
    """Raise it where another one is handled, and tell."""
    try:
        raise KeyError
    except KeyError:
        raises(shared)


@look(Shared, raises_within)
def context_of_what_was_raised(shared: Any) -> Any:
    return shared.error.__context__ is not None, shared.done


def gives_a_traceback(shared: Any) -> None:
    """By a method in C."""
    try:
        raise KeyError
    except KeyError as error:
        shared.error.with_traceback(error.__traceback__)
        shared.done = True


@look(Shared, gives_a_traceback)
def traceback_that_was_given(shared: Any) -> Any:
    return shared.error.__traceback__ is not None, shared.done


def notes(shared: Any) -> None:
    """By a method in C."""
    shared.error.add_note("note")
    shared.done = True


@look(Shared, notes)
def note_that_was_added(shared: Any) -> Any:
    return hasattr(shared.error, "__notes__"), shared.done


@look(Shared, notes)
def note_that_is_printed(shared: Any) -> Any:
    return "note\n" in traceback.format_exception_only(shared.error), shared.done


take = ways.taking(globals())


@take(lambda: ValueError("no"))
def note_that_is_there_once(error: Any) -> None:
    if not hasattr(error, "__notes__"):
        error.add_note("first")
    assert len(error.__notes__) == 1


@take(lambda: ValueError("no"))
def attribute_that_is_taken_away(error: Any) -> None:
    if not hasattr(error, "taken"):
        error.taken = True
        error.there = True
    elif hasattr(error, "there"):
        del error.there
    else:
        raise AssertionError("nobody put it there")


def private() -> None:
    """Each thread makes exceptions, raises them, writes to them and shows them: nobody else has them."""

    def work() -> None:
        try:
            raise ValueError("x")
        except ValueError as caught:
            error: Any = caught
            error.seen = 1
            error.add_note("n")
            error.args = ("y",)
            assert str(error) == "y"
            assert error.__traceback__ is not None
            assert traceback.format_exception_only(error)[-1] == "n\n"
            try:
                raise error from KeyError(1)
            except ValueError as again:
                assert isinstance(again.__cause__, KeyError)

    together(work, work)


def failed_future() -> None:
    """Two ask one that has failed: each raises the same exception, and nobody looks at what that writes."""
    future: Future[None] = Future()
    future.set_exception(ValueError("no"))

    def work() -> None:
        try:
            future.result()
        except ValueError as error:
            assert str(error) == "no"

    together(work, work)


def dies_in_time() -> None:
    """An exception that two tasks have seen, written to and forgotten is gone, and its frames with it."""
    held: list[Any] = []

    class Canary:
        pass

    def fail() -> None:
        canary = Canary()
        held.append(weakref.ref(canary))
        raise ValueError(1)

    def work() -> None:
        try:
            fail()
        except ValueError as error:
            error.args = (2,)
            held.append(error)
            error.add_note("n")

    def read() -> None:
        assert str(held.pop()) == "2"
        assert held[0]() is None, "still alive"

    gc.disable()
    try:
        together(work)
        together(read)
    finally:
        gc.enable()


def replaced() -> None:
    """All attributes of an exception are replaced while others may have them."""
    error: Any = ValueError("no")

    def work() -> None:
        error.__dict__ = {"seen": True}

    together(work, lambda: hasattr(error, "seen"))
