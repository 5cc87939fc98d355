"""Translation of sets, functions, records and tuples."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from treadle.tla.binding import iterated, loops, pattern_target, tuple_target
from treadle.tla.kinds import (
    ANY,
    FUNCTIONS,
    NEVER,
    Kind,
    element_of,
    join,
    join_all,
    key_of,
    record_of,
    set_of,
    value_of,
)
from treadle.tla.scope import Environment, Local, Meaning
from treadle.tla.sets import endless
from treadle.tla.syntax import (
    Except,
    Field,
    Function,
    FunctionSet,
    Index,
    Node,
    Product,
    Record,
    SetFilter,
    SetList,
    SetMap,
    Tuple,
    Update,
)
from treadle.tla.translator import Code, Translator, translates
from treadle.tla.values import domain_of, sequence_domain

if TYPE_CHECKING:
    from collections.abc import Iterable


def _all_total(codes: Iterable[Code]) -> bool:
    return all(code.total for code in codes)


@translates(SetList)
def _set_list(translator: Translator, node: SetList, env: Environment) -> Code:
    codes = [translator.stored(item, env) for item in node.items]
    kind = set_of(join_all(code.kind for code in codes))
    if not codes:
        return translator.constant(frozenset())
    text = ", ".join(code.text for code in codes)
    return Code(f"frozenset(({text},))", kind, total=_all_total(codes))


@translates(SetFilter)
def _set_filter(translator: Translator, node: SetFilter, env: Environment) -> Code:
    if node.bound.domain is None:
        raise env.source.error(node.bound.span, "a set without a set to choose from", instead="{x \\in S : P}")
    pattern = node.bound.patterns[0]
    known = translator.known(translator.value(node.bound.domain, env))
    if known is not None and endless(known[0]) and isinstance(pattern, str):
        return _endless_filter(translator, node, pattern, known[0], env)
    text, code = iterated(translator, node.bound.domain, env, any_order=True)
    target, names = pattern_target(translator, pattern, element_of(code.kind))
    test = translator.truth(node.body, env.within(names))
    return Code(f"frozenset([{target} for {target} in {text} if {test}])", set_of(element_of(code.kind)))


def _endless_filter(translator: Translator, node: SetFilter, name: str, base: object, env: Environment) -> Code:
    """Describe a part of an infinite set: it can be asked for membership."""
    code = translator.constant(base)
    target, names = pattern_target(translator, name, element_of(code.kind))
    test = translator.truth(node.body, env.within(names))
    text = f"Filtered({code.text}, (lambda {target}: {test}))"
    return Code(translator.mark(node, env, text), set_of(element_of(code.kind)), concrete=False)


@translates(SetMap)
def _set_map(translator: Translator, node: SetMap, env: Environment) -> Code:
    heads, inner = loops(translator, node.bounds, env, any_order=True)
    body = translator.stored(node.body, inner)
    return Code(f"frozenset([{body.text} {' '.join(heads)}])", set_of(body.kind))


@translates(Tuple)
def _tuple(translator: Translator, node: Tuple, env: Environment) -> Code:
    codes = [translator.stored(item, env) for item in node.items]
    domain = translator.constant_named("S", sequence_domain(len(codes)))
    kind: Kind = ("tup", tuple(code.kind for code in codes)) if codes else ("seq", NEVER)
    text = ", ".join([domain, *(code.text for code in codes)])
    return Code(f"({text},)" if not codes else f"({text})", kind, total=_all_total(codes))


@translates(Product)
def _product(translator: Translator, node: Product, env: Environment) -> Code:
    codes = [translator.value(item, env) for item in node.items]
    kind = set_of(("tup", tuple(element_of(code.kind) for code in codes)))
    text = f"product({', '.join(code.text for code in codes)})"
    return Code(translator.mark(node, env, text), kind, concrete=False)


@translates(Record)
def _record(translator: Translator, node: Record, env: Environment) -> Code:
    translate = translator.value if node.of_sets else translator.stored
    codes = dict(zip(node.names, (translate(value, env) for value in node.values), strict=True))
    domain = translator.constant_named("S", domain_of(frozenset(codes)))
    kind = record_of({name: code.kind for name, code in codes.items()})
    inner = [codes[name] for name in sorted(codes)]
    if not node.of_sets:
        text = ", ".join([domain, *(code.text for code in inner)])
        return Code(f"({text})", kind, total=_all_total(inner))
    kind = record_of({name: element_of(code.kind) for name, code in codes.items()})
    texts = ", ".join(f"as_set({code.text})" for code in inner)
    return Code(translator.mark(node, env, f"Products({domain}, ({texts},))"), set_of(kind), concrete=False)


@translates(FunctionSet)
def _function_set(translator: Translator, node: FunctionSet, env: Environment) -> Code:
    keys, target = translator.value(node.domain, env), translator.value(node.range, env)
    kind: Kind = ("fun", element_of(keys.kind), element_of(target.kind))
    text = translator.mark(node, env, f"functions({keys.text}, {target.text})")
    return Code(text, set_of(kind), concrete=False)


@translates(Function)
def _function(translator: Translator, node: Function, env: Environment) -> Code:
    if node.name is not None:
        return _recursive_function(translator, node, env)
    keys, kind = _keys(translator, node, env)
    names, unpacking, parameter = _parameters(translator, node, kind)
    body = translator.stored(node.body, env.within(names))
    result: Kind = ("fun", kind, body.kind)
    known = translator.known(keys)
    if unpacking or known is None or type(known[0]) is not frozenset:
        counted = re.fullmatch(r"Interval\(1, (.*)\)", keys.text, re.DOTALL)
        if counted is not None and not unpacking:
            length = translator.local("length")
            lines = f" {length} = max({counted.group(1)}, 0)\n return (sequence_domain({length}), "
            lines += f"*[{body.text} for {parameter} in range(1, {length} + 1)])"
            return Code(translator.lift(lines), ("seq", body.kind))
        if keys.concrete and keys.kind[0] == "set" and not unpacking:
            found = translator.local("domain")
            lines = f" {found} = domain_of({keys.text})\n return ({found}, *[{body.text} for {parameter} in {found}])"
            return Code(translator.lift(lines), result)
        inner = f"(lambda {parameter}: {_unpacked(translator, unpacking, parameter, body.text)})"
        return Code(translator.mark(node, env, f"mapping({keys.text}, {inner})"), result, concrete=keys.concrete)
    domain = domain_of(known[0])
    if domain.length >= 0:
        result = ("seq", body.kind)
    name = translator.constant_named("S", domain)
    return Code(f"({name}, *[{body.text} for {parameter} in {name}])", result, total=body.total)


def _unpacked(translator: Translator, unpacking: str, parameter: str, text: str) -> str:
    """Return the body with the names of a tuple bound, if there are any."""
    if not unpacking:
        return text
    return translator.lift(f" {unpacking} = {parameter}\n return {text}")


def _keys(translator: Translator, node: Function, env: Environment) -> tuple[Code, Kind]:
    """Translate the domain: of several bounds, their product."""
    sets_ = []
    for bound in node.bounds:
        if bound.domain is None:
            raise env.source.error(bound.span, "a function without a domain", instead="[x \\in S |-> e]")
        sets_ += [bound.domain] * len(bound.patterns)
    if len(sets_) == 1:
        code = translator.value(sets_[0], env)
        if code.kind[0] != "set":
            code = Code(translator.mark(node, env, f"as_set({code.text})"), set_of(ANY), concrete=False)
        return code, element_of(code.kind)
    code = translator.raw(Product(node.span, tuple(sets_)), env)
    return code, element_of(code.kind)


def _parameters(translator: Translator, node: Function, kind: Kind) -> tuple[dict[str, Meaning], str, str]:
    """Return the meanings of the bound names, the target that unpacks them if they are several, and the parameter."""
    patterns = [pattern for bound in node.bounds for pattern in bound.patterns]
    if len(patterns) > 1:
        target, names = tuple_target(translator, patterns, kind)
        return names, target, translator.local("key")
    target, names = pattern_target(translator, patterns[0], kind)
    if isinstance(patterns[0], str):
        return names, "", target
    return names, target, translator.local("key")


def _recursive_function(translator: Translator, node: Function, env: Environment) -> Code:
    r"""Translate `f[x \in S] == e`: computed where it is applied, so that it may use itself."""
    keys, kind = _keys(translator, node, env)
    names, unpacking, parameter = _parameters(translator, node, kind)
    itself = translator.local(str(node.name))
    names[str(node.name)] = Local(itself, ("fun", kind, ANY), concrete=False)
    body = translator.stored(node.body, env.within(names))
    inner = f"(lambda {parameter}: {_unpacked(translator, unpacking, parameter, body.text)})"
    lines = f" {itself} = LazyFunction({keys.text}, {inner})\n return {itself}"
    return Code(translator.mark(node, env, translator.lift(lines)), ("fun", kind, body.kind), concrete=False)


@translates(Index)
def _index(translator: Translator, node: Index, env: Environment) -> Code:
    function = translator.value(node.function, env)
    if len(node.args) == 1:
        key = translator.value(node.args[0], env)
    else:
        key = translator.value(Tuple(node.args[0].span.to(node.args[-1].span), node.args), env)
    return applied(translator, node, env, function, key)


def applied(translator: Translator, node: Node, env: Environment, function: Code, key: Code) -> Code:
    """Return the code of a function applied to a key."""
    kind = value_of(function.kind)
    if function.kind[0] == "tup" and key.text.isdigit() and 0 < int(key.text) <= len(function.kind[1]):
        return Code(f"{function.text}[{key.text}]", function.kind[1][int(key.text) - 1], total=function.total)
    if function.atom and function.kind[0] in FUNCTIONS:
        return Code(translator.mark(node, env, f"{function.text}[{function.text}[0][{key.text}]]"), kind)
    return Code(translator.mark(node, env, f"apply({function.text}, {key.text})"), kind)


@translates(Field)
def _field(translator: Translator, node: Field, env: Environment) -> Code:
    record = translator.value(node.record, env)
    if record.kind[0] == "rec":
        names = [name for name, _ in record.kind[1]]
        if node.name in names:
            place = names.index(node.name) + 1
            return Code(f"{record.text}[{place}]", record.kind[1][place - 1][1], total=record.total)
    return applied(translator, node, env, record, translator.constant(node.name))


@translates(Except)
def _except(translator: Translator, node: Except, env: Environment) -> Code:
    function = translator.stored(node.function, env)
    for update in node.updates:
        function = _updated(translator, node, update, function, env)
    return function


def _updated(translator: Translator, node: Except, update: Update, function: Code, env: Environment) -> Code:
    keys = [translator.stored(step, env) for step in update.path]
    kind = function.kind
    olds = [kind]
    for key in keys:
        olds.append(_item_kind(olds[-1], key))
    simple = function.atom and len(keys) == 1 and keys[0].atom
    old = f"{function.text}[{function.text}[0][{keys[0].text}]]" if simple else translator.local("old")
    inner = env.within({"@": Local(old, olds[-1])})
    new = translator.stored(update.value, inner)
    result = _changed_kind(kind, keys, new.kind)
    if len(keys) == 1 and old not in new.text:
        place = _known_place(kind, keys[0])
        if place and function.atom:
            text = f"(*{function.text}[:{place}], {new.text}, *{function.text}[{place + 1}:])"
            return Code(text, result, total=new.total)
        text = f"changed({function.text}, {keys[0].text}, {new.text})"
    elif simple:
        text = (
            f"(changed({function.text}, {keys[0].text}, {new.text}) "
            f"if {keys[0].text} in as_function({function.text})[0] else {function.text})"
        )
    else:
        path = ", ".join(key.text for key in keys)
        text = f"changed_by({function.text}, ({path},), lambda {old}: {new.text})"
        if old not in new.text:
            text = f"changed_by({function.text}, ({path},), lambda {translator.local('old')}: {new.text})"
    return Code(translator.mark(node, env, text), result)


def _known_place(kind: Kind, key: Code) -> int:
    if kind[0] == "rec":
        for place, (name, _) in enumerate(kind[1], 1):
            if key.text == f"'{name}'":
                return place
    if kind[0] == "tup" and key.text.isdigit() and 0 < int(key.text) <= len(kind[1]):
        return int(key.text)
    return 0


def _item_kind(kind: Kind, key: Code) -> Kind:
    place = _known_place(kind, key)
    if place:
        item: Kind = kind[1][place - 1][1] if kind[0] == "rec" else kind[1][place - 1]
        return item
    return value_of(kind)


def _changed_kind(kind: Kind, keys: list[Code], new: Kind) -> Kind:
    """Return the kind of the function after the update."""
    if kind[0] not in FUNCTIONS:
        return ANY if kind != NEVER else NEVER
    place = _known_place(kind, keys[0])
    inner = _item_kind(kind, keys[0])
    item = new if len(keys) == 1 else _changed_kind(inner, keys[1:], new)
    if kind[0] == "rec" and place:
        fields = dict(kind[1])
        fields[kind[1][place - 1][0]] = item
        return record_of(fields)
    if kind[0] == "tup" and place:
        return ("tup", (*kind[1][: place - 1], item, *kind[1][place:]))
    if kind[0] == "rec":
        return ("rec", tuple((name, join(value, item)) for name, value in kind[1]))
    if kind[0] == "tup":
        return ("tup", tuple(join(value, item) for value in kind[1]))
    if kind[0] == "seq":
        return ("seq", join(kind[1], item))
    return ("fun", join(key_of(kind), NEVER), join(value_of(kind), item))
