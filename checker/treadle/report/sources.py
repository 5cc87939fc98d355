"""The source behind a place: the line that a task stood on, and what the program calls an object that it made there.

An object is known by the place of its creation, "bank.py:12". Its maker mostly gave it a name there, and that is the
name that a reader knows: `self.lock = Lock()` in class Account makes "Account.lock", `a, b = Lock(), Lock()` makes "a"
and "b". A lock that is a part of something has the name of the whole: `ready = Event()` makes "the lock in ready".

A line that calls no class makes objects in passing only: `changed.wait()` makes the lock that wakes it up.
"""

from __future__ import annotations

import ast
import linecache
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOCKS = frozenset({"Lock", "RLock", "Condition", "allocate_lock"})
"""What is a lock by itself, to a reader."""

Assignment = ast.Assign | ast.AnnAssign


class Making(NamedTuple):
    """A line that makes objects."""

    maker: str  # the class that is called
    name: str | None  # what the result is called; None if the line does not say


def line_of(file: str, line: int) -> str:
    """The line's text without its indentation and comment; empty if the file cannot be read."""
    text = linecache.getline(file, line).strip()
    before, mark, _ = text.partition("  #")
    return before if mark else text


def block_of(file: str, line: int) -> str:
    """The line's text; if it opens a `with`, the first line of its body as well."""
    text = line_of(file, line)
    module = _module("".join(linecache.getlines(file)))
    for node in ast.walk(module) if module is not None else ():
        if isinstance(node, ast.With) and node.lineno == line and text.endswith(":"):
            first = node.body[0]
            more = len(node.body) > 1 or first.lineno != first.end_lineno
            return f"{text}\n    {line_of(file, first.lineno)}{' ...' * more}"
    return text


def making(file: str, line: int, count: int = 1) -> Making | None:
    """What was made as number `count` in this line; None if the line calls no class."""
    module = _module("".join(linecache.getlines(file)))
    if module is None:
        return None
    makers = [call for node in ast.walk(module) if isinstance(node, ast.Call) and (call := _maker(node, line))]
    if not makers:
        return None
    statement, owner = _assignment(module, line)
    return Making(makers[0], _target(statement, owner, count) if statement is not None else None)


def assigned(file: str, line: int) -> str | None:
    """To what this line assigns; None if it does not."""
    module = _module("".join(linecache.getlines(file)))
    statement, owner = _assignment(module, line) if module is not None else (None, "")
    return _target(statement, owner, 1) if statement is not None else None


def describe(kind: str, place: str, maker: Making | None) -> str:
    """What a reader calls an object of this kind."""
    if maker is None or maker.name is None:
        return f"the {kind} of {place}"
    return maker.name if maker.maker in _LOCKS else f"the {kind} in {maker.name}"


@lru_cache(maxsize=64)
def _module(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except SyntaxError:
        return None


def _maker(call: ast.Call, line: int) -> str | None:
    """The name of the class that is called here; None if it is a function, or stands elsewhere."""
    if not call.lineno <= line <= (call.end_lineno or line):
        return None
    name = ast.unparse(call.func).rpartition(".")[2]
    return name if name[:1].isupper() or name in _LOCKS else None


def _assignment(module: ast.Module, line: int) -> tuple[Assignment | None, str]:
    """The assignment that this line is a part of, and the class that it is written in."""
    for statement, owner in _assignments(module):
        if statement.lineno <= line <= (statement.end_lineno or line):
            return statement, owner
    return None, ""


def _assignments(node: ast.AST, owner: str = "") -> Iterator[tuple[Assignment, str]]:
    """Every assignment, and the class that it is written in."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Assignment):
            yield child, owner
        yield from _assignments(child, child.name if isinstance(child, ast.ClassDef) else owner)


def _target(statement: Assignment, owner: str, count: int) -> str | None:
    target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
    if isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Tuple):
        # The elements are made from left to right.
        return _text(target.elts[count - 1], owner) if count <= len(target.elts) else None
    return _text(target, owner)


def _text(target: ast.expr, owner: str) -> str:
    text = ast.unparse(target)
    return f"{owner}{text.removeprefix('self')}" if owner and text.startswith("self.") else text
