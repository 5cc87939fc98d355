"""Debts: what has begun and was not fulfilled, in every behaviour that agrees with what was observed.

Of a property `F ~> G` a behaviour owes G from a state with F on, until a state with G. Where nothing happens any more, what
it owes then it owes for ever. A *node* is a state and what is owed there; the set of all nodes that agree with what was
observed is followed as a `Follower` follows the set of all states: closed under internal steps, numbered, and each step
from set to set remembered. So all orders of an execution can be walked (`orders.Walk`), since what is owed may depend on
the order though the states do not.

Where some threads have stopped by themselves, a property that is promised to one of them too is owed to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from treadle.conformance.following import Follower
    from treadle.model.account import Promise
    from treadle.tla.program import State


@dataclass(slots=True)
class Property:
    """A promise, or one conjunct of it, as something that can be asked."""

    promise: Promise
    name: str  # of the definition
    to: frozenset[str] = frozenset()  # to whom it is promised: the values of the names that quantifiers around it bind
    step: Callable[[State, State], bool] | None = None  # it must hold of each step; a state is a step of no change
    begun: Callable[[State, State], bool] | None = None  # F of F ~> G
    fulfilled: Callable[[State, State], bool] | None = None  # G of it


Owed = frozenset[int]
"""Properties, by their places in the list of all."""
Node = tuple[int, Owed]
"""A state by its number in the follower, and what is owed there."""


class Debts:
    """What is owed under one specification while some threads have stopped; `start` and `after` as of a `Follower`."""

    __slots__ = ("_after", "_changes", "_ends", "_follower", "_numbers", "_properties", "_sets", "_stopped", "start")

    start: int  # the set before anything was observed
    _properties: list[tuple[int, Property]]  # those that may be owed, with their places
    _sets: list[frozenset[Node]]  # by number; the first is empty
    _numbers: dict[frozenset[Node], int]
    _after: dict[tuple[int, int], int]  # from set by observation to set
    _changes: dict[int, tuple[Owed, Owed]]  # by state: what it fulfils, and what begins there
    _ends: dict[int, Owed]  # by set: what is owed where it is the last

    def __init__(self, follower: Follower, properties: Iterable[Property], stopped: frozenset[str]) -> None:
        properties = list(properties)
        lost = {each.name for each in properties if each.to & stopped}
        self._properties = [(place, each) for place, each in enumerate(properties) if each.name not in lost]
        self._follower = follower
        self._stopped = stopped
        self._sets = [frozenset()]
        self._numbers = {frozenset(): 0}
        self._after = {}
        self._changes = {}
        self._ends = {}
        nothing: Owed = frozenset()
        self.start = self._closed((follower.number(state), nothing) for state in follower.spec.initial_states())

    def after(self, nodes: int, observation: int) -> int:
        """The set after an observation; the empty one if it is not allowed there."""
        found = self._after.get((nodes, observation))
        if found is None:
            follower, wanted = self._follower, self._follower.observations[observation]
            values = wanted.values
            found = self._after[nodes, observation] = self._closed(
                (follower.number(step.state), owed)
                for state, owed in self._sets[nodes]
                for step in follower.steps(state)
                if step.action == wanted.action and step.arguments == values
            )
        return found

    def owed(self, nodes: int) -> Owed:
        """What is never fulfilled if nothing happens any more: of all behaviours, or of the one that owes least.

        Where threads have stopped: nothing, if some behaviour owes nothing.
        """
        found = self._ends.get(nodes)
        if found is None:
            found = self._ends[nodes] = self._least([owed for _, owed in self._sets[nodes]])
        return found

    def _least(self, ends: list[Owed]) -> Owed:
        if self._stopped and not all(ends):
            return frozenset()
        shared: Owed = frozenset.intersection(*ends) if ends else frozenset()
        return shared or min(
            (owed for owed in ends if owed), key=lambda owed: (len(owed), sorted(owed)), default=shared
        )

    def _closed(self, nodes: Iterable[Node]) -> int:
        """The number of the set with all that internal steps lead to."""
        follower = self._follower
        found: set[Node] = set()
        todo = [self._arrived(state, owed) for state, owed in nodes]
        while todo:
            node = todo.pop()
            if node in found:
                continue
            found.add(node)
            state, owed = node
            todo += [
                self._arrived(follower.number(step.state), owed)
                for step in follower.steps(state)
                if step.action not in follower.observed
            ]
        closed = frozenset(found)
        number = self._numbers.get(closed)
        if number is None:
            number = self._numbers[closed] = len(self._sets)
            self._sets.append(closed)
        return number

    def _arrived(self, state: int, owed: Owed) -> Node:
        """The node in a state that is reached owing this."""
        changes = self._changes.get(state)
        if changes is None:
            changes = self._changes[state] = self._changed(state)
        fulfilled, begun = changes
        return state, owed - fulfilled | begun

    def _changed(self, state: int) -> tuple[Owed, Owed]:
        values = self._follower.states[state]
        fulfilled, begun = set(), set()
        for place, each in self._properties:
            if each.begun is None or each.fulfilled is None:
                continue
            if each.fulfilled(values, values):
                fulfilled.add(place)
            elif each.begun(values, values):
                begun.add(place)
        return frozenset(fulfilled), frozenset(begun)
