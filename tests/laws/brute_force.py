"""All interleavings of an abstract program, by brute force. The oracle of the laws.

It shares no code with treadle: a thread is a generator that walks through the operations as they are written, a state
is copied before each step, an event knows the set of all events that are causally before it, by comparing it with each
earlier one under the table of conflicts. Slow, plain, and (one hopes) obviously right.

Two interleavings are equivalent when each thread has the same events in both, with the same events before each of them.
`merged` gives up on a prefix that is equivalent to one that was continued already; whether that loses anything is a
question to the table of conflicts, so the laws also compare with the plain enumeration.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

Operation = tuple[Any, ...]
Walk = Generator[Operation, Any, None]
Touch = tuple[str, str, Any]  # class of object, its name, how it is touched


LOCAL = {"let", "if", "while", "assume", "assert", "break", "exit"}

DEFAULTS: dict[str, list[Any]] = {"w": [1], "rmw": ["old+1"]}


class TooLargeError(Exception):
    """The program has more interleavings than it is worth enumerating."""


class Event(NamedTuple):
    """One step: who, its number in that thread, the alternative, what it read, what it touched, and what came before."""

    thread: int
    number: int
    alternative: Any
    result: Any
    touches: tuple[Touch, ...]
    before: frozenset[tuple[int, int]]


class Trace(NamedTuple):
    """The canonical form of an execution, and how it ended."""

    events: tuple[
        tuple[tuple[Any, Any, frozenset[tuple[int, int]]], ...], ...
    ]  # by thread: alternative, result, before
    ending: str
    failed: bool
    cells: frozenset[tuple[str, Any]]


class Stop(Exception):  # noqa: N818 - it unwinds a thread
    """A thread leaves the innermost loop, or exits."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def evaluate(expression: object, registers: dict[str, Any], **more: Any) -> Any:
    if not isinstance(expression, str):
        return expression
    return eval(expression, {"__builtins__": {}}, {**registers, **more})  # noqa: S307 - text that the laws generated


def location(name: str, registers: dict[str, Any]) -> str:
    before, brace, rest = name.partition("{")
    if not brace:
        return name
    inner, _, after = rest.partition("}")
    return f"{before}{evaluate(inner, registers)}{location(after, registers)}"


class Thread:
    """Walks through the operations of one thread; yields the visible ones with everything but shared state evaluated."""

    def __init__(self) -> None:
        self.registers: dict[str, Any] = {}
        self.failed = False

    def walk(self, operations: list[Any]) -> Walk:
        for name, *arguments in operations:
            registers = self.registers
            match name, arguments:
                case "let", [register, expression]:
                    registers[register] = evaluate(expression, registers)
                case "if", [condition, then, *orelse]:
                    yield from self.walk(then if evaluate(condition, registers) else orelse[0] if orelse else [])
                case "while", [condition, body]:
                    yield from self.loop(condition, body)
                case "break" | "exit", []:
                    raise Stop(name)
                case "assert", [condition]:
                    self.failed = self.failed or not evaluate(condition, registers)
                case "assume", [condition]:
                    if not evaluate(condition, registers):
                        yield ("stuck",)
                case _:
                    yield from self.visible(name, arguments)

    def loop(self, condition: object, body: list[Any]) -> Walk:
        try:
            while evaluate(condition, self.registers):
                yield from self.walk(body)
        except Stop as stop:
            if stop.what == "exit":
                raise

    def visible(self, name: str, arguments: list[Any]) -> Walk:
        registers = self.registers
        if name in {"spawn", "join"}:
            yield (name, arguments[0])
        elif name == "choose":
            registers[arguments[1]] = yield (name, arguments[0])
        elif name in {"wait", "timedwait"}:
            yield from self.wait(name, arguments)
        else:
            expressions, register = split(name, arguments)
            result = yield (name, location(arguments[0], registers), *expressions, dict(registers))
            if register is not None:
                registers[register] = result

    def wait(self, name: str, arguments: list[Any]) -> Walk:
        queue, mutex = (location(text, self.registers) for text in arguments[:2])
        yield ("enqueue", queue, mutex)
        if name == "wait":
            yield ("resume", queue, mutex)
        else:
            result = yield ("end_wait", queue)
            if len(arguments) > 2:
                self.registers[arguments[2]] = result
            yield ("lock", mutex)


def split(name: str, arguments: list[Any]) -> tuple[list[Any], str | None]:
    """The expressions of an operation on one object, with their defaults, and the register for its result."""
    takes = {"w": 1, "rmw": 1, "cas": 2, "await": 1, "xchg_await": 2}.get(name, 0)
    given: list[Any] = arguments[1:] or DEFAULTS.get(name, [])
    return given[:takes], given[takes] if len(given) > takes else None


class Standing(NamedTuple):
    """Where a thread stands: its next visible operation, or None when it has ended."""

    operation: Operation | None
    failed: bool


