"""Each object of `threading`, `queue` and `concurrent.futures` has exactly the outcomes that it can have."""

from __future__ import annotations

import sys

import pytest

from tests.quality.worlds import brute, explored

# name, executions of an optimal search, outcomes
COUNTS: tuple[tuple[str, int, set[str]], ...] = (
    # N! orders of arrival times (N-1)! orders in which the waiters take the lock again; a power of that for more rounds.
    ("barrier_2", 2, {"((0,), (1,))", "((1,), (0,))"}),
    ("barrier_2_twice", 8, {f"(({a}, {b}), ({1 - a}, {1 - b}))" for a in (0, 1) for b in (0, 1)}),
    # 3! orders of three critical sections.
    ("increments", 6, {"3"}),
    # 2^3 - 1 ways to go around the table, one of them the deadlock.
    ("philosophers", 7, {"None", "deadlock: main.1 -> main.2 -> main.3 -> main.1, each waits for the next"}),
    ("lost_wakeup", 2, {"None", "deadlock: main, main.1 wait for ever"}),
    ("hand_over", 2, {"[7]"}),
    # Set before the wait; during it; it expires, and the setter has the lock before or after the waiter has it back.
    ("impatient", 4, {"True", "False"}),
    ("impatient_lock", 2, {"True", "False"}),
    ("impatient_join", 3, {"True", "False"}),
    ("bounded_semaphore", 1, {"Semaphore released too many times"}),
    ("reentrant", 2, {"2"}),
    ("queues", 12, {"[1, 2]", "[2, 1]"}),
    ("full_queue", 1, {"full"}),
    ("pool_left_alone", 3 if sys.version_info < (3, 12) else 5, {"32"}),
    # The timer fires whenever it likes, until it is cancelled.
    ("timer", 5, {"True", "False"}),
    ("local_attributes", 1, {"[0, 1, 'main']"}),
    ("clocks", 2, {"(True, True, 100.0)"}),
    ("choices", 6, {str((letter, number)) for letter in "ab" for number in (1, 2, 3)}),
    ("idents", 1, {"(True, True, 'MainThread')"}),
    ("joins_main", 1, {"['after main']"}),
    ("alive", 2, {"1", "2"}),
    ("nested_starts", 2, {"[1, 2]", "[2, 1]"}),
)


@pytest.mark.parametrize(("name", "executions", "outcomes"), COUNTS, ids=[name for name, _, _ in COUNTS])
def test_every_outcome_is_found_once_for_each_trace(name: str, executions: int, outcomes: set[str]) -> None:
    """The number of executions is that of the traces, the outcomes are all that are possible, and nothing is left out."""
    found = explored(name)
    assert (found.verdict.executions, found.outcomes) == (executions, outcomes)
    assert found.verdict.redundant == 0
    assert found.reasons == []


@pytest.mark.parametrize(
    ("name", "executions"), [("barrier_3", 12), pytest.param("barrier_4", 144, marks=pytest.mark.slow)]
)
def test_a_barrier_has_as_many_traces_as_orders(name: str, executions: int) -> None:
    """`threading.Barrier(N)` has N! x (N-1)! traces a round; each party gets an index of its own."""
    found = explored(name)
    assert found.verdict.executions == executions
    assert all(sorted(eval(outcome)) == [(i,) for i in range(len(eval(outcome)))] for outcome in found.outcomes)  # noqa: S307


@pytest.mark.parametrize(
    "name", ["impatient_lock", "impatient_join", "one_thread", "daemons", "choices", "start_and_ask"]
)
def test_the_outcomes_are_those_of_all_interleavings(name: str) -> None:
    """Exhaustive search, without any reduction, finds the same outcomes."""
    assert brute(name).outcomes == explored(name).outcomes
    assert brute(name).reasons == []
