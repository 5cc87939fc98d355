"""From the words of the format to the operations of `semantics`: one function for each kind of object.

Each makes, from the arguments of an operation, a function of the registers that makes the `Operation`. Names of objects
carry their kind ("variable x", "mutex m"), since the kinds have names of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from treadle.errors import ProgramError
from treadle.semantics.cells import Await, AwaitExchange, CompareAndSwap, Read, Update, Write
from treadle.semantics.choices import Choose
from treadle.semantics.conditions import EndWait, Enqueue, Notify, NotifyAll, Policy, Resume
from treadle.semantics.locks import Acquire, TryAcquire
from treadle.semantics.program.code import Visible, register
from treadle.semantics.program.expressions import Expression, Location
from treadle.semantics.program.steps import Spawn, Unlock
from treadle.semantics.semaphores import Down, Up
from treadle.semantics.threads import Join

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.model.operations import Operation
    from treadle.semantics.program.expressions import Registers

    Build = Callable[[Registers], Operation]


def thread_name(number: int) -> str:
    """The stable name of a thread of a program."""
    return f"thread {number}"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the operations of one program mean."""

    threads: int  # how many there are
    policy: Policy  # whom a notify wakes
    coarse: bool  # a failed trylock counts as a write
    by_value: bool  # writes of equal values commute
    idle: Callable[[int], bool]  # whether a thread has nothing visible to do

    def visible(self, name: str, arguments: list[Any], where: str) -> list[Visible]:
        """The instructions of one operation on shared objects; ProgramError for arguments of the wrong kind."""
        if name in {"wait", "timedwait"}:
            return self._wait(name, arguments, where)
        if name in _ON_CELLS:
            return [self._on_cell(name, arguments, where)]
        if name in {"spawn", "join"}:
            return [Visible(where, self._on_thread(name, arguments[0], where))]
        if name == "choose":
            return [Visible(where, _choice(arguments[0], where), register(arguments[1], where))]
        kind, make = self._simple(name)
        location = Location(arguments[0], where, kind)
        return [Visible(where, lambda registers: make(location(registers), where), _target(arguments, 1, where))]

    def _simple(self, name: str) -> tuple[str, Callable[[str, str], Operation]]:
        """The kind of object and the operation of a word that takes an object and nothing else."""
        policy, coarse = self.policy, self.coarse
        simple: dict[str, tuple[str, Callable[[str, str], Operation]]] = {
            "lock": ("mutex", Acquire),
            "unlock": ("mutex", Unlock),
            "trylock": ("mutex", lambda mutex, where: TryAcquire(mutex, where, coarse=coarse)),
            "sem_acq": ("semaphore", Down),
            "sem_rel": ("semaphore", Up),
            "notify": ("condition", lambda condition, where: Notify(condition, policy, where)),
            "notify_all": ("condition", lambda condition, where: NotifyAll(condition, policy, where)),
        }
        return simple[name]

    def _on_cell(self, name: str, arguments: list[Any], where: str) -> Visible:
        cell = Location(arguments[0], where, "variable")
        expressions = _ON_CELLS[name]
        parts = [
            Expression(arguments[i] if i < len(arguments) else default, where)
            for i, default in enumerate(expressions, start=1)
        ]
        return Visible(where, self._cell_build(name, cell, parts, where), _target(arguments, len(parts) + 1, where))

    def _cell_build(self, name: str, cell: Location, parts: list[Expression], where: str) -> Build:
        by_value = self.by_value
        match name, parts:
            case "w", [value]:
                return lambda now: Write(cell(now), value(now), where, by_value=by_value)
            case "rmw", [function]:
                return lambda now: Update(cell(now), lambda old: function({**now, "old": old}), where)
            case "cas", [expected, new]:
                return lambda now: CompareAndSwap(cell(now), expected(now), lambda: new(now), where)
            case "await", [test]:
                return lambda now: Await(cell(now), lambda old: test({**now, "old": old}), where)
            case "xchg_await", [new, test]:
                return lambda now: AwaitExchange(
                    cell(now), lambda: new(now), lambda old: test({**now, "old": old}), where
                )
            case _:
                return lambda now: Read(cell(now), where)

    def _wait(self, name: str, arguments: list[Any], where: str) -> list[Visible]:
        condition, mutex = Location(arguments[0], where, "condition"), Location(arguments[1], where, "mutex")
        policy = self.policy
        enter = Visible(where, lambda now: Enqueue(condition(now), mutex(now), policy, where))
        if name == "wait":
            return [enter, Visible(where, lambda now: Resume(condition(now), mutex(now), policy, where))]
        end = Visible(where, lambda now: EndWait(condition(now), policy, where), _target(arguments, 2, where))
        return [enter, end, Visible(where, lambda now: Acquire(mutex(now), where))]

    def _on_thread(self, name: str, number: object, where: str) -> Build:
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < self.threads:
            raise ProgramError(
                f"{where}: there is no thread {number!r}", expected=f"a number from 0 to {self.threads - 1}"
            )
        thread = thread_name(number)
        if name == "join":
            return lambda _now: Join(thread, where)
        idle = self.idle
        return lambda _now: Spawn(thread, lambda: idle(number), where)


_ON_CELLS: dict[str, list[Any]] = {
    "r": [],
    "w": [1],
    "rmw": ["old+1"],
    "cas": [None, None],
    "await": [None],
    "xchg_await": [None, None],
}
"""For each word on cells, its expressions: their defaults."""


def _choice(count: object, where: str) -> Build:
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise ProgramError(f"{where}: cannot choose from {count!r}", expected="a positive integer")
    return lambda _now: Choose(count, where)


def _target(arguments: list[Any], index: int, where: str) -> str | None:
    """The register that an operation sets, if it names one."""
    if index >= len(arguments) or arguments[index] is None:
        return None
    return register(arguments[index], where)
