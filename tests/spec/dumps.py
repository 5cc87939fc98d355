"""State graphs in a form that can be compared: sets of (state, action, state), values as values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from treadle.tla import containers, logic, standard  # noqa: F401  (they register translations)
from treadle.tla.catalogue import basics
from treadle.tla.catalogue import standard as standard_module
from treadle.tla.graph import labelled_edges
from treadle.tla.scope import Constant, Environment
from treadle.tla.source import Source
from treadle.tla.translator import Translator
from treadle.tla.units import parse_expression
from treadle.tla.values import ModelValue

if TYPE_CHECKING:
    from treadle.tla.exploration import Graph
    from treadle.tla.program import State
    from treadle.tla.specification import Specification
    from treadle.tla.values import Value

Step = tuple["State", str, "State"]


def value_of(text: str) -> Value:
    """Read a value as TLC prints it; names are model values."""
    source = Source("value", f"---- MODULE V ----\nValue == {text}\n====")
    env = Environment(source, basics())
    for module in ("Integers", "TLC"):
        env.names.update(standard_module(module) or {})
    for name in set(re.findall(r"[A-Za-z_]\w*", re.sub(r'"[^"]*"', "", text))) - set(env.names):
        env.names[name] = Constant(name, ModelValue.named(name))
    translator = Translator({})
    code = translator.stored(parse_expression(source), env)
    translator.flush()
    return eval(translator.unmarked(code.text), translator.namespace)  # noqa: S307  (TLC's own text)


def _state(text: str, variables: tuple[str, ...], known: dict[str, Value]) -> State:
    names = "|".join(variables)
    parts = re.split(rf"(?:^|/\\ )({names}) = ", text)[1:]
    found = dict(zip(parts[::2], (part.strip() for part in parts[1::2]), strict=True))
    for part in found.values():
        if part not in known:
            known[part] = value_of(part)
    return tuple(known[found[name]] for name in variables)


def theirs(spec: Specification, edges: set[tuple[str, str, str]]) -> set[Step]:
    """Return TLC's edges."""
    known: dict[str, Value] = {}
    states: dict[str, State] = {}
    for before, _, after in edges:
        for text in (before, after):
            if text not in states:
                states[text] = _state(text, spec.variables, known)
    return {(states[before], action, states[after]) for before, action, after in edges}


def ours(spec: Specification, graph: Graph) -> set[Step]:
    """Return our edges, by the names of the actions alone."""
    states = list(graph.came_from)
    return {(states[edge.before], edge.action, states[edge.after]) for edge in labelled_edges(spec, graph)}
