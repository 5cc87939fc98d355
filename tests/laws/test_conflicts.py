"""Accesses that do not conflict commute: every pair of operations of every kind, in every small state, by brute force.

The search rests on three properties of operations, and on nothing else about them:

1. Two steps whose accesses do not conflict give the same results, accesses and states in both orders, and neither
   changes the alternatives of the other.
2. A step that changes what a blocked operation may do conflicts with what that operation attempts.
3. An operation looks only at objects that its accesses, or its attempt, cover.
"""

from __future__ import annotations

import itertools
import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

import treadle.semantics
from treadle.model.operations import Look, Operation, become, conflict, dependent
from treadle.semantics import (
    cells,
    choices,
    conditions,
    descriptors,
    faults,
    halting,
    locks,
    memory,
    observations,
    pipes,
    polling,
    queues,
    registry,
    semaphores,
    threads,
    timers,
)
from treadle.semantics.conditions import Policy, mark_of
from treadle.semantics.descriptors import FIRST, End, flags_of, number_of, openings_of
from treadle.semantics.pipes import CAPACITY, COUNTING, LARGEST, POLLIN, POLLOUT, READING, WRITING, Interest
from treadle.semantics.program import steps
from treadle.semantics.threads import end_of, start_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treadle.model.operations import Accesses

State = dict[str, Any]
TASKS = (0, 1, 2)

OUT, IN, COUNT = End("pipe", READING), End("pipe", WRITING), End("counter", COUNTING)
ALL_EVENTS = POLLIN | POLLOUT

BOX, PLACED = object(), object()
PUT = (("whole", "read"), ("item", "write"), ("place", memory.UPDATE))

