"""Which of a function's variables tell two turns of a loop apart.

A turn of a loop can leave something behind in the variables of its function: in those that it binds, as far as
somebody may still read what was bound. The others need not be compared. A variable is *live* at the head of a loop if
on some way from there it may be read before it is bound anew; that is the usual backward analysis, on the syntax tree,
and careful: whatever may raise may lead to any handler around it, and where a form is not understood, everything that
it mentions is taken to be read, and nothing to be bound.

A loop is not *watched* at all where its turns cannot be compared from inside the function: where it yields or awaits
(others run in the middle of a turn, and change what is not seen here); where the function shows its variables to
somebody (`locals`, `eval`), who may bind them too.

Variables that inner functions see are not the business of this module: binding one is an access (`scopes`).
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from treadle.runtime.instrumentation.trees import walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Names: TypeAlias = frozenset[str]
Loop: TypeAlias = "ast.While | ast.For"
NONE: Names = frozenset()

_SHOWING = frozenset({"locals", "vars", "dir", "eval", "exec"})
_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_LEAVING = (ast.Yield, ast.YieldFrom, ast.Await, ast.AsyncFor, ast.AsyncWith)


class Compared(NamedTuple):
    """The variables that tell two turns of a loop apart."""

    names: tuple[str, ...]
    certain: bool  # all of them have a value at the head of the loop


class Ways(NamedTuple):
    """What is live where a statement may lead besides the next one."""

    broken: Names = NONE  # after the loop around it
    again: Names = NONE  # at the head of that loop
    raised: Names = NONE  # in the handlers around it


class Liveness:
    """The loops of one function, those of inner functions left out."""

    __slots__ = ("_bound", "_live", "_shows")

    _live: dict[Loop, Names]  # at the head of each loop; of a `for`, once its target is bound
    _bound: dict[Loop, Names]  # what has a value there for certain
    _shows: bool  # all variables may be looked at

    def __init__(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._live = {}
        self._bound = {}
        own = list(_own(function.body))
        self._shows = any(isinstance(node, ast.Name) and node.id in _SHOWING for node in own)
        unbound = {name for node in own for name in _unbound(node)}
        self._block(function.body, NONE, Ways())
        self._before(function.body, _parameters(function.args) - unbound, frozenset(unbound))

    def compared(self, loop: Loop, variables: Iterable[str]) -> Compared | None:
        """Which of these variables to compare from turn to turn; None if the loop is not to be watched."""
        if loop not in self._live or self._shows or any(isinstance(node, _LEAVING) for node in _own([loop])):
            return None
        bound = {name for node in _own([loop]) for name in _binds(node)}
        needed = bound & self._live[loop] & frozenset(variables)
        return Compared(tuple(sorted(needed)), certain=needed <= self._bound[loop])

    # What is live before a statement.

    def _block(self, body: list[ast.stmt], after: Names, ways: Ways) -> Names:
        for statement in reversed(body):
            after = self._statement(statement, after, ways)
        return after

    def _statement(self, node: ast.stmt, after: Names, ways: Ways) -> Names:
        if isinstance(node, (ast.While, ast.For)):
            return self._loop(node, after, ways)
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            return _reads(node) | (after - _simple(node)) | ways.raised
        if isinstance(node, ast.If):
            branches = self._block(node.body, after, ways) | self._block(node.orelse, after, ways)
            return _reads(node.test) | branches | ways.raised
        if isinstance(node, (ast.Try, ast.TryStar)):
            return self._try(node, after, ways)
        if isinstance(node, (ast.Return, ast.Raise)):
            return _reads(node) | ways.raised
        if isinstance(node, ast.Break):
            return ways.broken
        if isinstance(node, ast.Continue):
            return ways.again
        if isinstance(node, ast.With):
            # Its manager may swallow what is raised inside.
            body = self._block(node.body, after, ways._replace(raised=ways.raised | after))
            return NONE.union(*map(_mentions, node.items)) | body | after | ways.raised
        # Everything else: what it mentions is read. What is inside a `match` is gone through, too.
        inside = [self._block(block, after, ways) for block in _blocks(node)]
        return _mentions(node) | after.union(*inside) | ways.raised

    def _loop(self, node: Loop, after: Names, ways: Ways) -> Names:
        otherwise = self._block(node.orelse, after, ways)
        head: Names = NONE
        while True:
            body = self._block(node.body, head, ways._replace(broken=after, again=head))
            if isinstance(node, ast.While):
                first, value = _first(node.test)
                new = (_reads(node.test) | body | otherwise) - first | value
                self._live[node] = new
            else:
                new = (body - _targets(node.target)) | _reads(node.target) | otherwise
                self._live[node] = body
            new |= ways.raised
            if new == head:
                return new if isinstance(node, ast.While) else new | _reads(node.iter)
            head |= new

    def _try(self, node: ast.Try | ast.TryStar, after: Names, ways: Ways) -> Names:
        left = after.union(*ways)
        finally_ = self._block(node.finalbody, left, ways) | left
        inner = Ways(finally_, finally_, finally_)
        handlers = [_mentions(handler) | self._block(handler.body, finally_, inner) for handler in node.handlers]
        raised = finally_.union(*handlers)
        body = self._block(node.body, self._block(node.orelse, finally_, inner), inner._replace(raised=raised))
        return body | raised

    # What is bound before a statement.

    def _before(self, body: list[ast.stmt], bound: Names, never: Names) -> Names:
        """What has a value after these statements; notes what has one before each loop."""
        for node in body:
            if isinstance(node, (ast.While, ast.For)):
                targets = _targets(node.target) if isinstance(node, ast.For) else NONE
                self._bound[node] = inside = bound | (targets - never)
                self._before(node.body, inside, never)
                self._before(node.orelse, bound, never)
            elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
                bound |= _simple(node) - never
            elif isinstance(node, ast.If):
                bound = self._before(node.body, bound, never) & self._before(node.orelse, bound, never)
            else:
                for block in _blocks(node):
                    self._before(block, bound, never)
        return bound


def _own(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """These nodes and all that is in them, but for the inside of inner functions and classes."""
    return walk(nodes, _INNER)


def _mentions(node: ast.AST) -> Names:
    """Every name that occurs anywhere in it, inner functions included."""
    return frozenset(part.id for part in walk([node]) if isinstance(part, ast.Name))


def _reads(node: ast.AST) -> Names:
    """Every name that is read anywhere in it, inner functions included."""
    return frozenset(part.id for part in walk([node]) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load))


def _binds(node: ast.AST) -> Iterator[str]:
    """The names that this node itself binds or unbinds."""
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, ast.alias):
        yield (node.asname or node.name).split(".")[0]
    elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
        yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest


def _unbound(node: ast.AST) -> Iterator[str]:
    """The names that it may leave without a value."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del):
        yield node.id
    elif isinstance(node, ast.ExceptHandler) and node.name:
        yield node.name


