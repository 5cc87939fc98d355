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


def _sequence(given: Kind, items: Kind) -> Kind:
    """The kind of a sequence made of another one: a string of a string, and anything of what may be either."""
    if given in (STR, ANY):
        return given
    return ("seq", items)


@builtin("Append")
def _append(translator: Translator, node: Use, env: Environment) -> Code:
    left, right = translator.value(node.args[0], env), translator.stored(node.args[1], env)
    kind = _sequence(left.kind, join(_items(left.kind), right.kind))
    return Code(translator.mark(node, env, f"append({left.text}, {right.text})"), kind)


@builtin("\\o")
def _concatenated(translator: Translator, node: Use, env: Environment) -> Code:
    left, right = values(translator, node, env)
    known = right.kind if left.kind == ANY else left.kind
    kind = _sequence(known, join(_items(left.kind), _items(right.kind)))
    return Code(translator.mark(node, env, f"concatenated({left.text}, {right.text})"), kind)


@builtin("Head")
def _head(translator: Translator, node: Use, env: Environment) -> Code:
    (value,) = values(translator, node, env)
    kind = STR if value.kind == STR else _items(value.kind)
    return Code(translator.mark(node, env, f"head({value.text})"), kind)


@builtin("Tail")
def _tail(translator: Translator, node: Use, env: Environment) -> Code:
    (value,) = values(translator, node, env)
    return Code(translator.mark(node, env, f"tail({value.text})"), _sequence(value.kind, _items(value.kind)))


@builtin("SubSeq")
def _subsequence(translator: Translator, node: Use, env: Environment) -> Code:
    value, low, high = values(translator, node, env)
    text = translator.mark(node, env, f"subsequence({value.text}, {low.text}, {high.text})")
    return Code(text, _sequence(value.kind, _items(value.kind)))


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
    out, value = translator.stored(node.args[0], env), translator.stored(node.args[1], env)
    return Code(translator.mark(node, env, f"shown_acts({out.text}, {value.text})"), value.kind)


@builtin("PrintT")
def _print_true(translator: Translator, node: Use, env: Environment) -> Code:
    value = translator.stored(node.args[0], env)
    return boolean(translator.mark(node, env, f"printed_acts({value.text})"))


@builtin("TLCSet")
def _register_set(translator: Translator, node: Use, env: Environment) -> Code:
    key, value = translator.value(node.args[0], env), translator.stored(node.args[1], env)
    return boolean(translator.mark(node, env, f"put_acts({key.text}, {value.text})"))


@builtin("TLCGet")
def _register(translator: Translator, node: Use, env: Environment) -> Code:
    (key,) = values(translator, node, env)
    return Code(translator.mark(node, env, f"get_acts({key.text})"))


@builtin("RandomElement")
def _any_element(translator: Translator, node: Use, env: Environment) -> Code:
    (group,) = values(translator, node, env)
    return Code(translator.mark(node, env, f"any_of_acts({group.text})"), element_of(group.kind))


@builtin("RandomSubset")
def _any_subset(translator: Translator, node: Use, env: Environment) -> Code:
    size, group = values(translator, node, env)
    return Code(
        translator.mark(node, env, f"any_subset_acts({size.text}, {group.text})"), set_of(element_of(group.kind))
    )


@builtin("Assert")
def _assert(translator: Translator, node: Use, env: Environment) -> Code:
    condition = translator.truth(node.args[0], env)
    message = translator.value(node.args[1], env)
    return boolean(translator.mark(node, env, f"({condition} or check({message.text}))"))


@builtin("RandomSetOfSubsets")
def _any_subsets(translator: Translator, node: Use, env: Environment) -> Code:
    count, size, group = values(translator, node, env)
    text = translator.mark(node, env, f"any_subsets_acts({count.text}, {size.text}, {group.text})")
    return Code(text, set_of(set_of(element_of(group.kind))))


@builtin("ToString")
def _to_string(translator: Translator, node: Use, env: Environment) -> Code:
    value = translator.stored(node.args[0], env)
    return Code(f"show({value.text})", STR)


@builtin("TLCEval")
def _evaluated(translator: Translator, node: Use, env: Environment) -> Code:
    return translator.stored(node.args[0], env)


for _name in ("JavaTime", "Any", "TLCExt"):
    BUILTINS[_name] = unsupported(_name)
