"""Twins: threads that are interchangeable because the scenario says so, and because they were started alike.

Two threads are twins when the same task started them with the same function and the same arguments, one after the other
with nothing but starts between. Arguments are the same when they are the same object, or equal numbers or strings;
subclasses of `Thread` are never taken for the same. Twins make their marks in the order of their numbers (see
`treadle.semantics.symmetry`; the mark is the first step that does more than read).

*Why nothing may be between the starts.* Renaming gives to one twin what the other one did. What the first twin read before
the second was started, the second could not have read. But if the starter makes no step in between, then in an
equivalent execution the second start follows the first at once: it conflicts with nothing but that thread's own begin.

*Who tells them apart.* A scenario that is declared symmetric promises that no property depends on which is which. What
can be seen is checked: nobody may ask whether a twin has ended or wait for it with a timeout; whoever joins one joins
them all in one go. If that is not so, the verdict is incomplete, and says why.

Off unless the scenario says so. Law: tests/laws/test_twins.py.
"""

from __future__ import annotations

from contextlib import contextmanager
from types import MethodType
from typing import TYPE_CHECKING, Any

from treadle.semantics.symmetry import Marked, Queue, held_back
from treadle.semantics.threads import Join, Start, ThreadOperation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from treadle.runtime.turns import Turns
    from treadle.semantics.execution import Execution

Work = tuple[Any, ...]
"""What a thread was given to do: the function, then its arguments, by position and by name."""
_VALUES = (int, float, bool, str, bytes, type(None))


class Twins:
    """The interchangeable threads of one execution after another."""

    __slots__ = ("_families", "_note", "_queue", "_turns")

    _queue: Queue  # of this execution
    _families: list[tuple[int, Work, list[int]]]  # who started them, what they do, and which they are

    def __init__(self, turns: Turns, note: Callable[[str], None]) -> None:
        self._turns = turns
        self._note = note
        self.begin()

    def begin(self) -> None:
        """An execution starts."""
        self._families = []
        self._queue = Queue({}, [], first=False)
        self._turns.placed = self._queue.placed

    def started(self, task: int, work: Work | None) -> None:
        """The running task is about to start this one. `work` is None where nothing is known of what it does."""
        turns = self._turns
        if work is None or not turns.live:
            return
        if not self._families:
            turns.watch(self._queue.passed)
        family = self._family(turns.current, work)
        predecessor = family[-1] if family else None
        family.append(task)
        names = turns.execution.names
        self._queue.add(task, names[task], names[predecessor] if predecessor is not None else None)

    def ident(self, task: int) -> Any:
        """What `get_ident` returns in this task: a number that is never zero."""
        return task + 1 if task >= 0 else 1

    def _family(self, starter: int, work: Work) -> list[int]:
        """The threads that this one follows: started alike, and nothing but starts since."""
        if not self._only_started(starter):
            self._families = [family for family in self._families if family[0] != starter]
        for other, known, tasks in self._families:
            if other == starter and _same(known, work):
                return tasks
        tasks = []
        self._families.append((starter, work, tasks))
        return tasks

    def _only_started(self, starter: int) -> bool:
        """Whether the last step of the starter is a start, or it has made none."""
        for event in reversed(self._turns.execution.events):
            if event.task == starter:
                return isinstance(bare(event.operation), Start)
        return True

    def conclude(self, execution: Execution) -> bool:
        """The execution has ended: whether it is redundant, stuck by the order alone. Notes who tells twins apart."""
        names = execution.names
        twins = {names[task]: tasks for _, _, tasks in self._families if len(tasks) > 1 for task in tasks}
        if twins:
            self._check(execution, twins)
        return bool(twins) and held_back(execution)

    def _check(self, execution: Execution, twins: dict[str, list[int]]) -> None:
        names = execution.names
        joining: dict[int, set[str]] = {}  # by task: the twins that it has still to join
        for event in execution.events:
            operation = bare(event.operation)
            asked = operation.thread if isinstance(operation, ThreadOperation) else None
            if isinstance(operation, Join):
                if asked in twins:
                    left = joining.get(event.task) or {names[task] for task in twins[asked]}
                    joining[event.task] = left - {asked}
                continue
            other = asked in twins and names[event.task] != asked and not isinstance(operation, Start)
            if other or joining.get(event.task):
                self._note(f"{names[event.task]} tells threads apart that were declared interchangeable")


@contextmanager
def undressed(execution: Execution) -> Iterator[None]:
    """For the time of a report: what tasks want to do, without the marks around it."""
    dressed = execution.pending[:]
    execution.pending[:] = [bare(operation) for operation in dressed]
    yield
    execution.pending[:] = dressed


def bare(operation: Any) -> Any:
    """What a task wants to do, without the marks around it."""
    return operation.operation if isinstance(operation, Marked) else operation


def _same(one: Any, other: Any) -> bool:
    """Whether nobody can tell the two apart."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, MethodType):
        return one.__self__ is other.__self__ and one.__func__ is other.__func__
    if type(one) is tuple:
        return len(one) == len(other) and all(map(_same, one, other))
    if type(one) is dict:
        return list(one) == list(other) and all(_same(one[name], other[name]) for name in one)
    return type(one) in _VALUES and bool(one == other)