def _targets(target: ast.expr) -> Names:
    """The names that assigning to it binds, all of them."""
    if isinstance(target, ast.Name):
        return frozenset({target.id})
    if isinstance(target, (ast.Tuple, ast.List)):
        return NONE.union(*map(_targets, target.elts))
    return _targets(target.value) if isinstance(target, ast.Starred) else NONE


def _simple(node: ast.Assign | ast.AnnAssign) -> Names:
    return NONE.union(*map(_targets, node.targets if isinstance(node, ast.Assign) else [node.target]))


def _first(test: ast.expr) -> tuple[Names, Names]:
    """What an expression binds before it does anything else, and what is read for that."""
    while True:
        if isinstance(test, ast.NamedExpr):
            return frozenset({test.target.id}), _reads(test.value)
        if isinstance(test, ast.Compare):
            test = test.left
        elif isinstance(test, ast.BoolOp):
            test = test.values[0]
        elif isinstance(test, ast.UnaryOp):
            test = test.operand
        else:
            return NONE, NONE


def _parameters(arguments: ast.arguments) -> Names:
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    return frozenset(argument.arg for argument in every if argument is not None)


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """The blocks of statements inside a statement, but for those of inner functions."""
    if isinstance(node, _INNER):
        return
    for field in ("body", "orelse", "finalbody"):
        block = getattr(node, field, None)
        if isinstance(block, list):
            yield block
    for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield part.body
