"""The rewrite of what raises and catches, in a pass in which somebody looks at what that writes (see `exceptions`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from treadle.runtime.instrumentation.statements import Statements

if TYPE_CHECKING:
    import ast


class Raises(Statements):
    """Rewrites everything, `raise` and `except` among it."""

    def visit_Raise(self, node: ast.Raise) -> Any:
        """`raise error` becomes `raise raised(error)`; a `raise` alone is preceded by what a handler begins with.

        (Where an exception comes from is found after the step, which matters only if that is a step itself.)
        """
        seen = self._is_seen("raise")
        if node.cause is not None:
            node.cause = self.expression(node.cause)
        if node.exc is not None:
            exc = self.expression(node.exc)
            node.exc = self.hook(node.exc, "raised", exc) if seen else exc
        elif seen:
            return [self._do(node, "caught"), node]
        return node

    def _handler(self, handler: ast.ExceptHandler) -> None:
        super()._handler(handler)
        if self._is_seen("except"):
            handler.body.insert(0, self._do(handler.body[0], "caught"))

    def _is_seen(self, word: str) -> bool:
        return self._watched is None or word in self._watched