OPERATIONS: list[Operation] = [
    locks.Acquire("lock"),
    locks.TryAcquire("lock"),
    locks.TryAcquire("lock", coarse=True),
    locks.Release("lock"),
    locks.Open("lock"),
    locks.Locked("lock"),
    steps.Unlock("lock"),
    polling.Stuck(),
    cells.Read("cell"),
    cells.Write("cell", 1),
    cells.Write("cell", 1, by_value=True),
    cells.Write("cell", 2, by_value=True),
    cells.Update("cell", lambda old: old + 1),
    cells.CompareAndSwap("cell", 0, lambda: 1),
    cells.CompareAndSwap("cell", 1, lambda: 2),
    cells.Await("cell", lambda old: old == 1),
    cells.AwaitExchange("cell", lambda: 2, lambda old: old == 0),
    semaphores.Down("semaphore"),
    semaphores.Up("semaphore"),
    choices.Choose(2),
    halting.Pause(),
    halting.Stopped(),
    observations.Observe('Call(a, "wait")'),
    *[kind("condition", policy) for policy in Policy for kind in (conditions.Notify, conditions.NotifyAll)],
    *[kind("condition", "lock", policy) for policy in Policy for kind in (conditions.Enqueue, conditions.Resume)],
    *[conditions.EndWait("condition", policy) for policy in Policy],
    threads.Start("t"),
    threads.Begin("t"),
    threads.End("t"),
    threads.Join("t"),
    threads.TryJoin("t"),
    threads.Started("t"),
    registry.RegisteredStart("t"),
    registry.RegisteredEnd("t"),
    registry.Survey(),
    steps.Spawn("t", lambda: False),
    steps.Spawn("t", lambda: True),
    steps.Framed(locks.Acquire("lock"), "t", lambda _: True, begins=True, deferred=True),
    steps.Framed(cells.Read("cell"), "t", lambda value: bool(value == 1), begins=False, deferred=False),
    memory.Load("place"),
    memory.Store("place"),
    memory.Touch("call", (("place", memory.UPDATE), ("other place", "write"))),
    memory.Touch("call", (("place", memory.INSERT),)),
    memory.Touch("call", (("place", memory.CLEAR),)),
    memory.Default("put", PUT, "item", "whole"),
    memory.Default("put", PUT[1:], "item", "whole"),
    memory.Default("put", PUT, "item", "whole", seen=(PLACED, BOX)),
    memory.Default("put", PUT, "item", "whole", seen=(None, None)),
    memory.Default("put", PUT[1:], "item", "whole", seen=(PLACED, None)),
    memory.Default("pop", PUT, "item", "whole", seen=(PLACED, BOX), puts=False),
    memory.Default("pop", PUT, "item", "whole", puts=False),
    memory.Load("item"),
    memory.Store("item"),
    memory.Touch("clear", (("whole", "write"),)),
    timers.Sleep(1.0),
    descriptors.Open("another pipe", (READING, WRITING)),
    descriptors.Duplicate(FIRST),
    descriptors.Resolve(FIRST),
    descriptors.Resolve(FIRST + 1),
    descriptors.Close(FIRST),
    descriptors.Close(FIRST + 1),
    descriptors.SetBlocking(OUT, blocking=False),
    descriptors.GetBlocking(OUT),
    pipes.Read("pipe", 1),
    pipes.Read("pipe", CAPACITY),
    pipes.Write("pipe", b"ab"),
    pipes.Write("pipe", b"a" * (CAPACITY + 1)),
    pipes.CounterRead("counter"),
    pipes.CounterRead("counter", single=True),
    pipes.CounterWrite("counter", 1),
    pipes.CounterWrite("counter", LARGEST),
    queues.Put("queue"),
    queues.Take("queue"),
    queues.TryTake("queue"),
    queues.IsEmpty("queue"),
    queues.Size("queue"),
    pipes.Enter("asker", (number_of(FIRST), number_of(FIRST + 1))),
    *[
        pipes.Question("asker", (Interest(FIRST, end, ALL_EVENTS),), patient=patient, timed=not patient)
        for end in (OUT, IN, COUNT, None)
        for patient in (False, True)
    ],
    *[
        pipes.Watch("asker", (Interest(FIRST, end, ALL_EVENTS),), patient=patient, timed=not patient)
        for end in (OUT, IN, COUNT)
        for patient in (False, True)
    ],
    faults.Strike("lock"),
    faults.StrikeJoin("t"),
    faults.StrikeWait(pipes.Read("pipe", 1)),
    faults.StrikeWait(semaphores.Down("semaphore")),
    faults.StrikeWait(
        pipes.Question("asker", (Interest(FIRST, IN, ALL_EVENTS),), patient=True, timed=False),
        (("asker", "write", (become, None)),),
    ),
    faults.StrikeWait(pipes.Watch("asker", (Interest(FIRST, IN, ALL_EVENTS),), patient=True, timed=False)),
]

WRAPPERS = {"Marked", "Poll"}
"""Put around an operation of any kind; tests/laws/test_symmetry.py and tests/laws/test_polling.py have their laws."""
LAWLESS = {"Point", "Wake"}
"""Look at more than they touch, for a reason that their module gives; tests/laws/test_deliveries.py has their law."""

