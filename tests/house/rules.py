"""The rules of the house that a syntax tree can show, each a function from the source to the offences in it.

An offence is a string that names the line and what is wrong there. No offence, no string.
"""

from __future__ import annotations

import ast
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from tests.house.source import Function, functions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MODULE_LINES = 400
BODY_LINES = 40
# Names under which anything could be, so that in time everything is.
VAGUE = {
    "base",
    "bases",
    "common",
    "core",
    "helper",
    "helpers",
    "manager",
    "managers",
    "misc",
    "shared",
    "util",
    "utils",
}
# Raised without a message: those that unwind a stack, which no person sees, and the body of an abstract method, whose
# traceback names the method.
SILENT = {"GreenletExit", "NotImplementedError", "StopAsyncIteration", "StopIteration"}
# What the call of a scenario's clock, not the world's, says beside it.
VIRTUAL = "# virtual"
# Written so that it does not find itself.
MACHINE_PATH = re.compile(
    r"(?<![\w.])/(?:work|farm|root|home|Users)/\w|/\.pyenv/|/\.librar[y]\b|\bfarm-(?:bench|studio)\b"
)


def long_module(source: str) -> list[str]:
    """A module is read in one sitting."""
    lines = len(source.splitlines())
    return [f"{lines} lines; at most {MODULE_LINES}: find the second idea in it"] if lines > MODULE_LINES else []


def long_bodies(module: ast.Module) -> list[str]:
    """A body fits on a screen; its docstring is not counted, blank lines and comments between statements are."""
    return [
        f"line {function.lineno}: {function.name} has a body of {lines} lines; at most {BODY_LINES}"
        for function in functions(module)
        if (lines := _body_lines(function)) > BODY_LINES
    ]


def _body_lines(function: Function) -> int:
    statements = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (statements[-1].end_lineno or 0) - statements[0].lineno + 1 if statements else 0


def undocumented(module: ast.Module) -> list[str]:
    """A module, and what it offers by a public name, says what it is.

    An override may leave it to what it overrides, and a visitor's method to the grammar, which says what it visits.
    """
    missing = [] if ast.get_docstring(module) else ["line 1: the module has no docstring"]
    return missing + [
        f"line {node.lineno}: {node.name} has no docstring"
        for node in _public(module.body)
        if not ast.get_docstring(node) and not _inherits_docstring(node)
    ]


def _public(body: Iterable[ast.stmt]) -> Iterator[ast.ClassDef | Function]:
    for node in body:
        if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node.body)


def _inherits_docstring(node: ast.ClassDef | Function) -> bool:
    decorators = {ast.unparse(decorator).rpartition(".")[2] for decorator in node.decorator_list}
    return bool(decorators & {"overload", "override", "setter", "deleter"}) or node.name.startswith("visit_")


def vague_name(path: str) -> list[str]:
    """A module is named by a noun of the field."""
    return [f"the name {part!r} says nothing" for part in PurePosixPath(path).with_suffix("").parts if part in VAGUE]


def bare_raises(module: ast.Module) -> list[str]:
    """An error that is raised carries a message, unless the module that raises it made it to catch it."""
    silent = SILENT | _own_unwinding(module)
    return [
        f"line {node.lineno}: raise {name} without a message"
        for node in ast.walk(module)
        if isinstance(node, ast.Raise) and (name := _class_without_message(node.exc)) and name not in silent
    ]


def _own_unwinding(module: ast.Module) -> set[str]:
    made = {node.name for node in ast.walk(module) if isinstance(node, ast.ClassDef)}
    caught = {ast.unparse(node.type) for node in ast.walk(module) if isinstance(node, ast.ExceptHandler) and node.type}
    return made & caught


def _class_without_message(raised: ast.expr | None) -> str:
    if isinstance(raised, ast.Call):
        raised = None if raised.args or raised.keywords else raised.func
    name = ast.unparse(raised).rpartition(".")[2] if raised else ""
    # A variable holds an exception that was made with its message elsewhere.
    return name if name[:1].isupper() else ""


def machine_paths(source: str) -> list[str]:
    """Nothing that is committed knows the machine that it was written on."""
    return [
        f"line {number}: names a path or tool of one machine: {found.group()}"
        for number, line in enumerate(source.splitlines(), start=1)
        if (found := MACHINE_PATH.search(line))
    ]


def unclaimed_tests(module: ast.Module) -> list[str]:
    """A test says in its docstring what it shows."""
    return [
        f"line {function.lineno}: {function.name} makes no claim: it has no docstring"
        for function in functions(module)
        if function.name.startswith("test") and not ast.get_docstring(function)
    ]


def sleeps(source: str) -> list[str]:
    """A test never waits for the wall clock; a scenario's sleep, which takes no time, is marked as virtual."""
    lines = source.splitlines()
    module = ast.parse(source)
    bare = {
        name.asname or name.name
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module == "time"
        for name in node.names
        if name.name == "sleep"
    }
    return [
        f"line {node.lineno}: sleeps"
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"time.sleep", *bare}
        and VIRTUAL not in lines[node.lineno - 1]
    ]
