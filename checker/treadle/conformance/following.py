"""Following a specification: the set of its states that agree with all that was observed so far.

A specification allows a sequence of observations when it has a behaviour whose observed actions are just these, in this
order, with internal actions in between. So the set of all states that such behaviours lead to is kept: closed under
internal steps at first, and after each observation. A set that is empty is a sequence that is not allowed.

States, sets and observations are numbered when they are first met, and each step from set to set is remembered. After
the first few executions a step is one look-up, and an execution that observes what another one did costs next to
nothing. It is the subset construction, made as far as the code goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from treadle.errors import SpecError
from treadle.tla.behaviour import Formula
from treadle.tla.naming import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from treadle.conformance.words import Observation
    from treadle.tla.program import State, Step
    from treadle.tla.specification import Specification
    from treadle.tla.syntax import Node

NOTHING = 0
"""The number of the empty set."""

States = frozenset[int]


class Follower:
    """One specification under one configuration, as far as it was followed."""

    __slots__ = ("_by_text", "_closures", "_known", "_numbers", "_sets", "_steps", "observations", "observed", "sets",
                 "spec", "start", "states", "transitions")  # fmt: skip

    spec: Specification
    observed: frozenset[str]  # the actions that can be seen
    states: list[State]  # by number
    sets: list[States]  # by number; the first is empty
    observations: list[Observation]  # by number
    transitions: dict[tuple[int, int], int]  # from set by observation to set
    start: int  # the set before anything was observed
    _numbers: dict[State, int]
    _sets: dict[States, int]
    _known: dict[Observation, int]
    _by_text: dict[tuple[str, tuple[Any, ...]], int]  # by the action and its arguments as values
    _steps: dict[int, list[Step]]  # by state
    _closures: dict[int, States]

    def __init__(self, spec: Specification, observed: Iterable[str]) -> None:
        """SpecError if an action that is to be observed does not exist, or an assumption does not hold."""
        self.spec = spec
        self.observed = frozenset(observed)
        self.states, self.sets, self.observations = [], [frozenset()], []
        self._numbers, self._sets, self._known, self._by_text = {}, {frozenset(): NOTHING}, {}, {}
        self.transitions, self._steps, self._closures = {}, {}, {}
        self._check()
        self.start = self._numbered(self._closed(self.number(state) for state in spec.initial_states()))

    def _check(self) -> None:
        actions = {action.name for action in self.spec.program.actions}
        for name in sorted(self.observed - actions):
            raise SpecError(
                f"{self.spec.name} has no action {name}, which the kit observes",
                expected=f"an action of Next: {', '.join(sorted(actions))}",
                probably=nearest(name, actions),
            )
        for module, node in self.spec.modules.assumptions(self.spec.module):
            assumption = cast("Node", node)
            formula = Formula(assumption, self.spec.environment)
            if not self.spec.program.predicate(formula)(()):
                raise SpecError(
                    f"the assumption {module.source.place(assumption.span)} is false: {formula.text}",
                    probably="the kit's constants do not fit the specification",
                )

    def observation(self, seen: Observation) -> int:
        """The number of an observation."""
        found = self._known.get(seen)
        if found is None:
            found = self._known[seen] = len(self.observations)
            self.observations.append(seen)
            self._by_text[seen.action, seen.values] = found
        return found

    def after(self, states: int, observation: int) -> int:
        """The set after an observation; NOTHING if the specification does not allow it here."""
        found = self.transitions.get((states, observation))
        if found is None:
            wanted = self.observations[observation]
            values = wanted.values
            targets = (
                self.number(step.state)
                for state in self.sets[states]
                for step in self.steps(state)
                if step.action == wanted.action and step.arguments == values
            )
            found = self.transitions[states, observation] = self._numbered(self._closed(targets))
        return found

    def steps(self, state: int) -> list[Step]:
        """Every step that the specification allows in a state."""
        found = self._steps.get(state)
        if found is None:
            found = self._steps[state] = self.spec.successors(self.states[state])
        return found

    def number(self, state: State) -> int:
        """The number of a state."""
        found = self._numbers.get(state)
        if found is None:
            found = self._numbers[state] = len(self.states)
            self.states.append(state)
        return found

    def _numbered(self, states: States) -> int:
        found = self._sets.get(states)
        if found is None:
            found = self._sets[states] = len(self.sets)
            self.sets.append(states)
        return found

    def _closed(self, states: Iterable[int]) -> States:
        """What internal steps lead to, the states themselves included."""
        return frozenset().union(*(self._closure(state) for state in set(states)))

    def _closure(self, state: int) -> States:
        found = self._closures.get(state)
        if found is None:
            reached = {state}
            todo = [state]
            while todo:
                for step in self.steps(todo.pop()):
                    if step.action not in self.observed and (target := self.number(step.state)) not in reached:
                        reached.add(target)
                        todo.append(target)
            found = self._closures[state] = frozenset(reached)
        return found

    def _validate(self) -> None:
        """Check every invariant; tests call it."""
        for number, members in enumerate(self.sets):
            assert self._sets[members] == number
            assert self._closed(members) == members, f"set {number} is not closed under internal steps"
