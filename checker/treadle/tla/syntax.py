r"""The syntax tree: what a module says, before anybody asks what it means.

Nodes are frozen, compare by identity, and know their span. An application of any operator, named or symbolic, built in
or defined, is a `Use`; what has its own binding or its own syntax has its own class. A `Junction` is a list of `/\` or
`\/`, bulleted or infix.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from treadle.tla.source import Source, Span

# A bound name, or a tuple of names (`\E <<a, b>> \in S`).
Pattern = str | tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """Any expression."""

    span: Span

    def children(self) -> list[Node]:
        """Return the expressions directly below this one, in the order of the text."""
        found: list[Node] = []
        for name in _parts(type(self)):  # type: ignore[arg-type]  # a class is hashable, whatever its objects are
            _gather(getattr(self, name), found)
        return found


@cache
def _parts(kind: type[Node]) -> tuple[str, ...]:
    """Return the names of what a kind of node has, but for its place in the text."""
    return tuple(part.name for part in fields(kind) if part.name != "span")


def _gather(value: object, found: list[Node]) -> None:
    if type(value) is tuple:
        for item in value:
            _gather(item, found)
    elif isinstance(value, Node):
        found.append(value)
    elif isinstance(value, Bound) and value.domain is not None:
        found.append(value.domain)
    elif isinstance(value, Definition):
        found.append(value.body)


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    r"""`x, y \in S`: names (or patterns) and their set; None where the text has no set."""

    patterns: tuple[Pattern, ...]
    domain: Node | None
    span: Span

    def names(self) -> list[str]:
        """Return all the names that are bound, left to right."""
        return [name for pattern in self.patterns for name in ([pattern] if isinstance(pattern, str) else pattern)]


@dataclass(frozen=True, slots=True, eq=False)
class Number(Node):
    """An integer literal."""

    value: int


@dataclass(frozen=True, slots=True, eq=False)
class String(Node):
    """A string literal."""

    value: str


@dataclass(frozen=True, slots=True, eq=False)
class Use(Node):
    """A name or an operator with its arguments; `path` are the instances before it (`A!B(x)!name`)."""

    name: str
    args: tuple[Node, ...] = ()
    path: tuple[tuple[str, tuple[Node, ...]], ...] = ()

    def shown(self) -> str:
        """Return the name with its path."""
        return "!".join([*(name for name, _ in self.path), self.name])


@dataclass(frozen=True, slots=True, eq=False)
class Junction(Node):
    r"""A conjunction (`/\`) or disjunction (`\/`) of at least one item."""

    op: str
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Quantified(Node):
    r"""`\A` or `\E` over bounds."""

    kind: str
    bounds: tuple[Bound, ...]
    body: Node


@dataclass(frozen=True, slots=True, eq=False)
class Choose(Node):
    """CHOOSE over one bound."""

    bound: Bound
    body: Node


@dataclass(frozen=True, slots=True, eq=False)
class SetList(Node):
    """`{a, b}`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class SetFilter(Node):
    r"""`{x \in S : P}`."""

    bound: Bound
    body: Node


@dataclass(frozen=True, slots=True, eq=False)
class SetMap(Node):
    r"""`{e : x \in S, ...}`."""

    body: Node
    bounds: tuple[Bound, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Function(Node):
    r"""`[x \in S, ... |-> e]`; `name` is set for `f[x \in S] == e`, whose body may use f."""

    bounds: tuple[Bound, ...]
    body: Node
    name: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class FunctionSet(Node):
    """`[S -> T]`."""

    domain: Node
    range: Node


@dataclass(frozen=True, slots=True, eq=False)
class Record(Node):
    """`[a |-> e, ...]`, or the set of records `[a: S, ...]` if `of_sets`."""

    names: tuple[str, ...]
    values: tuple[Node, ...]
    of_sets: bool


@dataclass(frozen=True, slots=True, eq=False)
class Tuple(Node):
    """`<<a, b>>`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Product(Node):
    r"""`A \X B \X C`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Index(Node):
    """`f[a, b]`."""

    function: Node
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Field(Node):
    """`r.name`."""

    record: Node
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Update(Node):
    """One `!.a[i] = e` of an EXCEPT; a step of the path is a String for `.a` or what stands in the brackets."""

    path: tuple[Node, ...]
    value: Node


@dataclass(frozen=True, slots=True, eq=False)
class Except(Node):
    """`[f EXCEPT ...]`."""

    function: Node
    updates: tuple[Update, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Old(Node):
    """`@` inside an EXCEPT."""


@dataclass(frozen=True, slots=True, eq=False)
class If(Node):
    """IF, THEN, ELSE."""

    test: Node
    then: Node
    other: Node


@dataclass(frozen=True, slots=True, eq=False)
class Case(Node):
    """CASE with its arms (guard, value) and OTHER."""

    guards: tuple[Node, ...]
    values: tuple[Node, ...]
    other: Node | None


@dataclass(frozen=True, slots=True, eq=False)
class Let(Node):
    """LET definitions IN body."""

    definitions: tuple[Definition | Instance, ...]
    body: Node


@dataclass(frozen=True, slots=True, eq=False)
class Lambda(Node):
    """LAMBDA x, y : e."""

    params: tuple[Param, ...]
    body: Node


@dataclass(frozen=True, slots=True, eq=False)
class Boxed(Node):
    """`[A]_v`, or `<<A>>_v` if `angle`."""

    action: Node
    subscript: Node
    angle: bool


@dataclass(frozen=True, slots=True, eq=False)
class Fair(Node):
    """`WF_v(A)`, or `SF_v(A)` if `strong`."""

    subscript: Node
    action: Node
    strong: bool


@dataclass(frozen=True, slots=True, eq=False)
class Param:
    """A parameter: its name and how many arguments it takes itself."""

    name: str
    arity: int


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """`name(params) == body`. `source` is the text that it stands in; `module` the module's name."""

    name: str
    params: tuple[Param, ...]
    body: Node
    span: Span
    source: Source
    local: bool = False
    recursive: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """`name(params) == INSTANCE module WITH ...`; the name is empty for a plain INSTANCE."""

    name: str
    params: tuple[Param, ...]
    module: str
    substitutions: tuple[tuple[str, Node], ...]
    span: Span
    source: Source
    local: bool = False


@dataclass(slots=True, eq=False)
class Module:
    """What one `---- MODULE` says: declarations, and units in order."""

    name: str
    source: Source
    extends: list[tuple[str, Span]]
    constants: list[tuple[Param, Span]]
    variables: list[tuple[str, Span]]
    units: list[Definition | Instance]
    assumptions: list[tuple[str | None, Node]]
    inner: list[Module]
    recursive: list[tuple[Param, Span]]
    theorems: list[Span] = field(
        default_factory=list
    )  # where theorems and proofs stand, which say nothing to a checker
