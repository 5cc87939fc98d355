"""The fewest preemptions with which something can happen, by brute force over all interleavings."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from tests.laws.brute_force import Program, State, TooLargeError, Trace

if TYPE_CHECKING:
    from collections.abc import Iterator

Move = tuple[int, Any]
Arrival = tuple[int, Program, State, list[Move]]


def cheapest_first(data: dict[str, Any], limit: int) -> Iterator[Arrival]:
    """Every (what has happened, who moved last), with the fewest preemptions to get there, and the moves from there.

    A preemption is a change of thread where the one that moved last could have gone on. The walk takes free steps
    before preemptions, so the first arrival is the cheapest. TooLargeError after `limit` steps.
    """
    program = Program(data)
    seen: set[Any] = set()
    todo: deque[tuple[int, State, int | None]] = deque([(0, program.start(), None)])
    steps = 0
    while todo:
        spent, state, last = todo.popleft()
        key = (frozenset(state.events), last)
        if key in seen:
            continue
        seen.add(key)
        moves = [(thread, way) for thread in range(program.count) for way in program.ways(state, thread)]
        yield spent, program, state, moves
        could_go_on = any(thread == last for thread, _ in moves)
        for thread, way in moves:
            steps += 1
            if steps > limit:
                raise TooLargeError(steps)
            following = state.copy()
            program.step(following, thread, way)
            if could_go_on and thread != last:
                todo.append((spent + 1, following, thread))
            else:
                todo.appendleft((spent, following, thread))


def fewest_preemptions(data: dict[str, Any], limit: int = 20_000) -> dict[Trace, int]:
    """For each trace, the fewest preemptions of any of its schedules."""
    found: dict[Trace, int] = {}
    for spent, program, state, moves in cheapest_first(data, limit):
        if not moves:
            found.setdefault(program.trace(state), spent)
    return found


def cheapest_failure(data: dict[str, Any], limit: int = 20_000) -> int | None:
    """The fewest preemptions with which an assertion fails; None if none ever does."""
    for spent, program, state, _ in cheapest_first(data, limit):
        started = [thread for thread in range(program.count) if state.started[thread]]
        if any(program.standing(thread, state.told[thread]).failed for thread in started):
            return spent
    return None
