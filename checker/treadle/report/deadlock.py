"""Who waits for what and who holds it, when nobody can move.

Each blocked task waits for one thing: a lock, which a task holds; the end of a task; or to be woken. Or it goes round in
a loop, for ever, because nobody is left who would change what it looks at (a livelock). Following these
arrows from task to task leads into a circle, to a task that has ended with a lock in its hands, or to one that waits to
be woken when nobody is left who would.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from treadle.report.deeds import SOUGHT, looking
from treadle.semantics.polling import Poll, Stuck

if TYPE_CHECKING:
    from collections.abc import Sequence

    from treadle.model.operations import Operation
    from treadle.report.names import Names
    from treadle.semantics.execution import Execution


@dataclass(frozen=True, slots=True)
class Wait:
    """One blocked task, and what it waits for."""

    task: int
    what: str  # for a reader
    other: int | None  # who could end the wait; None: nobody in particular

    def sentence(self, names: Names) -> str:
        """The wait in one line."""
        return f"{names.task(self.task)} waits {self.what}"


def waits(execution: Execution, names: Names) -> list[Wait]:
    """What each blocked task waits for, by task."""
    pending = ((task, execution.pending[task]) for task in execution.blocked())
    return [_wait(task, operation, execution, names) for task, operation in pending if operation is not None]


def _wait(task: int, operation: Operation, execution: Execution, names: Names) -> Wait:
    things = operation.objects()
    if isinstance(operation, (Poll, Stuck)):
        return Wait(task, f"in a loop {looking(operation, names)}, and nobody is left to change that", None)
    if operation.kind == "join":
        return Wait(task, f"for {names.thing(things[0])} to end", execution.names.index(things[0]))
    if operation.kind in SOUGHT:
        return Wait(task, f"for {SOUGHT[operation.kind]} {', '.join(map(names.thing, things))}", None)
    if operation.kind != "acquire":
        return Wait(task, f"for {', '.join(map(names.thing, things))} ({operation.kind})", None)
    if names.wakeup_of(things[0]) is not None:
        return Wait(task, "to be woken, and nobody is left to do it", None)
    holder = execution.state.get(things[0])
    lock = names.thing(things[0])
    if not isinstance(holder, int) or holder < 0:
        return Wait(task, f"for {lock}, which was taken before the start", None)
    if holder == task:
        return Wait(task, f"for {lock}, which it holds itself", task)
    ended = execution.pending[holder] is None
    return Wait(task, f"for {lock}, which {names.task(holder)} {'held when it ended' if ended else 'holds'}", holder)


def sentence(found: Sequence[Wait], names: Names) -> str:
    """Why nobody can move."""
    circle = _circle(found)
    if len(circle) > 1:
        around = " in a circle" if len(circle) > 2 else ""  # noqa: PLR2004 - two need no circle
        return f"{_listed(circle, names)} wait for each other{around}."
    # Whoever waits for another blocked task is a consequence; the cause is who waits for nobody else.
    blocked = {wait.task for wait in found}
    causes = [wait for wait in found if wait.other == wait.task or wait.other not in blocked]
    return (
        "; ".join(
            f"{_listed(tasks, names)} wait{'s' * (len(tasks) == 1)} {what}" for what, tasks in _by_what(causes).items()
        )
        + "."
    )


def _by_what(waits: Sequence[Wait]) -> dict[str, list[int]]:
    """The tasks that wait for the same, in their order."""
    tasks: dict[str, list[int]] = {}
    for wait in waits:
        tasks.setdefault(wait.what, []).append(wait.task)
    return tasks


def _listed(tasks: Sequence[int], names: Names) -> str:
    *others, last = [names.task(task) for task in tasks]
    return f"{', '.join(others)} and {last}" if others else last


def _circle(found: Sequence[Wait]) -> list[int]:
    """The tasks of a circle of waits, the smallest number first; empty if there is none."""
    following = {wait.task: wait.other for wait in found}
    for start in sorted(following):
        path: list[int] = []
        task: int | None = start
        while task is not None and task in following and task not in path:
            path.append(task)
            task = following[task]
        if task == start:
            return path
    return []
