"""Syntax trees, gone through quickly: every module of a program is, several times, before anything of it can run.

`ast` has the same as generators over pairs of a field's name and its value, which takes several times as long.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Tree = TypeVar("Tree", bound=ast.AST)


def children(node: ast.AST) -> list[ast.AST]:
    """What is directly below a node, in the order of the text; as `ast.iter_child_nodes`."""
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, ast.AST):
            found.append(value)
        elif isinstance(value, list):
            found += [item for item in value if isinstance(item, ast.AST)]
    return found


def walk(nodes: Iterable[ast.AST], beside: tuple[type[ast.AST], ...] = ()) -> Iterator[ast.AST]:
    """The nodes and all that is below them, in the order of the text; but for what is inside of those `beside`."""
    rest = [*nodes]
    rest.reverse()
    while rest:
        node = rest.pop()
        yield node
        if not isinstance(node, beside):
            below = children(node)
            below.reverse()
            rest += below


def located(tree: Tree) -> Tree:
    """The tree, in which what has no position gets that of what it is in; as `ast.fix_missing_locations`."""
    _locate(tree, (1, 0, 1, 0))
    return tree


def _locate(node: Any, place: tuple[int, int, int, int]) -> None:
    if "lineno" in node._attributes:
        line, column, last, end = place
        place = (
            getattr(node, "lineno", line),
            getattr(node, "col_offset", column),
            last if (given := getattr(node, "end_lineno", None)) is None else given,
            end if (given := getattr(node, "end_col_offset", None)) is None else given,
        )
        node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = place
    for child in children(node):
        _locate(child, place)
