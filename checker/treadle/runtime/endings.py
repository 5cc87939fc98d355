"""How an execution ended, in words: the exception that nobody caught, or who waits for whom in a deadlock."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from treadle.model.verdict import Failure
from treadle.runtime.assertions import seen
from treadle.semantics.locks import LockOperation
from treadle.semantics.polling import Poll, spinning
from treadle.semantics.threads import ThreadOperation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from treadle.model.operations import Operation
    from treadle.runtime.instrumentation.ledger import Race
    from treadle.semantics.execution import Execution


def uncaught(error: BaseException, task: int, hidden: AbstractSet[str]) -> Failure:
    """The failure of a task that an exception has ended; of its traceback, the frames of the program only."""
    told = traceback.TracebackException.from_exception(error)
    _cut(told, hidden)
    text = "".join(traceback.format_exception_only(error)).strip().splitlines()[0]
    if isinstance(error, AssertionError) and not str(error) and told.stack:
        text = f"{text}: {told.stack[-1].line}"
        values = seen(error, hidden)
        text += f", where {values}" if values else ""
    return Failure("exception", text, task, "".join(told.format()).rstrip())


def _cut(told: traceback.TracebackException | None, hidden: AbstractSet[str]) -> None:
    """Leave out the frames of hidden files, and the marks below the lines, which differ between Python versions."""
    while told is not None:
        told.stack = traceback.StackSummary.from_list(
            [
                traceback.FrameSummary(frame.filename, frame.lineno, frame.name, line=frame.line)
                for frame in told.stack
                if frame.filename not in hidden
            ]
        )
        _cut(told.__context__, hidden)
        told = told.__cause__


def data_race(races: Iterable[Race], names: Sequence[str]) -> Failure:
    """The failure of an execution in which these accesses were not ordered by any synchronisation."""
    told = [_told(race, names) for race in races]
    message = f"data race: {next(iter(races)).location}"
    if len(told) > 1:
        message += f", and {len(told) - 1} more"
    return Failure("race", message, None, "\n".join(told))


def _told(race: Race, names: Sequence[str]) -> str:
    sides = (f"{names[task]} ({mode}{f', at {place}' if place else ''})" for task, mode, place in race[1:])
    return f"{race.location}: {' and '.join(sides)}"


def deadlock(execution: Execution, stuck: Iterable[int], place: Callable[[int], str]) -> Failure:
    """The failure of an execution in which these tasks are blocked for ever."""
    waits = [_Wait(execution, task, place(task)) for task in stuck]
    circle = _circle({wait.task: wait.other for wait in waits})
    names = execution.names
    if len(circle) > 1:
        who = " -> ".join(names[task] for task in [*circle, circle[0]])
        message = f"deadlock: {who}, each waits for the next"
    else:
        who = ", ".join(names[wait.task] for wait in waits)
        message = f"deadlock: {who} {'waits' if len(waits) == 1 else 'wait'} for ever"
    return Failure("deadlock", message, None, "\n".join(wait.text() for wait in waits))


def livelock(execution: Execution, stuck: Iterable[int], place: Callable[[int], str]) -> Failure:
    """The failure of an execution in which some of these tasks go round for ever, and the others are blocked."""
    names, going_round = execution.names, spinning(execution)
    lines = []
    for task in stuck:
        if task in going_round:
            lines.append(f"{names[task]} goes round at {place(task)}{_looking(execution.pending[task])}")
        else:
            lines.append(_Wait(execution, task, place(task)).text())
    who = [names[task] for task in stuck if task in going_round]
    goes = "goes" if len(who) == 1 else "go"
    return Failure("livelock", f"livelock: {', '.join(who)} {goes} round for ever", None, "\n".join(lines))


def _looking(operation: Operation | None) -> str:
    """At what a task looks again and again."""
    seen = list(dict.fromkeys(operation.looked())) if isinstance(operation, Poll) else []
    return f", looking at {', '.join(seen)}" if seen else ", looking at nothing that could change"


class _Wait:
    """Who waits for what, and for whom."""

    __slots__ = ("_execution", "_operation", "_place", "other", "task")

    task: int
    other: int | None  # the task that could end the wait, if it is known

    def __init__(self, execution: Execution, task: int, place: str) -> None:
        operation = execution.pending[task]
        assert operation is not None, task
        self._execution = execution
        self._operation = operation
        self._place = place
        self.task = task
        self.other = None
        if isinstance(operation, LockOperation):
            self.other = execution.state.get(operation.lock)
        elif isinstance(operation, ThreadOperation):
            self.other = execution.names.index(operation.thread)

    def text(self) -> str:
        """In one line."""
        held = [name for name, state in self._execution.state.items() if _is_held(name, state, self.task)]
        holds = f", holds {', '.join(map(self._held, held))}" if held else ""
        return f"{self._execution.names[self.task]} waits at {self._place} for {self._wanted()}{holds}"

    def _held(self, lock: str) -> str:
        taken = _last(self._execution, self.task, lock)
        return f"{lock} (taken at {taken.place})" if taken is not None and taken.place else lock

    def _wanted(self) -> str:
        operation, names = self._operation, self._execution.names
        if isinstance(operation, LockOperation):
            if self.other is None or self.other < 0:
                return f"{operation.lock}, which nobody will release"
            return f"{operation.lock}, held by {'itself' if self.other == self.task else names[self.other]}"
        if isinstance(operation, ThreadOperation):
            return f"the end of {operation.thread}"
        return repr(operation)


def _is_held(name: str, state: object, task: int) -> bool:
    """Whether this is a lock that the task holds."""
    return name.startswith(("lock ", "rlock ")) and state is not None and state == task


def _last(execution: Execution, task: int, lock: str) -> Operation | None:
    """The operation with which the task took the lock."""
    for event in reversed(execution.events):
        operation = event.operation
        if event.task == task and event.result and isinstance(operation, LockOperation) and operation.lock == lock:
            return operation
    return None


def _circle(waits: dict[int, int | None]) -> list[int]:
    """Tasks each of which waits for the next, and the last one for the first; none if there are none."""
    for start in waits:
        path: list[int] = []
        task: int | None = start
        while task is not None and task in waits and task not in path:
            path.append(task)
            task = waits[task]
        if task in path:
            return path[path.index(task) :]
    return []


def is_for_the_host(error: BaseException) -> bool:
    """Whether an exception does not concern the scenario, but whoever runs the checker: Ctrl-C, pytest's skip."""
    kind = type(error)
    if kind.__name__ == "Skipped":  # it says that its module is builtins, but what it is made of does not
        kind = kind.__base__ or kind
    return kind is KeyboardInterrupt or (
        kind.__module__ == "_pytest.outcomes" and kind.__name__ in {"OutcomeException", "Exit"}
    )
