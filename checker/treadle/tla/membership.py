r"""Translation of `x \in S`: by the form of S where that is cheaper than having the set.

`x \in {y \in T : P(y)}` is `x \in T /\ P(x)`, and `x \in UNION {S, T}` is `x \in S \/ x \in T`: nothing is listed. A set
that is a constant is listed once instead, unless it is chosen from more than can be listed in good time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.tla.binding import LISTED, pattern_target
from treadle.tla.builtins import members
from treadle.tla.kinds import INT
from treadle.tla.scope import Builtin, Operator
from treadle.tla.sets import DescribedSet, endless
from treadle.tla.syntax import Node, SetFilter, Use
from treadle.tla.translator import free_names
from treadle.tla.uses import resolve

if TYPE_CHECKING:
    from treadle.tla.scope import Environment
    from treadle.tla.translator import Code, Translator


def member(translator: Translator, item: Node, group: Node, node: Node, env: Environment) -> tuple[str, bool]:
    """Return the text of a Python condition, and whether it cannot fail."""
    value = translator.value(item, env)
    special = _special(translator, group, value.text, env, is_int=value.kind == INT)
    if special is None:
        special = _by_parts(translator, value, group, node, env)
    if special is not None:
        return special, False
    code = translator.value(group, env)
    if code.kind[0] == "set" and value.concrete:
        return f"({value.text} in {code.text})", value.total and code.total and code.concrete
    return translator.mark(node, env, f"member({value.text}, {code.text})"), False


def _special(translator: Translator, group: Node, text: str, env: Environment, *, is_int: bool) -> str | None:
    if not isinstance(group, Use) or not isinstance(resolve(group, env)[0], Builtin):
        return None
    if group.name == ".." and is_int:
        low, high = (translator.value(arg, env) for arg in group.args)
        return f"({low.text} <= {text} <= {high.text})" if low.kind == high.kind == INT else None
    if group.name == "\\cup" and text.isidentifier():
        return None
    if group.name == "Nat" and is_int:
        return f"({text} >= 0)"
    return "True" if group.name == "Int" and is_int else None


def _by_parts(translator: Translator, value: Code, group: Node, node: Node, env: Environment) -> str | None:
    """Ask the parts that a set is written with."""
    group, env = _written(group, env)
    if isinstance(group, SetFilter) and isinstance(group.bound.patterns[0], str):
        return _filtered(translator, value, group, node, env)
    if isinstance(group, Use) and group.name == "UNION" and isinstance(resolve(group, env)[0], Builtin):
        inside = members(translator, group.args[0], env)
        if inside is not None and value.atom and free_names(inside[0]):
            return translator.mark(node, env, f"member_of_some({value.text}, [{inside[0]}])")
    return None


def _written(group: Node, env: Environment) -> tuple[Node, Environment]:
    """Return the expression behind the names of definitions without parameters."""
    while isinstance(group, Use) and not group.args:
        meaning, _ = resolve(group, env)
        if not isinstance(meaning, Operator) or meaning.params or meaning.recursive:
            break
        group, env = meaning.body, meaning.environment.like(env)
    return group, env


def _filtered(translator: Translator, value: Code, group: SetFilter, node: Node, env: Environment) -> str | None:
    domain = group.bound.domain
    if domain is None:
        return None
    base = translator.value(domain, env)
    if not (free_names(base.text) or _is_vast(translator, base)) and not free_names(translator.value(group, env).text):
        return None  # a constant: it is listed once
    target, names = pattern_target(translator, str(group.bound.patterns[0]), value.kind)
    test = translator.truth(group.body, env.within(names))
    inside = translator.mark(node, env, f"member({target}, {base.text})")
    given = value.text if value.concrete else f"listed({value.text})"
    return translator.lift(f" {target} = {given}\n return ({inside} and {test})")


def _is_vast(translator: Translator, base: Code) -> bool:
    known = translator.known(base)
    if known is None or not isinstance(known[0], DescribedSet) or endless(known[0]):
        return False
    return len(known[0]) > LISTED
