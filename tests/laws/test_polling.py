"""Loops that wait by reading: parked exactly as the naive rule says, and nothing that can happen is lost."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from tests.laws.brute_force import TooLargeError, traces
from tests.laws.generated import RandomDice
from tests.laws.naive_polling import PollingProgram
from tests.laws.searched import Watched, compiled, searched
from treadle.model.verdict import Ending, Status
from treadle.search.bounded import Bounded
from treadle.search.exhaustive import Exhaustive
from treadle.search.exploration import explore
from treadle.search.optimal import Optimal
from treadle.search.source import Source
from treadle.search.walks import Uniform
from treadle.semantics.polling import livelock

if TYPE_CHECKING:
    from tests.laws.generated import Dice
    from treadle.model.verdict import Verdict
    from treadle.semantics.execution import Execution

Operations = list[list[Any]]


def spinning(dice: Dice) -> Operations:
    """A loop that waits."""
    x, y = dice.pick([("x", "y"), ("y", "x")])
    free: Operations = [["while", "a==0", [["cas", "l", 0, 1, "a"]]], ["rmw", "z"], ["w", "l", 0]]
    fragments: list[Operations] = [
        [["while", "a==0", [["r", x, "a"]]]],
        [["while", "a!=2", [["r", x, "a"]]]],
        [["while", "a*b==0", [["r", x, "a"], ["r", y, "b"]]]],
        [["while", 1, [["r", x, "a"], ["if", "a!=0", [["break"]]], ["r", y, "b"], ["if", "b!=0", [["exit"]]]]]],
        [["while", "a==0", [["cas", x, 1, 2, "a"]]]],
        free,
        [["while", "a==0", [["trylock", "m", "a"]]], ["rmw", "z"], ["unlock", "m"]],
        [["while", "a==0", [["notify", "c"], ["r", x, "a"]]]],
        [["while", "a==0", [["r", x], ["while", "b==0", [["r", y, "b"]]], ["r", x, "a"]]]],
    ]
    return dice.pick(fragments)


def working(dice: Dice) -> Operations:
    """Something that a loop may wait for, or not."""
    x, value = dice.pick(["x", "y"]), dice.pick([0, 1, 1, 2])
    fragments: list[Operations] = [
        [["w", x, value]],
        [["rmw", x]],
        [["w", x, 1], ["w", x, 0]],
        [["lock", "m"], ["w", x, 1], ["unlock", "m"]],
        [["r", x, "a"], ["if", "a!=0", [["w", "y", 1]]]],
        [["lock", "k"], ["wait", "c", "k"], ["unlock", "k"]],
    ]
    return dice.pick(fragments)


def author(dice: Dice) -> dict[str, Any]:
    """Two or three threads, the first of which waits."""
    start = [["let", "a", dice.pick([0, 0, 0, 5])], ["let", "b", 0]]
    threads = [start + spinning(dice)]
    for _ in range(dice.pick([1, 2, 2])):
        threads.append(start + (spinning(dice) if dice.pick([False, False, True]) else working(dice)))
        if dice.pick([False, True]):
            threads[-1] += working(dice)
    program: dict[str, Any] = json.loads(json.dumps({"threads": threads}))  # no operation is there twice
    return program


def unrolled(operations: Operations, rounds: int) -> Operations:
    """Each loop runs at most so often; an execution in which that is not enough does not count."""
    found: Operations = []
    for operation in operations:
        if operation[0] == "while":
            condition, body = operation[1:]
            count = f"n{len(str(operation))}"
            limited = [["let", count, f"{count}+1"], *unrolled(body, rounds)]
            found += [["let", count, 0], ["while", f"({condition}) and {count}<{rounds}", limited]]
            found += [["assume", f"{count}<{rounds} or not ({condition})"]]
        elif operation[0] == "if":
            found.append(["if", operation[1], *[unrolled(block, rounds) for block in operation[2:]]])
        else:
            found.append(operation)
    return found


def small(generator: random.Random, limit: int) -> dict[str, Any]:
    """The next program that brute force can do."""
    while True:
        program = author(RandomDice(generator))
        try:
            traces(program, merged=True, limit=limit, meaning=PollingProgram)
        except TooLargeError:
            continue
        return program


@pytest.mark.pure
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_the_search_finds_exactly_the_traces_of_the_naive_rule(seed: int) -> None:
    """Each once, parked where the rule parks, livelocks where it has them: 20 programs a seed."""
    generator = random.Random(f"spin {seed}")
    for _ in range(20):
        program = small(generator, 200)
        expected = traces(program, merged=True, meaning=PollingProgram)
        found, verdict = searched(program, Watched(), limit=2 * len(expected) + 10)
        assert set(found) == expected, program
        assert len(found) == len(expected), program
        assert verdict.redundant == 0, program


@pytest.mark.pure
@pytest.mark.slow
def test_other_searches_find_the_same_traces() -> None:
    """Bounded by enough, source sets, and every interleaving."""
    generator = random.Random("other spins")
    for _ in range(12):
        program = small(generator, 80)
        expected = traces(program, merged=True, meaning=PollingProgram)
        for strategy in (Bounded(99), Source(), Exhaustive()):
            found, _ = searched(program, strategy)
            assert set(found) == expected, program


@pytest.mark.pure
@pytest.mark.slow
def test_parking_loses_no_final_state() -> None:
    """What the cells hold at the end is the same as where every loop runs up to three times, idle or not."""
    generator = random.Random("unrolled")
    for _ in range(30):
        program = small(generator, 150)
        plain = {"threads": [unrolled(thread, 3) for thread in program["threads"]]}
        try:
            expected = {t.cells for t in traces(plain, merged=True, limit=3_000) if t.ending == "complete"}
        except TooLargeError:
            continue
        found, _ = searched(program, Optimal())
        assert {trace.cells for trace in found if trace.ending == "complete"} == expected, program


WAIT = [["let", "a", 0], ["while", "a==0", [["r", "x", "a"]]]]


def endings(threads: list[Any]) -> list[str]:
    found, _ = searched({"threads": threads}, Optimal())
    return sorted(trace.ending for trace in found)


def test_a_loop_that_waits_for_one_write_has_two_traces() -> None:
    """The write comes first; or the loop reads once, is parked, and reads again."""
    assert endings([WAIT, [["w", "x", 1]]]) == ["complete"] * 2


def test_a_write_of_the_same_value_does_not_wake_a_loop() -> None:
    """It would read the same; so both orders end in a livelock."""
    assert endings([WAIT, [["w", "x", 0]]]) == ["livelock"] * 2


def test_two_that_wait_for_each_other_are_a_livelock() -> None:
    """Each would write once the other has."""
    other = [["let", "a", 0], ["while", "a==0", [["r", "y", "a"]]], ["w", "x", 1]]
    assert endings([[*WAIT, ["w", "y", 1]], other]) == ["livelock"]


def test_a_lock_made_of_compare_and_swap_is_explored_to_its_end() -> None:
    """Two sections, and in each trace the second one tries in vain at most once, or twice round the release."""
    section = [["let", "a", 0], ["while", "a==0", [["cas", "l", 0, 1, "a"]]], ["rmw", "z"], ["w", "l", 0]]
    found, verdict = searched({"threads": [section] * 2}, Optimal())
    assert verdict.complete
    assert {trace.cells for trace in found} == {frozenset({("z", 2)})}
    assert [trace.ending for trace in found] == ["complete"] * 4


def test_a_notification_that_would_find_somebody_is_not_idle() -> None:
    """A loop that notifies goes on as soon as somebody waits, though the notification gives nothing back."""
    knock = [["let", "a", 0], ["while", "a==0", [["notify", "c"], ["r", "x", "a"]]]]
    sleeper = [["lock", "k"], ["wait", "c", "k"], ["w", "x", 1], ["unlock", "k"]]
    assert set(endings([knock, sleeper])) == {"complete"}


def test_a_livelock_tells_its_loops() -> None:
    """Who repeats what, and what it reads each time."""
    told: list[str] = []

    def watch(execution: Execution, _verdict: Verdict) -> None:
        assert execution.ending is Ending.LIVELOCK
        told.append(livelock(execution))

    other = [["let", "a", 0], ["while", "a==0", [["cas", "y", 1, 2, "a"]]]]
    verdict = explore(compiled({"threads": [WAIT, other]}), Optimal(), stop_at_failure=False, watch=watch)
    assert told == ["thread 0 repeats read(variable x) = 0; thread 1 repeats compare_and_swap(variable y) = 0"]
    assert verdict.deadlocks == 1


def test_a_walk_does_not_go_round_for_ever() -> None:
    """Parked tasks are not enabled, so every random execution ends."""
    verdict = explore(compiled({"threads": [WAIT, WAIT, [["w", "x", 1]]]}), Uniform(1, 50))
    assert verdict.executions == 50
    assert verdict.deadlocks == 0
    assert verdict.status is Status.INCOMPLETE
