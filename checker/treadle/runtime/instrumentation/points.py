"""Points in rewritten code: where an exception may be delivered into the task that runs it.

This is the rewrite of `rewriting` with more hooks in it, used only in a world with faults; `treadle.runtime.faults` says
where CPython delivers, and how. A function, a lambda and a generator pass a point when they are entered, a generator when it
goes on after a `yield`, a loop when it jumps back, a call of anything but rewritten code when it has returned.

- The jump back of a `for` loop, and of a comprehension, is before the next item is asked for, outside of whatever the body
  was inside of when it ended or said `continue`: so the iterator passes the point.
- A `while` loop asks its condition again at the end of its body, and jumps back if it is true; a `continue` jumps back
  first, out of whatever it is inside of, and then the condition is asked. The first time round nothing has jumped.
- Modules and classes: their own level passes no points, except after calls.
"""

from __future__ import annotations

import ast
import functools
from dataclasses import dataclass
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from treadle.runtime.instrumentation.hooks import Hooks
from treadle.runtime.instrumentation.injected import GLOBALS, HOOKS
from treadle.runtime.instrumentation.rewriting import Instrument
from treadle.runtime.instrumentation.scopes import Scopes
from treadle.runtime.instrumentation.statements import Statements, prologue_length
from treadle.runtime.instrumentation.trees import located

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from treadle.runtime.faults import Deliveries

_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_BLOCKS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_RENAMED = {"callee": "called", "method": "called_method"}
_FRAMED = frozenset({"sys", "_warnings", "inspect", "warnings"})
"""Modules whose functions look at the frame of their caller, which must be the program's."""


@dataclass(frozen=True, slots=True)
class InstrumentWithPoints(Instrument):
    """Compiles modules with points for one pass."""

    def rewritten(self, tree: ast.AST) -> ast.AST:
        """The rewritten tree, with all positions filled in."""
        new: ast.AST = located(Points(Scopes(tree), self.watched).visit(tree))
        return new


