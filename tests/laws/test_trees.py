"""Syntax trees are gone through as `ast` goes through them."""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import threading
from collections import Counter
from pathlib import Path

import pytest

from treadle.runtime.instrumentation.trees import children, located, walk

MODULES = [contextlib, dataclasses, threading]
INNER = (ast.FunctionDef, ast.Lambda)


def _trees() -> list[ast.Module]:
    return [ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8")) for module in MODULES]


@pytest.mark.parametrize("tree", _trees(), ids=[module.__name__ for module in MODULES])
def test_a_tree_is_gone_through_whole(tree: ast.Module) -> None:
    """Every node once, with the children that `ast` gives it; without what is inside of some kinds if that is wanted."""
    every = list(walk([tree]))
    assert Counter(every) == Counter(ast.walk(tree))
    assert all(children(node) == list(ast.iter_child_nodes(node)) for node in every)
    # Nodes without a position, such as Load, are the same ones throughout.
    inside = {below for node in every if isinstance(node, INNER) for below in ast.walk(node) if below is not node}
    placed = [node for node in every if hasattr(node, "lineno")]
    outside = [node for node in placed if node not in inside]
    assert outside != placed
    assert [node for node in walk([tree], INNER) if hasattr(node, "lineno")] == outside


@pytest.mark.parametrize("lost", [("lineno", "col_offset"), ("end_lineno", "end_col_offset"), ("lineno", "end_lineno")])
def test_positions_are_filled_in_as_ast_does(lost: tuple[str, str]) -> None:
    """Of every third node some are lost; what takes their place is that of the node around it."""
    for ours, theirs in zip(_trees(), _trees(), strict=True):
        for tree in (ours, theirs):
            for node in [*walk([tree])][::3]:
                for name in lost:
                    vars(node).pop(name, None)
        assert ast.dump(located(ours), include_attributes=True) == ast.dump(
            ast.fix_missing_locations(theirs), include_attributes=True
        )
