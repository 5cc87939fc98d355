"""Accesses are steps only where they are raced for, and nothing is lost by that.

The full search, in which every access is a step, has the same traces, one for one, and the same outcomes; so has the
search through every interleaving.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.quality.worlds import settled
from treadle.runtime.scenario import Scenario
from treadle.runtime.world import World
from treadle.search.exhaustive import Exhaustive
from treadle.search.optimal import Optimal

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.model.verdict import Verdict
    from treadle.search.exploration import Strategy

PROGRAMS = Path(__file__).parent / "accesses.py"


class Found(NamedTuple):
    """What an exploration came to."""

    verdict: Verdict
    outcomes: set[str]
    world: World


def explored(
    name: str, strategy: Callable[[], Strategy] = Optimal, *, everything: bool = False, of: Path = PROGRAMS
) -> Found:
    """Explore until nothing new is learned."""
    world = World(Scenario.parse(f"{of}::{name}"), keep_going=True)
    world.sharing.everything = everything
    outcomes: set[str] = set()
    verdict = settled(
        world,
        strategy,
        anew=outcomes.clear,
        watch=lambda e, _: outcomes.add(str(e.failure.message if e.failure else world.result)),
    )
    assert world.reasons == []
    assert verdict.redundant == 0
    return Found(verdict, outcomes, world)


# By hand: the traces are the orders of the conflicting accesses; here is what the scenarios can return.
COUNTS = {
    "counter_2": (4, {"1", "2"}),  # load before or after the other's store, for both but never both after: and the
    # order of the stores: L1 S1 L2 S2, L2 S2 L1 S1, and both loads first with either store first
    "counter_3": (36, {"1", "2", "3"}),
    "writers_2": (2, {"0", "1"}),
    "writers_3": (6, {"0", "1", "2"}),
    "writers_4": (24, {"0", "1", "2", "3"}),
    "readers_and_writer": (4, {"[0, 0]", "[0, 1]", "[1, 0]", "[1, 1]"}),
    "message": (2, {"[]", "[42]"}),
    "half_locked": (4, {"1", "2"}),
    "check_then_act": (4, {"[1]", "[2]", "[1, 2]", "[2, 1]"}),
    "store_buffer": (3, {"[0, 1]", "[1, 0]", "[1, 1]"}),
    "keys": (2, {"['a', 'b']", "['b', 'a']"}),
    "order_of_keys": (
        6,  # the two insertions and the look, in any order
        {f"[{seen}, {left}]" for left in (["a", "b"], ["b", "a"]) for seen in (left[:0], left[:1], left)},
    ),
    "late_default": (2, {"[1, 1]", "[2, 2]"}),  # who is first; all that comes after it reads
    "default_after_all": (3, {"{'a': 1}", "{'a': 2}"}),  # the first one before, between or after the other two
    "default_and_removal": (
        3,  # the other one before, between or after
        {"[2, 2, 2, []]", "[1, 1, 1, []]", "[1, 1, 2, [('a', 2)]]"},
    ),
    "late_member": (3, {"[1, 1, 1]"}),
    "independent_keys": (1, {"2"}),
    "insert_and_measure": (3, {"0", "1", "2"}),
    "class_attribute": (2, {"0", "1"}),
    "own_attribute_hides_the_class": (2, {"1", "2"}),
    "variables": (4, {"1", "10", "11"}),
    "forked": (1, {"3"}),
    "whole_object": (3, {"[('x', 0), ('y', 0)]", "[('x', 1), ('y', 0)]", "[('x', 1), ('y', 1)]"}),
}


@pytest.mark.parametrize("name", COUNTS)
def test_every_trace_once(name: str) -> None:
    """Each scenario has exactly these traces, and comes to exactly this."""
    found = explored(name)
    assert (found.verdict.executions, found.outcomes) == COUNTS[name]


@pytest.mark.parametrize("name", [*COUNTS, "queue_of_a_deque", "default_under_a_lock"])
def test_the_full_search_has_the_same_traces(name: str) -> None:
    """If every access is a step, the traces are the same in number and outcome, with more steps."""
    learned, full = explored(name), explored(name, everything=True)
    assert learned.verdict.executions == full.verdict.executions
    assert learned.outcomes == full.outcomes
    assert learned.verdict.steps <= full.verdict.steps


@pytest.mark.parametrize(
    "name",
    [
        "counter_2",
        "message",
        "half_locked",
        "store_buffer",
        "class_attribute",
        "forked",
        "keys",
        "late_default",
        "default_after_all",
        "default_and_removal",
        "default_and_store",
        "default_of_old",
        "late_removal",
        "made_by_reading",
    ],
)
def test_every_interleaving_has_the_same_outcomes(name: str) -> None:
    """Plain search through all interleavings, which needs no order of events, learns the same and finds the same."""
    reduced, plain = explored(name), explored(name, Exhaustive)
    assert reduced.outcomes == plain.outcomes
    assert reduced.world.learned == plain.world.learned
    assert reduced.verdict.executions <= plain.verdict.executions
