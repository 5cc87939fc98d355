"""Ctrl-C in the main thread while it waits at a barrier, on a real interpreter (P10)."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

STORM = Path(__file__).with_name("storm.py")


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the platform has no interval timers"),
]


def _storm(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", str(STORM), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_a_storm_of_interrupts_wedges_nothing() -> None:
    """P10: of 2,000 interrupts at all kinds, most strike in `wait`; none leaves a waiter asleep or an index given twice."""
    ended = _storm("2000")
    assert ended.returncode == 0, ended.stderr
    told = re.findall(r"^(\w+): 400 interrupts, (\d+) inside wait", ended.stdout, re.MULTILINE)
    assert [kind for kind, _ in told] == ["gates", "pipes", "action", "tree", "elastic"]
    assert sum(int(inside) for _, inside in told) > 1_000


def test_the_storm_is_strong_enough() -> None:
    """The standard library's barrier does not survive it."""
    ended = _storm("10000", "threading")
    assert ended.returncode == 1
    assert "AssertionError" in ended.stderr
