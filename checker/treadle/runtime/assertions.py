"""What a failed assertion saw: the values of the names, attributes and items that it speaks of.

`assert counter.value == 2` fails without a word; what one wants to know is that `counter.value` was 1. Nothing of the
program may run to find out, since the execution is not over: a property, a `__getattr__` or a `__repr__` of the
program's own could take a step. So only what can be looked up is told: variables, attributes that lie in the object
itself, items of built-in containers; and only values that Python itself knows how to print.
"""

from __future__ import annotations

import ast
import inspect
import linecache
import reprlib
from functools import lru_cache
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from types import FrameType

_PLAIN = frozenset({bool, bytes, complex, float, int, str, type(None), range})
_CONTAINERS = frozenset({dict, frozenset, list, set, tuple})
_DEPTH = 3
_MISSING: Any = object()


def seen(error: BaseException, hidden: AbstractSet[str]) -> str:
    """What the assertion in the innermost frame of the program speaks of: `x is 1, y is 2`; empty if nothing is known."""
    frame, line = _innermost(error, hidden)
    if frame is None:
        return ""
    names = {**frame.f_globals, **frame.f_locals}
    values = {
        text: value for text, node in _spoken_of(frame.f_code.co_filename, line) if _told(value := _value(node, names))
    }
    return ", ".join(f"{text} is {reprlib.repr(value)}" for text, value in values.items())


def _innermost(error: BaseException, hidden: AbstractSet[str]) -> tuple[FrameType | None, int]:
    found: FrameType | None = None
    line = 0
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename not in hidden:
            found, line = traceback.tb_frame, traceback.tb_lineno
        traceback = traceback.tb_next
    return found, line


@lru_cache(maxsize=64)
def _spoken_of(file: str, line: int) -> tuple[tuple[str, ast.expr], ...]:
    """The names, attributes and items in the assertion that this line is a part of, each once, as they are written."""
    try:
        module = ast.parse("".join(linecache.getlines(file)))
    except SyntaxError:
        return ()
    for node in ast.walk(module):
        if isinstance(node, ast.Assert) and node.lineno <= line <= (node.end_lineno or line):
            return tuple({ast.unparse(part): part for part in _parts(node.test)}.items())
    return ()


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
        yield node
        return
    if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp | ast.Lambda):
        # Its own variables have no value here, and may be called as others are; what it goes through has one.
        yield from [] if isinstance(node, ast.Lambda) else _parts(node.generators[0].iter)
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr) and not (isinstance(node, ast.Call) and child is node.func):
            yield from _parts(child)


def _value(node: ast.expr, names: Mapping[str, Any]) -> Any:
    """What an expression stands for, found without running anything; `_MISSING` if that is not possible."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return names.get(node.id, _MISSING)
    if isinstance(node, ast.Attribute):
        owner = _value(node.value, names)
        return _MISSING if owner is _MISSING else _attribute(owner, node.attr)
    if isinstance(node, ast.Subscript):
        container, key = _value(node.value, names), _value(node.slice, names)
        if type(container) in {dict, list, tuple} and type(key) in _PLAIN:
            try:
                return container[key]
            except (LookupError, TypeError):
                return _MISSING
    return _MISSING


def _attribute(owner: Any, name: str) -> Any:
    found = inspect.getattr_static(owner, name, _MISSING)
    if type(found) is MemberDescriptorType:  # a slot: to read it runs nothing
        return found.__get__(owner) if _is_filled(found, owner) else _MISSING
    return found


def _is_filled(slot: MemberDescriptorType, owner: Any) -> bool:
    try:
        slot.__get__(owner)
    except AttributeError:
        return False
    return True


def _told(value: Any, depth: int = _DEPTH) -> bool:
    """Whether Python itself knows how to print the value, all of it."""
    kind = type(value)
    if kind in _PLAIN:
        return True
    if kind not in _CONTAINERS or depth == 0:
        return False
    parts = [*value.keys(), *value.values()] if kind is dict else value
    return all(_told(part, depth - 1) for part in parts)
