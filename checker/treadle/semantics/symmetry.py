"""Symmetry: of executions that differ only in which of several interchangeable tasks is which, one is explored.

Tasks are *interchangeable* if renaming them makes of each execution another one: they run the same code on the same
values, and nobody tells one from the other. Then it is enough to explore the executions in which they come in the order
of their numbers. What "come" means is a step of each task, its *mark*: the first one that does more than read. (To order
the first steps, whatever they are, would reduce nothing where tasks first read what all of them read.) N! becomes 1
where N tasks meet at one location.

What only might happen (an exception that is delivered, `Operation.rare`) is no mark, whether it does or not: a thread has
such a point before nearly everything else, and their order says nothing.

`Marked` is put around the operations of an interchangeable task until its mark is made. Where the operation is the
mark, it is disabled until the task's predecessor has made its own, which it reads; and it writes the mark of its task,
for its successor. An operation that only reads here and would be the mark elsewhere (an attempt at a lock that somebody has) reads the
predecessor's mark as well, as long as that is not made: where it would be the mark, that decides whether it is enabled. So the mark is
also made before it; and once it is made nothing depends on it any more.

(`first=True` makes the first step the mark, whatever it does. That is the convention of the reference counts of
abstract programs: four threads that read and then write one variable have 576 traces, 105 in the order of their first
steps, and 24 in the order of their writes.)

*Why nothing is lost.* Take a maximal execution, and rename the interchangeable tasks in the order of their marks, those
without one last. The result is an execution, since they are interchangeable, and it is one of the ordered ones.

*What comes on top.* In the ordered system an execution can get stuck because only the order keeps somebody from going
on: the predecessor is blocked, or has ended, without having made a mark. Renamed, that is a prefix of an execution in
which the two have changed places, and which is explored. So it is *redundant*, and no deadlock: `held_back` tells.

*What is lost* is which is which. A property that tells interchangeable tasks apart may be violated by one of the
executions that are left out; so nothing is interchangeable unless the program says so, or it can be seen from its code.
What a task does *after* its mark may depend on who it is (it is told an index, say) as long as that too is a renaming.

Law: tests/laws/test_symmetry.py, the final states and endings of all interleavings up to renaming.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from treadle.model.operations import BLOCKED, READ, WRITE, Operation, Outcome, become

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from treadle.model.operations import Accesses, Alternative, Alternatives, Look
    from treadle.model.trace import Event
    from treadle.semantics.execution import Execution


MARK = "mark made by "


def mark_of(task: str) -> str:
    """The name of the object that is True once an interchangeable task has made its mark."""
    return MARK + task


class Marked(Operation):
    """An operation of an interchangeable task that has not yet made its mark.

    `predecessor` is the name of the task that comes before it, None for the first. Whether anybody follows is not known
    where threads are still being started; a mark that nobody reads conflicts with nothing.
    """

    __slots__ = ("_marks", "_predecessor", "first", "operation")

    operation: Operation  # what the task wants to do
    first: bool  # whether it makes the mark whatever it does
    _predecessor: str | None  # the mark that it waits for
    _marks: Accesses  # to write its own mark, and to read that of the predecessor

    def __init__(self, operation: Operation, task: str, predecessor: str | None, *, first: bool) -> None:
        self.operation = operation
        self.place = operation.place
        self.first = first
        self._predecessor = mark_of(predecessor) if predecessor is not None else None
        before: Accesses = ((self._predecessor, READ, None),) if self._predecessor is not None else ()
        self._marks = ((mark_of(task), WRITE, (become, True)), *before)

    @property
    def kind(self) -> str:  # type: ignore[override]
        """That of the operation."""
        return self.operation.kind

    def alternatives(self, task: int, look: Look) -> Alternatives:
        """Those of the operation; none before the predecessor's mark, if this one is a mark."""
        possible = self.operation.alternatives(task, look)
        if self._predecessor is None or look(self._predecessor) or not self._is_mark(task, possible, look):
            return possible
        return BLOCKED

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:
        """That of the operation; and the marks, if it is one."""
        result, accesses = self.operation.outcome(task, alternative, look)
        if self._is_mark(task, self.operation.alternatives(task, look), look):
            return Outcome(result, (*accesses, *self._marks))
        operation = self.operation
        before = self._predecessor
        if before is None or operation.fixed or operation.reading or operation.rare or look(before):
            return Outcome(result, accesses)
        return Outcome(result, (*accesses, (before, READ, None)))

    def attempt(self, task: int) -> Accesses:
        """That of the operation, and the mark of the predecessor."""
        attempt = self.operation.attempt(task)
        return (*attempt, (self._predecessor, READ, None)) if self._predecessor is not None else attempt

    def objects(self) -> tuple[str, ...]:
        """Those of the operation."""
        return self.operation.objects()

    def signature(self) -> tuple[Hashable, ...]:
        """That of the operation."""
        return self.operation.signature()

    def _is_mark(self, task: int, possible: Alternatives, look: Look) -> bool:
        """Whether it does more than read, in one of its ways at least."""
        if self.first:
            return True
        if self.operation.rare:
            return False
        outcomes = (self.operation.outcome(task, alternative, look) for alternative in possible)
        return any(mode != READ for outcome in outcomes for _, mode, _ in outcome.accesses)


class Queue:
    """The interchangeable tasks of one execution, in the order in which they make their marks."""

    __slots__ = ("_first", "_unmarked")

    _unmarked: dict[int, tuple[str, str | None]]  # those that have not yet made their mark: names, its own and before

    def __init__(self, predecessors: Mapping[int, int | None], names: Sequence[str], *, first: bool) -> None:
        self._first = first
        self._unmarked = {}
        for task, predecessor in predecessors.items():
            self.add(task, names[task], names[predecessor] if predecessor is not None else None)

    def add(self, task: int, name: str, predecessor: str | None) -> None:
        """One more task, and whom it follows."""
        self._unmarked[task] = (name, predecessor)

    def passed(self, event: Event) -> None:
        """A step was made: was it a mark?"""
        if event.task in self._unmarked and any(name.startswith(MARK) for name, _, _ in event.accesses):
            del self._unmarked[event.task]

    def placed(self, task: int, operation: Operation | None) -> Operation | None:
        """The task's next operation, in its place in the queue."""
        if operation is None or task not in self._unmarked:
            return operation
        name, predecessor = self._unmarked[task]
        return Marked(operation, name, predecessor, first=self._first)


def held_back(execution: Execution) -> bool:
    """Whether somebody could go on if it were not for the order of interchangeable tasks."""
    state = execution.state

    def look(name: str) -> Any:
        return True if name.startswith(MARK) else state.get(name)

    return any(
        operation is not None and operation.alternatives(task, look) and not execution.alternatives(task)
        for task, operation in enumerate(execution.pending)
    )
