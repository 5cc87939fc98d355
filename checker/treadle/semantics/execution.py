"""One execution: which task wants to do what, and the states of the objects that the operations speak of.

A *subject* (real code in a world, or an abstract program) announces the pending operation of each of its tasks; a
strategy of `treadle.search` picks; `take` makes the step. The subject then runs that task to its next operation.
"""

from __future__ import annotations

from sys import maxsize
from typing import TYPE_CHECKING, Any, Protocol

from treadle.model.operations import become
from treadle.model.schedule import Choice, Schedule
from treadle.model.trace import Event

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    from treadle.model.operations import Alternative, Alternatives, Look, Operation
    from treadle.model.verdict import Ending, Failure


def _nothing_is_late() -> None:
    """There is nothing to be filled in."""


def _never(_execution: Execution) -> bool:
    """There is no limit."""
    return False


class Execution:
    """The state of one execution; made anew for each, and never shared between two.

    Invariant: `pending[task]` is the next operation of a live task that has one, and None for a task that is done.
    """

    __slots__ = (
        "ending",
        "events",
        "failure",
        "fill",
        "free",
        "heeded",
        "initial",
        "is_over",
        "limit",
        "look",
        "names",
        "outcome",
        "pending",
        "script",
        "stands",
        "state",
    )

    pending: list[Operation | None]  # by task
    names: list[str]  # by task: stable, the same in every execution
    events: list[Event]  # what happened so far
    script: list[Event]  # what the chooser takes first, as it was; set by its `begin`, if it says so
    fill: Callable[[], object]  # see `Chooser.begin`
    limit: int  # after so many steps `is_over` is asked before each further one: whether it ends there, as cut
    is_over: Callable[[Execution], bool]
    heeded: bool  # the chooser asks that by itself; set by its `begin`
    free: int  # before so many steps who moved last may go on; see `Chooser.step`
    stands: list[list[Operation | None]]  # what tasks wanted before each step, if the chooser keeps that
    initial: dict[str, Any]  # the states of objects when they came to be
    state: dict[str, Any]  # of every object that was touched, by name
    look: Look  # the state of an object by its name
    ending: Ending | None  # set once, when it is over
    failure: Failure | None  # set with an ending that is a violation
    outcome: Hashable  # what it came to, set at the end by the subject: equal for equivalent executions

    def __init__(self, initial: dict[str, Any] | None = None) -> None:
        self.pending = []
        self.names = []
        self.events = []
        self.script = []
        self.fill = _nothing_is_late
        self.limit = maxsize
        self.is_over = _never
        self.heeded = False
        self.free = 0
        self.stands = []
        self.initial = dict(initial) if initial else {}
        self.state = self.initial.copy()
        self.look = self.state.get
        self.ending = None
        self.failure = None
        self.outcome = None

    def add_tasks(self, names: Iterable[str]) -> None:
        """Tasks that there were before, in their order; nothing else is there yet."""
        self.names += names
        self.pending += [None] * len(self.names)

    def add_task(self, name: str) -> int:
        """A new task; its number. A subject numbers its tasks alike in equivalent executions."""
        self.names.append(name)
        self.pending.append(None)
        return len(self.names) - 1

    def bear(self, name: str, state: Any) -> None:
        """An object comes to be in this state, before anybody has touched it or can have.

        It may as well have been so from the beginning on: whoever touches it comes after its maker has let it be seen.
        """
        self.initial[name] = self.state[name] = state

    def alternatives(self, task: int) -> Alternatives:
        """In which ways the task's next operation may run now; empty when it is blocked or the task is done."""
        operation = self.pending[task]
        return operation.alternatives(task, self.look) if operation is not None else ()

    def enabled(self) -> list[int]:
        """The tasks that may take a step now."""
        return [task for task in range(len(self.pending)) if self.alternatives(task)]

    def blocked(self) -> list[int]:
        """The tasks that want to do something and may not."""
        look = self.look
        return [t for t, wanted in enumerate(self.pending) if wanted is not None and not wanted.alternatives(t, look)]

    def take(self, task: int, alternative: Alternative, alternatives: Alternatives) -> Event:
        """Make the step, and record it. The causal fields of the event are for `semantics.causality` to fill."""
        operation: Operation = self.pending[task]  # type: ignore[assignment] # a task with alternatives has one
        state = self.state
        event = Event()
        event.result, accesses = operation.outcome(task, alternative, self.look)
        event.position = len(self.events)
        event.task = task
        event.operation = operation
        event.alternatives = alternatives
        event.alternative = alternative
        event.accesses = accesses
        event.step = (task, alternative, accesses)
        for name, _, change in accesses:  # as `retake`, without the call
            if change is not None:
                function, argument = change
                state[name] = argument if function is become else function(state.get(name), argument)
        self.pending[task] = None
        self.events.append(event)
        return event

    def retake(self, event: Event) -> None:
        """Make a step of an earlier execution once more, in the same place; the caller has compared the operations."""
        state = self.state
        for name, _, change in event.accesses:
            if change is not None:
                function, argument = change
                state[name] = argument if function is become else function(state.get(name), argument)
        self.pending[event.task] = None
        self.events.append(event)

    def schedule(self, target: str, **options: Any) -> Schedule:
        """What was run, written down; `options` are what the run depended on."""
        choices = (
            Choice(self.names[e.task], tuple(map(str, e.operation.signature())), e.alternative) for e in self.events
        )
        return Schedule(target, tuple(choices), options, self.failure.kind if self.failure else "")


class Chooser(Protocol):
    """What a subject asks at each step. Every strategy of `treadle.search` is one."""

    def begin(self, execution: Execution) -> None:
        """An execution starts: its initial states are set, and nobody has moved.

        A chooser that will begin as it began an earlier execution of the same subject may say so in `execution.script`. The
        subject may then make those steps without asking for them, as long as each task wants to make the very same
        operation again; else it asks, as if there were no script.

        A chooser that fills in the causal fields of events may do so late: then it sets `execution.fill`, which fills in
        those of all events that there are so far. Whoever looks at them calls that before.
        """

    def step(self, execution: Execution) -> Event | None:
        """Pick one enabled task, make its step, return the event; None to end the execution.

        Called when every live task has a pending operation. The subject then gives `event.result` to `event.task`
        and runs that task alone until it has a pending operation again, or is done.

        A chooser that would take the first alternative of the task that moved last, wherever it has one, says up to how
        many steps, in `execution.free`. Then the subject may do so without asking: it appends what all tasks want to
        `execution.stands`, and takes the step.
        """


class Subject(Protocol):
    """What is explored: real code in a world, or an abstract program."""

    def run(self, chooser: Chooser) -> Execution:
        """Run once from the very beginning, as the chooser says, until it returns None; then tell how it ended."""


def taken(execution: Execution, chooser: Chooser) -> Iterator[Event]:
    """Each step as it is made: those of the script first, then what the chooser picks.

    For a subject of which a task that is given the same wants the same again, so that nothing need be compared.
    """
    for event in execution.script:
        execution.retake(event)
        yield event
    step = chooser.step
    while (picked := step(execution)) is not None:
        yield picked
