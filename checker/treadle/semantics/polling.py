"""Polling: a loop that waits by reading is not run again until it would read something else.

A task *polls* when it stands again where it stood before, with the same values in its hands, and has left nothing
behind on the way: then the iteration is *idle*, and might as well not have happened. The task is *parked*: its next
operation becomes a `Poll`, which is disabled until some operation of the iteration would have another outcome (another
result, or other accesses: a compare-and-swap that would succeed, a notification that would find somebody).

Of an abstract program the stand is known (`Rounds`). Of real code it is what `treadle.runtime.instrumentation.loops`
finds out; `idle_iteration` then judges the steps. They may read; and they may take locks and let them go again, as who
looks at a flag under a lock does, if nobody else looked at a lock while it was held (a failed attempt saw it taken, so
that iteration did happen; it is not idle, and the task goes round once more). And they may take a *fresh* lock, one that
the iteration itself has made, and leave it behind, as who waits for a condition does: nobody else has touched it, so
nobody else has it. The next iteration makes another one. What a task does to a lock that nobody else has touched comes
to the same each time, so a poll need not look at it.

*Why nothing is lost.* Take any execution and remove such an iteration: what is left is an execution, because the task
goes on from the same place with the same values, and the steps removed changed nothing. So whatever can happen at all
happens in an execution without idle iterations, and in such an execution nobody is ever parked. (Of a lock that was
taken and let go, nobody else has seen anything; who waited for it, waits no longer.) Of iterations that read something
new nothing is removed.

*Why it ends.* A parked task moves again only after somebody else wrote; if all others end, so does it.

*What it finds.* If nobody can move and some task is parked, that task would read the same for ever: a livelock, which is
found like a deadlock, as one more maximal execution. Conversely, tasks that all only read for ever come back to where
they were, and are parked there.

*In the middle of a wait.* Who lets go a lock to wait until a timeout expires (`with condition: while not ready: condition.wait(1)`)
stands at the head of the loop with the lock in its hands, and must not be parked there. But it goes round from wait to wait
as well: the timeout expires, it takes the lock, looks, lets it go, and waits again. That is an iteration like any other,
with a lock that is taken and let go, and where it is idle the task is parked in the wait (`expired_wait`), until the iteration would come
to something else; the first step of that is to find that nobody has opened what it waits for. All that was said above holds.

*Chances.* At a point an exception may be delivered, or not (`semantics.faults`). Where none is, the point leaves nothing
behind, and is no part of what the iteration did. An exception that would have been delivered in an iteration that was
removed is delivered in the one before it, which was at the same place with the same values and offered the same (a first
turn, which has not jumped back, offers less, and is told apart by that).

`Poll` looks at everything that the iteration read, so it reads all of that: nothing that could change whether it is
enabled commutes with it. Laws: tests/laws/test_polling.py, against the same rule written naively, and against loops
that are unrolled; tests/laws/test_spinning.py, real code against the same code with its loops bounded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from treadle.model.operations import BLOCKED, ONE, READ, WRITE, Operation, Outcome

if TYPE_CHECKING:
    from collections.abc import Container, Hashable, Iterable, Sequence

    from treadle.model.operations import Accesses, Alternative, Alternatives, Look
    from treadle.model.trace import Event
    from treadle.semantics.execution import Execution


class Idle(NamedTuple):
    """One step of an idle iteration: what was asked, and what came of it."""

    operation: Operation
    result: Any
    touched: tuple[tuple[str, Hashable], ...]  # each object, and how


class Poll(Operation):
    """The operation of a parked task: that with which its loop starts again, once it would read something else."""

    __slots__ = ("iteration", "operation", "reads")

    operation: Operation  # what the loop starts with
    iteration: tuple[Idle, ...]  # what was read in vain; nothing about fresh locks
    reads: Accesses  # of everything that the iteration touched, but for these

    def __init__(self, operation: Operation, iteration: Iterable[Idle], fresh: Container[str] = ()) -> None:
        self.operation = operation
        self.place = operation.place
        self.iteration = lasting(iteration, fresh)
        names = dict.fromkeys(name for idle in self.iteration for name, _ in idle.touched)
        self.reads = tuple([(name, READ, None) for name in names])

    @property
    def kind(self) -> str:  # type: ignore[override]
        """That of the operation."""
        return self.operation.kind

    @property
    def reading(self) -> bool:  # type: ignore[override]
        """Whether the operation is."""
        return self.operation.reading

    def alternatives(self, task: int, look: Look) -> Alternatives:
        """Those of the operation, once something that was read is another one."""
        return BLOCKED if self._in_vain(task, look) else self.operation.alternatives(task, look)

    def _in_vain(self, task: int, look: Look) -> bool:
        """Whether the iteration would come to the same now. What it does itself on the way is seen by what follows."""
        changed: dict[str, Any] = {}

        def seen(name: str) -> Any:
            return changed[name] if name in changed else look(name)

        for operation, result, touched in self.iteration:
            possible = operation.alternatives(task, seen)
            if possible == BLOCKED and any(mode == WRITE for _, mode in touched):
                return True  # somebody has the lock; this is asked again when it is free
            if possible != ONE:
                return False
            now, accesses = operation.outcome(task, None, seen)
            if now != result or tuple([access[:2] for access in accesses]) != touched:
                return False
            changed.update({name: change[0](seen(name), change[1]) for name, _, change in accesses if change})
        return True

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:
        """That of the operation, and everything was looked at."""
        result, accesses = self.operation.outcome(task, alternative, look)
        touched = {name for name, _, _ in accesses}
        return Outcome(result, (*accesses, *[read for read in self.reads if read[0] not in touched]))

    def attempt(self, task: int) -> Accesses:
        """To look at everything again, and to do what the operation does."""
        attempted = self.operation.attempt(task)
        touched = {name for name, _, _ in attempted}
        return (*attempted, *[read for read in self.reads if read[0] not in touched])

    def objects(self) -> tuple[str, ...]:
        """Those of the operation."""
        return self.operation.objects()

    def signature(self) -> tuple[Hashable, ...]:
        """That of the operation: to be parked is no step of its own."""
        return self.operation.signature()

    def looked(self) -> list[str]:
        """The names of what the iteration looks at; of locks only those that are taken by somebody else."""
        return [name for idle in self.iteration for name, mode in idle.touched if mode == READ]

    def loop(self) -> str:
        """What goes round, in words."""
        return ", ".join(f"{idle.operation!r} = {idle.result!r}" for idle in self.iteration)


class Rounds:
    """Watches the tasks of one execution go round.

    A *stand* is whatever tells that a task is where it was with what it had: equal exactly if its future is the same.
    `polls` outlives the execution, so that the same operation is the same object in all of them.
    """

    __slots__ = ("_paths", "_polls")

    _paths: dict[int, list[tuple[Hashable, Event]]]  # by task: its stands and steps since it last did more than read
    _polls: dict[Hashable, Poll]

    def __init__(self, polls: dict[Hashable, Poll]) -> None:
        self._paths = {}
        self._polls = polls

    def after(self, event: Event, stood: Hashable, stands: Hashable, operation: Operation | None) -> Operation | None:
        """The task of the event went from one stand to the next: its operation there, or the poll that parks it."""
        path = self._paths.get(event.task)
        if path is None:
            path = self._paths[event.task] = []
        if not _only_reads(event):
            path.clear()
            return operation
        path.append((stood, event))
        start = 0
        for stand, _ in path:
            if stand == stands:
                break
            start += 1
        if start == len(path) or operation is None:
            return operation
        iteration = tuple([_idle(step) for _, step in path[start:]])
        path.clear()
        key = (stands, iteration)
        poll = self._polls.get(key)
        if poll is None:
            poll = self._polls[key] = Poll(operation, iteration)
        return poll


def _only_reads(event: Event) -> bool:
    """Whether the step could be done in one way, and changed nothing."""
    if event.alternatives != ONE:
        return False
    for _, mode, _ in event.accesses:  # noqa: SIM110 - a generator would cost more than it asks
        if mode != READ:
            return False
    return True


class Stuck(Operation):
    """The operation of a task that goes round and looks at nothing that could change, or at what cannot be followed."""

    __slots__ = ("looked",)
    kind = "go round"

    looked: tuple[str, ...]  # what cannot be followed

    def __init__(self, looked: tuple[str, ...] = ()) -> None:
        self.looked = looked
        self.place = None

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """None, ever."""
        return BLOCKED

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002
        """Nothing could help."""
        return ()

    def objects(self) -> tuple[str, ...]:
        """What it looks at."""
        return self.looked


def idle_iteration(
    events: Sequence[Event], task: int, fresh: Container[str] = (), undone: Container[Event] = ()
) -> tuple[Idle, ...] | None:
    """The steps of the task among these, if they left nothing behind and nobody saw them; None if not so.

    `fresh` are the locks that the task has made in this iteration; `undone` are steps of it that together came to
    nothing, unseen, and always will. These are left out.
    """
    held: set[str] = set()
    found: list[Idle] = []
    for event in events:
        if event.task != task:
            if not held.isdisjoint(name for name, _, _ in event.accesses):
                return None
            continue
        if event in undone:
            continue
        if event.operation.rare and not event.accesses:
            continue  # a chance that was not taken: it was there for the taking in this turn, as in the next one
        if event.alternatives != ONE:
            return None
        writes = [name for name, mode, _ in event.accesses if mode != READ]
        if writes and not _is_passing(event, writes, held):
            return None
        found.append(_idle(event))
    return tuple(found) if all(lock in fresh for lock in held) else None


class Wait(NamedTuple):
    """A turn that lets go the lock that it began with, waits until a timeout expires, and takes that lock again."""

    before: tuple[Hashable, ...]  # its steps up to letting it go, as `course` tells them
    taken: int  # which of the events took it again


def expired_wait(
    events: Sequence[Event], task: int, fresh: Container[str] = (), undone: Container[Event] = ()
) -> Wait | None:
    """What the task did in these events, if it is such a turn, and went round from wait to wait in vain. See `idle_iteration`.

    Its second half and then its first are a round with a lock that is taken and let go, which is judged like any other.
    """
    own = [number for number, event in enumerate(events) if event.task == task and event not in undone]
    for going, expiring, taking in zip(own, own[1:], own[2:], strict=False):
        if _is_expired_wait(_idle(events[going]), _idle(events[expiring]), _idle(events[taking]), fresh):
            front = events[: going + 1]
            if idle_iteration([*events[taking:], *front], task, fresh, undone) is None:
                return None
            return Wait(course(front, task, fresh, undone), taking)
    return None


def _is_expired_wait(going: Idle, expiring: Idle, taking: Idle, fresh: Container[str]) -> bool:
    """Whether a lock is let go, a wait for a fresh one expires, and the first one is taken again."""
    return (
        going.operation.kind == "release"
        and going.touched == tuple([(name, WRITE) for name in going.operation.objects()])
        and getattr(expiring.operation, "timed", False)
        and expiring.result is False
        and expiring.operation.objects()[0] in fresh
        and taking.operation.kind == "acquire"
        and taking.touched == going.touched
    )


def course(
    events: Iterable[Event], task: int, fresh: Container[str], undone: Container[Event] = ()
) -> tuple[Hashable, ...]:
    """What the task asked for in these events, and what came of it; nothing about fresh locks, or that came to nothing."""
    steps = [_idle(event) for event in events if event.task == task and event not in undone]
    return tuple([(idle.operation.signature(), idle.result, idle.touched) for idle in lasting(steps, fresh)])


def lasting(iteration: Iterable[Idle], fresh: Container[str]) -> tuple[Idle, ...]:
    """The steps of an iteration, but for those that touched fresh locks and nothing else."""
    return tuple([idle for idle in iteration if not idle.touched or any(name not in fresh for name, _ in idle.touched)])


def _is_passing(event: Event, writes: list[str], held: set[str]) -> bool:
    """Whether the step takes a lock, or lets go one that was taken in the same iteration. Keeps account of them."""
    kind = event.operation.kind
    if writes != list(event.operation.objects()):
        return False
    (lock,) = writes
    if kind in ("acquire", "try_acquire") and lock not in held:
        held.add(lock)
        return True
    if kind == "release" and lock in held:
        held.remove(lock)
        return True
    return False


def _idle(event: Event) -> Idle:
    """The step, without what a poll looked at besides."""
    operation, accesses = event.operation, event.accesses
    if isinstance(operation, Poll):
        looked = set(map(id, operation.reads))
        accesses = tuple([access for access in accesses if id(access) not in looked])
        operation = operation.operation
    return Idle(operation, event.result, tuple([access[:2] for access in accesses]))


def parked(execution: Execution) -> dict[int, Poll]:
    """The tasks that wait by reading, at the end of an execution in which nobody can move, and their loops."""
    return {task: operation for task, operation in enumerate(execution.pending) if isinstance(operation, Poll)}


def spinning(execution: Execution) -> set[int]:
    """The tasks that go round at the end of an execution in which nobody can move: those, and those that look at nothing."""
    return {task for task, operation in enumerate(execution.pending) if isinstance(operation, (Poll, Stuck))}


def livelock(execution: Execution) -> str:
    """The loops in which tasks go round for ever, in words; empty if there is none."""
    return "; ".join(f"{execution.names[task]} repeats {poll.loop()}" for task, poll in parked(execution).items())
