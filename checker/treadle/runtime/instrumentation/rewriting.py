"""The rewrite: a module's syntax tree, with a hook in place of everything that may touch shared memory.

    self.total += price * n      _treadle.attribute_finish(_treadle.attribute_begin(self, "total"), "+",
                                                           _treadle.binary("*", price, n))

Each hook takes the place of one expression, gets its operands already evaluated in Python's order, and does what the
expression would do. So the order of evaluation, short circuits, `yield` and `await` in the middle, and the scoping of
names stay as they were, and line numbers are those of the source: a new node takes the place of an old one. Locals
cost nothing: they are left alone, as are constants, names of functions and classes, and annotations.

Assignments to more than a name happen in statements of their own where the target is simple, and else through targets
with a setter, because `(a.x, b[i]) = v` evaluates and assigns its targets one after the other. A volatile variable in
such a place (see `scopes`) is bound through a local of its own: `for x in xs` becomes a loop over `_treadle_x` whose
first statement binds x.

`super()` and `locals()` see the frame that they are called in, because `callee` returns them as they are.

*Constant attributes.* Most attributes are not written any more once tasks run, and what is constant need not be
recorded (`sharing`). The names of those that are not constant are known when the code of a pass is compiled; a load of
any other is left as it is, because its hook would do nothing. Stores always have their hooks, so an attribute that turns
out to be written is found, and compiled with its hooks in the next pass.

What cannot be rewritten calls `unseen`, which makes the verdict incomplete when it is met.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from treadle.runtime.instrumentation import books
from treadle.runtime.instrumentation.injected import HOOKS
from treadle.runtime.instrumentation.openings import Openings
from treadle.runtime.instrumentation.scopes import Scopes
from treadle.runtime.instrumentation.trees import located, walk

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType


def instrument(
    source: str | bytes | ast.AST,
    filename: str,
    *,
    mode: str = "exec",
    unseen: Callable[[str], object] | None = None,
) -> CodeType:
    """The rewritten code of a module (`mode` "exec") or an expression ("eval"). SyntaxError as `compile` raises it.

    `unseen` is given for code that is made while tasks run: it is told when the code's own top level does more than
    define something, because that level is not followed.
    """
    if unseen is not None and not isinstance(source, ast.AST):
        code, defines = _made(source, filename, mode)
        if not defines:
            unseen(f"{mode} of code that does more than define")
        return code
    tree = source if isinstance(source, ast.AST) else ast.parse(source, filename, mode)
    return compile(rewrite(tree), filename, mode, dont_inherit=True)  # type: ignore[call-overload, no-any-return]


@dataclass(frozen=True, slots=True)
class Instrument:
    """Compiles modules for one pass. Equal ones make the same code, so that compiled code can be kept."""

    watched: frozenset[str] | None  # the names of attributes whose loads are recorded; None: all

    def __call__(self, source: bytes, filename: str) -> CodeType:
        """The rewritten code of a module. SyntaxError as `compile` raises it."""
        watched = self.watched
        if watched is not None:  # what the module does not speak of makes no difference
            names, private = _spoken_of(source, filename)
            watched = frozenset(name for name in watched if name in names or name.endswith(private))
        return _kept(type(self)(watched), source, filename)

    def rewritten(self, tree: ast.AST) -> ast.AST:
        """The rewritten tree, with all positions filled in."""
        return rewrite(tree, self.watched)


@lru_cache(maxsize=2_048)
def _spoken_of(source: bytes, filename: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The names of all attributes in a module, with the words that count as such, and those of them to whose front Python may put the name of a class.

    They are those of its tree: to look for a name in the text would miss `_C__n`, which is written `__n` in a class C,
    a name that Python normalises, and one in another encoding. SyntaxError as `compile` raises it.
    """
    tree = ast.parse(source, filename)
    nodes = [*walk([tree])]
    names = frozenset(node.attr for node in nodes if isinstance(node, ast.Attribute))
    private = tuple(name for name in names if name.startswith("__") and not name.endswith("__"))
    return names.union(
        *(words for kind, words in _WORDS.items() if any(isinstance(node, kind) for node in nodes))
    ), private


_WORDS: dict[type[ast.AST], frozenset[str]] = {
    ast.Raise: frozenset({"raise"}),
    ast.ExceptHandler: frozenset({"except"}),
}
"""Statements that are watched like attributes: see `exceptions.WORDS`."""


@lru_cache(maxsize=2_048)
def _kept(way: Instrument, source: bytes, filename: str) -> CodeType:
    tree = ast.parse(source, filename)
    if filename == books.FILE:
        books.mark(tree, HOOKS)
    new = way.rewritten(tree)
    return compile(new, filename, "exec", dont_inherit=True)  # type: ignore[call-overload, no-any-return]


def rewrite(tree: ast.AST, watched: frozenset[str] | None = None) -> ast.AST:
    """The rewritten tree, with all positions filled in."""
    scopes = Scopes(tree)
    new: ast.AST = Openings(scopes, watched).visit(tree)
    return located(new)


def only_turns(source: bytes, filename: str) -> CodeType:
    """The code as it is, but that the turns of its `while` loops are counted: no access is looked at.

    A loop that waits for a plain variable would turn for ever otherwise, because nobody else runs meanwhile.
    """
    tree = ast.fix_missing_locations(_Turns().visit(ast.parse(source, filename)))
    return compile(tree, filename, "exec", dont_inherit=True)


class _Turns(ast.NodeTransformer):
    """`while test` becomes `while hooks.lap() and test`."""

    def visit_While(self, node: ast.While) -> ast.AST:
        """A loop, and those in it."""
        self.generic_visit(node)
        lap = ast.Call(ast.Attribute(ast.Name(HOOKS, ast.Load()), "lap", ast.Load()), [], [])
        node.test = ast.copy_location(ast.BoolOp(ast.And(), [ast.copy_location(lap, node.test), node.test]), node.test)
        return node


_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Pass)


@lru_cache(maxsize=4_096)
def _made(source: str | bytes, filename: str, mode: str) -> tuple[CodeType, bool]:
    """Code that the program makes from a string; the same string gives the same code object."""
    tree = ast.parse(source, filename, mode)
    body: list[Any] = tree.body if isinstance(tree, ast.Module) else []
    defines = all(isinstance(node, _DEFINITIONS) for node in body)
    if isinstance(tree, ast.Expression):
        defines = isinstance(tree.body, ast.Lambda)
    code: CodeType = compile(rewrite(tree), filename, mode, dont_inherit=True)  # type: ignore[call-overload]
    return code, defines
