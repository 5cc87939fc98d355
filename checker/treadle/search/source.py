"""Source-DPOR with sleep sets: the simpler reduction, kept as a second opinion.

It finds the same traces as the optimal search, on the same races, but plans only the *first* step of each reversal. So
it may start executions that end asleep (everything that is enabled leads to traces explored before); they are counted
as redundant. It needs no memory for wakeup trees, and its correctness does not depend on them, which makes it a good
oracle for the optimal search where brute force is too slow.

Source: Abdulla, Aronis, Jonsson, Sagonas, "Source Sets", JACM 64(4), 2017, section 5 (algorithm 1).
Law: tests/laws/test_search.py, the same set of traces as brute force.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.model.operations import dependent
from treadle.model.verdict import Ending
from treadle.search.races import Races
from treadle.search.replay import disabled, repeat, require_same
from treadle.semantics.causality import Causality

if TYPE_CHECKING:
    from treadle.model.operations import Accesses, Alternative
    from treadle.model.trace import Event, Step
    from treadle.search.replay import Stand
    from treadle.search.reversals import Reversal
    from treadle.semantics.execution import Execution

Key = tuple[int, "Alternative"]


class Node:
    """The state before one step of the current execution."""

    __slots__ = ("explored", "planned", "sleep", "stand")

    sleep: dict[Key, Accesses]  # asleep when the node was reached
    explored: dict[Key, Accesses]  # taken here so far; the last one is the current one
    stand: Stand  # what the tasks wanted when it was reached
    planned: list[Key]  # the source set: what is still to be taken

    def __init__(self, sleep: dict[Key, Accesses], stand: Stand) -> None:
        self.sleep = sleep
        self.stand = stand
        self.explored = {}
        self.planned = []

    def tasks(self) -> set[int]:
        """The tasks with a step that was explored, is planned, or sleeps here."""
        return {task for keys in (self.explored, self.planned, self.sleep) for task, _ in keys}


class Source:
    """The strategy. See `treadle.search.exploration` for who calls what when."""

    __slots__ = ("_nodes", "_races", "_replay", "causality")

    causality: Causality
    _nodes: list[Node]  # one for each step of the current execution
    _replay: int  # so many steps are taken again as they were

    def __init__(self) -> None:
        self.causality = Causality()
        self._races = Races(self.causality, self._plan_reversal)
        self._nodes = []
        self._replay = 0

    def begin(self, execution: Execution) -> None:
        """Start an execution."""
        self.causality.begin(execution.initial)

    def step(self, execution: Execution) -> Event | None:
        """Take the old step again, then what was planned, then anything that is not asleep."""
        depth = len(execution.events)
        if depth < self._replay:
            return repeat(execution, self.causality.events[depth])
        if depth == len(self._nodes):
            self._nodes.append(Node(self._asleep(), [*execution.pending]))
        else:
            require_same(execution, self._nodes[depth].stand)
        node = self._nodes[depth]
        key = node.planned.pop(0) if node.planned else _awake(execution, node)
        if key is None:
            self._nodes.pop()
            return None
        return self._take(execution, node, key)

    def _take(self, execution: Execution, node: Node, key: Key) -> Event:
        task, wanted = key
        possible = execution.alternatives(task)
        if not possible:
            raise disabled(execution, task)
        event = execution.take(task, wanted if wanted in possible else possible[0], possible)
        self._races.extend((event,))
        node.explored[task, event.alternative] = event.accesses
        for other in possible:
            if (task, other) not in (*node.explored, *node.planned, *node.sleep):
                node.planned.append((task, other))
        return event

    def _asleep(self) -> dict[Key, Accesses]:
        if not self._nodes:
            return {}
        parent = self._nodes[-1]
        *explored, (current, accesses) = parent.explored.items()
        before = [*parent.sleep.items(), *explored]
        return {key: a for key, a in before if key[0] != current[0] and not dependent(a, accesses)}

    def _plan_reversal(self, reversal: Reversal) -> bool:
        node = self._nodes[reversal.older.position]
        first = initials(reversal.sequence())
        if not node.tasks() & {task for task, _, _ in first}:
            task, alternative, _ = first[0]
            node.planned.append((task, alternative))
        return False  # the initials are others when the rest is another one

    def end(self, execution: Execution) -> bool:
        """Plan from what was executed. Returns whether another execution is needed."""
        self._races.analyse(execution)
        while self._nodes and not self._nodes[-1].planned:
            self._nodes.pop()
        self._replay = max(len(self._nodes) - 1, 0)
        self._races.truncate(self._replay)
        return bool(self._nodes)


def _awake(execution: Execution, node: Node) -> Key | None:
    enabled = [(task, a) for task in execution.enabled() for a in execution.alternatives(task)]
    for key in enabled:
        if key not in node.sleep:
            return key
    if enabled:
        execution.ending = Ending.ASLEEP
    return None


def initials(sequence: list[Step]) -> list[Step]:
    """The steps with which an execution equivalent to the sequence can begin."""
    return [
        step
        for index, step in enumerate(sequence)
        if all(before[0] != step[0] and not dependent(before[2], step[2]) for before in sequence[:index])
    ]
