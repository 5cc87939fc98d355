"""Translation of the operators of TLA+ itself and of the standard modules.

Each takes the whole use, so that an operator which does not simply compute its arguments (`=>`, `'`, ENABLED) is no
exception. Where kinds are known the text is Python's own operator; where not, it is a call of `operations`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.tla.binding import loops
from treadle.tla.kinds import (
    ANY,
    FUNCTIONS,
    INT,
    NEVER,
    Kind,
    comparable,
    element_of,
    join,
    join_all,
    key_of,
    set_of,
    value_of,
)
from treadle.tla.sets import BOOLEAN, NAT, STRING
from treadle.tla.sets import INT as INTEGERS
from treadle.tla.syntax import Node, SetList, SetMap
from treadle.tla.translator import Code, Translator, boolean

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.tla.scope import Environment
    from treadle.tla.syntax import Use

BUILTINS: dict[str, Callable[[Translator, Use, Environment], Code]] = {}


def builtin(*names: str) -> Callable[..., Callable[[Translator, Use, Environment], Code]]:
    """Register the translation of an operator."""

    def register(
        function: Callable[[Translator, Use, Environment], Code],
    ) -> Callable[[Translator, Use, Environment], Code]:
        for name in names:
            BUILTINS[name] = function
        return function

    return register


def values(translator: Translator, node: Use, env: Environment) -> list[Code]:
    """Translate the arguments."""
    return [translator.value(arg, env) for arg in node.args]


# ---- constants


def _constant(value: object) -> Callable[[Translator, Use, Environment], Code]:
    def translate(translator: Translator, node: Use, env: Environment) -> Code:
        del node, env
        return translator.constant(value)

    return translate


for _name, _value in (("Nat", NAT), ("Int", INTEGERS), ("STRING", STRING), ("BOOLEAN", BOOLEAN)):
    BUILTINS[_name] = _constant(_value)


@builtin("TRUE", "FALSE")
def _truth(translator: Translator, node: Use, env: Environment) -> Code:
    del translator, env
    return boolean("True" if node.name == "TRUE" else "False", total=True)


# ---- logic


@builtin("~")
def _not(translator: Translator, node: Use, env: Environment) -> Code:
    text = translator.truth(node.args[0], env)
    if text in {"True", "False"}:
        return boolean("False" if text == "True" else "True", total=True)
    return boolean(f"(not {text})")


@builtin("=>")
def _implies(translator: Translator, node: Use, env: Environment) -> Code:
    left = translator.truth(node.args[0], env)
    if left == "False":
        return boolean("True", total=True)
    right = translator.truth(node.args[1], env)
    return boolean(f"(not {left} or {right})")


@builtin("<=>")
def _equivalent(translator: Translator, node: Use, env: Environment) -> Code:
    left, right = (translator.truth(arg, env) for arg in node.args)
    return boolean(f"(bool({left}) is bool({right}))")


@builtin("=", "#")
def _equal(translator: Translator, node: Use, env: Environment) -> Code:
    left, right = values(translator, node, env)
    negated = node.name == "#"
    if left.kind[0] == right.kind[0] == "bool":
        return boolean(f"({left.text} {'is not' if negated else 'is'} {right.text})", total=left.total and right.total)
    if comparable(left.kind, right.kind):
        text = f"({left.text} {'!=' if negated else '=='} {right.text})"
        return boolean(text, total=left.total and right.total)
    text = translator.mark(node, env, f"eq({left.text}, {right.text})")
    return boolean(f"(not {text})" if negated else text)


# ---- numbers

_ARITHMETIC = {"+": ("+", "add"), "-": ("-", "subtract"), "*": ("*", "multiply")}
_ORDER = {"<": ("<", "less"), ">": (">", "less"), "<=": ("<=", "at_most"), ">=": (">=", "at_most")}


@builtin(*_ARITHMETIC)
def _arithmetic(translator: Translator, node: Use, env: Environment) -> Code:
    left, right = values(translator, node, env)
    symbol, slow = _ARITHMETIC[node.name]
    if left.kind == right.kind == INT:
        return Code(f"({left.text} {symbol} {right.text})", INT, total=left.total and right.total)
    return Code(translator.mark(node, env, f"{slow}({left.text}, {right.text})"), INT)


@builtin(*_ORDER)
def _order(translator: Translator, node: Use, env: Environment) -> Code:
    left, right = values(translator, node, env)
    symbol, slow = _ORDER[node.name]
    if left.kind == right.kind == INT:
        return boolean(f"({left.text} {symbol} {right.text})", total=left.total and right.total)
    if symbol[0] == ">":
        left, right = right, left
    return boolean(translator.mark(node, env, f"{slow}({left.text}, {right.text})"))


@builtin("\\div", "%", "^")
def _division(translator: Translator, node: Use, env: Environment) -> Code:
    left, right = values(translator, node, env)
    name = {"\\div": "divide", "%": "modulo", "^": "power"}[node.name]
    if name != "power" and left.kind == right.kind == INT and right.text.isdigit() and right.text != "0":
        return Code(f"({left.text} {'//' if name == 'divide' else '%'} {right.text})", INT, total=left.total)
    return Code(translator.mark(node, env, f"{name}({left.text}, {right.text})"), INT)


@builtin("-.")
def _negative(translator: Translator, node: Use, env: Environment) -> Code:
    (value,) = values(translator, node, env)
    if value.kind == INT:
        return Code(f"(-{value.text})", INT, total=value.total)
    return Code(translator.mark(node, env, f"negate({value.text})"), INT)


@builtin("..")
def _interval(translator: Translator, node: Use, env: Environment) -> Code:
    low, high = values(translator, node, env)
    if low.kind == high.kind == INT:
        return Code(f"Interval({low.text}, {high.text})", set_of(INT), concrete=False, total=low.total and high.total)
    return Code(translator.mark(node, env, f"interval({low.text}, {high.text})"), set_of(INT), concrete=False)


# ---- sets


@builtin("\\in", "\\notin")
def _member(translator: Translator, node: Use, env: Environment) -> Code:
    from treadle.tla.membership import member  # noqa: PLC0415  (it looks into the set, so it needs the translations)

    text, total = member(translator, node.args[0], node.args[1], node, env)
    return boolean(text if node.name == "\\in" else f"(not {text})", total=total)


@builtin("\\cup", "\\cap", "\\")
def _combined(translator: Translator, node: Use, env: Environment) -> Code:
    left, right = values(translator, node, env)
    symbol, slow = {"\\cup": ("|", "cup"), "\\cap": ("&", "cap"), "\\": ("-", "minus")}[node.name]
    kind = left.kind if symbol == "-" else join(left.kind, right.kind)
    if symbol == "&":
        kind = left.kind if right.kind == ANY else kind
    if kind[0] != "set":
        kind = set_of(ANY)
    if left.kind[0] == right.kind[0] == "set" and left.concrete and right.concrete:
        return Code(f"({left.text} {symbol} {right.text})", kind, total=left.total and right.total)
    text = translator.mark(node, env, f"{slow}({left.text}, {right.text})")
    return Code(text, kind, concrete=left.concrete and right.concrete)


@builtin("\\subseteq")
def _subset(translator: Translator, node: Use, env: Environment) -> Code:
    left, right = values(translator, node, env)
    if left.kind[0] == right.kind[0] == "set" and left.concrete and right.concrete:
        return boolean(f"({left.text} <= {right.text})", total=left.total and right.total)
    return boolean(translator.mark(node, env, f"subset({left.text}, {right.text})"))


@builtin("SUBSET")
def _subsets(translator: Translator, node: Use, env: Environment) -> Code:
    (base,) = values(translator, node, env)
    kind = base.kind if base.kind[0] == "set" else set_of(ANY)
    return Code(translator.mark(node, env, f"subsets({base.text})"), set_of(kind), concrete=False)


@builtin("UNION")
def _union(translator: Translator, node: Use, env: Environment) -> Code:
    groups = members(translator, node.args[0], env)
    if groups is not None:
        text, kind = groups
        return Code(translator.mark(node, env, f"union_of([{text}])"), _set_kind(kind), concrete=False)
    (whole,) = values(translator, node, env)
    text = translator.mark(node, env, f"union({whole.text})")
    return Code(text, _set_kind(element_of(whole.kind)), concrete=False)


def _set_kind(kind: Kind) -> Kind:
    return kind if kind[0] == "set" else set_of(NEVER if kind == NEVER else ANY)


def members(translator: Translator, node: Node, env: Environment) -> tuple[str, Kind] | None:
    r"""Return the inside of a list of the sets that a set of sets is written with, and their kind.

    `UNION {[1 .. n -> Nat] : n \in 1 .. 3}` may be asked for membership though no set of infinite sets can be listed.
    """
    if isinstance(node, SetList) and node.items:
        codes = [translator.value(item, env) for item in node.items]
        return ", ".join(code.text for code in codes), join_all(code.kind for code in codes)
    if isinstance(node, SetMap):
        heads, inner = loops(translator, node.bounds, env, any_order=True)
        body = translator.value(node.body, inner)
        return f"{body.text} {' '.join(heads)}", body.kind
    return None


@builtin("DOMAIN")
def _domain(translator: Translator, node: Use, env: Environment) -> Code:
    (function,) = values(translator, node, env)
    kind = set_of(key_of(function.kind))
    if function.concrete and function.kind[0] in FUNCTIONS:
        return Code(f"{function.text}[0].keys_set", kind, total=function.total)
    return Code(translator.mark(node, env, f"domain({function.text})"), kind, concrete=False)


@builtin("Cardinality")
def _cardinality(translator: Translator, node: Use, env: Environment) -> Code:
    (group,) = values(translator, node, env)
    if group.kind[0] == "set" and group.concrete:
        return Code(f"len({group.text})", INT, total=group.total)
    return Code(translator.mark(node, env, f"cardinality({group.text})"), INT)


@builtin("IsFiniteSet")
def _finite(translator: Translator, node: Use, env: Environment) -> Code:
    (group,) = values(translator, node, env)
    return boolean(translator.mark(node, env, f"(not endless(as_set({group.text})))"))


# ---- functions


@builtin(":>")
def _single(translator: Translator, node: Use, env: Environment) -> Code:
    key, value = (translator.stored(arg, env) for arg in node.args)
    return Code(f"single({key.text}, {value.text})", ("fun", key.kind, value.kind))


@builtin("@@")
def _merged(translator: Translator, node: Use, env: Environment) -> Code:
    left, right = values(translator, node, env)
    kind: Kind = ("fun", join(key_of(left.kind), key_of(right.kind)), join(value_of(left.kind), value_of(right.kind)))
    return Code(translator.mark(node, env, f"merged({left.text}, {right.text})"), kind)


# ---- actions


@builtin("'")
def _prime(translator: Translator, node: Use, env: Environment) -> Code:
    return translator.raw(node.args[0], env.under_prime())


@builtin("UNCHANGED")
def _unchanged(translator: Translator, node: Use, env: Environment) -> Code:
    before, after = translator.value(node.args[0], env), translator.value(node.args[0], env.under_prime())
    return boolean(f"({before.text} == {after.text})")


@builtin("ENABLED")
def _enabled(translator: Translator, node: Use, env: Environment) -> Code:
    from treadle.tla.actions import enabled_text  # noqa: PLC0415  (actions contain expressions and the reverse)

    return boolean(enabled_text(translator, node.args[0], env))


def unsupported(name: str) -> Callable[[Translator, Use, Environment], Code]:
    """Return a translation that says that the operator is not in the subset."""

    def translate(translator: Translator, node: Use, env: Environment) -> Code:
        del translator
        raise env.source.error(node.span, f"the operator {name} is outside the subset that is evaluated")

    return translate


for _name in ("\\cdot", "-+->", "^+", "^*", "^#"):
    BUILTINS[_name] = unsupported(_name)


def temporal(translator: Translator, node: Use, env: Environment) -> Code:
    """Refuse a temporal operator where a value is wanted."""
    del translator
    raise env.source.error(
        node.span,
        f"the temporal operator {node.name} where a value or a truth of one state is wanted",
        instead="a formula about behaviours belongs under PROPERTY",
    )


for _name in ("[]", "<>", "~>"):
    BUILTINS[_name] = temporal


@builtin("/\\", "\\/")
def _junction(translator: Translator, node: Use, env: Environment) -> Code:
    left, right = (translator.truth(arg, env) for arg in node.args)
    return boolean(f"({left} {'and' if node.name[0] == '/' else 'or'} {right})")
