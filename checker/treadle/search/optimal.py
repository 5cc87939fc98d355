"""Optimal dynamic partial order reduction: every Mazurkiewicz trace is executed exactly once.

The search is depth first over steps. Each step of the current execution has a *node*: the state before it, seen by
the search. A node knows which steps are asleep there (they lead to traces that were explored from an older sibling),
which steps were explored, and a wakeup tree of what is still to be explored. At most steps there is none of these; they
share one node, `PLAIN`, and there the search need not look at anything but the task that moved last. When an execution is maximal, its races
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

from bisect import insort
from functools import partial
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
    from treadle.search.wakeup import Branch, Sequence
    from treadle.semantics.execution import Execution

Key = tuple[int, "Alternative"]
Sleep = dict[Key, "Step"]
_NOTHING: Sleep = {}
"""What sleeps nearly everywhere; never changed."""


class Node:
    """The state before one step of the current execution, as the search sees it."""

    __slots__ = ("explored", "sleep", "tree")

    sleep: Sleep  # asleep when the node was reached
    explored: tuple[Step, ...]  # the steps taken here before the current one
    tree: list[Branch]  # what is still to be taken, in this order

    def __init__(self, sleep: Sleep, tree: list[Branch]) -> None:
        self.sleep = sleep
        self.explored = ()
        self.tree = tree


PLAIN = Node(_NOTHING, [])
"""Nothing sleeps there, nothing else was explored, and nothing is planned; never changed."""


class Optimal:
    """The strategy. See `treadle.search.exploration` for who calls what when."""

    __slots__ = ("_below", "_nodes", "_planned", "_races", "_replay", "_sleep", "_stands", "causality")

    causality: Causality
    _nodes: list[Node]  # one for each step of the current execution; those at its end that are `PLAIN` may be missing
    _stands: list[Stand]  # what the tasks wanted before each of its steps
    _planned: list[int]  # the positions of the nodes with something in their trees, in order
    _replay: int  # so many steps are taken again as they were
    _below: list[Branch]  # the tree of the next node, if it is a new one: what the branch taken last has below it
    _sleep: Sleep  # what sleeps at the next node, if it is a new one

    def __init__(self) -> None:
        self.causality = Causality()
        self._races = Races(self.causality, self._plan)
        self._nodes = []
        self._stands = []
        self._planned = []
        self._replay = 0
        self._below = []
        self._sleep = _NOTHING

    def begin(self, execution: Execution) -> None:
        """Start an execution."""
        self.causality.begin(execution.initial)
        execution.script = [*self.causality.events]
        execution.fill = partial(self._fill, execution.events)
        execution.heeded = True
        execution.stands = self._stands

    def step(self, execution: Execution) -> Event | None:
        """Take the next step: the old one again, then the one that was planned, then what is free."""
        events = execution.events
        depth = len(events)
        if depth >= execution.free:
            return self._with_care(execution, depth)
        pending, stands, task = execution.pending, self._stands, events[-1].task
        stands.append([*pending])
        operation = pending[task]
        if operation is not None:  # nearly always the task that moved last can go on
            possible = operation.alternatives(task, execution.look)
            if possible:
                return execution.take(task, possible[0], possible)
        event = self._of_another(execution, task, _NOTHING)
        if event is None:
            stands.pop()  # nobody will have to know
        return event

    def _with_care(self, execution: Execution, depth: int) -> Event | None:
        """The same where there may be more to look at than who can go on."""
        if depth >= execution.limit and execution.is_over(execution):
            return None
        if depth < self._replay:  # of a subject that does not carry out the script by itself
            return repeat(execution, self.causality.events[depth])
        if depth < len(self._stands):
            event = self._where_it_stood(execution, depth)
        else:
            self._stands.append([*execution.pending])
            event = self._at_a_new_node(execution, depth)
        if not self._below and not self._sleep:
            execution.free = execution.limit
        return event

    def _where_it_stood(self, execution: Execution, depth: int) -> Event | None:
        """Take the branch for which the search has gone back to where it stood."""
        require_same(execution, self._stands[depth])
        node = self._nodes[depth]
        event = self._branch(execution, node)
        if not node.tree:
            self._planned.pop()
        self._sleep = self._asleep(node, event)
        return event

    def _at_a_new_node(self, execution: Execution, depth: int) -> Event | None:
        """Take what is planned, or anything that does not sleep."""
        nodes, node = self._nodes, Node(self._sleep, self._below)
        event: Event | None
        if node.tree:
            event = self._branch(execution, node)
            if node.tree:
                self._planned.append(depth)
        else:
            self._below = []
            event = self._awake(execution, node.sleep)
        if event is None:
            self._stands.pop()
            return None
        nodes += [PLAIN] * (depth - len(nodes))
        nodes.append(node)
        if node.sleep:
            self._sleep = self._asleep(node, event)
        return event

    def _branch(self, execution: Execution, node: Node) -> Event:
        """Take the first branch of the tree."""
        branch = node.tree.pop(0)
        self._below = branch.branches
        task, alternative, _ = branch.step
        possible = execution.alternatives(task)
        if alternative not in possible:
            raise disabled(execution, task)
        return execution.take(task, alternative, possible)

    def _awake(self, execution: Execution, sleep: Sleep) -> Event | None:
        """Any enabled step that is not asleep; of the task that moved last, if it has one."""
        task = execution.events[-1].task if execution.events else -1
        possible = execution.alternatives(task) if task >= 0 else ()
        for alternative in possible:
            if (task, alternative) not in sleep:
                return execution.take(task, alternative, possible)
        event = self._of_another(execution, task, sleep)
        if event is None and sleep and execution.enabled():
            execution.ending = Ending.ASLEEP
        return event

    def _of_another(self, execution: Execution, current: int, sleep: Sleep) -> Event | None:
        """Any enabled step that is not asleep, of another task than the current one."""
        look = execution.look
        for task, operation in enumerate(execution.pending):
            if operation is not None and task != current:
                possible = operation.alternatives(task, look)
                for alternative in possible:
                    if not sleep or (task, alternative) not in sleep:
                        return execution.take(task, alternative, possible)
        return None

    def _asleep(self, node: Node, event: Event) -> Sleep:
        """What sleeps after a step: what slept or was explored before it and does not conflict with it."""
        task, _, accesses = event.step
        asleep: Sleep = {}
        for step in (*node.sleep.values(), *node.explored):
            if step[0] != task and not dependent(step[2], accesses):
                asleep[step[:2]] = step
        return asleep

    def _fill(self, events: list[Event]) -> None:
        """Fill in the causal fields of what has happened so far, and find its races."""
        known = len(self.causality.events)
        if len(events) > known:
            self._races.extend(events[known:])

    def _plan(self, reversal: Reversal) -> bool:
        """Insert the reversal into the wakeup tree, unless it is covered. Whether it is covered for good.

        The older step itself covers it only where e'' does something else than e' did: that conflicts with the older step,
        and whatever else its task does is ordered after it, so none of that is in the sequence. (Law: test_reversals.)
        """
        position = reversal.older.position
        node = self._nodes[position]
        steps = (*node.explored, *node.sleep.values())
        if reversal.changed:
            steps = (*steps, reversal.older.step)
        covered = False
        for step in steps:
            answer = reversal.covered_by(step)
            if answer is FOR_GOOD:
                return True
            covered = covered or answer is FOR_NOW
        if not covered:
            self._insert(position, reversal.sequence())
        return False

    def _insert(self, position: int, sequence: Sequence) -> None:
        """Insert a sequence into the wakeup tree of a node."""
        node = self._nodes[position]
        if node is PLAIN:
            node = self._nodes[position] = Node(_NOTHING, [])
        if not node.tree:
            insort(self._planned, position)
        insert(node.tree, sequence)

    def end(self, execution: Execution) -> bool:
        """Plan from what was executed. Returns whether another execution is needed."""
        self._fill(execution.events)
        nodes, events = self._nodes, self.causality.events
        nodes += [PLAIN] * (len(events) - len(nodes))
        self._races.analyse(execution)
        self._replay = last = self._planned[-1] if self._planned else 0
        left = last + 1 if self._planned else 0
        del nodes[left:], self._stands[left:]
        for event in events[last:left]:  # one, unless the time was over before it
            nodes[last].explored += (event.step,)
        self._races.truncate(last)
        return bool(nodes)

    def _validate(self) -> None:
        """Check every invariant; tests call it at each step."""
        self.causality._validate()  # noqa: SLF001 - the invariant of a part
        events, nodes = self.causality.events, self._nodes
        assert len(events) <= len(self._stands), "a step of which nobody knows where it was taken"
        assert self._planned == [position for position, node in enumerate(nodes) if node.tree]
        assert [*PLAIN.sleep, *PLAIN.explored, *PLAIN.tree] == [], "what all share was changed"
        for event, node in zip(events, nodes, strict=False):
            keys = [(task, alternative) for task, alternative, _ in (*node.explored, event.step)]
            assert len(set(keys)) == len(keys), f"a branch explored twice: {keys}"
            assert not set(keys) & set(node.sleep), "a sleeping step was explored"
            planned = [branch.step[:2] for branch in node.tree]
            assert not set(planned) & set(node.sleep), "a sleeping step is planned"

    def pending(self) -> int:
        """The number of steps in all wakeup trees: what is known to be left."""
        return sum(size(node.tree) for node in self._nodes)
