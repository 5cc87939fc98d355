"""Preemption-bounded search: every trace that has a schedule with at most so many preemptions.

A *preemption* is a change of task at a step where the task that moved last could have gone on; a change away from a
task that is blocked or done costs nothing. Most real bugs need one or two.

Pruning an optimal search by preemptions loses traces that are within the bound: a trace may be reachable within it
only through the order that the reduction skips (69 of 130 program-bound pairs in an experiment; sleep sets are unsound
here for the same reason). So this is a search of its own, *bounded partial order reduction* without sleep sets. For
each pair of conflicting steps (e, e') that nothing else orders, the task of e' is planned before e, and also at the
start of the block of steps of one task that e lies in, because there the change of task is cheapest. A node where the
task is disabled gets all that are enabled.

*Which pairs.* Without a bound the youngest pair that can be reversed would do: the older ones turn up in the executions
that it leads to. Those may be beyond the bound. And a pair that cannot be reversed counts too. Let e be the release of
a lock and e' an acquisition that was disabled before it. Going to the task of e' before e ends with that task blocked,
which makes the next change of task free; a trace can be within the bound only so. In an
experiment with reversible pairs alone, 139 of 74,578 traces of generated programs were lost.

Traces may be executed more than once, so they are counted by their digests. The verdict is complete if the bound cut
nothing off.

Source: Coons, Musuvathi, McKinley, "Bounded Partial-Order Reduction", OOPSLA 2013 (section 4.3).
Law: tests/laws/test_bounds.py, exactly the traces that brute force finds within each bound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.search.replay import repeat, require_same
from treadle.semantics.causality import Causality, rivals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from treadle.model.operations import Accesses, Alternative
    from treadle.model.trace import Event
    from treadle.search.replay import Stand
    from treadle.semantics.execution import Execution

Key = tuple[int, "Alternative"]


class Node:
    """The state before one step of the current execution."""

    __slots__ = ("enabled", "explored", "last", "planned", "spent", "stand")

    enabled: tuple[Key, ...]  # what could be taken here
    last: int | None  # the task that moved before; None at the root
    spent: int  # preemptions so far
    explored: set[Key]  # taken here so far
    planned: list[Key]  # still to be taken
    stand: Stand  # what the tasks wanted when it was reached

    def __init__(self, enabled: tuple[Key, ...], last: int | None, spent: int, stand: Stand) -> None:
        self.enabled = enabled
        self.last = last
        self.spent = spent
        self.stand = stand
        self.explored = set()
        self.planned = []

    def cost(self, task: int) -> int:
        """The preemptions of an execution that goes on with `task` here."""
        preempts = self.last is not None and task != self.last and any(t == self.last for t, _ in self.enabled)
        return self.spent + preempts


class Bounded:
    """The strategy. `traces` are the digests of the maximal executions seen; `cut` says whether the bound did cut."""

    __slots__ = ("_bound", "_nodes", "_replay", "causality", "cut", "traces")

    causality: Causality
    traces: set[int]
    cut: bool
    _nodes: list[Node]  # one for each step of the current execution
    _replay: int  # so many steps are taken again as they were

    def __init__(self, preemptions: int) -> None:
        self.causality = Causality()
        self.traces = set()
        self.cut = False
        self._bound = preemptions
        self._nodes = []
        self._replay = 0

    def begin(self, execution: Execution) -> None:
        """Start an execution."""
        self.causality.begin(execution.initial)
        execution.script = [*self.causality.events]

    def step(self, execution: Execution) -> Event | None:
        """Take the old step again, then what was planned, then go on with the same task while it is enabled."""
        depth = len(execution.events)
        if depth < self._replay:
            return repeat(execution, self.causality.events[depth])
        if depth == len(self._nodes):
            self._nodes.append(self._arrive(execution))
        else:
            require_same(execution, self._nodes[depth].stand)
        node = self._nodes[depth]
        if not node.planned:
            self._nodes.pop()
            return None
        task, alternative = node.planned.pop(0)
        node.explored.add((task, alternative))
        event = execution.take(task, alternative, execution.alternatives(task))
        self.causality.add(event)
        return event

    def _arrive(self, execution: Execution) -> Node:
        enabled = tuple((task, a) for task in execution.enabled() for a in execution.alternatives(task))
        if not self._nodes:
            node = Node(enabled, None, 0, [*execution.pending])
        else:
            parent, task = self._nodes[-1], self.causality.events[-1].task
            node = Node(enabled, task, parent.cost(task), [*execution.pending])
        if enabled:
            tasks = [task for task, _ in enabled]
            self._plan(node, node.last if node.last in tasks else tasks[0])
        return node

    def _plan(self, node: Node, task: int | None) -> None:
        """Plan all alternatives of the task here, or of all tasks where it is disabled; within the bound."""
        keys = [key for key in node.enabled if key[0] == task] or node.enabled
        for key in keys:
            if key in node.explored or key in node.planned:
                continue
            if node.cost(key[0]) <= self._bound:
                node.planned.append(key)
            else:
                self.cut = True

    def _analyse(self, execution: Execution) -> None:
        """Plan for every pair of conflicting steps, and for what is still blocked as if it came last."""
        histories = self.causality.histories
        for event in self.causality.events:
            self._pairs(event.task, event.accesses, event.indexes, event.previous)
        for task in execution.blocked():
            operation = execution.pending[task]
            assert operation is not None, task
            attempt = operation.attempt(task)
            ends = [len(histories.get(name, ())) for name, _, _ in attempt]
            self._pairs(task, attempt, ends, self.causality.last(task))

    def _pairs(self, task: int, accesses: Accesses, ends: Sequence[int], previous: Event | None) -> None:
        shadow = [previous.past if previous is not None else 0]
        for older in rivals(self.causality, accesses, ends, shadow):
            self._plan(self._nodes[older.position], task)
            self._plan(self._nodes[self._start_of_block(older.position)], task)

    def _start_of_block(self, position: int) -> int:
        """The first of the steps that one task made in a row up to here: a change of task is cheapest before it."""
        events = self.causality.events
        task = events[position].task
        while position > 0 and events[position - 1].task == task:
            position -= 1
        return position

    def left_out(self) -> str | None:
        """What the bound cut off, in words; None if it cut nothing."""
        if not self.cut:
            return None
        preemptions = f"{self._bound} preemption{'s' * (self._bound != 1)}"
        covered = f"{len(self.traces):,} trace{'s' * (len(self.traces) != 1)}"
        return f"only schedules with at most {preemptions} were covered: {covered}; further ones were cut off"

    def end(self, execution: Execution) -> bool:
        """Plan from what was executed. Returns whether another execution is needed."""
        self._analyse(execution)
        if not execution.enabled():
            self.traces.add(self.causality.digest())
        while self._nodes and not self._nodes[-1].planned:
            self._nodes.pop()
        self._replay = max(len(self._nodes) - 1, 0)
        self.causality.truncate(self._replay)
        return bool(self._nodes)
