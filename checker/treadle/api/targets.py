"""What is to be checked, as text: a target can be typed, stored in a schedule, and loaded by anybody.

A function is turned into its target, because a world never runs the function that it was handed: it runs a private copy
of the module that the function stands in. So only a function at the top level of a file can be a scenario.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING

from treadle.errors import ScenarioError
from treadle.runtime.cases import suffix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from treadle.runtime.cases import Case


def target_of(scenario: str | Callable[..., object], case: Case = (), given: Iterable[str] = ()) -> str:
    """The target of a function, "path.py::function" relative to the current directory where that is possible.

    `case` says which of its parameters it is given, if it has any: those for the arguments that are `given`.

    Text is a target already. ScenarioError for what has no file, or is not at the top level of one.
    """
    if isinstance(scenario, str):
        return scenario
    function: object = inspect.unwrap(scenario)
    if not inspect.isfunction(function):
        raise ScenarioError(
            "this is not a scenario",
            expected="a function that is defined with def, or its target as text",
            got=repr(scenario),
        )
    name = function.__qualname__
    if "." in name:
        raise ScenarioError(
            f"{name} cannot be loaded by its name",
            expected="a function at the top level of a module",
            got="a method, or a function inside another one",
            instead="move it to the top level, and make there what it needs",
        )
    _refuse_arguments(function, frozenset(given) if case else frozenset())
    return f"{_path(function)}::{name}{suffix(case)}"


def _refuse_arguments(function: Callable[..., object], given: frozenset[str]) -> None:
    needed = [
        parameter.name
        for parameter in inspect.signature(function).parameters.values()
        if parameter.default is parameter.empty
        and parameter.name not in given
        and parameter.kind not in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD}
    ]
    if needed:
        raise ScenarioError(
            f"{function.__name__} needs arguments",
            expected="a function that can be called without any",
            got=f"def {function.__name__}{inspect.signature(function)}",
            probably="it is a test with fixtures; those live outside of the world that it is run in",
            instead=f"make what it needs inside of it: {', '.join(needed)}; or let treadle.choose pick it",
        )


def _path(function: Callable[..., object]) -> str:
    file = Path(inspect.getfile(function))
    if not file.is_file():
        raise ScenarioError(
            f"{function.__name__} has no source file",
            expected="a function in a file",
            got=f"one that was made in {file}",
            probably="it was typed into an interpreter",
        )
    path = file.resolve()
    here = Path.cwd().resolve()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
