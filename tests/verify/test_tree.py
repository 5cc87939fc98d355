"""phalanx.TreeBarrier in every interleaving: the same promises, with several groups.

A tree for three threads whose groups are as small as they can be, two, still has one group for its two sleepers, and no
leader; four threads are the fewest that have one.
"""

from __future__ import annotations

from functools import partial

import pytest

import phalanx
import treadle
from tests.verify import promises
from treadle.api.conforming import conform
from treadle.conformance.words import Bounds


def tree(parties: int) -> phalanx.TreeBarrier:
    """A tree with groups of two."""
    return phalanx.TreeBarrier(parties, arity=2)


indices_4x1 = partial(promises.indices, tree, 4, 1)
together_4x1 = partial(promises.together, tree, 4, 1)
expired_4x1 = partial(promises.expired, tree, 4, 1)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["indices_4x1", "together_4x1"])
def test_two_groups_keep_the_promise(name: str) -> None:
    """P1, P5: four threads in groups of two, one round, in every interleaving."""
    verdict = treadle.explore(f"tests.verify.test_tree:{name}", granularity="access")
    assert verdict.status is treadle.Status.PROVED, verdict.failure


def test_one_group_conforms() -> None:
    """Two parties, all calls: what their callers see is what spec/Barrier.tla allows."""
    verdict = conform("phalanx:TreeBarrier", bounds=Bounds(threads=2, parties=2, rounds=1, calls=("wait", "abort")))
    assert verdict.status is treadle.Status.PROVED, verdict.failure