class Points(Statements):
    """Rewrites everything, and puts points in."""

    def __init__(self, scopes: Scopes, watched: frozenset[str] | None) -> None:
        super().__init__(scopes, watched)
        self._rounds: dict[ast.Continue, str] = {}  # the variable of the `while` loop that each belongs to

    def hook(self, place: ast.AST, hook: str, *args: ast.expr) -> ast.Call:
        """A call of a hook; calls of the program get the ones that pass a point."""
        return super().hook(place, _RENAMED.get(hook, hook), *args)

    def visit_FunctionDef(self, node: Any) -> Any:
        rewritten = super().visit_FunctionDef(node)
        if not isinstance(rewritten, list):
            return rewritten  # it is left as it is
        *before, new = rewritten
        new.body.insert(prologue_length(new.body), self._do(node, "point"))
        return [*before, new]

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        new: Any = super().visit_Lambda(node)
        new.body = self.placed(new.body, ast.IfExp(self.hook(node, "point"), new.body, ast.Constant(None)))
        return new  # type: ignore[no-any-return]

    def visit_Yield(self, node: ast.Yield) -> ast.expr:
        self.generic_visit(node)
        return self.hook(node, "passed", node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        function = node.func
        untouched = isinstance(function, ast.Name) and self._is_untouched(function.id, node)
        new = super().visit_Call(node)
        # What follows `super()` at once is a call of its own, in the same state: the point there is enough.
        if untouched and isinstance(function, ast.Name) and function.id != "super":
            return self.hook(node, "passed", new)
        return new

    def iterated(self, node: ast.expr, target: ast.expr, *, is_async: bool) -> ast.expr:
        """What a loop goes through."""
        new = super().iterated(node, target, is_async=is_async)
        return new if is_async else self.hook(node, "laps", new)

    def visit_While(self, node: ast.While) -> Any:
        if self._scope.kind in ("module", "class"):
            return super().visit_While(node)
        self._temporaries += 1
        name = f"{HOOKS}_round_{self._temporaries}"
        constant = isinstance(node.test, ast.Constant)
        for jump in _own_continues(node.body):
            self._rounds[jump] = name
        rewritten = super().visit_While(node)
        *begin, new = rewritten if isinstance(rewritten, list) else [rewritten]
        start = ast.Assign([ast.Name(name, ast.Store())], self.hook(node, "rounds"))
        parts = [new.test] if constant else [*new.test.values]
        parts = [_of(name, "head"), parts[0], _of(name, "before"), *parts[1:], _of(name, "again")]
        new.test = ast.copy_location(ast.BoolOp(ast.And(), parts), node.test)
        return [*begin, ast.fix_missing_locations(ast.copy_location(start, node)), ast.fix_missing_locations(new)]

    def visit_Continue(self, node: ast.Continue) -> Any:
        name = self._rounds.get(node)
        if name is None:
            return node
        jump = ast.copy_location(ast.Expr(_of(name, "jump")), node)
        return [ast.fix_missing_locations(jump), node]


def _of(name: str, what: str) -> ast.expr:
    """A call of a method of a `Round`."""
    return ast.Call(ast.Attribute(ast.Name(name, ast.Load()), what, ast.Load()), [], [])


def _own_continues(nodes: Iterable[ast.AST]) -> Iterator[ast.Continue]:
    """Each `continue` that is not one of a further loop, or of a function."""
    for node in nodes:
        if isinstance(node, ast.Continue):
            yield node
        elif isinstance(node, _LOOPS):
            yield from _own_continues(node.orelse)
        elif not isinstance(node, _BLOCKS):
            yield from _own_continues(ast.iter_child_nodes(node))


class Round:
    """One `while` loop that is being run."""

    __slots__ = ("_deliveries", "_head", "_jumps")

    _jumps: bool | None  # whether a true condition is to jump back; None: a `continue` has just jumped
    _head: bool | None  # what that was when the last turn began

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries
        self._jumps = self._head = False

    def head(self) -> bool:
        """A turn begins. True. One that offers another point than the one before it is not the same turn again.

        The first turn jumps nowhere, so a loop that waits is parked after its second one at the earliest (`loops`).
        """
        if self._jumps is not self._head:
            self._head = self._jumps
            self._deliveries.differs()
        return True

    def jump(self) -> None:
        """A `continue` is about to jump."""
        self._jumps = None

    def before(self) -> bool:
        """Before the condition is asked: a `continue` has jumped here. True."""
        if self._jumps is None:
            self._jumps = False
            self._deliveries.point()
        return True

    def again(self) -> bool:
        """The condition is true: jump back, unless that is done, or nothing was run yet. True."""
        if self._jumps:
            self._deliveries.point()
        self._jumps = True
        return True


class Laps:
    """What a `for` loop goes through, with a point before each item but the first."""

    __slots__ = ("_deliveries", "_items", "_later")

    def __init__(self, deliveries: Deliveries, items: Iterator[Any]) -> None:
        self._deliveries = deliveries
        self._items = items
        self._later = False

    def __iter__(self) -> Laps:
        return self

    def __next__(self) -> Any:
        if self._later:
            self._deliveries.point()
        self._later = True
        return next(self._items)


class PointedHooks(Hooks):
    """What rewritten code with points calls."""

    deliveries: Deliveries

    def point(self) -> bool:
        """A function was entered. True."""
        self.deliveries.point()
        return True

    def passed(self, value: Any) -> Any:
        """Something has returned this value. Returns it."""
        self.deliveries.point()
        return value

    def rounds(self) -> Round:
        """A `while` loop starts."""
        return Round(self.deliveries)

    def laps(self, source: Any) -> Laps:
        """What a loop goes through."""
        return Laps(self.deliveries, iter(source))

    def called(self, function: Any) -> Any:
        """What to call in place of a function."""
        return self._pointed(self.callee(function))

    def called_method(self, owner: Any, name: str) -> Any:
        """`owner.name`, to be called at once."""
        return self._pointed(self.method(owner, name))

    def _pointed(self, function: Any) -> Any:
        """The same with a point after it, unless it is rewritten code, which has points of its own."""
        code = function.__func__ if type(function) is MethodType else function
        if type(code) is FunctionType and (GLOBALS in code.__globals__ or code.__module__ in _FRAMED):
            return function
        if getattr(function, "__module__", None) in _FRAMED or getattr(function, "__name__", "") in ("exec_", "eval_"):
            return function
        return functools.partial(self._call_pointed, function)

    def _call_pointed(self, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        self.deliveries.point()
        return result
