"""The state graph as data, for other tools: DOT and JSON.

Every state has a number, in the order of discovery; every edge has the action that takes it, with its arguments. A step
that two actions can take is two edges.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from treadle.tla.values import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treadle.tla.exploration import Graph
    from treadle.tla.specification import Specification


class LabelledEdge(NamedTuple):
    """A step by the numbers of its states."""

    before: int
    action: str  # the name of the action
    text: str  # the name with its arguments
    after: int


def labelled_edges(spec: Specification, graph: Graph) -> Iterator[LabelledEdge]:
    """Yield every edge between states of the graph, each once for each label."""
    numbers = {state: number for number, state in enumerate(graph.came_from)}
    for state, number in numbers.items():
        if graph.keep_edges and state not in graph.edges:
            continue  # not gone on from
        found = {
            (step.action, step.text, numbers[step.state]): None
            for step in spec.successors(state)
            if step.state in numbers
        }
        for action, text, after in found:
            yield LabelledEdge(number, action, text, after)


def as_dot(spec: Specification, graph: Graph) -> str:
    """Return the graph in the language of Graphviz; initial states are filled."""
    lines = [f"digraph {spec.name} {{", "  node [shape=box, fontname=monospace];"]
    initial = set(graph.initial)
    for number, state in enumerate(graph.came_from):
        label = "\\l".join(_escaped(f"{name} = {text}") for name, text in spec.shown(state).items())
        style = ", style=filled" if state in initial else ""
        lines.append(f'  {number} [label="{label}\\l"{style}];')
    lines += [
        f'  {edge.before} -> {edge.after} [label="{_escaped(edge.text)}"];' for edge in labelled_edges(spec, graph)
    ]
    return "\n".join([*lines, "}", ""])


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def as_json(spec: Specification, graph: Graph) -> str:
    """Return the graph as one JSON object: variables, states (texts of values), initial (numbers), edges."""
    initial = set(graph.initial)
    states = list(graph.came_from)
    return json.dumps(
        {
            "module": spec.name,
            "variables": list(spec.variables),
            "states": [[show(value) for value in state] for state in states],
            "initial": [number for number, state in enumerate(states) if state in initial],
            "edges": [[edge.before, edge.text, edge.after] for edge in labelled_edges(spec, graph)],
        }
    )
