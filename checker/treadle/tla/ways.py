r"""How many ways there are to satisfy a guard: TLC makes a next state once for each of them.

Read as an action, `\A q \in S : P(q)` is the conjunction of its instances, and a disjunction in P is tried disjunct by
disjunct for each of them: two elements of S for which both disjuncts of `a(q) \/ b(q)` hold make the same next state
four times. The states are the same either way; the number of states generated is TLC's only if it is counted so. The
guard becomes a number here: a disjunction is a sum, a conjunction a product, an implication its right side where its
left side holds, anything else one or none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.errors import SpecError
from treadle.tla import quantifiers
from treadle.tla.binding import loops
from treadle.tla.logic import declared
from treadle.tla.operations import listed
from treadle.tla.primes import has_primes
from treadle.tla.scope import Builtin, ByName, Environment, Operator
from treadle.tla.syntax import If, Junction, Let, Node, Quantified, Use
from treadle.tla.uses import bound_arguments, resolve

if TYPE_CHECKING:
    from collections.abc import Iterable

    from treadle.tla.scope import Meaning
    from treadle.tla.syntax import Bound
    from treadle.tla.translator import Translator
    from treadle.tla.values import Value

_DEPTH = 60


def counted(translator: Translator, node: Quantified, env: Environment) -> str | None:
    r"""Return the text of the number of ways to satisfy `\A`; None if there is one at most, or if it has primes."""
    if not _several(node.body, env, 0) or has_primes(node, env):
        return None
    return _number(translator, node, env)


def instances(translator: Translator, node: Quantified, env: Environment) -> list[Environment]:
    r"""Return an environment for each instance of a `\A` that gives variables their values, in order.

    The sets must be constants, since it is known when the text is written which variables have a value.
    """

    def values(bound: Bound) -> Iterable[Value]:
        known = None if bound.domain is None else translator.known(translator.value(bound.domain, env))
        if known is not None:
            items: Iterable[Value] = listed(known[0])
            return items
        raise env.source.error(
            node.span,
            "an \\A that gives variables their values, over a set that depends on the state",
            kind=SpecError,
            instead="an assignment of a whole function: x' = [i \\in S |-> ...]",
        )

    return quantifiers.instances(node, env, values)


def branches(node: Node, env: Environment) -> bool:
    """Tell whether a formula is to be read as an action: it may hold in several ways, or give variables their values."""
    return _several(node, env, 0) or has_primes(node, env)


def _several(node: Node, env: Environment, depth: int) -> bool:
    """Tell whether there may be more ways than one; names that are bound inside are no definitions of disjunctions."""
    if isinstance(node, Junction):
        return node.op == "\\/" or any(_several(item, env, depth) for item in node.items)
    if isinstance(node, Quantified):
        return node.kind == "E" or _several(node.body, env, depth)
    if isinstance(node, If):
        return _several(node.then, env, depth) or _several(node.other, env, depth)
    if isinstance(node, Let):
        return _several(node.body, env, depth) or any(_several(part, env, depth) for part in node.children())
    if not isinstance(node, Use) or depth > _DEPTH or node.path or env.find(node.name) is None:
        return False
    meaning, _ = resolve(node, env)
    if is_implication(node, meaning):
        return _several(node.args[1], env, depth)
    if isinstance(meaning, Operator) and not meaning.recursive:
        return _several(meaning.body, meaning.environment, depth + 1)
    return isinstance(meaning, ByName) and not node.args and _several(meaning.node, meaning.environment, depth + 1)


def is_implication(node: Use, meaning: Meaning) -> bool:
    """Tell whether a formula is `A => B`, which is read as `IF A THEN B ELSE TRUE`."""
    return isinstance(meaning, Builtin) and meaning.name == "=>" and len(node.args) == 2  # noqa: PLR2004  (it is infix)


def _number(translator: Translator, node: Node, env: Environment) -> str:
    """Return the text of the number of ways."""
    if isinstance(node, Junction):
        parts = [_number(translator, item, env) for item in node.items]
        return f"({' + '.join(parts)})" if node.op == "\\/" else _product(translator, parts)
    if isinstance(node, Quantified):
        return _quantified(translator, node, env)
    if isinstance(node, If):
        then, other = _number(translator, node.then, env), _number(translator, node.other, env)
        return f"({then} if {translator.truth(node.test, env)} else {other})"
    if isinstance(node, Let):
        return _number(translator, node.body, declared(node, env))
    if isinstance(node, Use):
        meaning, _ = resolve(node, env)
        if is_implication(node, meaning):
            return f"({_number(translator, node.args[1], env)} if {translator.truth(node.args[0], env)} else 1)"
        if isinstance(meaning, Operator) and not meaning.recursive and _several(node, env, 0):
            return _call(translator, node, env, meaning)
        if isinstance(meaning, ByName) and not node.args:
            return _number(translator, meaning.node, meaning.environment.like(env))
    return f"(1 if {translator.truth(node, env)} else 0)"


def _product(translator: Translator, parts: list[str]) -> str:
    """Multiply; what follows a factor of nought is not computed."""
    product = translator.local("ways")
    lines = f" {product} = {parts[0]}\n"
    for part in parts[1:]:
        lines += f" if not {product}:\n  return 0\n {product} = {product} * {part}\n"
    return translator.lift(lines + f" return {product}")


def _quantified(translator: Translator, node: Quantified, env: Environment) -> str:
    heads, inner = loops(translator, node.bounds, env)
    body = _number(translator, node.body, inner)
    if node.kind == "E":
        return f"sum({body} {' '.join(heads)})"
    product = translator.local("ways")
    lines = f" {product} = 1\n"
    for depth, head in enumerate(heads, 1):
        lines += f"{' ' * depth}{head}:\n"
    margin = " " * (len(heads) + 1)
    lines += f"{margin}{product} = {product} * {body}\n{margin}if not {product}:\n{margin} return 0\n"
    return translator.lift(lines + f" return {product}")


def _call(translator: Translator, node: Use, env: Environment, operator: Operator) -> str:
    names, lines = bound_arguments(translator, node, env, operator)
    inner = Environment(operator.environment.source, names, operator.environment.like(env))
    text = _number(translator, operator.body, inner)
    return translator.lift("".join(f" {line}\n" for line in lines) + f" return {text}") if lines else text
