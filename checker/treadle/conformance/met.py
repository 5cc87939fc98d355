"""What of a specification was met: states and transitions, as values that can be sent to another process and joined there.

A `Follower` numbers states as they come, which is another order in each process; here they are themselves. What several
processes have met of the same model is the union, and is what one process would have met.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from treadle.conformance.judging import Model
    from treadle.tla.program import State


@dataclass(slots=True)
class Met:
    """What was met of one model."""

    constants: Hashable  # which model it is
    actions: tuple[str, ...] = ()  # of the specification
    ways: tuple[str, ...] = ()  # the disjuncts of these actions, as they are told
    states: set[State] = field(default_factory=set)
    taken: dict[tuple[State, int], tuple[str, str]] = field(default_factory=dict)  # transitions: the action and its way

    def add(self, other: Met) -> None:
        """What was met somewhere else, too."""
        self.states |= other.states
        self.taken |= other.taken


class Reader:
    """Reads off models what was met of them since the last time."""

    __slots__ = ("_states", "_taken")

    _states: dict[Hashable, int]  # by model: so many states were read
    _taken: dict[Hashable, set[tuple[int, int]]]  # by model: the transitions that were read

    def __init__(self) -> None:
        self._states = {}
        self._taken = {}

    def new(self, models: Iterable[tuple[Hashable, Model]]) -> list[Met]:
        """What is new, of each model of which anything is."""
        return [met for constants, model in models if (met := self._new(constants, model)) is not None]

    def _new(self, constants: Hashable, model: Model) -> Met | None:
        follower, coverage = model.follower, model.coverage
        known = self._taken.setdefault(constants, set())
        fresh = coverage.taken - known
        begin = self._states.get(constants, 0)
        if not fresh and begin == len(follower.states):
            return None
        known |= fresh
        self._states[constants] = len(follower.states)
        ways = coverage.ways()
        found = Met(constants, tuple(dict.fromkeys(action.name for action in follower.spec.program.actions)))
        found.ways = tuple(dict.fromkeys(ways.values()))
        found.states = set(follower.states[begin:])
        for state, index in fresh:
            step = coverage.step(state, index)
            found.taken[follower.states[state], index] = (step.action, ways[step.site])
        return found


def joined(parts: Iterable[Met]) -> list[Met]:
    """One for each model, in the order in which they were first met."""
    found: dict[Any, Met] = {}
    for part in parts:
        known = found.get(part.constants)
        if known is None:
            found[part.constants] = Met(part.constants, part.actions, part.ways, set(part.states), dict(part.taken))
        else:
            known.add(part)
    return list(found.values())


def told(found: list[Met]) -> dict[str, Any]:
    """What a verdict says of it: how many states, how often each action, and which of their disjuncts never."""
    actions = Counter(action for met in found for action, _ in met.taken.values())
    ways = Counter(way for met in found for _, way in met.taken.values())
    every = dict.fromkeys(way for met in found for way in met.ways)
    return {
        "spec_states": sum(len(met.states) for met in found),
        "coverage": {action: actions[action] for met in found[:1] for action in met.actions},
        "never": [way for way in every if not ways[way]],
    }
