"""A short run of the program that stresses barriers; `python -m tests.real.stress 1000000` is the long one."""

from __future__ import annotations

import pytest

from tests.real.stress import KINDS, crew


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("parties", [2, 5, 11])
def test_the_books_balance(kind: str, parties: int) -> None:
    """P1, P3, P5 to P9: under delays, timeouts, aborts and resets every index is given once a generation."""
    assert crew(KINDS[kind](parties), 300, seed=parties) > 0
