"""The scenarios of the comparison with frontrun have the traces that they have, and the program says when it cannot compare."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

import treadle
from tests.quality import contest


@pytest.mark.parametrize(("case", "executions"), [*zip(contest.CASES, (2, 6, 24, 4, 36, 2, 12), strict=True)])
def test_every_scenario_is_explored_to_its_end(case: contest.Case, executions: int) -> None:
    """N! for a lock, (N!)^2 for a racy counter, N! (N-1)! for a barrier."""
    verdict = treadle.explore(f"{contest.__file__}::{case.scenario}")
    assert (verdict.status, verdict.executions) == (treadle.Status.PROVED, executions)


@pytest.mark.skipif(importlib.util.find_spec("frontrun") is not None, reason="frontrun is installed here")
def test_what_is_not_installed_is_not_compared() -> None:
    """The program ends well, and says that nothing was compared and what would help."""
    command = [sys.executable, "-m", "tests.quality.against_frontrun"]
    root = Path(contest.__file__).parents[2]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "frontrun is not installed, so NOTHING was compared; instead: pip install frontrun\n"
