"""Source sets: the traces of the optimal search, found in another way, with executions that end asleep."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from tests.laws.brute_force import TooLargeError, traces
from tests.laws.generated import THEMES, RandomDice, author
from tests.laws.searched import searched
from treadle.search.optimal import Optimal
from treadle.search.source import Source


@pytest.mark.pure
@pytest.mark.slow
@pytest.mark.parametrize("theme", sorted(THEMES))
def test_source_sets_find_the_traces_of_brute_force(theme: str) -> None:
    """Each once; what ends asleep is counted as redundant and is no trace: 20 programs of each theme."""
    dice = RandomDice(random.Random(f"source {theme}"))
    counts: Counter[str] = Counter()
    while counts["programs"] < 20:
        program = author(dice, theme)
        try:
            expected = traces(program, merged=True, limit=1_000)
        except TooLargeError:
            continue
        found, verdict = searched(program, Source())
        assert set(found) == expected, program
        assert len(found) == len(expected), program
        assert verdict.executions == len(found) + verdict.redundant
        counts["programs"] += 1


def test_two_sets_of_first_steps_do_not_tell_which_of_their_traces_are_new() -> None:
    """Two writers before a reader of both: source sets start executions that the optimal search does not need."""
    reader = [["r", "x", "a"], ["if", "a==1", [["r", "y", "b"], ["if", "b==1", [["r", "z"]]]]]]
    second = [["r", "y", "b"], ["if", "b==1", [["r", "z"]]]]
    threads = [[["w", "z", 1]], [["w", "x", 1]], [["w", "y", 1]], reader, second, [["w", "x", 2]]]
    program = {"threads": threads, "same_value_writes_commute": True}
    plain, optimal = searched(program, Optimal())
    found, source = searched(program, Source())
    assert set(found) == set(plain)
    assert (optimal.executions, optimal.redundant) == (len(plain), 0)
    assert source.redundant > 0
