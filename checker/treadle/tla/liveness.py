"""Temporal properties: is there a fair behaviour that violates one?

Behaviours are paths of the state graph, in which every state may also stutter. The product of the graph with the
automaton of the negated property is searched for a strongly connected part in which nothing is postponed for ever and
every fairness condition can be met: weak fairness needs a step that is the action, or a state where it is not enabled;
strong fairness needs a step that is the action, or no state at all where it is enabled, so those states are taken out
and what remains is searched again. Such a part, with a shortest path to it and a round trip through what it must
contain, is the counterexample: a lasso.

Source: Emerson and Lei (1987) on fair components; Manna and Pnueli on Streett conditions.
"""

from __future__ import annotations

import itertools
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from treadle.tla.components import components
from treadle.tla.tableau import Obligations, Tableau
from treadle.tla.temporal import Tree, normal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from treadle.tla.exploration import Graph
    from treadle.tla.program import State
    from treadle.tla.temporal import Atom

Node = tuple["State", int]  # a state of the specification, and the number of a state of the automaton


class Edge(NamedTuple):
    """A step of the product: where it leads, and what it postpones (a bit for each formula)."""

    target: Node
    postponed: int


class Fairness(NamedTuple):
    """A fairness condition by its two atoms."""

    strong: bool
    enabled: int
    taken: int


class Truths:
    """The truth of atoms, each computed once for a state or a step."""

    def __init__(self, atoms: list[Atom]) -> None:
        self.atoms = atoms
        self._states: list[dict[State, bool]] = [{} for _ in atoms]
        self._steps: list[dict[tuple[State, State], bool]] = [{} for _ in atoms]

    def holds(self, number: int, before: State, after: State) -> bool:
        """Tell whether an atom holds of a step."""
        atom = self.atoms[number]
        if not atom.stepwise:
            known = self._states[number]
            found = known.get(before)
            if found is None:
                found = known[before] = atom.holds(before, after)
            return found
        steps = self._steps[number]
        pair = (before, after)
        found = steps.get(pair)
        if found is None:
            found = steps[pair] = atom.holds(before, after)
        return found

    def served(self, fairness: Fairness, before: State, after: State) -> bool:
        """Tell whether a step serves a weak fairness condition: it is the action, or the action is not enabled."""
        return not self.holds(fairness.enabled, before, after) or self.holds(fairness.taken, before, after)


class Lasso(NamedTuple):
    """A path and the place that its end returns to."""

    states: list[State]
    loop: int


