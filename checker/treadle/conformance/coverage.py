"""Coverage: which actions and transitions of the specification the code has exercised.

A specification that allows what no code ever does says little, and a mutant of it may allow more without being noticed.
So it is counted what was taken: a transition counts when some behaviour that agrees with *all* that one execution
observed takes it, to its end. Agreeing with what came before is not enough: a wait with a timeout may always have
expired, until it returns.

Where several behaviours explain an execution, each counts: from outside they are the same.

For each place of a walk (`orders`) the states are found from which the rest can be followed; that is done backwards,
once for each pair of a step between sets and what can be followed after it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from treadle.conformance.following import Follower, States
    from treadle.conformance.orders import Place, Walk
    from treadle.conformance.stillness import Stillness
    from treadle.tla.program import Step


class Coverage:
    """What was taken of one specification under one configuration."""

    __slots__ = ("_backwards", "_follower", "taken")

    taken: set[tuple[int, int]]  # a state by number, and the index of one of its steps
    _backwards: dict[tuple[int, int | Stillness, States], States]

    def __init__(self, follower: Follower) -> None:
        self._follower = follower
        self.taken = set()
        self._backwards = {}

    def add(self, walk: Walk, still: Stillness) -> None:
        """An execution that is allowed; `still` is what was demanded at its end."""
        follower = self._follower
        lasting: dict[Place, States] = {place: self._resting(place[1], still) for place in walk.ends}
        for place in reversed(walk.edges):
            alive: set[int] = set()
            for observation, target in walk.edges[place]:
                alive |= self._before(place[1], observation, lasting[target])
            lasting[place] = frozenset(alive)
        assert lasting[next(iter(walk.edges), walk.ends[0])] & follower.sets[follower.start]

    def _resting(self, states: int, still: Stillness) -> States:
        """The states of a set in which the behaviour may end, and those that lead there."""
        key = (states, still, frozenset[int]())
        found = self._backwards.get(key)
        if found is None:
            follower = self._follower
            ends = {state for state in follower.sets[states] if not still.demands(follower.states[state])}
            found = self._backwards[key] = self._led(states, ends)
        return found

    def _before(self, states: int, observation: int, alive: States) -> States:
        """The states of a set from which the observation leads into one of those that are alive; all taken is noted."""
        key = (states, observation, alive)
        found = self._backwards.get(key)
        if found is None:
            follower, wanted = self._follower, self._follower.observations[observation]
            values = wanted.values
            ends = set()
            for state in follower.sets[states]:
                for index, step in enumerate(follower.steps(state)):
                    if step.action != wanted.action or step.arguments != values:
                        continue
                    if follower.number(step.state) in alive:
                        self.taken.add((state, index))
                        ends.add(state)
            found = self._backwards[key] = self._led(states, ends)
        return found

    def _led(self, states: int, ends: set[int]) -> States:
        """The states of a set that internal steps lead from to these; the steps are noted."""
        follower = self._follower
        members = follower.sets[states]
        sources: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for state in members:
            for index, step in enumerate(follower.steps(state)):
                if step.action not in follower.observed:
                    sources[follower.number(step.state)].append((state, index))
        alive, todo = set(ends), list(ends)
        while todo:
            for state, index in sources[todo.pop()]:
                self.taken.add((state, index))
                if state not in alive:
                    alive.add(state)
                    todo.append(state)
        return frozenset(alive)

    def ways(self) -> dict[int, str]:
        """Each disjunct of each action by its site, as it is told: "Unwind (Barrier.tla:155): text"."""
        program = self._follower.spec.program
        found = {}
        for action in program.actions:
            source = action.formula.environment.source
            for site in action.sites:
                trail = program.sites[site].trail
                span = (trail[-1] if trail else action.formula.node).span
                found[site] = f"{action.name} ({source.name}:{span.line}): {source.cut(span)}"
        return found

    def step(self, state: int, index: int) -> Step:
        """A transition: one of the steps of a state."""
        return self._follower.steps(state)[index]
