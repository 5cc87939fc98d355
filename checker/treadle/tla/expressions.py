r"""Expressions: the grammar below definitions.

Infix text is read with a stack of operands and operators; `operators.binds` decides, and says so when nobody wins.
Everything else is one small function per form. What begins with a keyword or a quantifier (`IF`, `\A`, `LET`,
`CHOOSE`, `LAMBDA`, `CASE`) reaches as far to the right as the text allows, which is why it may only stand last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.tla import brackets
from treadle.tla.operators import INFIX, POSTFIX, PREFIX, Operator, binds
from treadle.tla.syntax import (
    Case,
    Choose,
    Definition,
    Fair,
    Field,
    If,
    Instance,
    Junction,
    Lambda,
    Let,
    Node,
    Number,
    Old,
    Param,
    Product,
    Quantified,
    String,
    Use,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.tla.lexer import Token
    from treadle.tla.tokenstream import TokenStream


class _Pending:
    """The stack of one run of infix text: operands, and operators that still wait for their right side."""

    def __init__(self, stream: TokenStream) -> None:
        self.stream = stream
        self.operands: list[Node] = []
        self.operators: list[tuple[Operator, Token, bool]] = []  # the flag: it is a prefix operator
        self.chains: set[Node] = set()  # junctions and products made here, which a further item may join

    def settle(self, coming: Operator, token: Token) -> None:
        """Apply every operator that binds its right side before `coming` may have it."""
        while self.operators:
            top, at, _ = self.operators[-1]
            side = binds(top, coming)
            if side == "conflict":
                raise self._conflict(top, at, coming, token)
            if side == "right":
                return
            self.apply()

    def _conflict(self, top: Operator, at: Token, coming: Operator, token: Token) -> Exception:
        ranges = f"{top.name} has {top.low}-{top.high}, {coming.name} has {coming.low}-{coming.high}"
        return self.stream.source.error(
            token.span,
            f"precedence conflict between {top.name} (line {at.span.line}, column {at.span.column}) and {coming.name}",
            probably=f"neither binds tighter ({ranges})",
            instead="put parentheses around the part that belongs together",
        )

    def apply(self) -> None:
        """Apply the newest waiting operator."""
        operator, token, prefix = self.operators.pop()
        right = self.operands.pop()
        if prefix:
            name = "-." if operator.name == "-" else operator.name
            self.operands.append(Use(token.span.to(right.span), name, (right,)))
        else:
            self.operands.append(self._joined(operator.name, self.operands.pop(), right))

    def _joined(self, name: str, left: Node, right: Node) -> Node:
        r"""Apply an infix operator; what is written `a /\ b /\ c` or `A \X B \X C` without parentheses is one node."""
        span = left.span.to(right.span)
        if name in {"/\\", "\\/"}:
            known = left.items if isinstance(left, Junction) and left.op == name and left in self.chains else (left,)
            joined: Node = Junction(span, name, (*known, right))
        elif name == "\\X":
            known = left.items if isinstance(left, Product) and left in self.chains else (left,)
            joined = Product(span, (*known, right))
        else:
            return Use(span, name, (left, right))
        self.chains.add(joined)
        return joined

    def finish(self) -> Node:
        """Apply all that is left; return the one operand that remains."""
        while self.operators:
            self.apply()
        return self.operands[0]


def expression(stream: TokenStream) -> Node:
    """Read one expression as far as it reaches."""
    pending = _Pending(stream)
    while True:
        _operand(stream, pending)
        _postfix(stream, pending)
        token = stream.next
        operator = INFIX.get(token.text) if token.kind == "symbol" else None
        if operator is None:
            return pending.finish()
        pending.settle(operator, token)
        pending.operators.append((operator, stream.take(), False))


def _operand(stream: TokenStream, pending: _Pending) -> None:
    while True:
        token = stream.next
        prefix = PREFIX.get(token.text) if token.kind in {"symbol", "keyword"} else None
        if token.text == "-." and token.kind == "symbol":
            prefix = PREFIX["-"]
        if prefix is None:
            break
        pending.operators.append((prefix, stream.take(), True))
    pending.operands.append(primary(stream))


def _postfix(stream: TokenStream, pending: _Pending) -> None:
    """Read `.field`, `[index]` and postfix operators, each of which belongs to the operand just read."""
    while True:
        token = stream.next
        operand = pending.operands[-1]
        if token.kind != "symbol":
            return
        if token.text == "." and stream.ahead(1).kind in {"name", "keyword"}:
            stream.take()
            field = stream.take()
            pending.operands[-1] = Field(operand.span.to(field.span), operand, field.text)
        elif token.text == "[":
            pending.operands[-1] = brackets.index(stream, operand, expression)
        elif token.text in POSTFIX:
            pending.settle(POSTFIX[token.text], token)
            stream.take()
            operand = pending.operands[-1]
            pending.operands[-1] = Use(operand.span.to(token.span), token.text, (operand,))
        else:
            return


def primary(stream: TokenStream) -> Node:
    """Read one operand: a literal, a name with its arguments, a bracketed or a keyword form."""
    token = stream.next
    if token.kind in _BY_KIND:
        return _BY_KIND[token.kind](stream)
    if token.kind in {"symbol", "keyword"} and token.text in _BY_TEXT:
        return _BY_TEXT[token.text](stream)
    if token.text in {"\\AA", "\\EE"}:
        raise stream.source.error(
            token.span, f"the temporal quantifier {token.text} is outside the subset that is read"
        )
    raise stream.unexpected("an expression", "an expression")


def _number(stream: TokenStream) -> Node:
    token = stream.take()
    return Number(token.span, int(token.text))


def _string(stream: TokenStream) -> Node:
    token = stream.take()
    return String(token.span, token.text)


def arguments(stream: TokenStream) -> tuple[Node, ...]:
    """Read `(a, b)` if it is there; an argument may be an operator by its symbol or a LAMBDA."""
    if not stream.accept("("):
        return ()
    found = [_argument(stream)]
    while stream.accept(","):
        found.append(_argument(stream))
    stream.need(")", "the arguments of an operator")
    return tuple(found)


def _argument(stream: TokenStream) -> Node:
    token, after = stream.next, stream.ahead(1)
    symbolic = token.text in INFIX or token.text in PREFIX or token.text in POSTFIX or token.text == "-."
    if token.kind in {"symbol", "keyword"} and symbolic and after.kind == "symbol" and after.text in {",", ")"}:
        stream.take()
        return Use(token.span, token.text)
    return expression(stream)


def _name(stream: TokenStream) -> Node:
    first = stream.take()
    path: list[tuple[str, tuple[Node, ...]]] = []
    name, args = first.text, arguments(stream)
    while stream.sees("!"):
        stream.take()
        path.append((name, args))
        name, args = _after_bang(stream), arguments(stream)
    if not path and stream.accept("::"):
        return expression(stream)  # a label names a part of a formula, for proofs
    return Use(first.span.to(stream.last), name, args, tuple(path))


def _after_bang(stream: TokenStream) -> str:
    token = stream.next
    if token.kind == "name" or (token.kind == "symbol" and (token.text in INFIX or token.text in POSTFIX)):
        return stream.take().text
    raise stream.source.error(
        token.span, "a path into a formula (such as F!1 or F!:) is outside the subset that is read", expected="a name"
    )


def _parenthesised(stream: TokenStream) -> Node:
    stream.take()
    inner = expression(stream)
    stream.need(")", "an expression in parentheses")
    return inner


def bulleted(stream: TokenStream) -> Node:
    r"""Read a list of `/\` or `\/` whose bullets stand in one column."""
    bullet = stream.next
    column, items = bullet.span.column, []
    while stream.next.kind == "symbol" and stream.raw.text == bullet.text and stream.raw.span.column == column:
        stream.take()
        stream.margins.append(column)
        items.append(expression(stream))
        stream.margins.pop()
    return Junction(bullet.span.to(items[-1].span), bullet.text, tuple(items))


def _quantified(stream: TokenStream) -> Node:
    start = stream.take()
    bounds = brackets.bounds(stream, expression)
    stream.need(":", f"the quantifier {start.text}")
    body = expression(stream)
    return Quantified(start.span.to(body.span), start.text[1], bounds, body)


def _choose(stream: TokenStream) -> Node:
    start = stream.take()
    bound = brackets.single_bound(stream, expression)
    stream.need(":", "a CHOOSE")
    body = expression(stream)
    return Choose(start.span.to(body.span), bound, body)


def _if(stream: TokenStream) -> Node:
    start = stream.take()
    test = expression(stream)
    stream.need("THEN", "an IF")
    then = expression(stream)
    stream.need("ELSE", "an IF")
    other = expression(stream)
    return If(start.span.to(other.span), test, then, other)


def _case(stream: TokenStream) -> Node:
    start, guards, values = stream.take(), [], []
    other: Node | None = None
    while True:
        if stream.accept("OTHER"):
            stream.need("->", "a CASE")
            other = expression(stream)
            break
        guards.append(expression(stream))
        stream.need("->", "a CASE")
        values.append(expression(stream))
        if not stream.accept("[]"):
            break
    return Case(start.span.to(stream.last), tuple(guards), tuple(values), other)


def _let(stream: TokenStream) -> Node:
    from treadle.tla.units import local_definitions  # noqa: PLC0415  (definitions and expressions contain each other)

    start = stream.take()
    found: list[Definition | Instance] = local_definitions(stream)
    stream.need("IN", "a LET")
    body = expression(stream)
    return Let(start.span.to(body.span), tuple(found), body)


def _lambda(stream: TokenStream) -> Node:
    start = stream.take()
    params = [Param(stream.name("a LAMBDA").text, 0)]
    while stream.accept(","):
        params.append(Param(stream.name("a LAMBDA").text, 0))
    stream.need(":", "a LAMBDA")
    body = expression(stream)
    return Lambda(start.span.to(body.span), tuple(params), body)


def _fair(stream: TokenStream) -> Node:
    start = stream.take()
    subscript = primary(stream) if not stream.sees("<<") else brackets.angled(stream, expression)
    if isinstance(subscript, Use) and subscript.args:
        action, subscript = subscript.args[0], Use(subscript.span, subscript.name, (), subscript.path)
    else:
        stream.need("(", start.text)
        action = expression(stream)
        stream.need(")", start.text)
    return Fair(start.span.to(stream.last), subscript, action, start.text == "SF_")


def _old(stream: TokenStream) -> Node:
    return Old(stream.take().span)


_BY_KIND: dict[str, Callable[[TokenStream], Node]] = {
    "number": _number,
    "string": _string,
    "name": _name,
    "fair": _fair,
}
_BY_TEXT: dict[str, Callable[[TokenStream], Node]] = {
    "(": _parenthesised,
    "/\\": bulleted,
    "\\/": bulleted,
    "\\A": _quantified,
    "\\E": _quantified,
    "CHOOSE": _choose,
    "IF": _if,
    "CASE": _case,
    "LET": _let,
    "LAMBDA": _lambda,
    "@": _old,
    "{": lambda stream: brackets.braces(stream, expression),
    "[": lambda stream: brackets.square(stream, expression),
    "<<": lambda stream: brackets.angled(stream, expression),
}
