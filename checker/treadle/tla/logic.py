"""Translation of logic: junctions, quantifiers, IF, CASE, CHOOSE, LET."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.tla.binding import is_strict, iterated, loops, nested, occurrences, pattern_target
from treadle.tla.kinds import element_of, join, join_all
from treadle.tla.primes import may_be_primed
from treadle.tla.scope import ByName, Environment, Instantiated, Local, Meaning, Operator
from treadle.tla.syntax import (
    Case,
    Choose,
    Definition,
    If,
    Instance,
    Junction,
    Let,
    Node,
    Number,
    Old,
    Quantified,
    String,
)
from treadle.tla.translator import Code, Translator, boolean, free_names, translates

if TYPE_CHECKING:
    from treadle.tla.kinds import Kind


@translates(Number)
def _number(translator: Translator, node: Number, env: Environment) -> Code:
    del env
    return translator.constant(node.value)


@translates(String)
def _string(translator: Translator, node: String, env: Environment) -> Code:
    del env
    return translator.constant(node.value)


@translates(Junction)
def _junction(translator: Translator, node: Junction, env: Environment) -> Code:
    word, stop = ("and", "False") if node.op == "/\\" else ("or", "True")
    texts = []
    for item in node.items:
        text = translator.truth(item, env)
        if text == stop:
            texts.append(text)
            break
        if text not in {"True", "False"}:
            texts.append(text)
    if not texts:
        return boolean("True" if node.op == "/\\" else "False", total=True)
    return boolean(texts[0] if len(texts) == 1 else "(" + f" {word} ".join(texts) + ")")


@translates(Quantified)
def _quantified(translator: Translator, node: Quantified, env: Environment) -> Code:
    heads, inner = loops(translator, node.bounds, env)
    body = node.body
    while isinstance(body, Quantified) and body.kind == node.kind:
        more, inner = loops(translator, body.bounds, inner)
        heads += more
        body = body.body
    test = translator.truth(body, inner)
    found, otherwise = ("False", "True") if node.kind == "A" else ("True", "False")
    condition = f"not {test}" if node.kind == "A" else test
    lines = nested(heads, [f"if {condition}: return {found}"])
    return boolean(translator.lift(f"{lines}\n return {otherwise}"))


@translates(Choose)
def _choose(translator: Translator, node: Choose, env: Environment) -> Code:
    pattern, domain = node.bound.patterns[0], node.bound.domain
    if domain is None:
        return _unbounded(translator, node, env)
    text, code = iterated(translator, domain, env)
    target, names = pattern_target(translator, pattern, element_of(code.kind))
    test = translator.truth(node.body, env.within(names))
    result = target if isinstance(pattern, str) else target.replace("(", "(", 1)
    shown = env.source.cut(node.span)
    lines = f" for {target} in {text}:\n  if {test}: return {result}\n choose_failure({shown!r})"
    return Code(translator.mark(node, env, translator.lift(lines)), element_of(code.kind))


def _unbounded(translator: Translator, node: Choose, env: Environment) -> Code:
    r"""CHOOSE x : x \notin S is a model value of its own, as in TLC; nothing else can be chosen from no set."""
    text = env.source.cut(node.span)
    if " \\notin " in text or " \\in " in text:
        from treadle.tla.values import ModelValue  # noqa: PLC0415

        return translator.constant(ModelValue.named(text))
    raise env.source.error(
        node.span, "CHOOSE without a set: its values cannot be listed", instead="CHOOSE x \\in S : P"
    )


@translates(If)
def _if(translator: Translator, node: If, env: Environment) -> Code:
    test = translator.truth(node.test, env)
    if test in {"True", "False"}:
        return translator.raw(node.then if test == "True" else node.other, env)
    then, other = translator.raw(node.then, env), translator.raw(node.other, env)
    if then.python and other.python:
        return boolean(f"({then.text} if {test} else {other.text})")
    then, other = translator.value(node.then, env), translator.value(node.other, env)
    kind = join(then.kind, other.kind)
    return Code(f"({then.text} if {test} else {other.text})", kind, then.concrete and other.concrete)


@translates(Case)
def _case(translator: Translator, node: Case, env: Environment) -> Code:
    guards = [translator.truth(guard, env) for guard in node.guards]
    values = [translator.value(value, env) for value in node.values]
    if node.other is not None:
        last = translator.value(node.other, env)
        values.append(last)
        text = last.text
    else:
        text = translator.mark(node, env, "fail('no guard of the CASE is true, and it has no OTHER')")
    for guard, value in zip(reversed(guards), reversed(values[: len(guards)]), strict=True):
        text = f"({value.text} if {guard} else {text})"
    return Code(text, join_all(value.kind for value in values), all(value.concrete for value in values))


@translates(Old)
def _old(translator: Translator, node: Old, env: Environment) -> Code:
    del translator
    found = env.find("@")
    if not isinstance(found, Local):
        raise env.source.error(node.span, "@ stands outside the new value of an EXCEPT")
    return Code(found.text, found.kind, found.concrete)


def declared(node: Let, env: Environment) -> Environment:
    """Return the environment inside a LET, its definitions by name."""
    inner = env.within({})
    for unit in node.definitions:
        if isinstance(unit, Instance):
            inner.names[unit.name] = Instantiated(unit, inner)
        else:
            inner.names[unit.name] = _operator(unit, inner)
    return inner


def _operator(unit: Definition, env: Environment) -> Operator:
    recursive = unit.recursive and bool(unit.params)
    return Operator(unit.name, unit.params, unit.body, env, recursive=recursive, definition=unit)


@translates(Let)
def _let(translator: Translator, node: Let, env: Environment) -> Code:
    inner = declared(node, env)
    lines: list[str] = []
    for unit in node.definitions:
        if isinstance(unit, Definition) and not unit.params:
            line = _bound_early(translator, unit, node, inner)
            if line is not None:
                lines.append(" " + line)
    code = translator.raw(node.body, inner)
    if not lines:
        return code
    call = translator.lift("\n".join([*lines, f" return {code.text}"]))
    return code._replace(text=call, total=False)


def _bound_early(translator: Translator, unit: Definition, node: Let, inner: Environment) -> str | None:
    """Bind a LET definition to a Python name if that saves work; return the assignment."""
    count, repeated = _all_occurrences(unit, node)
    if count == 0 or (count == 1 and not repeated):
        return None
    code = translator.value(unit.body, inner)
    names = free_names(code.text)
    if code.atom or any(name.startswith("n_") for name in names):
        return None
    if any(name.startswith("v_") for name in names) and may_be_primed({unit.name}, node, inner):
        return None
    text = translator.local(unit.name)
    if code.total or is_strict(unit.name, node.body):
        inner.names[unit.name] = Local(text, code.kind, code.concrete)
        return f"{text} = {code.text}"
    inner.names[unit.name] = Local(f"{text}()", code.kind, code.concrete)
    return f"{text} = thunk(lambda: {code.text})"


def _all_occurrences(unit: Definition, node: Let) -> tuple[int, bool]:
    """Count the uses in the body and in the other definitions; a use in another definition may repeat."""
    count, repeated = occurrences(unit.name, node.body)
    for other in node.definitions:
        bodies: list[Node] = []
        if isinstance(other, Definition):
            bodies = [other.body]
        elif isinstance(other, Instance):
            bodies = [value for _, value in other.substitutions]
        for body in bodies:
            more, _ = occurrences(unit.name, body)
            count, repeated = count + more, repeated or more > 0
    return count, repeated


def bind_value(
    translator: Translator, name: str, node: Node, env: Environment, body: tuple[Node, Environment]
) -> tuple[Meaning, str | None]:
    """Decide how an argument is passed into a body: return its meaning there, and an assignment if one is needed."""
    code = translator.value(node, env)
    if any(free[:2] in {"v_", "n_"} for free in free_names(code.text)) and may_be_primed({name}, *body):
        return ByName(node, env), None
    if code.atom:
        return Local(code.text, code.kind, code.concrete), None
    count, repeated = occurrences(name, body[0])
    primes = any(free.startswith("n_") for free in free_names(code.text))
    if (count <= 1 and not repeated) or primes:
        return ByName(node, env), None
    text = translator.local(name, "p")
    if code.total or is_strict(name, body[0]):
        return Local(text, code.kind, code.concrete), f"{text} = {code.text}"
    return Local(f"{text}()", code.kind, code.concrete), f"{text} = thunk(lambda: {code.text})"


def kinds_of(codes: list[Code]) -> tuple[Kind, ...]:
    """Return the kinds of several codes."""
    return tuple(code.kind for code in codes)
