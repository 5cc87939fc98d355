"""The search finds every trace of a program, each once: against brute force, on generated programs."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

from tests.laws.brute_force import TooLargeError, traces
from tests.laws.generated import THEMES, RandomDice, author, programs
from tests.laws.many import breach
from tests.laws.searched import Watched, searched
from treadle.search.exhaustive import Exhaustive
from treadle.search.optimal import Optimal
from treadle.search.source import Source

if TYPE_CHECKING:
    from tests.laws.brute_force import Trace

EXAMPLES = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
"""Shrinking is hypothesis' business; `tests.laws.many` has the numbers."""


def enumerated(program: dict[str, Any], *, merged: bool, limit: int) -> set[Trace]:
    """The traces by brute force; a program that is too large is not looked at."""
    try:
        return traces(program, merged=merged, limit=limit)
    except TooLargeError:
        assume(False)
        raise


@pytest.mark.pure
@pytest.mark.slow
@EXAMPLES
@given(programs())
def test_the_search_finds_exactly_the_traces_of_brute_force(program: dict[str, Any]) -> None:
    """The same traces with the same results, endings and final cells; each once; nothing redundant; invariants hold."""
    expected = enumerated(program, merged=True, limit=2_000)
    found, verdict = searched(program, Watched(), limit=2 * len(expected) + 10)
    assert set(found) == expected
    assert len(found) == len(expected)
    assert verdict.redundant == 0


@pytest.mark.pure
@pytest.mark.slow
@pytest.mark.parametrize("theme", sorted(THEMES))
def test_the_search_finds_exactly_the_traces_of_many_programs(theme: str) -> None:
    """The same law, on programs that are thrown and not drawn: 40 of each theme."""
    dice = RandomDice(random.Random(theme))
    counts: Counter[str] = Counter()
    while counts["programs"] < 40:
        program = author(dice, theme)
        assert breach(program, 2_000, counts) == "", program


@pytest.mark.pure
@pytest.mark.slow
@EXAMPLES
@given(programs())
def test_brute_force_agrees_with_itself(program: dict[str, Any]) -> None:
    """Merging equivalent prefixes loses nothing: the table of conflicts is right about what commutes."""
    plain = enumerated(program, merged=False, limit=3_000)
    assert traces(program, merged=True) == plain


@pytest.mark.pure
@pytest.mark.slow
@EXAMPLES
@given(programs())
def test_plain_depth_first_search_finds_the_same_traces(program: dict[str, Any]) -> None:
    """The oracle that treadle has for subjects that brute force cannot run."""
    expected = enumerated(program, merged=False, limit=1_000)
    found, verdict = searched(program, Exhaustive())
    assert set(found) == expected
    assert verdict.redundant == 0


@pytest.mark.pure
@pytest.mark.slow
@EXAMPLES
@given(programs())
def test_the_source_search_finds_the_same_traces(program: dict[str, Any]) -> None:
    """Each once too, but some executions may end asleep."""
    expected = enumerated(program, merged=True, limit=2_000)
    found, verdict = searched(program, Source(), limit=20 * len(expected) + 100)
    assert verdict.complete
    assert set(found) == expected
    assert len(found) == len(expected)


def test_each_theme_makes_programs_that_differ() -> None:
    """Sixty programs have many shapes, and a good part of them blocks somewhere."""
    dice = RandomDice(random.Random(7))
    drawn = [author(dice) for _ in range(60)]
    assert len({str(program) for program in drawn}) > 55
    counts: Counter[str] = Counter()
    for program in drawn:
        breach(program, 2_000, counts)
    assert counts["blocking programs"] > 10


def test_the_fault_that_each_await_is_blocked_by_two_equal_writes_is_not_there() -> None:
    """Each of two commuting writes alone disables the await, so it has to be tried before both."""
    program = {
        "threads": [[["w", "y", 1]], [["await", "y", "old==0"]], [["w", "y", 1]]],
        "same_value_writes_commute": True,
    }
    found, _ = searched(program, Optimal())
    assert sorted(trace.ending for trace in found) == ["complete", "deadlock"]
    assert set(found) == traces(program, merged=False)


def test_a_timed_wait_and_a_notification_are_reversed_on_the_queue() -> None:
    """The wait touches the mutex, the queue and its mark; its mutex is no reason to stop looking at its queue."""
    program = {"threads": [[["notify", "c"]], [["lock", "k"], ["timedwait", "c", "k", "a"], ["unlock", "k"]]]}
    found, _ = searched(program, Optimal())
    assert set(found) == traces(program, merged=False)
    assert len(found) == 3
