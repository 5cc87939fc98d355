"""Private lists: those that one call of a function alone has, so that nobody else could touch them.

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()

A list that a function makes, binds to a local variable and never hands to anybody can be touched by one task only: the
one that runs this call. To look at it needs no hook. (Changes keep theirs, because `loops` counts them.)

*What is private* is read off the text: a local variable of a function, bound to nothing but list displays and list
comprehensions, of which every use is in `_Uses`: a loop goes through it, an item is taken or set, a method is called
that gives nothing away of the list itself, or its truth is asked for. Any other use (an argument, an alias, a return,
an inner function, a generator expression) may give it away.

- A generator, or a coroutine, may be resumed by another task: it has no private lists.
- Neither has a function that looks at its variables as a whole (`locals`, `eval`, ...).
- What is *in* a private list may be shared, and is followed as ever; the list says nothing about it.

*What is given up.* A function that reaches into the variables of its caller's frame.

Law: tests/laws/test_private.py: each way of giving a list away is one that is noticed.
"""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING

from treadle.runtime.instrumentation.trees import walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.GeneratorExp)
_RESUMED = (ast.Yield, ast.YieldFrom, ast.Await, ast.AsyncFor, ast.AsyncWith)
_SHOWING = frozenset({"locals", "vars", "dir", "eval", "exec", "globals"})
_KEEPING = frozenset({"append", "insert", "pop", "clear", "reverse"})
"""Methods of a list that neither return it nor hand it to other code."""


def private_lists(node: ast.AST, bindings: Mapping[str, Iterable[object]]) -> frozenset[str]:
    """The variables of a function that hold private lists; `bindings` says how often each of its variables is bound."""
    if not isinstance(node, ast.FunctionDef):
        return frozenset()
    uses = _Uses()
    for statement in node.body:
        uses.visit(statement)
    if uses.resumed or not uses.bound:
        return frozenset()
    every = Counter(part.id for part in walk([node]) if isinstance(part, ast.Name))
    if not _SHOWING.isdisjoint(every):
        return frozenset()
    return frozenset(
        name
        for name, times in uses.bound.items()
        if every[name] == times + uses.harmless[name] and len([*bindings.get(name, ())]) == times
    )


class _Uses(ast.NodeVisitor):
    """Counts the uses of each name that keep a private list private."""

    def __init__(self) -> None:
        self.bound: Counter[str] = Counter()
        self.harmless: Counter[str] = Counter()
        self.resumed = False

    def visit(self, node: ast.AST) -> None:
        """A node of the function itself; what is inside of another function is no use that is counted."""
        self.resumed = self.resumed or isinstance(node, _RESUMED)
        if not isinstance(node, _INNER):
            super().visit(node)

    def _use(self, node: ast.AST) -> None:
        if isinstance(node, ast.Name):
            self.harmless[node.id] += 1

    def _bind(self, target: ast.AST, value: ast.AST | None) -> None:
        if isinstance(target, ast.Name) and isinstance(value, (ast.List, ast.ListComp)):
            self.bound[target.id] += 1

    def visit_Assign(self, node: ast.Assign) -> None:
        if len(node.targets) == 1:
            self._bind(node.targets[0], node.value)
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._bind(node.target, node.value)
        self.generic_visit(node)

    def visit_For(self, node: ast.For) -> None:
        self._use(node.iter)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        self.resumed = self.resumed or bool(node.is_async)
        self._use(node.iter)
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self._use(node.value)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr in _KEEPING:
            self._use(function.value)
        self.generic_visit(node)

    def visit_If(self, node: ast.If | ast.While | ast.IfExp | ast.Assert) -> None:
        self._use(node.test)
        self.generic_visit(node)

    visit_While = visit_IfExp = visit_Assert = visit_If  # noqa: N815

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            self._use(node.operand)
        self.generic_visit(node)
