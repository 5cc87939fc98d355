"""Translation of the standard modules Sequences and TLC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.tla.builtins import BUILTINS, builtin, unsupported, values
from treadle.tla.kinds import ANY, INT, NEVER, STR, Kind, element_of, join, set_of, value_of
from treadle.tla.translator import Code, Translator, boolean
from treadle.tla.uses import callable_text

if TYPE_CHECKING:
    from treadle.tla.scope import Environment
    from treadle.tla.syntax import Use


def _items(kind: Kind) -> Kind:
    return value_of(kind) if kind[0] in {"seq", "tup"} else (NEVER if kind == NEVER else ANY)


@builtin("Seq")
def _seq(translator: Translator, node: Use, env: Environment) -> Code:
    (group,) = values(translator, node, env)
    kind: Kind = ("seq", element_of(group.kind))
    return Code(translator.mark(node, env, f"Sequences(as_set({group.text}))"), set_of(kind), concrete=False)


@builtin("Len")
def _len(translator: Translator, node: Use, env: Environment) -> Code:
    (value,) = values(translator, node, env)
    if value.kind[0] in {"seq", "tup"}:
        return Code(f"(len({value.text}) - 1)", INT, total=value.total)
    return Code(translator.mark(node, env, f"length({value.text})"), INT)


@builtin("Append")
def _append(translator: Translator, node: Use, env: Environment) -> Code:
    left, right = translator.value(node.args[0], env), translator.stored(node.args[1], env)
    kind: Kind = ("seq", join(_items(left.kind), right.kind))
    return Code(translator.mark(node, env, f"append({left.text}, {right.text})"), kind)


@builtin("\\o")
def _concatenated(translator: Translator, node: Use, env: Environment) -> Code:
    left, right = values(translator, node, env)
    kind: Kind = ("seq", join(_items(left.kind), _items(right.kind)))
    return Code(translator.mark(node, env, f"concatenated({left.text}, {right.text})"), kind)


@builtin("Head")
def _head(translator: Translator, node: Use, env: Environment) -> Code:
    (value,) = values(translator, node, env)
    return Code(translator.mark(node, env, f"head({value.text})"), _items(value.kind))


@builtin("Tail")
def _tail(translator: Translator, node: Use, env: Environment) -> Code:
    (value,) = values(translator, node, env)
    return Code(translator.mark(node, env, f"tail({value.text})"), ("seq", _items(value.kind)))


@builtin("SubSeq")
def _subsequence(translator: Translator, node: Use, env: Environment) -> Code:
    value, low, high = values(translator, node, env)
    text = translator.mark(node, env, f"subsequence({value.text}, {low.text}, {high.text})")
    return Code(text, ("seq", _items(value.kind)))


@builtin("SelectSeq")
def _selected(translator: Translator, node: Use, env: Environment) -> Code:
    value = translator.value(node.args[0], env)
    test = callable_text(translator, node.args[1], env, [_items(value.kind)])
    return Code(translator.mark(node, env, f"selected({value.text}, {test})"), ("seq", _items(value.kind)))


@builtin("SortSeq")
def _sorted(translator: Translator, node: Use, env: Environment) -> Code:
    value = translator.value(node.args[0], env)
    test = callable_text(translator, node.args[1], env, [_items(value.kind)] * 2)
    return Code(translator.mark(node, env, f"sorted_sequence({value.text}, {test})"), ("seq", _items(value.kind)))


@builtin("Permutations")
def _permutations(translator: Translator, node: Use, env: Environment) -> Code:
    (group,) = values(translator, node, env)
    item = element_of(group.kind)
    return Code(translator.mark(node, env, f"permutations({group.text})"), set_of(("fun", item, item)))


@builtin("Print")
def _print(translator: Translator, node: Use, env: Environment) -> Code:
    return translator.value(node.args[1], env)


@builtin("PrintT")
def _print_true(translator: Translator, node: Use, env: Environment) -> Code:
    translator.value(node.args[0], env)
    return boolean("True", total=True)


@builtin("Assert")
def _assert(translator: Translator, node: Use, env: Environment) -> Code:
    condition = translator.truth(node.args[0], env)
    message = translator.value(node.args[1], env)
    return boolean(translator.mark(node, env, f"({condition} or check({message.text}))"))


@builtin("ToString")
def _to_string(translator: Translator, node: Use, env: Environment) -> Code:
    value = translator.stored(node.args[0], env)
    return Code(f"show({value.text})", STR)


@builtin("TLCEval")
def _evaluated(translator: Translator, node: Use, env: Environment) -> Code:
    return translator.stored(node.args[0], env)


for _name in ("JavaTime", "RandomElement", "TLCGet", "TLCSet", "Any", "TLCExt"):
    BUILTINS[_name] = unsupported(_name)
