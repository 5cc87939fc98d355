"""Bound names: how binders become Python loops, and what may be computed before it is asked for.

An argument or a LET definition may be computed beforehand if that cannot fail (`total`), or if the body computes it in
any case (`is_strict`). Otherwise it is computed where it is first used, once (`thunk`): `IF s = <<>> THEN 0 ELSE
Op(Head(s))` must not fail.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from treadle.tla.kinds import ANY, Kind, element_of
from treadle.tla.scope import Environment, Local, Meaning
from treadle.tla.sets import DescribedSet, endless
from treadle.tla.syntax import (
    Bound,
    Case,
    Choose,
    Function,
    If,
    Junction,
    Lambda,
    Let,
    Node,
    Quantified,
    SetFilter,
    SetMap,
    Use,
)
from treadle.tla.values import ordered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from treadle.tla.syntax import Pattern
    from treadle.tla.translator import Code, Translator

_UNORDERED = {"int"}
LISTED = 100_000
_BINDERS = (Quantified, Choose, SetFilter, SetMap, Function, Lambda)


def iterated(translator: Translator, node: Node, env: Environment, *, any_order: bool = False) -> tuple[str, Code]:
    """Translate a set that is iterated: the text of an iterable in a fixed order, and the code of the set."""
    code = translator.value(node, env)
    counted = re.fullmatch(r"Interval\((.*)\)", code.text, re.DOTALL)
    if counted is not None:
        return f"count_up({counted.group(1)})", code
    known = translator.known(code)
    if known is not None and _is_small(known[0]):
        return translator.constant_named("O", ordered(known[0])), code
    if code.kind[0] != "set":
        return translator.mark(node, env, f"elements({code.text})"), code
    if code.concrete and (any_order or element_of(code.kind)[0] in _UNORDERED):
        return code.text, code
    if code.concrete:
        return f"ordered({code.text})", code
    return translator.mark(node, env, f"elements({code.text})"), code


def _is_small(value: Any) -> bool:
    """Tell whether a constant is a set whose elements are better listed once, before it is iterated."""
    if isinstance(value, DescribedSet):
        return not endless(value) and len(value) <= LISTED
    return type(value) is frozenset


def loops(
    translator: Translator, bounds: tuple[Bound, ...], env: Environment, *, any_order: bool = False
) -> tuple[list[str], Environment]:
    """Return the heads of nested loops (`for x in S`) over the bounds, and the environment inside."""
    heads: list[str] = []
    names: dict[str, Meaning] = {}
    for bound in bounds:
        if bound.domain is None:
            raise env.source.error(
                bound.span,
                "a quantifier without a set: its values cannot be listed",
                instead=f"write {', '.join(bound.names())} \\in S",
            )
        for pattern in bound.patterns:
            text, code = iterated(translator, bound.domain, env, any_order=any_order)
            target, found = pattern_target(translator, pattern, element_of(code.kind))
            heads.append(f"for {target} in {text}")
            names.update(found)
    return heads, env.within(names)


def pattern_target(translator: Translator, pattern: Pattern, kind: Kind) -> tuple[str, dict[str, Meaning]]:
    """Return the Python target of a bound pattern, and the meanings of its names."""
    if isinstance(pattern, str):
        text = translator.local(pattern)
        return text, {pattern: Local(text, kind)}
    return tuple_target(translator, pattern, kind)


def tuple_target(translator: Translator, patterns: Sequence[Pattern], kind: Kind) -> tuple[str, dict[str, Meaning]]:
    """Return the Python target that takes a tuple apart, each item by its own pattern, and the meanings of the names."""
    domain = translator.local("domain")
    kinds = kind[1] if kind[0] == "tup" and len(kind[1]) == len(patterns) else (ANY,) * len(patterns)
    parts = [pattern_target(translator, item, of) for item, of in zip(patterns, kinds, strict=True)]
    names: dict[str, Meaning] = {name: found for _, inner in parts for name, found in inner.items()}
    return f"({domain}, {', '.join(text for text, _ in parts)})", names


def nested(heads: list[str], innermost: list[str]) -> str:
    """Return loops within loops as the body of a function (indented by one)."""
    lines = [" " * (depth + 1) + head + ":" for depth, head in enumerate(heads)]
    lines += [" " * (len(heads) + 1) + line for line in innermost]
    return "\n".join(lines)


def occurrences(name: str, node: Node) -> tuple[int, bool]:
    """Count the uses of a name in an expression, and tell whether one may be computed more than once."""
    count, repeated = 0, False
    for used, inside in _uses(node, within=False):
        if used == name:
            count, repeated = count + 1, repeated or inside
    return count, repeated


def _uses(node: Node, *, within: bool) -> Iterator[tuple[str, bool]]:
    if isinstance(node, Use):
        yield (node.path[0][0] if node.path else node.name), within
        for _, args in node.path:
            for arg in args:
                yield from _uses(arg, within=within)
    repeats = within or isinstance(node, _BINDERS) or (isinstance(node, Let) and bool(node.definitions))
    for child in node.children():
        yield from _uses(child, within=repeats)


def is_strict(name: str, node: Node) -> bool:
    """Tell whether computing the expression surely computes the name."""
    if isinstance(node, Use):
        if node.name == name and not node.path:
            return True
        if node.name in {"=>", "'", "ENABLED", "UNCHANGED"} or node.path:
            return bool(node.args) and node.name == "=>" and is_strict(name, node.args[0])
        symbolic = not node.name[0].isalpha() or node.name in {"SUBSET", "UNION", "DOMAIN", "Cardinality", "Len"}
        return symbolic and any(is_strict(name, arg) for arg in node.args)
    if isinstance(node, Junction):
        return is_strict(name, node.items[0])
    if isinstance(node, If):
        return is_strict(name, node.test) or (is_strict(name, node.then) and is_strict(name, node.other))
    if isinstance(node, Case):
        return is_strict(name, node.guards[0])
    if isinstance(node, Let):
        return is_strict(name, node.body)
    if isinstance(node, Quantified | SetMap | Function):
        return node.bounds[0].domain is not None and is_strict(name, node.bounds[0].domain)
    if isinstance(node, Choose | SetFilter):
        return node.bound.domain is not None and is_strict(name, node.bound.domain)
    return not isinstance(node, Lambda) and any(is_strict(name, child) for child in node.children())
