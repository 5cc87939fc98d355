r"""Translation of `x \in S`: by the form of S where that is cheaper than having the set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.tla.kinds import INT
from treadle.tla.scope import Builtin
from treadle.tla.syntax import Node, Use
from treadle.tla.uses import resolve

if TYPE_CHECKING:
    from treadle.tla.scope import Environment
    from treadle.tla.translator import Translator


def member(translator: Translator, item: Node, group: Node, node: Node, env: Environment) -> tuple[str, bool]:
    """Return the text of a Python condition, and whether it cannot fail."""
    value = translator.value(item, env)
    special = _special(translator, group, value.text, env, is_int=value.kind == INT)
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
