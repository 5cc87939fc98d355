"""Loops of real code that wait: parking them loses nothing that the same code with bounded loops can come to."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from tests.laws.generated import RandomDice
from tests.laws.spins import author, found

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_loops_come_to_what_bounded_loops_come_to(seed: int, tmp_path: Path) -> None:
    """The same outcomes, endless turns included, and nothing is cut: 12 scenarios a seed."""
    generator = random.Random(f"loops {seed}")
    for _ in range(12):
        threads = author(RandomDice(generator))
        naive = found(tmp_path, threads.bounded)
        if naive.reasons:
            continue  # too large
        parked = found(tmp_path, threads.endless)
        assert parked.reasons == [], threads.endless
        assert parked.outcomes == naive.outcomes, threads.endless
        assert parked.verdict.redundant == 0
