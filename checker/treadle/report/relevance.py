"""Which steps of an execution can have mattered to another task than the one that took them.

- A step on an object that one task alone ever touched, and that nobody waits for at the end, cannot.
- A read or a write of a shared place matters if it *races*: it conflicts with an access of another task, and nothing
  but such accesses orders the two. So does every write of a place that is raced for. What a lock protects is told by
  the lock.
- Before the first task was started nothing was concurrent. Of that time matters only what still holds when it ends:
  a lock that was taken and not yet released.

- An attempt at a lock that the task holds itself asks whether it does; nobody else is concerned. (`Condition` does so.)

What always matters: a wait that expired, an exception that was delivered, and steps that touch no object, such as a choice of data.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from treadle.model.operations import WRITE, conflict
from treadle.semantics.causality import Causality

if TYPE_CHECKING:
    from treadle.model.trace import Event
    from treadle.semantics.causality import Visit
    from treadle.semantics.execution import Execution

MEMORY = frozenset({"load", "store", "touch"})
"""The kinds of operations that only matter where they race."""

CHANCES = frozenset({"point", "strike", "strike_join", "strike_wait", "wake"})
"""The kinds of operations by which something comes from outside, an exception or a wakeup: they always matter."""


def relevant(execution: Execution) -> list[Event]:
    """The events that matter, in time order. Fills in the causal fields of all events."""
    causality = Causality()
    causality.begin({})
    for event in execution.events:
        causality.add(event)
    shared = _shared(execution)
    racing = set().union(*map(_racing, causality.histories.values()))
    first = _first_start(execution)
    own = _own_questions(execution)
    return [
        event
        for event in execution.events
        if (event.position in racing if event.operation.kind in MEMORY else _touches(event, shared) or _expired(event))
        and event.position not in own
        and (event.position >= first or _still_holds(event, execution, first))
    ]


def _shared(execution: Execution) -> set[str]:
    """The objects that more than one task touched, or that somebody waits for."""
    tasks: dict[str, set[int]] = defaultdict(set)
    for event in execution.events:
        for name, _, _ in event.accesses:
            tasks[name].add(event.task)
    awaited = {
        name
        for task, operation in enumerate(execution.pending)
        if operation is not None
        for name, _, _ in operation.attempt(task)
    }
    return awaited | {name for name, touching in tasks.items() if len(touching) > 1}


def _touches(event: Event, shared: set[str]) -> bool:
    return not event.accesses or event.operation.kind in CHANCES or any(name in shared for name, _, _ in event.accesses)


def _own_questions(execution: Execution) -> set[int]:
    """The positions of failed attempts at locks that their tasks hold."""
    holders = execution.initial.copy()
    questions = set()
    for event in execution.events:
        operation = event.operation
        if operation.kind == "release":
            holders.pop(operation.objects()[0], None)
        elif operation.kind.endswith("acquire"):
            if event.result:
                holders[operation.objects()[0]] = event.task
            elif holders.get(operation.objects()[0]) == event.task and not _expired(event):
                questions.add(event.position)
    return questions


def _expired(event: Event) -> bool:
    return not event.result and getattr(event.operation, "timed", False)


def _racing(history: list[Visit]) -> set[int]:
    """The positions of the accesses to one object that race, and of all its writes if any do."""
    racing: set[int] = set()
    accesses = [visit[:2] for visit in history]
    for index, (event, mode) in enumerate(accesses):
        before = event.previous.past if event.previous is not None else 0
        for older, other in reversed(accesses[:index]):
            ordered = older.task == event.task or before >> older.position & 1
            if not ordered and conflict(other, mode):
                racing |= {older.position, event.position}
            if ordered and other == WRITE:
                break  # whatever is older still happens before that write, and so before this access
    return racing | {event.position for event, mode in accesses if mode == WRITE} if racing else racing


def _first_start(execution: Execution) -> int:
    """The position of the first start of a task; 0 if there is none, so that nothing counts as being before it."""
    return next((event.position for event in execution.events if event.operation.kind == "start"), 0)


def _still_holds(event: Event, execution: Execution, first: int) -> bool:
    """Whether this early step took something that was not given back when the first task was started."""
    if not event.operation.kind.endswith("acquire") or not event.result:
        return False
    held = event.operation.objects()
    later = execution.events[event.position + 1 : first]
    return not any(other.operation.kind == "release" and other.operation.objects() == held for other in later)