class Product:
    """The part of graph times automaton that can be reached."""

    def __init__(self, graph: Graph, truths: Truths, fairness: list[Fairness], formula: Tree) -> None:
        self.graph, self.truths, self.fairness = graph, truths, fairness
        self.tableau = Tableau(formula)
        self.numbers: dict[Obligations, int] = {}
        self.obligations: list[Obligations] = []
        self.postponable: dict[Tree, int] = {}
        self.edges: dict[Node, list[Edge]] = {}
        self.came_from: dict[Node, Node | None] = {}
        self._ready: dict[int, list[tuple[list[tuple[int, bool]], int, int]]] = {}
        self._reached: dict[int, set[int]] = {}

    def _number(self, obligations: Obligations) -> int:
        found = self.numbers.get(obligations)
        if found is None:
            found = self.numbers[obligations] = len(self.obligations)
            self.obligations.append(obligations)
        return found

    def _bits(self, formulas: Iterable[Tree]) -> int:
        bits = 0
        for formula in formulas:
            bits |= 1 << self.postponable.setdefault(formula, len(self.postponable))
        return bits

    def explore(self) -> None:
        """Find every node that a behaviour can reach."""
        start = self._number(self.tableau.start)
        queue: deque[Node] = deque((state, start) for state in self.graph.initial)
        self.came_from = dict.fromkeys(queue)
        while queue:
            node = queue.popleft()
            found = self.edges[node] = list(self._edges(node))
            for edge in found:
                if edge.target not in self.came_from:
                    self.came_from[edge.target] = node
                    queue.append(edge.target)

    def _edges(self, node: Node) -> Iterable[Edge]:
        state, number = node
        holds = self.truths.holds
        successors = dict.fromkeys([state, *self.graph.edges.get(state, [])])  # it may stutter
        for alternative in self._prepared(number):
            needs, rest, bits = alternative
            for successor in successors:
                if all(holds(atom, state, successor) is truth for atom, truth in needs):
                    yield Edge((successor, rest), bits)

    def _prepared(self, number: int) -> list[tuple[list[tuple[int, bool]], int, int]]:
        if number not in self._ready:
            self._ready[number] = [
                (sorted(found.needs), self._number(found.rest), self._bits(found.postponed))
                for found in self.tableau.alternatives(self.obligations[number])
            ]
        return self._ready[number]

    def fair_part(self) -> set[Node] | None:
        """Return a strongly connected part in which a fair, accepted behaviour can stay; None if there is none.

        Of several, the one that is reached first.
        """
        waiting, fair = [self._promising()], []
        while waiting:
            for part in components(waiting.pop(), self._targets):
                verdict = self._judged(part)
                if verdict is part:
                    fair.append(part)
                elif verdict:
                    waiting.append(verdict)
        return next((part for node in self.came_from for part in fair if node in part), None) if fair else None

    def _targets(self, node: Node) -> Iterable[Node]:
        return (edge.target for edge in self.edges[node])

    def _promising(self) -> set[Node]:
        """Leave out the automaton's states in which something is postponed by every way of staying."""
        return {node for node in self.edges if self._may_stay(node[1])}

    def _may_stay(self, number: int) -> bool:
        reach = self._reach(number)
        if number not in reach:
            return False
        around = [
            (bits, rest)
            for member in reach
            if number in self._reach(member)
            for _, rest, bits in self._prepared(member)
            if rest in reach and number in self._reach(rest)
        ]
        common = -1
        for bits, _ in around:
            common &= bits
        return bool(around) and common == 0

    def _reach(self, number: int) -> set[int]:
        if number not in self._reached:
            found: set[int] = set()
            todo = [rest for _, rest, _ in self._prepared(number)]
            while todo:
                here = todo.pop()
                if here not in found:
                    found.add(here)
                    todo += [rest for _, rest, _ in self._prepared(here)]
            self._reached[number] = found
        return self._reached[number]

    def _judged(self, part: set[Node]) -> set[Node] | None:
        """Return the part itself if it is fair, a smaller one that may be, or None."""
        inside = [(node, edge) for node in part for edge in self.edges[node] if edge.target in part]
        if not inside:
            return None
        common = -1
        for _, edge in inside:
            common &= edge.postponed
        if common & ((1 << len(self.postponable)) - 1):
            return None
        for fair in self.fairness:
            taken = any(self._takes(fair, node, edge) for node, edge in inside)
            if taken:
                continue
            if not fair.strong:
                return None
            smaller = {node for node in part if not self.truths.holds(fair.enabled, node[0], node[0])}
            if len(smaller) < len(part):
                return smaller or None
        return part

    def _takes(self, fair: Fairness, node: Node, edge: Edge) -> bool:
        if fair.strong:
            enabled = self.truths.holds(fair.enabled, node[0], edge.target[0])
            return enabled and self.truths.holds(fair.taken, node[0], edge.target[0])
        return self.truths.served(fair, node[0], edge.target[0])

    def lasso(self, part: set[Node]) -> Lasso:
        """Return a shortest path into the part, and a round trip that meets every condition."""
        first = next(node for node in self.came_from if node in part)
        path = [first]
        while (origin := self.came_from[path[-1]]) is not None:
            path.append(origin)
        path.reverse()
        here, tour = first, [first]
        for wanted in self._wanted(part):
            here = self._walk(part, here, wanted, tour)
        self._return(part, here, first, tour)
        states = [node[0] for node in path[:-1]] + [node[0] for node in tour]
        return _without_repeats(states, len(path) - 1)

    def _wanted(self, part: set[Node]) -> Iterable[Callable[[Node, Edge], bool]]:
        for bit in range(len(self.postponable)):
            yield lambda _node, edge, bit=bit: not edge.postponed >> bit & 1  # type: ignore[misc]
        for fair in self.fairness:
            able = any(self.truths.holds(fair.enabled, node[0], node[0]) for node in part)
            if not fair.strong or able:
                yield lambda node, edge, fair=fair: self._takes(fair, node, edge)  # type: ignore[misc]

    def _walk(self, part: set[Node], here: Node, wanted: Callable[[Node, Edge], bool], tour: list[Node]) -> Node:
        """Go by a shortest way to a wanted step, and take it."""
        for before, edge in itertools.pairwise(tour):
            if any(wanted(before, step) for step in self.edges[before] if step.target == edge):
                return here
        came: dict[Node, Node | None] = {here: None}
        queue = deque([here])
        while queue:
            node = queue.popleft()
            for edge in self.edges[node]:
                if edge.target not in part:
                    continue
                if wanted(node, edge):
                    tour += [*_way(came, node)[1:], edge.target]
                    return edge.target
                if edge.target not in came:
                    came[edge.target] = node
                    queue.append(edge.target)
        return here

    def _return(self, part: set[Node], here: Node, first: Node, tour: list[Node]) -> None:
        """Go back to where the round began."""
        if here == first and len(tour) > 1:
            return
        self._walk_to(part, here, first, tour)

    def _walk_to(self, part: set[Node], here: Node, target: Node, tour: list[Node]) -> None:
        came: dict[Node, Node | None] = {}
        queue = deque([here])
        while queue:
            node = queue.popleft()
            for edge in self.edges[node]:
                if edge.target in part and edge.target not in came:
                    came[edge.target] = node
                    queue.append(edge.target)
                    if edge.target == target:
                        way = [target]
                        while way[-1] != here or len(way) == 1:
                            previous = came[way[-1]]
                            if previous is None:
                                break
                            way.append(previous)
                            if previous == here:
                                break
                        tour += way[::-1][1:]
                        return


def _way(came: dict[Node, Node | None], node: Node) -> list[Node]:
    found = [node]
    while (origin := came[found[-1]]) is not None:
        found.append(origin)
    return found[::-1]


def _without_repeats(states: list[State], loop: int) -> Lasso:
    """Leave out stuttering steps; the last state is the one before the return."""
    kept: list[State] = []
    place = 0
    for number, state in enumerate(states):
        if number == loop:
            place = len(kept) if not kept or kept[-1] != state else len(kept) - 1
        if not kept or kept[-1] != state:
            kept.append(state)
    if len(kept) - 1 > place and kept[-1] == kept[place]:
        kept.pop()
    return Lasso(kept, place)


def violation(
    graph: Graph, truths: Truths, fairness: list[Fairness], assumed: list[Tree], wanted: Tree
) -> Lasso | None:
    """Return a fair behaviour that satisfies what is assumed and not what is wanted; None if there is none."""
    formula = ("and", (*(normal(tree) for tree in assumed), normal(wanted, negated=True)))
    product = Product(graph, truths, fairness, formula)
    product.explore()
    part = product.fair_part()
    return None if part is None else product.lasso(part)