@dataclass
class State:
    """Everything that is shared, who has started, what each thread was told, and the events so far."""

    values: dict[tuple[str, Any], Any]
    started: list[bool]
    told: list[tuple[Any, ...]]
    events: list[Event] = field(default_factory=list)

    def copy(self) -> State:
        return State(dict(self.values), list(self.started), list(self.told), list(self.events))


class Program:
    """A program, and the meaning of its operations."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.count = len(data["threads"])
        self.deferred = set(data.get("deferred", []))
        self.any = data.get("cv_policy", "fifo") == "any"
        self.coarse = data.get("coarse_trylock", False)
        self.by_value = data.get("same_value_writes_commute", False)
        self.standing = cache(self._standing)

    def start(self) -> State:
        values: dict[tuple[str, Any], Any] = {("var", k): v for k, v in self.data.get("init", {}).items()}
        values.update((("sem", k), v) for k, v in self.data.get("sem", {}).items())
        return State(values, [t not in self.deferred for t in range(self.count)], [()] * self.count)

    def _standing(self, thread: int, told: tuple[Any, ...]) -> Standing:
        walker = Thread()
        walk = walker.walk(self.data["threads"][thread])
        try:
            operation = next(walk)
            for result in told:
                operation = walk.send(result)
        except (StopIteration, Stop):
            return Standing(None, walker.failed)
        return Standing(operation, walker.failed)

    def done(self, state: State, thread: int) -> bool:
        return state.started[thread] and self.standing(thread, state.told[thread]).operation is None

    def ways(self, state: State, thread: int) -> list[Any]:
        """The alternatives of the thread's next operation; none if it is blocked."""
        operation = self.standing(thread, state.told[thread]).operation if state.started[thread] else None
        values = state.values
        match operation:
            case None | ("stuck",):
                return []
            case ("choose", count):
                return list(range(count))
            case ("lock", mutex, *_):
                return [None] if values.get(("mutex", mutex)) is None else []
            case ("sem_acq", semaphore, _):
                return [None] if values.get(("sem", semaphore), 0) > 0 else []
            case ("await", cell, test, registers) | ("xchg_await", cell, _, test, registers):
                return [None] if evaluate(test, registers, old=values.get(("var", cell), 0)) else []
            case ("resume", str(), mutex):
                notified = values.get(("mark", thread))
                return [None] if notified and values.get(("mutex", mutex)) is None else []
            case ("notify", queue, _) if self.any and len(values.get(("queue", queue), ())) > 1:
                return sorted(values["queue", queue])
            case ("join", other):
                return [None] if self.done(state, other) else []
        return [None]

    def step(self, state: State, thread: int, way: Any) -> None:
        """Make the step in place."""
        operation = self.standing(thread, state.told[thread]).operation
        assert operation is not None
        result, touches = self.effect(state, thread, operation, way)
        index = len(state.told[thread])
        state.told[thread] = (*state.told[thread], result)
        if self.begins(thread, index) or thread in self.deferred:
            touches.append(("life", f"start {thread}", "r"))
        if self.done(state, thread):
            touches.append(("life", f"end {thread}", "w"))
        before: set[tuple[int, int]] = set()
        for event in state.events:
            if event.thread == thread or self.conflicting(event.touches, tuple(touches)):
                before |= event.before
                before.add((event.thread, event.number))
        state.events.append(Event(thread, index, way, result, tuple(touches), frozenset(before)))

    def begins(self, thread: int, index: int) -> bool:
        """Whether it is the operation that stands first in its thread; only that reads the start of a running thread."""
        return index == 0 and self.data["threads"][thread][0][0] not in LOCAL

    def effect(self, state: State, thread: int, operation: Operation, way: Any) -> tuple[Any, list[Touch]]:
        """Change the state; what the thread is told, and what was touched."""
        name, *arguments = operation
        if name in {"r", "w", "rmw", "cas", "await", "xchg_await"}:
            return self.on_cell(state.values, name, *arguments)
        if name in {"lock", "unlock", "trylock", "sem_acq", "sem_rel"}:
            return self.on_lock(state.values, thread, name, arguments[0])
        if name == "choose":
            return way, []
        if name == "join":
            return None, [("life", f"end {arguments[0]}", "r")]
        if name == "spawn":
            state.started[arguments[0]] = True
            # It also looks whether the thread has ended, which matters where a running thread is spawned once more.
            end = "w" if self.done(state, arguments[0]) else "r"
            return None, [("life", f"start {arguments[0]}", "w"), ("life", f"end {arguments[0]}", end)]
        return self.on_queue(state.values, thread, way, name, *arguments)

    def on_cell(self, values: dict[Any, Any], name: str, cell: str, *more: Any) -> tuple[Any, list[Touch]]:
        *expressions, registers = more
        old = values.get(("var", cell), 0)
        read: list[Touch] = [("var", cell, "r")]
        write: list[Touch] = [("var", cell, "w")]
        match name:
            case "r" | "await":
                return old, read
            case "w":
                values["var", cell] = new = evaluate(expressions[0], registers)
                return None, [("var", cell, ("w", new))] if self.by_value else write
            case "rmw":
                values["var", cell] = evaluate(expressions[0], registers, old=old)
                return old, write
            case "cas" if old == evaluate(expressions[0], registers):
                values["var", cell] = evaluate(expressions[1], registers)
                return 1, write
            case "cas":
                return 0, read
        values["var", cell] = evaluate(expressions[0], registers)
        return old, write

    def on_lock(self, values: dict[Any, Any], thread: int, name: str, which: str) -> tuple[Any, list[Touch]]:
        taken = values.get(("mutex", which)) is not None
        match name:
            case "lock":
                values["mutex", which] = thread
            case "unlock":
                values["mutex", which] = None
            case "trylock" if taken:
                return 0, [("mutex", which, "w" if self.coarse else "r")]
            case "trylock":
                values["mutex", which] = thread
                return 1, [("mutex", which, "w")]
            case "sem_acq":
                values["sem", which] -= 1
                return None, [("sem", which, "acquire")]
            case "sem_rel":
                values["sem", which] = values.get(("sem", which), 0) + 1
                return None, [("sem", which, "release")]
        return None, [("mutex", which, "w")]

    def on_queue(
        self, values: dict[Any, Any], thread: int, way: Any, name: str, queue: str, *more: Any
    ) -> tuple[Any, list[Touch]]:
        waiting = values.get(("queue", queue), ())
        woken: tuple[int, ...] = ()
        match name:
            case "enqueue":
                assert values.get(("mutex", more[0])) == thread, "the laws generate no wait without the lock"
                values["mutex", more[0]] = None
                values["queue", queue] = (*waiting, thread)
                values["mark", thread] = False
                return None, [("mutex", more[0], "w"), ("queue", queue, "enqueue")]
            case "resume":
                values["mutex", more[0]] = thread
                return None, [("mark", str(thread), "r"), ("mutex", more[0], "w")]
            case "end_wait" if values["mark", thread]:
                return 1, [("mark", str(thread), "r")]
            case "end_wait":
                values["queue", queue] = tuple(t for t in waiting if t != thread)
                return 0, [("queue", queue, "w"), ("mark", str(thread), "w")]
            case "notify":
                woken = waiting[:1] if way is None else (way,)
            case "notify_all":
                woken = waiting
        values["queue", queue] = tuple(t for t in waiting if t not in woken)
        for t in woken:
            values["mark", t] = True
        return None, [("queue", queue, "w" if woken else "r"), *[("mark", str(t), "w") for t in woken]]

    def conflicting(self, one: tuple[Touch, ...], other: tuple[Touch, ...]) -> bool:
        """The table: different threads' steps conflict when they touch one object so."""
        return any(
            (kind, name) == (kind2, name2) and self.exclude(kind, how, how2)
            for kind, name, how in one
            for kind2, name2, how2 in other
        )

    def exclude(self, kind: str, one: Any, other: Any) -> bool:
        if one == "r" and other == "r":
            return False
        match kind:
            case "sem":
                return not (one == other == "release")
            case "queue" if one == other == "enqueue":
                return not self.any
            case "var" if isinstance(one, tuple) and isinstance(other, tuple):
                return one != other
        return True

    def trace(self, state: State) -> Trace:
        """The canonical form of a state in which nobody can move."""
        threads: list[list[Any]] = [[] for _ in range(self.count)]
        for event in state.events:
            threads[event.thread].append((event.alternative, event.result, event.before))
        standings = [self.standing(t, state.told[t]) for t in range(self.count) if state.started[t]]
        if all(standing.operation is None for standing in standings):
            ending = "complete"
        else:
            ending = "assume" if any(standing.operation == ("stuck",) for standing in standings) else "deadlock"
        cells = frozenset((name, value) for (kind, name), value in state.values.items() if kind == "var" and value != 0)
        failed = any(standing.failed for standing in standings)
        return Trace(tuple(tuple(thread) for thread in threads), ending, failed, cells)


def traces(data: dict[str, Any], *, merged: bool, limit: int = 200_000, meaning: type[Program] = Program) -> set[Trace]:
    """The traces of all maximal executions. TooLargeError after `limit` steps."""
    program = meaning(data)
    found: set[Trace] = set()
    seen: set[Any] = set()
    todo = [program.start()]
    steps = 0
    while todo:
        state = todo.pop()
        moves = [(thread, way) for thread in range(program.count) for way in program.ways(state, thread)]
        if not moves:
            found.add(program.trace(state))
        for thread, way in moves:
            steps += 1
            if steps > limit:
                raise TooLargeError(steps)
            following = state.copy()
            program.step(following, thread, way)
            if merged:
                prefix = frozenset(following.events)
                if prefix in seen:
                    continue
                seen.add(prefix)
            todo.append(following)
    return found
