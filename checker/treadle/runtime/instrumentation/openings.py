"""Openings: a release whose caller does not care whether anybody held the lock.

    try:
        gate.release()
    except RuntimeError:
        pass

See to it that the gate is open: that is all that is said here. Whether the lock was held shows in the exception alone, and
the handler goes on where the code goes on without one. So the caller is the same afterwards, and so is the lock. Two tasks
that open the same gate come to the same in either order, but as a plain release each order is a trace of its own, since
whoever is second gets the exception. With three tasks that open three gates these are 27
traces of one: who was first at each. So such a release
is a step of its own kind (`semantics.locks.Open`), which commutes with others of its kind.

*What is recognised* is the statement above, to the letter: one call without arguments on a local variable that no inner
function sees; one handler, for the built-in RuntimeError and without a name for it; whose body is `pass`, or a plain
`return` where the statement is the last of its function (then nothing follows without the exception either, and both
return None). Anything else, a second statement, an `else`, another result, is left as it is.

*What is asked when it runs* is whether it is one of the world's plain locks, with their own `release`. Whatever else has
that method is called as ever.

*With faults* nothing is recognised: an exception may strike when the call has returned, and not when it has raised, so who
was first does make a difference.

Law: tests/laws/test_openings.py compares with the search in which they are releases; `semantics.locks.Open` is in
tests/laws/test_conflicts.py.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from treadle.runtime.instrumentation.raises import Raises

if TYPE_CHECKING:
    from treadle.runtime.instrumentation.scopes import Scopes


class Openings(Raises):
    """Rewrites everything, openings among it."""

    def __init__(self, scopes: Scopes, watched: frozenset[str] | None) -> None:
        super().__init__(scopes, watched)
        self._last: set[ast.stmt] = set()  # the last statements of functions

    def visit_FunctionDef(self, node: Any) -> Any:
        """A function; its last statement may end it from within a handler."""
        self._last.add(node.body[-1])
        return super().visit_FunctionDef(node)

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_Try(self, node: Any) -> Any:
        """`lock.release()` becomes `opens(lock) or lock.release()`, if that is all, and its failure changes nothing."""
        lock = opened(node, last=node in self._last)
        if lock is None or self.variable(lock) is not None or not self._is_built_in("RuntimeError"):
            return super().visit_Try(node)
        rewritten = super().visit_Try(node)
        (statement,) = rewritten.body
        call = statement.value
        opens = self.hook(call, "opens", ast.Name(lock, ast.Load()))
        statement.value = self.placed(call, ast.BoolOp(ast.Or(), [opens, call]))
        return rewritten

    def _is_built_in(self, name: str) -> bool:
        return self._scope.owner(name) is None and name not in self._scopes.globals_bound


def opened(node: ast.Try, *, last: bool) -> str | None:
    """The variable with the lock that a statement opens; None if that is not what it does.

    `last` says that it is the last statement of its function.
    """
    match node:
        case ast.Try(
            body=[ast.Expr(ast.Call(ast.Attribute(ast.Name(lock), "release"), [], []))],
            handlers=[ast.ExceptHandler(ast.Name("RuntimeError"), None, [ast.Pass() | ast.Return(None) as way])],
            orelse=[],
            finalbody=[],
        ) if last or isinstance(way, ast.Pass):
            return lock
    return None
