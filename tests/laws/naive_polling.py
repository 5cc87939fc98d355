"""The rule for loops that wait by reading, written naively on top of brute force.

A thread is parked when it is about to do an operation that it was about to do before, with equal registers, and has only
read in between. It stays parked while every step of that iteration, made now, would come to the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tests.laws.brute_force import Operation, Program, State, Stop, Thread, Touch, Trace

if TYPE_CHECKING:
    from tests.laws.brute_force import Walk


class Placed(Thread):
    """Knows at which operation of the program's text it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 0

    def walk(self, operations: list[Any]) -> Walk:
        for operation in operations:
            self.at = id(operation)
            yield from super().walk([operation])


class Round(NamedTuple):
    """One step of an iteration: the operation, and what came of it."""

    operation: Operation
    result: Any
    touches: tuple[Touch, ...]


class PollingProgram(Program):
    """A program whose idle threads are parked. Its threads spawn and join nobody."""

    def stand(self, thread: int, told: tuple[Any, ...]) -> tuple[Any, ...]:
        """Everything that the thread's future depends on."""
        walker = Placed()
        walk = walker.walk(self.data["threads"][thread])
        try:
            next(walk)
            for result in told:
                walk.send(result)
        except (StopIteration, Stop):
            return ("ended", thread)
        return (walker.at, tuple(sorted(walker.registers.items())), walker.failed)

    def iteration(self, state: State, thread: int) -> list[Round]:
        """What the thread, if it is parked, went through in vain; nothing if it is not."""
        told = state.told[thread]
        mine = [event for event in state.events if event.thread == thread]
        stands = [self.stand(thread, told[:count]) for count in range(len(told) + 1)]
        start = 0
        found: list[Round] = []
        for index, event in enumerate(mine):
            found = []
            if event.alternative is not None or any(how != "r" for _, _, how in event.touches):
                start = index + 1
            elif stands[index + 1] in stands[start : index + 1]:
                first = stands.index(stands[index + 1], start)
                found = [self.round(thread, told, mine[k]) for k in range(first, index + 1)]
                start = index + 1
        return found

    def round(self, thread: int, told: tuple[Any, ...], event: Any) -> Round:
        operation = self.standing(thread, told[: event.number]).operation
        assert operation is not None
        return Round(operation, event.result, event.touches)

    def idle(self, state: State, thread: int, rounds: list[Round]) -> bool:
        for one in rounds:
            values = state.copy()
            result, touches = super().effect(values, thread, one.operation, None)
            own = [touch for touch in one.touches if touch[0] != "life" and touch[:2] in [t[:2] for t in touches]]
            if result != one.result or touches != own:
                return False
        return True

    def ways(self, state: State, thread: int) -> list[Any]:
        rounds = self.iteration(state, thread)
        if rounds and self.idle(state, thread, rounds):
            return []
        return super().ways(state, thread)

    def effect(self, state: State, thread: int, operation: Operation, way: Any) -> tuple[Any, list[Touch]]:
        rounds = self.iteration(state, thread)
        result, touches = super().effect(state, thread, operation, way)
        for one in rounds:
            for kind, name, _ in one.touches:
                if (kind, name) not in [touch[:2] for touch in touches]:
                    touches.append((kind, name, "r"))
        return result, touches

    def trace(self, state: State) -> Trace:
        trace = super().trace(state)
        stuck = any(self.iteration(state, thread) for thread in range(self.count))
        return trace._replace(ending="livelock") if stuck and trace.ending == "deadlock" else trace