QUEUES = [(), (0,), (1,), (2,), (0, 1), (1, 2), (0, 2)]
VALUES: dict[str, list[Any]] = {
    "lock": [None, *TASKS],
    "cell": [None, 0, 1, 2],
    "semaphore": [None, 0, 1, 2],
    "whole": [None, BOX],
    "item": [None, PLACED, object(), memory.Present(None), memory.Present(BOX)],
    "condition": QUEUES,
    start_of("t"): [None, True],
    end_of("t"): [None, True],
    **{mark_of(task): [None, False, True] for task in TASKS},
    "pipe": [None, b"a", b"x" * (CAPACITY - 1), b"x" * CAPACITY],
    "counter": [None, 1, LARGEST // 2, LARGEST - 1, LARGEST],
    "asker": [None, True],
    queues.filled("queue"): [None, 1, 2],
    queues.emptied("queue"): [None, 1, 2],
    **{queues.place_of("queue", number): [None, True] for number in range(3)},
    **{number_of(FIRST + index): [None, OUT, IN] for index in range(2)},
    **{openings_of(end): [None, 0, 2] for end in (OUT, IN)},
    **{flags_of(end): [None, True] for end in (OUT, IN, COUNT)},
}
"""The states of each object; any other object has no state to speak of."""


def kinds(base: type[Operation]) -> Iterator[type[Operation]]:
    """The kinds of operations of treadle.semantics; those without a name of their kind are bases of others."""
    for kind in base.__subclasses__():
        if kind.__module__.startswith("treadle.semantics.") and kind.kind != "?":
            yield kind
        yield from kinds(kind)


def possible(state: State) -> bool:
    """Whether the operations can have led to the state.

    Who is in a queue of a condition is waiting, and was not notified; the places that were filled are those counted.
    """
    put, taken = state.get(queues.filled("queue")) or 0, state.get(queues.emptied("queue")) or 0
    row = [state.get(queues.place_of("queue", number)) for number in range(3)]
    if taken > put or any(bool(there) != (number < put) for number, there in enumerate(row)):
        return False
    queue = state.get("condition", ())
    return all(not state.get(mark_of(task)) for task in queue) and not any(state.get("lock") == t for t in queue)


def waits(operation: Operation, task: int, state: State) -> bool:
    """Whether the task can stand before the operation: an end of a wait comes after its beginning, and nothing else."""
    waiting = isinstance(operation, conditions.EndWait | conditions.Resume)
    return waiting == (task in state.get("condition", ()) or bool(state.get(mark_of(task))))


def states(*operations: Operation) -> Iterator[State]:
    """All states of the objects that the operations may touch."""
    names = {name for operation in operations for name in mentioned(operation)}
    for values in itertools.product(*[VALUES[name] for name in sorted(names)]):
        state = dict(zip(sorted(names), values, strict=True))
        if possible(state):
            yield state


def mentioned(operation: Operation) -> set[str]:
    inner = operation.operation if isinstance(operation, steps.Framed) else operation
    names = {name for name in inner.objects() if name in VALUES}
    if isinstance(inner, conditions.ConditionOperation):
        names |= {mark_of(task) for task in TASKS}
    if isinstance(operation, descriptors.DescriptorOperation | descriptors.Open):
        names |= {number_of(FIRST), number_of(FIRST + 1), openings_of(OUT), openings_of(IN)}
    if isinstance(operation, queues.QueueOperation):
        names |= {name for name in VALUES if name.startswith("queue ")}
    if type(operation).__module__ == pipes.__name__:
        names |= {name for name, _, _ in operation.attempt(0) if name in VALUES}
    if isinstance(operation, steps.Framed | threads.ThreadOperation):
        names |= {start_of("t"), end_of("t")}
    return names


def after(state: State, accesses: Accesses) -> State:
    changed = dict(state)
    for name, _, change in accesses:
        if change is not None:
            changed[name] = change[0](changed.get(name), change[1])
    return changed


def shown(state: State) -> State:
    """A state in which the fresh boxes of memory, each of which only says that it is new, look alike."""
    alike: dict[type, str] = {object: "a box", memory.Present: "an item that was put"}
    return {name: alike.get(type(value), value) for name, value in state.items() if value is not None}


def runs(operation: Operation, task: int, state: State) -> dict[Any, tuple[Any, Accesses]]:
    """By alternative: the result and the accesses."""
    return {
        alternative: tuple(operation.outcome(task, alternative, state.get))
        for alternative in operation.alternatives(task, state.get)
    }


def modes(accesses: Accesses) -> list[tuple[str, Any]]:
    return [access[:2] for access in accesses]


def check(one: Operation, other: Operation, state: State) -> int:
    """Compare both orders of task 0's and task 1's operation; how many pairs of steps commuted."""
    commuted = 0
    first, second = runs(one, 0, state), runs(other, 1, state)
    for alternative, (result, accesses) in first.items():
        later = after(state, accesses)
        if not second and not dependent(accesses, other.attempt(1)):
            assert not runs(other, 1, later), "a blocked operation is enabled by what it does not attempt"
        for other_alternative, (other_result, other_accesses) in second.items():
            if dependent(accesses, other_accesses):
                continue
            commuted += 1
            then, other_then = runs(other, 1, later), runs(one, 0, after(state, other_accesses))
            assert set(then) == set(second)
            assert set(other_then) == set(first)
            assert then[other_alternative][0] == other_result
            assert other_then[alternative][0] == result
            assert modes(then[other_alternative][1]) == modes(other_accesses)
            both = after(later, then[other_alternative][1])
            assert shown(both) == shown(after(after(state, other_accesses), other_then[alternative][1]))
    return commuted


@pytest.mark.pure
@pytest.mark.slow
def test_steps_that_do_not_conflict_commute() -> None:
    """Each operation beside each other one, in each state that both can stand in: results, states and alternatives."""
    commuted = 0
    for one, other in itertools.product(OPERATIONS, repeat=2):
        # Where nothing is shared, one state is as good as another.
        shared = mentioned(one) & mentioned(other) or not mentioned(one) or not mentioned(other)
        for state in itertools.islice(states(one, other), None if shared else 3):
            if waits(one, 0, state) and waits(other, 1, state):
                commuted += check(one, other, state)
    assert commuted > 5_000


def test_every_kind_of_operation_is_here() -> None:
    """An operation that is added to treadle.semantics is added to this law."""
    for module in pkgutil.walk_packages(treadle.semantics.__path__, "treadle.semantics."):
        import_module(module.name)
    there = {type(operation).__name__ for operation in OPERATIONS}
    assert {kind.__name__ for kind in kinds(Operation)} == there | WRAPPERS | LAWLESS


@pytest.mark.parametrize("operation", OPERATIONS, ids=repr)
def test_an_operation_looks_only_at_what_it_touches(operation: Operation) -> None:
    """What it would do in another place depends on the objects of its accesses, or of its attempt, alone."""
    for state in states(operation):
        if not waits(operation, 1, state):
            continue
        looked: set[str] = set()
        alternatives = operation.alternatives(1, spying(state, looked))
        if not alternatives:
            # The first place that is empty is filled with the next one to be counted, which is attempted.
            assert {n for n in looked if not n.startswith("queue [")} <= {n for n, _, _ in operation.attempt(1)}
        for alternative in alternatives:
            _, accesses = operation.outcome(1, alternative, spying(state, looked))
            assert looked <= {name for name, _, _ in accesses}


def spying(state: State, looked: set[str]) -> Look:
    def look(name: str) -> Any:
        looked.add(name)
        return state.get(name)

    return look


def test_modes_that_differ_conflict_and_writes_always_do() -> None:
    """The only rule of conflict."""
    known = ["read", "write", "release", "enqueue", "update", "insert", "clear", "open", ("write", 1), ("write", 2)]
    commuting = {(one, other) for one in known for other in known if not conflict(one, other)}
    assert commuting == {(mode, mode) for mode in known if mode != "write"}


def test_a_fixed_operation_is_always_enabled_and_always_does_the_same() -> None:
    """What it would do in another place need not be computed."""
    for operation in OPERATIONS:
        if operation.fixed:
            done = {
                str(modes(accesses))
                for state in states(operation)
                for _, accesses in runs(operation, 1, state).values()
            }
            assert len(done) == 1
            assert all(operation.alternatives(1, state.get) == (None,) for state in states(operation))


def test_a_shut_operation_waits_for_the_first_access_to_its_object() -> None:
    """Nothing can take it before that access, so it is in no race with it: it touches one object, and is disabled there."""
    shut = [operation for operation in OPERATIONS if operation.shut]
    assert {type(operation).__name__ for operation in shut} == {"Begin", "Join"}
    for operation in shut:
        assert operation.alternatives(1, lambda _: None) == ()
        assert {len(operation.outcome(1, None, state.get).accesses) for state in states(operation)} == {1}
