"""Translation of names and operators that are defined: variables, arguments, definitions, instances.

A definition without parameters is translated once for each place it can stand in (primed or not, and each instance). A
definition with parameters becomes a function if it is large, else its text stands where it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from treadle.tla.builtins import BUILTINS
from treadle.tla.instances import instance_environment
from treadle.tla.kinds import ANY
from treadle.tla.logic import bind_value
from treadle.tla.naming import unknown
from treadle.tla.scope import (
    Builtin,
    ByName,
    Constant,
    Environment,
    Instantiated,
    Local,
    Meaning,
    Operator,
    Unset,
    Variable,
)
from treadle.tla.syntax import Lambda, Node, Tuple, Use
from treadle.tla.translator import Code, Translator, acts, free_names, operator_key, translates

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHORT = 60


def resolve(node: Use, env: Environment) -> tuple[Meaning, Environment]:
    """Return what a (qualified) name means, and the environment to read it in."""
    place = env
    for name, args in node.path:
        found = place.find(name)
        if not isinstance(found, Instantiated):
            raise unknown(node, name, place, "no INSTANCE has this name")
        place = instance_environment(found, args, env)
    meaning = place.find(node.name)
    if meaning is None:
        raise unknown(node, node.name, place)
    return meaning, place


def resolved_operator(node: Use, env: Environment) -> tuple[Meaning, Environment]:
    """Return the meaning of a name behind all the names that only stand for it."""
    meaning, _ = resolve(node, env)
    while isinstance(meaning, ByName) and isinstance(meaning.node, Use) and not meaning.node.args:
        env = meaning.environment.like(env)
        meaning, _ = resolve(meaning.node, env)
    return meaning, env


@translates(Use)
def _use(translator: Translator, node: Use, env: Environment) -> Code:
    meaning, _ = resolve(node, env)
    return meant(translator, node, env, meaning)


def meant(translator: Translator, node: Use, env: Environment, meaning: Meaning) -> Code:
    """Translate a use of a name with this meaning."""
    if isinstance(meaning, Local):
        return Code(meaning.text, meaning.kind, meaning.concrete, total=not meaning.text.endswith(")"))
    if isinstance(meaning, Variable):
        prefix = "n_" if env.primed else "v_"
        return Code(prefix + meaning.name, translator.kinds.get(meaning.name, ANY), total=True)
    if isinstance(meaning, Constant):
        return constant(translator, meaning)
    if isinstance(meaning, ByName):
        return _by_name(translator, node, env, meaning)
    if isinstance(meaning, Builtin):
        return BUILTINS[meaning.name](translator, node if node.name == meaning.name else _renamed(node, meaning), env)
    if isinstance(meaning, Operator):
        return call(translator, node, env, meaning)
    if isinstance(meaning, Unset):
        return Code(translator.mark(node, env, f"fail('the constant {meaning.name} has no value')"))
    raise unknown(node, node.name, env, "this is the name of an INSTANCE, not of an expression")


def _renamed(node: Use, meaning: Builtin) -> Use:
    """Return the use of a built-in operator under its own name."""
    return Use(node.span, meaning.name, node.args)


def constant(translator: Translator, meaning: Constant) -> Code:
    """Return the code of a constant, one name for each."""
    key = ("constant", meaning.name, id(meaning))
    known: tuple[Code, Constant] | None = translator.results.get(key)
    if known is None:
        known = translator.results[key] = translator.constant(meaning.value), meaning
    return known[0]


def _by_name(translator: Translator, node: Use, env: Environment, meaning: ByName) -> Code:
    target = meaning.environment.like(env)
    if node.args and isinstance(meaning.node, Use):
        renamed = Use(node.span, meaning.node.name, node.args, meaning.node.path)
        found, _ = resolve(meaning.node, target)
        return _applied_there(translator, renamed, env, found)
    if node.args and isinstance(meaning.node, Lambda):
        return call(translator, node, env, closure(meaning.node, target))
    return translator.raw(meaning.node, target)


def _applied_there(translator: Translator, node: Use, env: Environment, found: Meaning) -> Code:
    """Translate an operator that was passed under another name: its arguments are read here, its body there."""
    return meant(translator, node, env, found)


def closure(node: Lambda, env: Environment) -> Operator:
    """Return a LAMBDA as an operator."""
    return Operator("LAMBDA", node.params, node.body, env)


def call(translator: Translator, node: Use, env: Environment, operator: Operator) -> Code:
    """Translate the use of a defined operator."""
    if not operator.params:
        return _nullary(translator, operator, env)
    if operator.recursive:
        return _recursive_call(translator, node, env, operator)
    names, assignments = bound_arguments(translator, node, env, operator)
    inner = Environment(operator.environment.source, names, operator.environment.like(env))
    code = translator.raw(operator.body, inner)
    if not assignments:
        return code if len(code.text) < 4 * _SHORT else code._replace(text=translator.lift(f" return {code.text}"))
    lines = "\n".join(" " + line for line in assignments)
    return code._replace(text=translator.lift(f"{lines}\n return {code.text}"), total=False)


def bound_arguments(
    translator: Translator, node: Use, env: Environment, operator: Operator
) -> tuple[dict[str, Meaning], list[str]]:
    """Bind the parameters of an operator to the arguments; return the names and the assignments that are needed."""
    names: dict[str, Meaning] = {}
    lines: list[str] = []
    for param, arg in zip(operator.params, node.args, strict=True):
        if param.arity:
            names[param.name] = operator_argument(arg, env)
            continue
        if has_action(arg):
            names[param.name] = ByName(arg, env)
            continue
        meaning, line = bind_value(translator, param.name, arg, env, (operator.body, operator.environment))
        names[param.name] = meaning
        if line is not None:
            lines.append(line)
    return names, lines


def has_action(node: Node) -> bool:
    """Tell whether an argument is a formula that must be read where it is used."""
    if isinstance(node, Use) and node.name in {"'", "UNCHANGED", "ENABLED", "[]", "<>"} and not node.path:
        return True
    return any(has_action(child) for child in node.children())


def operator_argument(node: Node, env: Environment) -> Meaning:
    """Return an argument that is itself an operator."""
    if isinstance(node, Lambda):
        return closure(node, env)
    if isinstance(node, Use):
        meaning, _ = resolve(node, env)
        return meaning
    return ByName(node, env)


def _nullary(translator: Translator, operator: Operator, env: Environment) -> Code:
    key = operator_key(operator, env)
    known: tuple[Code, Operator] | None = translator.results.get(key)
    if known is not None:
        return known[0]
    code = translator.raw(operator.body, operator.environment.like(env))
    if len(code.text) > _SHORT and free_names(code.text):
        code = code._replace(text=translator.lift(f" return {code.text}"))
    translator.results[key] = code, operator  # kept, since the key is made of what `id` says
    return code


def _recursive_call(translator: Translator, node: Use, env: Environment, operator: Operator) -> Code:
    """Translate a call of a RECURSIVE operator: a Python function that calls itself, its arguments computed before."""
    operators = {
        param.name: operator_argument(arg, env)
        for param, arg in zip(operator.params, node.args, strict=True)
        if param.arity
    }
    codes = [
        translator.value(arg, env) for param, arg in zip(operator.params, node.args, strict=True) if not param.arity
    ]
    key = (*operator_key(operator, env), *map(_identity, operators.values()))
    name, extra = _recursive_function(translator, operator, env, key, operators)
    text = f"{name}({', '.join([*(code.text for code in codes), *extra])})"
    if acts(translator.texts_of_recursion.get(name, "")):
        text = f"passed_acts({text})"
    return Code(translator.mark(node, env, text), ANY, concrete=False)


def _identity(meaning: Meaning) -> Any:
    if isinstance(meaning, Operator):
        return (id(meaning.body), id(meaning.environment))
    return meaning.name if isinstance(meaning, Builtin) else id(meaning)


def _recursive_function(
    translator: Translator,
    operator: Operator,
    env: Environment,
    key: tuple[Any, ...],
    operators: dict[str, Meaning],
) -> tuple[str, Sequence[str]]:
    """Return the function of a RECURSIVE operator, and the local names that it needs besides its arguments."""
    if key in translator.recursing:
        return translator.recursing[key]
    done = translator.results.get(("recursive", key))
    if done is not None:
        result: tuple[str, tuple[str, ...]] = done[0]
        return result
    extra: tuple[str, ...] = ()
    while True:
        name = translator.fresh("R")
        names, params = dict(operators), []
        for param in operator.params:
            if not param.arity:
                text = translator.local(param.name, "p")
                params.append(text)
                names[param.name] = Local(text, ANY, concrete=False)
        translator.recursing[key] = (name, extra)
        inner = Environment(operator.environment.source, names, operator.environment.like(env))
        code = translator.value(operator.body, inner)
        del translator.recursing[key]
        needed = tuple(sorted(free_names(code.text) - set(params)))
        if needed == extra:
            break
        extra = tuple(sorted({*needed, *extra}))
    translator.define(name, [*params, *extra], f" return {code.text}")
    translator.texts_of_recursion[name] = code.text
    translator.results["recursive", key] = (name, extra), operator, operators  # kept, as above
    return name, extra


def callable_text(translator: Translator, node: Node, env: Environment, kinds: Sequence[Any]) -> str:
    """Return the text of a Python function for an operator that is passed to a builtin one."""
    names: dict[str, Meaning] = {}
    texts = []
    args = []
    for number, kind in enumerate(kinds):
        text = translator.local(f"arg{number}")
        texts.append(text)
        names[f"$arg{number}"] = Local(text, kind)
        args.append(Use(node.span, f"$arg{number}"))
    inner = env.within(names)
    if isinstance(node, Lambda):
        operator = Operator("LAMBDA", node.params, node.body, env)
        code = call(translator, Use(node.span, "LAMBDA", tuple(args)), inner, operator)
    elif isinstance(node, Use):
        code = translator.raw(Use(node.span, node.name, tuple(args), node.path), inner)
    else:
        raise env.source.error(node.span, "an operator is expected here", expected="the name of an operator, or LAMBDA")
    body = f"(T if {code.text} else F)" if code.python else code.text
    return f"(lambda {', '.join(texts)}: {body})"


def bound_names(node: Use, env: Environment, operator: Operator) -> dict[str, Meaning]:
    """Return the parameters of an operator bound to the arguments by name, nothing computed."""
    return {
        param.name: operator_argument(arg, env) if param.arity else ByName(arg, env)
        for param, arg in zip(operator.params, node.args, strict=True)
    }


def unchanged_parts(node: Node, env: Environment) -> list[tuple[Node, Environment]]:
    """Return what UNCHANGED e says, part by part: tuples and definitions of tuples are opened."""
    if isinstance(node, Tuple):
        return [part for item in node.items for part in unchanged_parts(item, env)]
    if isinstance(node, Use) and not node.args:
        meaning, _ = resolve(node, env)
        if isinstance(meaning, Operator) and not meaning.params:
            return unchanged_parts(meaning.body, meaning.environment.like(env))
        if isinstance(meaning, ByName):
            return unchanged_parts(meaning.node, meaning.environment.like(env))
    return [(node, env)]
