"""Levels: what a formula speaks about. 0: constants; 1: one state; 2: a step, two states; 3: a whole behaviour.

The level of a definition depends on what its parameters stand for, so a use is as high as the body or its highest
argument. Formulas in the wrong place (a primed variable under a second prime, an action as an invariant) are errors
before anything is computed.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from treadle.errors import SpecLevelError
from treadle.tla.logic import declared
from treadle.tla.scope import Builtin, ByName, Environment, Instantiated, Operator, Variable
from treadle.tla.syntax import Boxed, Fair, Let, Node, Use
from treadle.tla.uses import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable


class Level(IntEnum):
    """How much of a behaviour a formula needs to see."""

    CONSTANT = 0
    STATE = 1
    ACTION = 2
    TEMPORAL = 3


WORDS = {
    Level.CONSTANT: "a constant",
    Level.STATE: "a state predicate",
    Level.ACTION: "an action (it has primes)",
    Level.TEMPORAL: "a temporal formula",
}


def level_of(node: Node, env: Environment) -> Level:
    """Return the level of a formula. Raises SpecLevelError for a prime on what already has primes."""
    return _level(node, env, frozenset())


def _highest(levels: Iterable[Level]) -> Level:
    return max(levels, default=Level.CONSTANT)


def _level(node: Node, env: Environment, busy: frozenset[int]) -> Level:
    if isinstance(node, Boxed):
        return max(Level.ACTION, _level(node.action, env, busy))
    if isinstance(node, Fair):
        return Level.TEMPORAL
    if isinstance(node, Let):
        return _level(node.body, declared(node, env), busy)
    if isinstance(node, Use):
        return _use_level(node, env, busy)
    return _highest(_level(child, env, busy) for child in node.children())


def _use_level(node: Use, env: Environment, busy: frozenset[int]) -> Level:
    args = _highest(_level(arg, env, busy) for arg in node.args)
    if env.find(node.path[0][0] if node.path else node.name) is None:
        return args  # a name that is bound inside the formula
    meaning, _ = resolve(node, env)
    if isinstance(meaning, Builtin):
        return _builtin_level(node, meaning, args, env)
    if isinstance(meaning, Variable):
        return Level.STATE
    if isinstance(meaning, ByName):
        return max(args, _level(meaning.node, meaning.environment, busy))
    if isinstance(meaning, Operator) and id(meaning.body) not in busy:
        return max(args, _level(meaning.body, meaning.environment, busy | {id(meaning.body)}))
    if isinstance(meaning, Instantiated):
        return Level.CONSTANT
    return args


def _builtin_level(node: Use, meaning: Builtin, args: Level, env: Environment) -> Level:
    if meaning.name in {"'", "UNCHANGED"} and node.args:
        if args >= Level.ACTION:
            raise env.source.error(
                node.span, f"{meaning.name} on {WORDS[args]}", kind=SpecLevelError, expected="a state function"
            )
        return Level.ACTION if args == Level.STATE else args
    if meaning.name == "ENABLED":
        return Level.STATE
    if meaning.name in {"[]", "<>", "~>", "-+->"}:
        if args == Level.ACTION:
            _need_boxed(node, meaning, env)
        return Level.TEMPORAL
    return args


def _need_boxed(node: Use, meaning: Builtin, env: Environment) -> None:
    """Raise SpecLevelError for `[]A` and its like: a temporal operator takes an action only in its box, as SANY has it."""
    for arg in node.args:
        boxed = _opened(arg, env)
        if _level(arg, env, frozenset()) == Level.ACTION and not (isinstance(boxed, Boxed) and len(node.args) == 1):
            raise env.source.error(
                node.span,
                f"{meaning.name} on {WORDS[Level.ACTION]}",
                kind=SpecLevelError,
                expected="a state predicate or a temporal formula",
                instead={"[]": "[][A]_v", "<>": "<><<A>>_v"}.get(meaning.name),
            )


def _opened(node: Node, env: Environment) -> Node:
    """Return what a name stands for, as far as it is a name only."""
    while isinstance(node, Use):
        meaning, _ = resolve(node, env)
        if not isinstance(meaning, Operator | ByName):
            break
        node, env = (meaning.body if isinstance(meaning, Operator) else meaning.node), meaning.environment
    return node


def need_level(node: Node, env: Environment, highest: Level, what: str) -> None:
    """Raise SpecLevelError if a formula is of a higher level than its place allows."""
    found = level_of(node, env)
    if found > highest:
        raise env.source.error(
            node.span,
            f"{what} is {WORDS[found]}",
            kind=SpecLevelError,
            expected=WORDS[highest],
            instead="a formula about steps or behaviours belongs under PROPERTY" if highest == Level.STATE else None,
        )
