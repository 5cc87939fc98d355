"""Short runs of the programs that stress barriers on real threads; each says in its docstring what the long one takes.

`python -m tests.real.stress 1000000`, `tests.real.storm 50000`, `tests.real.crowd`, `tests.real.forks 1000` and
`tests.real.endurance 1200` are the long ones.
"""

from __future__ import annotations

import os
import random

import pytest

from tests.real import crowd, endurance, forks
from tests.real.journal import Journal, Wait
from tests.real.stress import KINDS, meet, told


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("parties", [2, 5])
def test_every_generation_is_judged(kind: str, parties: int) -> None:
    """P1 to P13: under delays, timeouts, aborts, resets, joins, leaves and bad arguments every promise is kept."""
    journal = meet(KINDS[kind](parties, random.Random(parties)), 100)
    assert journal.tripped > 0
    assert len(journal.waits) >= journal.tripped * 2


def test_a_journal_in_numbers() -> None:
    """What a run prints is counted from the journals."""
    waits = [Wait(0, 1, 2, 1, 2, 0.1, 0, 1, ""), Wait(1, 1, 2, 3, 4, None, -1, 0, "abort() was called")]
    assert +told("x", Journal(2, tripped=3, waits=waits)) == {
        "synchronisations": 3,
        "synchronisations of x": 3,
        "crews": 1,
        "waits": 2,
        "waits that were told: abort() was called": 1,
        "waits with a timeout": 1,
        "arrivals that waited later": 1,
    }


@pytest.mark.slow
@pytest.mark.parametrize("kind", crowd.KINDS)
def test_a_crowd_meets_and_parts(kind: str) -> None:
    """P1, P5 to P9: a hundred threads meet, and are woken by an abort, a reset and a timeout."""
    crowd.gather(crowd.KINDS[kind], 100, 3)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the platform does not fork")
@pytest.mark.parametrize("kind", forks.KINDS)
def test_forks_harm_nobody(kind: str) -> None:
    """P9: threads go on meeting while children are forked, and each child uses the barrier after a reset."""
    assert forks.forks(forks.KINDS[kind], 3, 5, random.Random(1)) > 0


@pytest.mark.slow
def test_memory_stays_flat() -> None:
    """A thousand generations a second at each kind of barrier leave nothing behind."""
    before, after, generations = endurance.endure(1.0, 1_000)
    assert min(tripped for tripped, _ in generations.values()) > 50
    assert not endurance.grown(before, after)


def test_what_grows_is_seen() -> None:
    """More than noise is told, less is not."""
    before = endurance.Held(1 << 24, 10_000, 1_000, 20)
    after = endurance.Held((1 << 24) + (2 << 20), 10_499, 1_201, 21)
    assert endurance.grown(before, after) == {"bytes": 2 << 20, "objects": 201}
