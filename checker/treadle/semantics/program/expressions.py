"""Expressions over the registers of a thread, and names of locations that contain them.

An expression is text in Python's notation. It is never executed as Python: its syntax tree is translated, node by node,
into closures, and a node that has no translation is an error. So what a program can say is exactly what the tables
below say: integers, strings and tuples; registers; arithmetic, comparisons, `and`, `or`, `not`, `x if c else y`,
indexing, and the functions min, max and len.

Values are normal: a truth value counts as 1 or 0 and a whole float as an int, so that equal values are the same value
in every respect (a location `a{i}` with i = 1 and with i = True is one location).
"""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING, Any

from treadle.errors import ProgramError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Registers = dict[str, Any]

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}
_UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
    ast.Not: operator.not_,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda item, items: item in items,
    ast.NotIn: lambda item, items: item not in items,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {"min": min, "max": max, "len": len}
_ALLOWED = "integers, registers, arithmetic, comparisons, and, or, not, if-else, tuples, indexes, min, max, len"


class Expression:
    """An expression of one operation; `where` names that operation in errors."""

    __slots__ = ("_evaluation", "text", "where")

    def __init__(self, source: object, where: str) -> None:
        self.text = str(source)
        self.where = where
        if isinstance(source, bool | int):
            value = int(source)
            self._evaluation: Callable[[Mapping[str, Any]], Any] = lambda _registers: value
        elif isinstance(source, str):
            self._evaluation = self._parse(source)
        else:
            message = f"{where}: {source!r} is no expression"
            raise ProgramError(message, expected="an integer, or a string such as 'a + 1'")

    def __call__(self, registers: Mapping[str, Any]) -> Any:
        """Its value; ProgramError where it has none."""
        try:
            return normal(self._evaluation(registers))
        except KeyError as error:
            raise ProgramError(
                f"{self.where}: register {error} has no value in {self.text!r}",
                got=", ".join(f"{name} = {value}" for name, value in registers.items())
                or "no register has a value yet",
                probably="a misspelt name, or a branch that does not set it",
            ) from None
        except (ArithmeticError, TypeError, ValueError, IndexError, MemoryError) as error:
            known = ", ".join(f"{name} = {value}" for name, value in registers.items())
            message = f"{self.where}: {self.text!r} has no value"
            raise ProgramError(
                message, got=f"{type(error).__name__}: {error}, with {known or 'no registers'}"
            ) from error

    def _parse(self, source: str) -> Callable[[Mapping[str, Any]], Any]:
        try:
            tree = ast.parse(source.strip(), mode="eval")
            return self._translate(tree.body)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            message = f"{self.where}: {source!r} is no expression"
            reason = error.msg if isinstance(error, SyntaxError) else str(error)
            raise ProgramError(message, expected=_ALLOWED, got=reason) from error

    def _translate(self, node: ast.expr) -> Callable[[Mapping[str, Any]], Any]:
        match node:
            case ast.Constant(value=bool() | int() | str() as value):
                return lambda _registers: value
            case ast.Name(id=name):
                return operator.itemgetter(name)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
                return _applied(_BINARY[type(op)], self._translate(left), self._translate(right))
            case ast.UnaryOp(op=op, operand=operand) if type(op) in _UNARY:
                return _applied(_UNARY[type(op)], self._translate(operand))
            case ast.Subscript(value=value, slice=index):
                return _applied(operator.getitem, self._translate(value), self._translate(index))
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _FUNCTIONS:
                return _applied(_FUNCTIONS[name], *map(self._translate, arguments))
            case ast.Tuple(elts=items) | ast.List(elts=items):
                return _applied(lambda *values: values, *map(self._translate, items))
            case _:
                return self._translate_condition(node)

    def _translate_condition(self, node: ast.expr) -> Callable[[Mapping[str, Any]], Any]:
        match node:
            case ast.BoolOp(op=op, values=values):
                return _until([self._translate(value) for value in values], stop=isinstance(op, ast.Or))
            case ast.Compare(left=left, ops=ops, comparators=rights) if all(type(op) in _COMPARISONS for op in ops):
                parts = [self._translate(part) for part in (left, *rights)]
                return _chain([_COMPARISONS[type(op)] for op in ops], parts)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return _either(self._translate(test), self._translate(body), self._translate(orelse))
            case _:
                message = f"{self.where}: {self.text!r} says {ast.unparse(node)!r}, which no program may say"
                raise ProgramError(message, expected=_ALLOWED)


def _applied(
    function: Callable[..., Any], *parts: Callable[[Mapping[str, Any]], Any]
) -> Callable[[Mapping[str, Any]], Any]:
    if len(parts) == 2:  # noqa: PLR2004 - nearly all of them
        left, right = parts
        return lambda registers: function(left(registers), right(registers))
    return lambda registers: function(*[part(registers) for part in parts])


def _until(parts: list[Callable[[Mapping[str, Any]], Any]], *, stop: bool) -> Callable[[Mapping[str, Any]], Any]:
    """`or` when it stops at the first true value, `and` when at the first false one."""

    def evaluate(registers: Mapping[str, Any]) -> Any:
        value = None
        for part in parts:
            value = part(registers)
            if bool(value) is stop:
                break
        return value

    return evaluate


def _chain(
    comparisons: list[Callable[[Any, Any], Any]], parts: list[Callable[[Mapping[str, Any]], Any]]
) -> Callable[[Mapping[str, Any]], Any]:
    def evaluate(registers: Mapping[str, Any]) -> Any:
        left = parts[0](registers)
        for compare, part in zip(comparisons, parts[1:], strict=True):
            right = part(registers)
            if not compare(left, right):
                return 0
            left = right
        return 1

    return evaluate


def _either(
    test: Callable[[Mapping[str, Any]], Any],
    body: Callable[[Mapping[str, Any]], Any],
    orelse: Callable[[Mapping[str, Any]], Any],
) -> Callable[[Mapping[str, Any]], Any]:
    return lambda registers: body(registers) if test(registers) else orelse(registers)


def normal(value: Any) -> Any:
    """The one value that stands for all that are equal to it."""
    if isinstance(value, bool) or (isinstance(value, float) and value.is_integer()):
        return int(value)
    return value


class Location:
    """The name of a shared object, in which `{expression}` stands for a value: `a{i+1}`."""

    __slots__ = ("_constant", "_parts", "_tail")

    def __init__(self, source: object, where: str, kind: str) -> None:
        if not isinstance(source, str) or not source:
            message = f"{where}: {source!r} names no {kind}"
            raise ProgramError(message, expected="a string, such as 'x' or 'a{i}'")
        self._parts: list[tuple[str, Expression]] = []
        self._tail = f"{kind} {source}"
        while "{" in self._tail:
            before, _, rest = self._tail.partition("{")
            text, closed, self._tail = rest.partition("}")
            if not closed:
                raise ProgramError(f"{where}: a brace is not closed in {source!r}", instead="write a{i}")
            self._parts.append((before, Expression(text, where)))

    def __call__(self, registers: Mapping[str, Any]) -> str:
        """The name of the object, with its kind in front: kinds have names of their own."""
        return "".join(f"{before}{expression(registers)}" for before, expression in self._parts) + self._tail
