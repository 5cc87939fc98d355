"""A thread of a program as an automaton: where it stands, and where it goes with each result of its operation.

What a thread does between two visible operations depends on nothing but its registers, so it is computed once for each
*station* (the place in the code and the values of the registers) and each result, and then remembered. An execution that
repeats what others did only follows links; nothing is evaluated twice. The operation of a station is one object for
ever, so that "the same operation as before" is a comparison of identities.

A station also says how the thread got there: `failed` is the first assertion that failed on the way, if any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from treadle.errors import ProgramError
from treadle.semantics.conditions import Enqueue
from treadle.semantics.program.code import Assert, Assume, Branch, Jump, Let, Visible
from treadle.semantics.program.expressions import normal
from treadle.semantics.program.steps import Framed

if TYPE_CHECKING:
    from collections.abc import Hashable

    from treadle.model.operations import Operation
    from treadle.semantics.program.code import Instruction
    from treadle.semantics.program.expressions import Registers

LOCAL_STEPS = 100_000
"""So many instructions without a visible operation are taken for an endless loop."""


class Station:
    """Where a thread stands between two of its steps."""

    __slots__ = ("_automaton", "_place", "_registers", "assumed", "ended", "failed", "moves", "operation")

    operation: Operation | None  # what it wants to do; None if it has ended or an assumption stops it
    ended: bool
    assumed: bool  # whether it is stopped by an assumption that does not hold
    failed: str | None  # the first assertion that failed on the way here
    moves: dict[Any, Station]  # by result: where it goes, as far as known

    def __init__(self, automaton: Automaton, place: int, registers: Registers, failed: str | None) -> None:
        self._automaton = automaton
        self._place = place
        self._registers = registers
        self.failed = failed
        self.moves = {}
        self.operation = None
        self.ended = place >= len(automaton.code)
        self.assumed = not self.ended and isinstance(automaton.code[place], Assume)

    def after(self, result: Any) -> Station:
        """Where the thread goes when its operation gives `result`."""
        following = self.moves.get(result)
        if following is None:
            following = self.moves[result] = self._automaton.move(self._place, self._registers, result, self.failed)
        return following

    def ends_with(self, result: Any) -> bool:
        """Whether the thread has ended once its operation gave `result`."""
        return self.after(result).ended


class Automaton:
    """All stations of one thread, made as they are reached. `where` names it in errors, `thread` among the objects.

    `spawned`: some thread spawns it. `joined`: some thread spawns or joins it, so that its end matters. `deferred`: it
    does not exist before it is spawned.
    """

    __slots__ = ("_deferred", "_joined", "_spawned", "_stations", "_thread", "_where", "code")

    code: list[Instruction]

    def __init__(
        self, where: str, code: list[Instruction], *, thread: str, spawned: bool, joined: bool, deferred: bool
    ) -> None:
        self.code = code
        self._where = where
        self._thread = thread
        self._spawned = spawned
        self._joined = joined
        self._deferred = deferred
        self._stations: dict[Hashable, Station] = {}

    def first(self) -> Station:
        """Where the thread stands before its first step."""
        return self._reach(0, {}, None)

    def move(self, place: int, registers: Registers, result: Any, failed: str | None) -> Station:
        """Where it goes from the visible instruction at `place` with this result."""
        instruction = self.code[place]
        assert isinstance(instruction, Visible), instruction
        if result is False and isinstance(instruction.build(registers), Enqueue):
            raise ProgramError(
                f"{instruction.where}: it waits without the lock",
                expected="the mutex locked by this thread",
                instead="lock the mutex before the wait",
            )
        if instruction.register is not None:
            registers = {**registers, instruction.register: normal(result)}
        return self._reach(place + 1, registers, failed)

    def _reach(self, place: int, registers: Registers, failed: str | None) -> Station:
        """Run the local instructions from `place` on."""
        registers = registers.copy()
        for _ in range(LOCAL_STEPS):
            instruction = self.code[place] if place < len(self.code) else None
            match instruction:
                case Let():
                    registers[instruction.register] = instruction.expression(registers)
                    place += 1
                case Branch():
                    place = place + 1 if instruction.condition(registers) else instruction.target
                case Jump():
                    place = instruction.target
                case Assume() if instruction.condition(registers):
                    place += 1
                case Assert():
                    if not failed and not instruction.condition(registers):
                        failed = instruction.condition.where
                    place += 1
                case _:
                    return self._station(place, registers, failed)
        raise ProgramError(
            f"{self._where}: it loops without doing anything that others can see",
            got=f"{LOCAL_STEPS} local operations in a row, registers {registers}",
            instead="let the loop read a variable",
        )

    def _station(self, place: int, registers: Registers, failed: str | None) -> Station:
        key = (place, failed, tuple(sorted(registers.items())))
        station = self._stations.get(key)
        if station is None:
            station = self._stations[key] = Station(self, place, registers, failed)
            instruction = None if station.ended else self.code[place]
            if isinstance(instruction, Visible):
                station.operation = self._framed(instruction.build(registers), place, station)
        return station

    def _framed(self, operation: Operation, place: int, station: Station) -> Operation:
        """The operation with what concerns the thread's life, if anybody else can see that."""
        begins = place == 0 and self._spawned
        if not begins and not self._joined and not self._deferred:
            return operation
        ends = station.ends_with if self._joined else None
        return Framed(operation, self._thread, ends, begins=begins, deferred=self._deferred)
