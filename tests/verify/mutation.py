"""Mechanical mutants of a module: each differs from it in one small place, as a slip of the pen would make it.

Five kinds of slips, each at every place of every function where it can be made:

- *drop*: a statement is gone (a `with` keeps its body: what is gone is the lock);
- *swap*: two statements that follow each other have changed places;
- *negate*: a condition is turned around (`if`, `while`, `x if y else z`);
- *compare*: another operator in a comparison (`<` and `<=`, `is` and `is not`, `in` and `not in`, ...), or `and` for `or`;
- *move*: a constant is another one (a number is one more, True is False, None is 0).

Texts, docstrings, annotations and imports are left alone: they say nothing to the machine, or the module does not load.
`x is None` moved to `x is 0` is its negation in disguise, and left out. Two slips that make the same text are one mutant.

A mutant is named by its function, its kind and the source that it changes (for a constant, the statement that it stands in),
and not by a line: what is known of it outlives a change of any other statement.
"""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeGuard, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef
Block = list[ast.stmt]

OTHER: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
# Of these the other one is not the negation.
_ORDERED = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
# A statement that control does not go past, and one that says nothing to the machine.
LAST = (ast.Return, ast.Raise, ast.Break, ast.Continue)
IDLE = (ast.Pass, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one slip."""

    name: str
    line: int  # of the module as it is
    source: str  # of the whole module


def mutants(source: str) -> list[Mutant]:
    """All mutants of a module, in the order of its lines, each with a name of its own."""
    tree = ast.parse(source)
    seen = {ast.unparse(tree)}
    used: Counter[str] = Counter()
    found = []
    for function, where in functions(tree):
        for label, node, slip in slips(function):
            text = _slipped(tree, slip)
            name = f"{where}: {label}"
            if text not in seen:
                seen.add(text)
                used[name] += 1
                found.append(Mutant(name if used[name] == 1 else f"{name} ({used[name]})", node.lineno, text))
    return found


def functions(tree: ast.AST, inside: str = "") -> Iterator[tuple[Function, str]]:
    """The functions and methods with their names; one inside another is a part of it."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function):
            yield node, f"{inside}{node.name}"
        elif isinstance(node, ast.ClassDef):
            yield from functions(node, f"{inside}{node.name}.")


Slip = tuple[str, ast.stmt | ast.expr, "Callable[[], Callable[[], None]]"]
"""A label, the place, and what makes the slip in the tree and returns how to take it back."""


def slips(function: Function) -> Iterator[Slip]:
    """Every slip that can be made in a function."""
    for block in _blocks(function):
        yield from _drops(block)
        yield from _swaps(block)
    for node, place in _expressions(function):
        yield from _negations(node)
        yield from _comparisons(node)
        yield from _moves(node, place)


def _slipped(tree: ast.Module, slip: Callable[[], Callable[[], None]]) -> str:
    """The module with the slip, as text; the tree itself is as before."""
    undo = slip()
    text = ast.unparse(tree)
    undo()
    return text


def _blocks(function: Function) -> Iterator[Block]:
    for node in ast.walk(function):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                yield cast("Block", block)


def _is_text(statement: ast.stmt) -> bool:
    """Whether it is a docstring, or the dots of a body that is not there."""
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and (isinstance(statement.value.value, str) or statement.value.value is ...)
    )


def _drops(block: Block) -> Iterator[Slip]:
    for index, statement in enumerate(block):
        if _is_text(statement) or isinstance(statement, IDLE):
            continue
        kept: Block = statement.body if isinstance(statement, ast.With) else [ast.Pass()]
        yield f"drop `{_head(statement)}`", statement, _replacement(block, index, 1, kept)


def _swaps(block: Block) -> Iterator[Slip]:
    for index, (first, second) in enumerate(pairwise(block)):
        if not (_is_text(first) or isinstance(first, LAST + IDLE) or isinstance(second, LAST + IDLE)):
            label = f"swap `{_head(first)}` and `{_head(second)}`"
            yield label, first, _replacement(block, index, 2, [second, first])


def _replacement(block: Block, index: int, count: int, new: Block) -> Callable[[], Callable[[], None]]:
    old = block[index : index + count]

    def undo() -> None:
        block[index : index + len(new)] = old

    def slip() -> Callable[[], None]:
        block[index : index + count] = new
        return undo

    return slip


def _expressions(function: Function) -> Iterator[tuple[ast.AST, str]]:
    """Every node in which something can be turned, and where it stands: of the body, and the defaults; not of annotations."""
    for default in (*function.args.defaults, *function.args.kw_defaults):
        if default is not None:
            yield from ((node, "a default") for node in ast.walk(default))
    for statement in function.body:
        if not _is_text(statement):
            yield from _walked(statement, "")


def _walked(node: ast.AST, place: str) -> Iterator[tuple[ast.AST, str]]:
    if isinstance(node, ast.stmt):
        place = f"`{_head(node)}`"
    yield node, place
    for child in ast.iter_child_nodes(node):
        annotation = isinstance(node, ast.AnnAssign) and child is node.annotation
        compared = isinstance(node, ast.Compare) and isinstance(child, ast.Constant) and child.value is None
        if not (annotation or compared or isinstance(child, ast.JoinedStr)):
            yield from _walked(child, place)


def _changed(node: ast.AST, field: str, value: object) -> Callable[[], Callable[[], None]]:
    old = getattr(node, field)

    def undo() -> None:
        setattr(node, field, old)

    def slip() -> Callable[[], None]:
        setattr(node, field, value)
        return undo

    return slip


def _negations(node: ast.AST) -> Iterator[Slip]:
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        yield f"negate `{ast.unparse(node.test)}`", node.test, _changed(node, "test", _inverse(node.test))


def _inverse(test: ast.expr) -> ast.expr:
    """The negation, as it would be written: so that it is not listed twice."""
    if _is_not(test):
        return test.operand
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and not isinstance(test.ops[0], _ORDERED):
        return ast.Compare(test.left, [OTHER[type(test.ops[0])]()], test.comparators)
    return ast.UnaryOp(ast.Not(), test)


def _is_not(node: ast.expr) -> TypeGuard[ast.UnaryOp]:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)


def _comparisons(node: ast.AST) -> Iterator[Slip]:
    if isinstance(node, ast.Compare):
        for index, operator in enumerate(node.ops):
            other = OTHER[type(operator)]()
            ops = [*node.ops[:index], other, *node.ops[index + 1 :]]
            yield f"compare `{ast.unparse(node)}` by {type(other).__name__}", node, _changed(node, "ops", ops)
    elif isinstance(node, ast.BoolOp):
        swapped = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        label = f"compare `{ast.unparse(node)}` by {type(swapped).__name__}"
        yield label, node, _changed(node, "op", swapped)


def _moves(node: ast.AST, place: str) -> Iterator[Slip]:
    if isinstance(node, ast.Constant) and not isinstance(node.value, str | bytes):
        match node.value:
            case bool(truth):
                moved: object = not truth
            case int(number) | float(number):
                moved = number + 1
            case None:
                moved = 0
            case _:
                return
        yield f"move `{node.value}` to `{moved}` in {place}", node, _changed(node, "value", moved)


def _head(statement: ast.stmt) -> str:
    """The first line of a statement, cut where it is long."""
    line = ast.unparse(statement).splitlines()[0]
    return line if len(line) <= 70 else line[:67] + "..."  # three dots
