"""A call that waits for the world outside ends the exploration, instead of waiting for ever."""

from __future__ import annotations

import os
import signal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import treadle
from treadle.runtime import standstill

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from treadle.model.verdict import Verdict

WAITS = {
    "a real pipe": "import posix\nread, write = posix.pipe()\nwait = lambda: posix.read(read, 1)",
    "a lock of a shared module": "import logging\nlock = logging.threading.Lock()\nlock.acquire()\nwait = lock.acquire",
}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The timer of the test runner, which has the signal, is put aside meanwhile."""
    before, left = signal.signal(signal.SIGALRM, signal.SIG_DFL), signal.setitimer(signal.ITIMER_REAL, 0)
    monkeypatch.setattr(standstill, "SECOND", 0.05)
    yield
    signal.signal(signal.SIGALRM, before)
    signal.setitimer(signal.ITIMER_REAL, *left)


def explored(folder: Path, code: str, **options: Any) -> Verdict:
    """What is found of a thread that does this while another one waits for its end."""
    file = folder / "waits.py"
    body = code.replace("\n", "\n    ")
    file.write_text(
        f"import threading\ndef scenario():\n    {body}\n    thread = threading.Thread(target=wait)\n"
        "    thread.start()\n    thread.join()\n",
        encoding="utf-8",
    )
    return treadle.explore(f"{file}::scenario", **options)


@pytest.mark.parametrize("name", WAITS)
def test_a_real_wait_is_cut(name: str, tmp_path: Path) -> None:
    """The verdict is incomplete after one execution, and says where the call is."""
    verdict = explored(tmp_path, WAITS[name])
    assert verdict.failure is None
    assert not verdict.complete
    assert verdict.executions == 1
    assert any("a call waits for something real, and meanwhile no thread can run" in r for r in verdict.reasons)


def test_only_who_does_nothing_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four looks in a row that find the same step and no processor time used; a debugger has all the time it wants."""
    used = iter([0.0, 0.5, *[0.5] * 3, 1.0, *[1.0] * 9])
    monkeypatch.setattr(os, "times", lambda: (next(used), 0.0))
    cut: list[int] = []
    turns = SimpleNamespace(live=True, execution=SimpleNamespace(events=[1, 2]), cut=lambda: cut.append(1))
    watcher = standstill.Standstill(turns, lambda _: "here")  # type: ignore[arg-type]
    for looks in range(15):
        monkeypatch.setattr(standstill, "_debugs", lambda _, now=looks: now < 12)
        watcher._look(0, None)
    assert cut == [1]
    assert watcher.found == "here"


def test_a_time_limit_is_met_in_the_middle_of_an_execution(tmp_path: Path) -> None:
    """An execution that goes on and on is cut when the time is over, long before it has made all its steps."""
    endless = (
        "numbers = []\nlock = threading.Lock()\ndef wait():\n    while True:\n        with lock: numbers.append(1)"
    )
    verdict = explored(tmp_path, endless, seconds=0.0)
    assert verdict.executions == 1
    assert verdict.steps == 10_000
    assert verdict.reasons[0] == "stopped after 1 executions at the limit of 0 s"
