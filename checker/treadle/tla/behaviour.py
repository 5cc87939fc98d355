r"""`Init /\ [][Next]_v /\ Fairness`, taken apart.

A specification is a conjunction, written directly or through definitions. Each conjunct is the initial predicate, the
next-state relation in its box, or a demand on whole behaviours (fairness); each keeps the environment that it is read
in, so a specification inside an instance is taken apart in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from treadle.errors import SpecError
from treadle.tla.levels import Level, level_of
from treadle.tla.logic import declared
from treadle.tla.scope import Builtin, ByName, Environment, Operator
from treadle.tla.syntax import Boxed, Junction, Let, Node, Use
from treadle.tla.uses import bound_names, resolve

if TYPE_CHECKING:
    from treadle.tla.scope import Meaning


@dataclass(frozen=True, slots=True)
class Formula:
    """A piece of text and the environment that it is read in."""

    node: Node
    environment: Environment

    @property
    def text(self) -> str:
        """The text as it stands in its file."""
        return self.environment.source.cut(self.node.span)


@dataclass(slots=True)
class Behaviour:
    """The parts of a specification."""

    initial: list[Formula] = field(default_factory=list)
    steps: list[tuple[Formula, Formula]] = field(default_factory=list)  # the action and the subscript of [][A]_v
    temporal: list[Formula] = field(default_factory=list)


def opened(formula: Formula) -> Formula:
    """Follow names to what they stand for, as long as that is a definition without further use."""
    node: Node = formula.node
    env = formula.environment
    while True:
        if isinstance(node, Let):
            env = declared(node, env)
            node = node.body
            continue
        if not isinstance(node, Use):
            return Formula(node, env)
        meaning, _ = resolve(node, env)
        if isinstance(meaning, Operator) and not meaning.recursive:
            names: dict[str, Meaning] = bound_names(node, env, meaning)
            node, env = (
                meaning.body,
                Environment(meaning.environment.source, names, meaning.environment.like(env)),
            )
        elif isinstance(meaning, ByName) and not node.args:
            node, env = meaning.node, meaning.environment.like(env)
        else:
            return Formula(node, env)


def conjuncts(formula: Formula) -> list[Formula]:
    """Return the conjuncts of a formula, names opened where they stand for conjunctions."""
    here = opened(formula)
    if isinstance(here.node, Junction) and here.node.op == "/\\":
        return [part for item in here.node.items for part in conjuncts(Formula(item, here.environment))]
    return [here]


def boxed_action(formula: Formula) -> tuple[Formula, Formula] | None:
    """Return the action and the subscript if the formula is `[][A]_v`."""
    node, env = formula.node, formula.environment
    if isinstance(node, Use) and node.name == "[]" and isinstance(resolve(node, env)[0], Builtin):
        inner = opened(Formula(node.args[0], env))
        if isinstance(inner.node, Boxed) and not inner.node.angle:
            box = inner.node
            return Formula(box.action, inner.environment), Formula(box.subscript, inner.environment)
    return None


def taken_apart(formula: Formula) -> Behaviour:
    """Sort the conjuncts of a specification. Raises SpecError for an action outside a box."""
    found = Behaviour()
    for part in conjuncts(formula):
        box = boxed_action(part)
        if box is not None:
            found.steps.append(box)
            continue
        level = level_of(part.node, part.environment)
        if level == Level.TEMPORAL:
            found.temporal.append(part)
        elif level == Level.ACTION:
            raise part.environment.source.error(
                part.node.span, "an action stands in the specification outside [][...]_v", kind=SpecError
            )
        else:
            found.initial.append(part)
    return found
