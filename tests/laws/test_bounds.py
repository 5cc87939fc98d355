"""The preemption-bounded search finds exactly the traces that have a schedule within the bound: against brute force."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

from tests.laws.bounds import breach
from tests.laws.brute_force import TooLargeError, traces
from tests.laws.generated import THEMES, RandomDice, author, programs
from tests.laws.preemptions import fewest_preemptions
from tests.laws.searched import compiled, searched
from treadle.model.verdict import Ending, Status
from treadle.search.bounded import Bounded
from treadle.search.exploration import explore

if TYPE_CHECKING:
    from treadle.model.verdict import Verdict
    from treadle.semantics.execution import Execution

EXAMPLES = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@pytest.mark.pure
@pytest.mark.slow
@EXAMPLES
@given(programs())
def test_a_bounded_search_finds_the_traces_that_have_a_schedule_within_the_bound(program: dict[str, Any]) -> None:
    """No more and no fewer, at every bound; and it calls itself complete only where the bound leaves nothing out."""
    try:
        assert breach(program, 2_000) == ""
    except TooLargeError:
        assume(False)


@pytest.mark.pure
@pytest.mark.slow
@pytest.mark.parametrize("theme", sorted(THEMES))
def test_a_bounded_search_finds_them_on_many_programs(theme: str) -> None:
    """The same law, on programs that are thrown and not drawn: 20 of each theme."""
    dice = RandomDice(random.Random(f"bounds of {theme}"))
    checked = 0
    while checked < 20:
        program = author(dice, theme)
        try:
            assert breach(program, 2_000) == "", program
        except TooLargeError:
            continue
        checked += 1


def complete_within(program: dict[str, Any]) -> list[int]:
    """The number of complete traces within 0, 1, 2, ... preemptions, up to the first bound that cuts nothing off."""
    counts: list[int] = []
    while True:
        strategy = Bounded(len(counts))
        found: set[int] = set()

        def watch(
            execution: Execution, _verdict: Verdict, strategy: Bounded = strategy, found: set[int] = found
        ) -> None:
            if execution.ending is Ending.COMPLETE:
                found.add(strategy.causality.digest())

        explore(compiled(program), strategy, stop_at_failure=False, watch=watch)
        counts.append(len(found))
        if not strategy.cut:
            return counts


INCREMENT = [["r", "x", "a"], ["w", "x", "a+1"]]
LITMUS: dict[str, tuple[list[Any], list[int]]] = {
    # Both read zero only if one thread is stopped between its two steps.
    "store buffering": ([[["w", "x", 1], ["r", "y", "a"]], [["w", "y", 1], ["r", "x", "a"]]], [2, 3]),
    "load buffering": ([[["r", "x", "a"], ["w", "y", 1]], [["r", "y", "a"], ["w", "x", 1]]], [2, 3]),
    "message passing": ([[["w", "x", 1], ["w", "y", 1]], [["r", "y", "a"], ["r", "x", "b"]]], [2, 3]),
    # Three steps against two on one variable: 2 orders of whole threads, 4 with one stop, 6 in all.
    "two reads of one write": ([[["w", "x", 1], ["w", "x", 2]], [["r", "x", "a"], ["r", "x", "b"]]], [2, 4, 6]),
    "two writes each": ([[["w", "x", 1], ["w", "y", 2]], [["w", "y", 1], ["w", "x", 2]]], [2, 3]),
    "independent reads of independent writes": (
        [
            [["w", "x", 1]],
            [["w", "y", 1]],
            [["r", "x", "a"], ["r", "y", "b"]],
            [["r", "y", "a"], ["r", "x", "b"]],
        ],
        [14, 15],
    ),
    "three atomic increments": ([[["rmw", "x"]]] * 3, [6]),
    "three increments in two steps": ([INCREMENT] * 3, [6, 24, 36]),
    "three increments under a lock": ([[["lock", "m"], ["rmw", "x"], ["unlock", "m"]]] * 3, [6]),
    # A change of task at a blocked acquisition is free.
    "locks in opposite orders": (
        [
            [["lock", "m"], ["lock", "n"], ["unlock", "n"], ["unlock", "m"]],
            [["lock", "n"], ["lock", "m"], ["unlock", "m"], ["unlock", "n"]],
        ],
        [2, 2],
    ),
}


@pytest.mark.parametrize("name", sorted(LITMUS))
def test_litmus_programs_have_so_many_complete_traces_within_each_bound(name: str) -> None:
    """Exact numbers, which brute force gives too."""
    threads, expected = LITMUS[name]
    counts = complete_within({"threads": threads})
    assert counts[: len(expected)] == expected
    assert set(counts[len(expected) :]) <= {expected[-1]}


def test_a_bound_that_cuts_makes_the_verdict_incomplete_and_says_what_was_covered() -> None:
    """And one that cuts nothing does not."""
    program = compiled({"threads": [INCREMENT] * 2})
    narrow = explore(program, Bounded(0), stop_at_failure=False)
    assert narrow.status is Status.INCOMPLETE
    assert narrow.reasons == [
        "only schedules with at most 0 preemptions were covered: 2 traces; further ones were cut off"
    ]
    wide = explore(program, Bounded(2), stop_at_failure=False)
    assert wide.status is Status.PROVED
    assert wide.reasons == []


def test_a_deadlock_within_the_bound_is_found() -> None:
    """Two locks in opposite orders need one preemption."""
    threads, _ = LITMUS["locks in opposite orders"]
    for bound, deadlocks in ((0, 0), (1, 1)):
        found, _ = searched({"threads": threads}, Bounded(bound))
        assert sum(trace.ending == "deadlock" for trace in set(found)) == deadlocks


def test_without_the_plan_at_the_start_of_the_block_traces_within_the_bound_are_lost() -> None:
    """The conservative backtrack point is necessary: some program loses a trace without it."""

    class Rash(Bounded):
        __slots__ = ()

        def _start_of_block(self, position: int) -> int:
            return position

    dice = RandomDice(random.Random("rash"))
    for _ in range(200):
        program = author(dice, "cells")
        try:
            fewest = fewest_preemptions(program, 1_000)
        except TooLargeError:
            continue
        found, _ = searched(program, Rash(0))
        careful, _ = searched(program, Bounded(0))
        within = {trace for trace, preemptions in fewest.items() if preemptions == 0}
        assert set(careful) == within
        if set(found) != within:
            assert set(found) < within <= traces(program, merged=True)
            return
    pytest.fail("no program needs it")
