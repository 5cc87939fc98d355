"""Exceptions that threads share: raising and writing to one is a step only where it is raced for, and nothing is lost by that."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.laws.test_accesses import explored
from treadle.search.exhaustive import Exhaustive

PROGRAMS = Path(__file__).parent / "raised.py"

# By hand: see `test_accesses.COUNTS`.
COUNTS = {
    "error_counter": (4, {"1", "2"}),
    "error_raised": (3, {"[False]", "[True]"}),  # the look before the raise, before the handler, or after it
    # Who looks finds nothing (2: the two notes in either order); or both (2); or one, and goes through the list before or
    # after the other one comes (4). That one has waited for its turn, and found a list, so it is two steps: the look may
    # also come between these, and go through the list before the second one (2).
    "error_noted": (10, {"[]", "['a']", "['b']", "['a', 'b']", "['b', 'a']"}),
}


@pytest.mark.parametrize("name", COUNTS)
def test_every_trace_once(name: str) -> None:
    """Each scenario has exactly these traces, and comes to exactly this."""
    found = explored(name, of=PROGRAMS)
    assert (found.verdict.executions, found.outcomes) == COUNTS[name]


@pytest.mark.parametrize("name", COUNTS)
def test_the_full_search_has_the_same_traces(name: str) -> None:
    """If every access is a step, the traces are the same in number and outcome."""
    learned, full = explored(name, of=PROGRAMS), explored(name, everything=True, of=PROGRAMS)
    assert learned.verdict.executions == full.verdict.executions
    assert learned.outcomes == full.outcomes


@pytest.mark.parametrize("name", ["error_counter", "error_raised"])
def test_every_interleaving_has_the_same_outcomes(name: str) -> None:
    """Plain search through all interleavings learns the same and finds the same."""
    reduced, plain = explored(name, of=PROGRAMS), explored(name, Exhaustive, of=PROGRAMS)
    assert reduced.outcomes == plain.outcomes
    assert reduced.world.learned == plain.world.learned
    assert reduced.verdict.executions <= plain.verdict.executions
