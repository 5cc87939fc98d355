r"""Where primes reach.

`Lose(q) == q' = Tail(q)` with a variable for q is about q in the next state, so the argument must stay an expression
there: a value that was computed in the present state cannot be primed. `may_be_primed` tells whether a name may come to
stand under a prime, UNCHANGED or ENABLED, itself, through LET, or through the operators that it is passed to. It errs
on the side of yes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.tla.scope import Builtin, ByName, Instantiated, Operator
from treadle.tla.syntax import (
    Bound,
    Boxed,
    Choose,
    Definition,
    Fair,
    Function,
    Lambda,
    Let,
    Node,
    Quantified,
    SetFilter,
    SetMap,
    Use,
)

if TYPE_CHECKING:
    from treadle.tla.scope import Environment, Meaning

_PRIMING = frozenset({"'", "UNCHANGED", "ENABLED"})
_DEPTH = 60


def _meaning(node: Use, env: Environment) -> Meaning | None:
    """Return what a name means; None if it is bound inside the formula that is looked at."""
    place = env
    for name, _ in node.path:
        found = place.find(name)
        if not isinstance(found, Instantiated):
            return None
        from treadle.tla.instances import instance_environment  # noqa: PLC0415  (instances hold environments)

        place = instance_environment(found, (), env) if not found.instance.params else found.environment
    return place.find(node.name)


def has_primes(node: Node, env: Environment, depth: int = 0, bound: frozenset[str] = frozenset()) -> bool:
    """Tell whether an expression mentions a prime, itself or through definitions.

    `bound` are the names that are bound inside: `LET a == 1 IN a + 1` in the definition of `a` is not about that `a`.
    """
    if isinstance(node, Boxed | Fair):
        return True
    if isinstance(node, Use):
        if node.name in _PRIMING and not node.path:
            return True
        if (node.path or node.name not in bound) and _means_primes(_meaning(node, env), depth):
            return True
    inside = bound | _bound_by(node)
    return any(has_primes(child, env, depth, inside) for child in node.children())


def _means_primes(meaning: Meaning | None, depth: int) -> bool:
    if depth >= _DEPTH:
        return False
    if isinstance(meaning, Operator) and not meaning.recursive:
        params = frozenset(param.name for param in meaning.params)
        return has_primes(meaning.body, meaning.environment, depth + 1, params)
    return isinstance(meaning, ByName) and has_primes(meaning.node, meaning.environment, depth + 1)


def _bound_by(node: Node) -> frozenset[str]:
    """Return the names that a node binds in what is below it."""
    if isinstance(node, Let):
        return frozenset(unit.name for unit in node.definitions)
    if isinstance(node, Lambda):
        return frozenset(param.name for param in node.params)
    bounds: tuple[Bound, ...] = (node.bound,) if isinstance(node, Choose | SetFilter) else ()
    if isinstance(node, Quantified | SetMap | Function):
        bounds = node.bounds
    return frozenset(name for bound in bounds for name in bound.names())


def mentions(names: set[str], node: Node) -> bool:
    """Tell whether an expression uses one of the names."""
    rest = [node]
    while rest:
        node = rest.pop()
        if isinstance(node, Use) and (node.path[0][0] if node.path else node.name) in names:
            return True
        rest += node.children()  # among them the arguments of instances
    return False


def may_be_primed(names: set[str], node: Node, env: Environment) -> bool:
    """Tell whether one of the names may stand under a prime in an expression."""
    if not mentions(names, node):
        return False
    if isinstance(node, Let):
        reached = set(names)
        for unit in node.definitions:
            if isinstance(unit, Definition) and mentions(reached, unit.body):
                reached.add(unit.name)
        bodies = [unit.body for unit in node.definitions if isinstance(unit, Definition)]
        return any(may_be_primed(reached, body, env) for body in [*bodies, node.body])
    if isinstance(node, Boxed | Fair):
        return True
    if isinstance(node, Use):
        if node.path or node.name in _PRIMING:
            return True
        meaning = _meaning(node, env)
        if node.args and not isinstance(meaning, Builtin) and _passes_on(meaning):
            return True
    return any(may_be_primed(names, child, env) for child in node.children())


def _passes_on(meaning: Meaning | None) -> bool:
    """Tell whether an operator may prime its arguments."""
    return not isinstance(meaning, Operator) or has_primes(meaning.body, meaning.environment)
