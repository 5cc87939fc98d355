"""Doing again what was done: the prefix of an exploration, and schedules from a file.

Every re-execution must reproduce its prefix, operation by operation; where it does not, the scenario depends on
something besides the schedule, and no verdict about it would mean anything. So it is an error, told with both
operations and the usual causes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.errors import NondeterminismError, ScheduleError

if TYPE_CHECKING:
    from treadle.model.operations import Operation
    from treadle.model.schedule import Choice, Schedule
    from treadle.model.trace import Event
    from treadle.semantics.execution import Execution

_CAUSES = (
    "a set of objects ordered by id, the wall clock, random numbers, state that outlived an execution, a weak "
    "reference to an object that another thread lets die, or real input and output"
)


def repeat(execution: Execution, event: Event) -> Event:
    """Take the step of an earlier execution again; NondeterminismError if its task now wants something else."""
    pending, before, task = execution.pending, event.operation, event.task
    operation = pending[task] if task < len(pending) else None
    if operation is not before and (operation is None or operation.signature() != before.signature()):
        raise _departed(execution, event.position, task, before)
    execution.retake(event)
    return event


Stand = list["Operation | None"]
"""What each task wanted to do when an execution stood somewhere."""


def require_same(execution: Execution, before: Stand) -> None:
    """An execution stands where an earlier one stood: NondeterminismError if some task wants something else there.

    To be asked where the search takes another step than before. All steps up to there were repeated; what the tasks
    want now that did not move since is compared here, and only here.
    """
    if execution.pending == before:
        return  # the very same operations, as nearly always
    for task, operation in enumerate(execution.pending):
        earlier = before[task] if task < len(before) else None
        if operation is not earlier and (
            operation is None or earlier is None or operation.signature() != earlier.signature()
        ):
            raise _departed(execution, len(execution.events), task, earlier)


def _departed(execution: Execution, position: int, task: int, before: Operation | None) -> NondeterminismError:
    """The error that shows both operations."""
    known = task < len(execution.names)
    name = execution.names[task] if known else f"task {task}"
    return NondeterminismError(
        f"the scenario is not deterministic: at step {position}, {name} did not do what it did before",
        expected=_wanted(before),
        got=_wanted(execution.pending[task] if known else None),
        probably=_CAUSES,
        instead="make the scenario depend on nothing but the schedule; use treadle.choose for data that varies",
    )


def _wanted(operation: Operation | None) -> str:
    return f"{operation!r} at {operation.place or 'an unknown place'}" if operation is not None else "nothing: it ended"


def disabled(execution: Execution, task: int) -> NondeterminismError:
    """The error for a planned step that cannot run."""
    return NondeterminismError(
        f"the scenario is not deterministic: {execution.names[task]} was planned to move and is blocked",
        expected="an operation that is enabled",
        got=repr(execution.pending[task]),
        probably=_CAUSES,
    )


class Replay:
    """The strategy that runs one stored schedule, step by step, and ends where it ends.

    The schedule names tasks and operations. Where the code now wants something else, or is blocked, the schedule no
    longer fits it: ScheduleError, with both.
    """

    __slots__ = ("_schedule",)

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule

    def begin(self, execution: Execution) -> None:
        """Nothing to prepare."""

    def step(self, execution: Execution) -> Event | None:
        """Take the next stored step; after the last one, end."""
        depth = len(execution.events)
        choices = self._schedule.choices
        if depth == len(choices):
            return None
        choice = choices[depth]
        task = self._task(execution, choice, depth)
        possible = execution.alternatives(task)
        if choice.alternative not in possible:
            raise self._unfit(execution, choice, depth, "it is blocked, or has no such alternative")
        return execution.take(task, choice.alternative, possible)

    def _task(self, execution: Execution, choice: Choice, depth: int) -> int:
        if choice.task not in execution.names:
            raise self._unfit(execution, choice, depth, "there is no such task")
        task = execution.names.index(choice.task)
        operation = execution.pending[task]
        if operation is None or tuple(map(str, operation.signature())) != choice.signature:
            raise self._unfit(execution, choice, depth, f"it wants {operation!r}" if operation else "it has ended")
        return task

    def _unfit(self, execution: Execution, choice: Choice, depth: int, got: str) -> ScheduleError:
        return ScheduleError(
            f"the schedule no longer fits the code: step {depth + 1} of {len(self._schedule.choices)}",
            expected=str(choice),
            got=f"{got} (tasks now: {', '.join(execution.names)})",
            probably="the code, or what it imports, changed since the schedule was saved",
            instead=f"check again: treadle check {self._schedule.target}",
        )

    def end(self, execution: Execution) -> bool:  # noqa: ARG002 - every strategy is told
        """One execution is all."""
        return False
