"""Modules and their units: what stands between `---- MODULE` and `====`.

Theorems and proofs are stepped over: a checker has no use for them, and what follows a proof is found by its form (a
keyword that begins a unit, or a name that is being defined, outside LET and DEFINE).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.tla.brackets import bounds
from treadle.tla.expressions import expression
from treadle.tla.operators import INFIX, POSTFIX, PREFIX
from treadle.tla.proofs import skip_statement
from treadle.tla.syntax import Definition, Function, Instance, Module, Node, Param
from treadle.tla.tokenstream import TokenStream

if TYPE_CHECKING:
    from treadle.tla.lexer import Token
    from treadle.tla.source import Source, Span


def parse(source: Source) -> Module:
    """Read the module that a text begins with. Raises SpecSyntaxError."""
    return _module(TokenStream(source))


def parse_expression(source: Source) -> Node:
    """Read one expression out of a text that is wrapped as a module with a single definition."""
    definition = parse(source).units[0]
    if isinstance(definition, Instance):
        raise source.error(definition.span, "an INSTANCE is not an expression")
    return definition.body


def _module(stream: TokenStream) -> Module:
    if stream.next.kind != "rule":
        raise stream.unexpected("---- MODULE Name ----", "the beginning of a module")
    stream.take()
    stream.need("MODULE", "the beginning of a module")
    name = stream.name("the beginning of a module").text
    if stream.next.kind != "rule":
        raise stream.unexpected("---- after the module's name", "the beginning of a module")
    stream.take()
    module = Module(name, stream.source, [], [], [], [], [], [], [])
    if stream.accept("EXTENDS"):
        module.extends = _names(stream, "EXTENDS")
    while stream.next.kind != "close":
        _unit(stream, module)
    stream.take()
    return module


def _names(stream: TokenStream, inside: str) -> list[tuple[str, Span]]:
    found = []
    while True:
        token = stream.name(inside)
        found.append((token.text, token.span))
        if not stream.accept(","):
            return found


def _unit(stream: TokenStream, module: Module) -> None:
    token = stream.next
    if token.kind == "rule" and stream.ahead(1).text == "MODULE":
        module.inner.append(_module(stream))
    elif token.kind == "rule":
        stream.take()
    elif token.kind == "keyword" and token.text in _UNITS:
        _UNITS[token.text](stream, module)
    else:
        module.units.append(definition(stream, local=False))


def _constants(stream: TokenStream, module: Module) -> None:
    stream.take()
    while True:
        span = stream.next.span
        module.constants.append((_param(stream, "CONSTANTS"), span))
        if not stream.accept(","):
            return


def _variables(stream: TokenStream, module: Module) -> None:
    stream.take()
    module.variables += _names(stream, "VARIABLES")


def _assume(stream: TokenStream, module: Module) -> None:
    stream.take()
    name = None
    start = stream.next.span
    if stream.next.kind == "name" and stream.ahead(1).text == "==":
        name = stream.take().text
        stream.take()
    body = expression(stream)
    module.assumptions.append((name, body))
    if name is not None:  # the name may be used like that of a definition
        module.units.append(Definition(name, (), body, start.to(body.span), stream.source))


def _theorem(stream: TokenStream, module: Module) -> None:
    start = stream.next.span
    skip_statement(stream)
    module.theorems.append(start.to(stream.last))


def _local(stream: TokenStream, module: Module) -> None:
    stream.take()
    if stream.sees("INSTANCE"):
        module.units.append(_instance(stream, "", (), local=True))
    else:
        module.units.append(definition(stream, local=True))


def _plain_instance(stream: TokenStream, module: Module) -> None:
    module.units.append(_instance(stream, "", (), local=False))


def _recursive(stream: TokenStream, module: Module) -> None:
    stream.take()
    while True:
        span = stream.next.span
        module.recursive.append((_param(stream, "RECURSIVE"), span))
        if not stream.accept(","):
            return


_UNITS = {
    "CONSTANT": _constants,
    "CONSTANTS": _constants,
    "VARIABLE": _variables,
    "VARIABLES": _variables,
    "ASSUME": _assume,
    "ASSUMPTION": _assume,
    "AXIOM": _assume,
    "THEOREM": _theorem,
    "LEMMA": _theorem,
    "PROPOSITION": _theorem,
    "COROLLARY": _theorem,
    "PROOF": _theorem,
    "BY": _theorem,
    "OBVIOUS": _theorem,
    "OMITTED": _theorem,
    "USE": _theorem,
    "HIDE": _theorem,
    "LOCAL": _local,
    "INSTANCE": _plain_instance,
    "RECURSIVE": _recursive,
}


def local_definitions(stream: TokenStream) -> list[Definition | Instance]:
    """Read the definitions of a LET, up to its IN."""
    found: list[Definition | Instance] = []
    recursive: set[str] = set()
    while not stream.sees("IN"):
        if stream.accept("RECURSIVE"):
            recursive.add(_param(stream, "RECURSIVE").name)
            while stream.accept(","):
                recursive.add(_param(stream, "RECURSIVE").name)
        else:
            found.append(definition(stream, local=True))
    return [_marked(unit, recursive) for unit in found]


def _marked(unit: Definition | Instance, recursive: set[str]) -> Definition | Instance:
    if isinstance(unit, Instance) or unit.name not in recursive:
        return unit
    return Definition(unit.name, unit.params, unit.body, unit.span, unit.source, unit.local, recursive=True)


def _param(stream: TokenStream, inside: str) -> Param:
    r"""Read a parameter: `x`, `F(_, _)`, `_ \prec _`, `-. _` or `_ ^+`."""
    if stream.next.text == "_" and stream.ahead(1).text in INFIX:
        stream.take()
        symbol = stream.take()
        stream.name(inside)
        return Param(symbol.text, 2)
    if stream.next.text == "_" and stream.ahead(1).text in POSTFIX:
        stream.take()
        return Param(stream.take().text, 1)
    if stream.next.text in {"-.", *PREFIX}:
        symbol = stream.take()
        stream.name(inside)
        return Param(symbol.text, 1)
    name = stream.name(inside).text
    arity = 0
    if stream.accept("("):
        arity = 1
        stream.name(inside)
        while stream.accept(","):
            stream.name(inside)
            arity += 1
        stream.need(")", inside)
    return Param(name, arity)


def definition(stream: TokenStream, *, local: bool) -> Definition | Instance:
    r"""Read `name(params) == ...`, `f[x \in S] == ...`, or the definition of a symbolic operator."""
    token = stream.next
    if token.kind == "symbol" and token.text in {"-.", *PREFIX}:
        return _body(stream, token, "-." if token.text == "-" else stream_text(stream), _one(stream), local=local)
    if token.kind != "name":
        raise stream.unexpected("a definition, a declaration or ====", "a module")
    after = stream.ahead(1)
    if after.kind == "symbol" and after.text in INFIX and after.text != "==":
        stream.take()
        stream.take()
        params = (Param(token.text, 0), Param(stream.name("an infix operator").text, 0))
        return _body(stream, token, after.text, params, local=local)
    if after.kind == "symbol" and after.text in POSTFIX:
        stream.take()
        stream.take()
        return _body(stream, token, after.text, (Param(token.text, 0),), local=local)
    stream.take()
    if stream.accept("["):
        return _function(stream, token, local=local)
    return _body(stream, token, token.text, _params(stream), local=local)


def stream_text(stream: TokenStream) -> str:
    """Return the text of the next token."""
    return stream.next.text


def _one(stream: TokenStream) -> tuple[Param, ...]:
    stream.take()
    return (Param(stream.name("a prefix operator").text, 0),)


def _params(stream: TokenStream) -> tuple[Param, ...]:
    if not stream.accept("("):
        return ()
    found = [_param(stream, "the parameters of a definition")]
    while stream.accept(","):
        found.append(_param(stream, "the parameters of a definition"))
    stream.need(")", "the parameters of a definition")
    return tuple(found)


def _function(stream: TokenStream, token: Token, *, local: bool) -> Definition:
    over = bounds(stream, expression)
    stream.need("]", "the definition of a function")
    stream.need("==", "the definition of a function")
    body = expression(stream)
    span = token.span.to(body.span)
    return Definition(token.text, (), Function(span, over, body, token.text), span, stream.source, local)


def _body(
    stream: TokenStream, token: Token, name: str, params: tuple[Param, ...], *, local: bool
) -> Definition | Instance:
    stream.need("==", f"the definition of {name}")
    if stream.sees("INSTANCE"):
        return _instance(stream, name, params, local=local)
    body = expression(stream)
    return Definition(name, params, body, token.span.to(body.span), stream.source, local)


def _instance(stream: TokenStream, name: str, params: tuple[Param, ...], *, local: bool) -> Instance:
    start = stream.take().span
    module = stream.name("an INSTANCE").text
    substitutions: list[tuple[str, Node]] = []
    if stream.accept("WITH"):
        while True:
            target = stream.take()
            stream.need("<-", "the substitutions of an INSTANCE")
            substitutions.append((target.text, _substitute(stream)))
            if not stream.accept(","):
                break
    return Instance(name, params, module, tuple(substitutions), start.to(stream.last), stream.source, local)


def _substitute(stream: TokenStream) -> Node:
    from treadle.tla.syntax import Use  # noqa: PLC0415

    token, after = stream.next, stream.ahead(1)
    if token.kind == "symbol" and token.text in INFIX and (after.text == "," or after.kind != "name"):
        stream.take()
        return Use(token.span, token.text)
    return expression(stream)
