"""Programs whose threads share an exception of a built-in class. Each returns what its threads made of it."""

from __future__ import annotations

from typing import Any

from tests.laws.accesses import run


def error_counter() -> Any:
    """Two threads count in an exception of a built-in class."""
    error: Any = ValueError(0)

    def work() -> None:
        error.args = (error.args[0] + 1,)

    run(work, work)
    return error.args[0]


def error_raised() -> Any:
    """One raises an exception, another looks whether that has happened."""
    error = ValueError()
    seen: list[Any] = []

    def fail() -> None:
        try:
            raise error
        except ValueError:
            return

    run(fail, lambda: seen.append(error.__traceback__ is not None))
    return seen


def error_noted() -> Any:
    """Two notes are added to an exception, and somebody reads them."""
    error = ValueError()
    seen: list[Any] = []
    run(lambda: error.add_note("a"), lambda: error.add_note("b"), lambda: seen.extend(getattr(error, "__notes__", "")))
    return seen
