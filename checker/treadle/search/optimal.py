"""Optimal dynamic partial order reduction: every Mazurkiewicz trace is executed exactly once.

The search is depth first over steps. Each step of the current execution has a *node*: the state before it, seen by
the search. A node knows which steps are asleep there (they lead to traces that were explored from an older sibling),
which steps were explored, and a wakeup tree of what is still to be explored. When an execution is maximal, its races
are analysed (`races`), and each reversal is inserted into the wakeup tree of the node before the race, unless a step
that is asleep or was explored there already covers it (`reversals`). Then the search backs up to the deepest node that
has a branch left, and executes again from the very beginning: live Python code cannot be copied.

Guarantees, on every subject whose operations mean what `semantics` says: no trace is missed, none is executed twice,
and no execution ends because everything that is enabled sleeps. Source: Abdulla, Aronis, Jonsson, Sagonas, "Optimal
Dynamic Partial Order Reduction", POPL 2014, and JACM 64(4) 2017; with the extensions of `races`.

A step that is free (no wakeup tree says what to take) continues the task that moved last, where that is possible: any
choice is right, and this one needs no change of task, which is what real code pays most for.

Laws: tests/laws/test_search.py against brute force; tests/litmus against published counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.model.operations import dependent
from treadle.model.verdict import Ending
from treadle.search.races import Races
from treadle.search.replay import disabled, repeat, require_same
from treadle.search.reversals import FOR_GOOD, FOR_NOW
from treadle.search.wakeup import insert, size
from treadle.semantics.causality import Causality

if TYPE_CHECKING:
    from treadle.model.operations import Alternative
    from treadle.model.trace import Event, Step
    from treadle.search.replay import Stand
    from treadle.search.reversals import Reversal
    from treadle.search.wakeup import Branch
    from treadle.semantics.execution import Execution

Key = tuple[int, "Alternative"]
_NOTHING: dict[Key, Step] = {}
"""What sleeps nearly everywhere; never changed."""


class Node:
    """The state before one step of the current execution, as the search sees it."""

    __slots__ = ("explored", "sleep", "stand", "tree")

    sleep: dict[Key, Step]  # asleep when the node was reached
    explored: tuple[Step, ...]  # the steps taken here before the current one
    stand: Stand  # what the tasks wanted when it was reached
    tree: list[Branch]  # what is still to be taken, in this order


class Optimal:
    """The strategy. See `treadle.search.exploration` for who calls what when."""

    __slots__ = ("_below", "_nodes", "_races", "_replay", "causality")

    causality: Causality
    _nodes: list[Node]  # one for each step of the current execution
    _replay: int  # so many steps are taken again as they were
    _below: list[Branch]  # the wakeup tree that the branch taken last has below it

    def __init__(self) -> None:
        self.causality = Causality()
        self._races = Races(self.causality, self._plan)
        self._nodes = []
        self._replay = 0
        self._below = []

    def begin(self, execution: Execution) -> None:
        """Start an execution."""
        self.causality.begin(execution.state.copy())
        execution.script = [*self.causality.events]

    def step(self, execution: Execution) -> Event | None:
        """Take the next step: the old one again, then the one that was planned, then what is free."""
        depth = len(execution.events)
        if depth < self._replay:  # of a subject that does not carry out the script by itself
            return repeat(execution, self.causality.events[depth])
        nodes = self._nodes
        if depth == len(nodes):
            node = Node()
            node.explored = ()
            node.sleep = self._asleep() if nodes and (nodes[-1].sleep or nodes[-1].explored) else _NOTHING
            node.stand = [*execution.pending]
            node.tree = self._below
            nodes.append(node)
        else:
            node = nodes[depth]
            require_same(execution, node.stand)
        if node.tree:
            event = self._planned(execution, node)
        else:
            self._below = []
            free = self._free(execution, node)
            if free is None:
                nodes.pop()
                return None
            event = free
        self._races.add(event)
        return event

    def _planned(self, execution: Execution, node: Node) -> Event:
        branch = node.tree.pop(0)
        self._below = branch.branches
        task, alternative, _ = branch.step
        possible = execution.alternatives(task)
        if alternative not in possible:
            raise disabled(execution, task)
        return execution.take(task, alternative, possible)

    def _free(self, execution: Execution, node: Node) -> Event | None:
        """Any enabled step that is not asleep; of the task that moved last, if it has one."""
        sleep, look, pending = node.sleep, execution.state.get, execution.pending
        current = -1
        if execution.events:
            current = execution.events[-1].task
            operation = pending[current]
            if operation is not None:
                possible = operation.alternatives(current, look)
                for alternative in possible:
                    if not sleep or (current, alternative) not in sleep:
                        return execution.take(current, alternative, possible)
        for task, operation in enumerate(pending):
            if operation is not None and task != current:
                possible = operation.alternatives(task, look)
                for alternative in possible:
                    if not sleep or (task, alternative) not in sleep:
                        return execution.take(task, alternative, possible)
        if sleep and execution.enabled():
            execution.ending = Ending.ASLEEP
        return None

    def _asleep(self) -> dict[Key, Step]:
        """What sleeps after the current step: what slept or was explored before it and does not conflict with it."""
        parent, (task, _, accesses) = self._nodes[-1], self.causality.events[-1].step
        asleep: dict[Key, Step] = {}
        for step in (*parent.sleep.values(), *parent.explored):
            if step[0] != task and not dependent(step[2], accesses):
                asleep[step[:2]] = step
        return asleep

    def _plan(self, reversal: Reversal) -> bool:
        """Insert the reversal into the wakeup tree, unless it is covered. Whether it is covered for good."""
        node = self._nodes[reversal.older.position]
        covered = False
        for step in (*node.explored, reversal.older.step, *node.sleep.values()):
            answer = reversal.covered_by(step)
            if answer is FOR_GOOD:
                return True
            covered = covered or answer is FOR_NOW
        if not covered:
            insert(node.tree, reversal.sequence())
        return False

    def end(self, execution: Execution) -> bool:
        """Plan from what was executed. Returns whether another execution is needed."""
        self._races.analyse(execution)
        nodes = self._nodes
        while nodes and not nodes[-1].tree:
            nodes.pop()
        self._replay = max(len(nodes) - 1, 0)
        for event in self.causality.events[self._replay : len(nodes)]:  # one, unless the time was over before it
            nodes[-1].explored += (event.step,)
        self._races.truncate(self._replay)
        return bool(nodes)

    def _validate(self) -> None:
        """Check every invariant; tests call it at each step."""
        self.causality._validate()  # noqa: SLF001 - the invariant of a part
        events = self.causality.events
        assert len(events) <= len(self._nodes), "a step without its node"
        for event, node in zip(events, self._nodes, strict=False):
            keys = [(task, alternative) for task, alternative, _ in (*node.explored, event.step)]
            assert len(set(keys)) == len(keys), f"a branch explored twice: {keys}"
            assert not set(keys) & set(node.sleep), "a sleeping step was explored"
            planned = [branch.step[:2] for branch in node.tree]
            assert not set(planned) & set(node.sleep), "a sleeping step is planned"

    def pending(self) -> int:
        """The number of steps in all wakeup trees: what is known to be left."""
        return sum(size(node.tree) for node in self._nodes)
