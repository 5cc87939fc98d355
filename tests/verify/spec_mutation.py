"""Mechanical mutants of a specification: each says something else in one place.

Two kinds, at every place of every action and of what `Next` is made of:

- *drop*: a guard is gone, or one conjunct of it: the specification allows more;
- *remove*: a disjunct is gone: an action is missing in `Next`, or one way in which an action may happen.

The same is done to the conditions inside an action, those of an IF for instance.

What the actions are is read from the module itself: `Next`, and whatever it uses that says something about the next
state. The text is changed at the place of the conjunct and nowhere else, so a mutant is read by the same reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from treadle.tla.source import Source
from treadle.tla.syntax import Definition, Junction, Node, Use
from treadle.tla.units import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treadle.tla.source import Span

NEXT_STATE = {"'", "UNCHANGED"}


@dataclass(frozen=True, slots=True)
class SpecMutant:
    """A module with one place changed."""

    name: str
    line: int
    source: str


def mutants(file: str, source: str) -> list[SpecMutant]:
    """All mutants of a module, in the order of its lines, each with a name of its own."""
    text = Source(file, source)
    definitions = {unit.name: unit for unit in parse(text).units if isinstance(unit, Definition)}
    named: dict[str, SpecMutant] = {}
    for action in actions(definitions):
        for kind, node, value in _places(action, definitions):
            span = _closed(text, node.span)
            said = " ".join(text.cut(span).split())
            name = f"{action.name}: {kind} `{said if len(said) <= 70 else said[:67] + '...'}`"
            free = _free(name, named)
            named[free] = SpecMutant(free, span.line, _changed(source, span, value))
    return list(named.values())


def _closed(text: Source, span: Span) -> Span:
    """The span with the parentheses that end it: an expression ends before those that enclose its last part."""
    while text.cut(span).count("(") > text.cut(span).count(")"):
        span = span._replace(end_column=span.end_column + 1)
    return span


def _changed(source: str, span: Span, value: str) -> str:
    """The text with other words at a place. What follows on the lines below keeps its columns."""
    lines = source.split("\n")
    before = lines[span.line - 1][: span.column - 1]
    after = lines[span.end_line - 1][span.end_column :]
    return "\n".join([*lines[: span.line - 1], before + value + after, *lines[span.end_line :]])


def _free(name: str, taken: dict[str, SpecMutant]) -> str:
    """The name, with a number behind it if another place reads the same."""
    number, free = 2, name
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    return free


def actions(definitions: dict[str, Definition]) -> list[Definition]:
    """`Next` and every definition below it that says something about the next state, in the order of the text."""
    below: set[str] = set()
    todo = ["Next"]
    while todo:
        name = todo.pop()
        if name in definitions and name not in below and _is_action(definitions[name].body, definitions):
            below.add(name)
            todo += [node.name for node in _walk(definitions[name].body) if isinstance(node, Use)]
    return [definition for name, definition in definitions.items() if name in below]


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children():
        yield from _walk(child)


def _is_action(node: Node, definitions: dict[str, Definition]) -> bool:
    """Whether the next state matters to an expression."""
    for part in _walk(node):
        if isinstance(part, Use):
            if part.name in NEXT_STATE:
                return True
            if part.name in definitions and _is_action(definitions[part.name].body, definitions):
                return True
    return False


def _places(action: Definition, definitions: dict[str, Definition]) -> Iterator[tuple[str, Node, str]]:
    """What can be changed in an action: the kind, the place, and what is written there."""
    for node in _walk(action.body):
        if isinstance(node, Junction):
            for item in node.items:
                if isinstance(item, Junction) and item.op == node.op:
                    continue  # its own items are changed one by one
                if node.op == "\\/":
                    yield "remove", item, "FALSE"
                elif not _is_action(item, definitions):
                    yield "drop", item, "TRUE"
