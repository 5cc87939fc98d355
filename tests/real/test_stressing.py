"""`treadle.stress`: the same scenario on real threads, with a watchdog that turns a hang into a failure."""

from __future__ import annotations

import _thread
import json
import threading
from pathlib import Path
from typing import Any

import pytest

import treadle
from tests.real import stressed
from treadle.api.stressed_run import Report, Watchdog
from treadle.cli import main

FILE = Path(stressed.__file__)


def stress(name: str, **options: Any) -> treadle.Stressed:
    return treadle.stress(f"{FILE}::{name}", **options)


def test_a_test_of_check_runs_as_it_is_written() -> None:
    """The function under the decorator is run, and sees no thread but its own."""
    found = treadle.stress(stressed.fine, repeat=20)
    assert (found.passed, found.runs, found.require()) == (True, 20, found)
    assert found.verdict.status is treadle.Status.INCOMPLETE


def test_a_watchdog_that_wakes_late_is_waited_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The next run begins when it has heard of the end of the one before."""
    awake = threading.Event()
    start = _thread.start_new_thread

    def start_late(watch: Any, nothing: tuple[()]) -> int:
        return start(lambda: awake.wait() and watch(*nothing), ())

    monkeypatch.setattr(_thread, "start_new_thread", start_late)
    watchdog = Watchdog(60, Report(tmp_path / "report.json"))
    threading.Timer(0.05, awake.set).start()
    runs = []
    for number in range(3):
        with watchdog:
            runs.append((number, awake.is_set()))
    assert runs == [(0, False), (1, True), (2, True)]


def test_a_hang_is_a_failure_with_all_stacks() -> None:
    """Each thread is there by its name, with the line on which it stands; the main thread waits for them."""
    found = stress("deadlock", repeat=5, timeout=0.3)
    assert found.failure is not None
    assert (found.failure.kind, found.runs) == ("hang", 1)
    assert found.failure.message == "not over after 0.3 s: 3 threads still run"
    assert "taker 0:\n" in found.failure.details
    assert "taker 1:\n" in found.failure.details
    assert found.failure.details.count("with locks[1 - number]:") == 2
    with pytest.raises(treadle.CheckError, match="hang"):
        found.require()


def test_an_exception_in_a_thread_is_a_failure() -> None:
    """With its traceback, which begins in the scenario."""
    found = stress("fails_in_a_thread", repeat=5)
    assert found.failure is not None
    assert (found.failure.kind, found.failure.message) == ("exception", "IndexError: list index out of range")
    assert "stressed.py" in str(found)


def test_what_is_chosen_is_drawn_from_the_seed() -> None:
    """The same seed draws the same: it fails in the same run."""
    first, second = (stress("sometimes", repeat=50, seed=1) for _ in range(2))
    assert first.failure is not None
    assert first.failure.message == "AssertionError: assert chosen != 3, where chosen is 3"
    assert first.runs == second.runs


def test_a_pool_that_nobody_shut_down_is_no_hang() -> None:
    """Its idle workers end with the process."""
    assert stress("pool", repeat=3, timeout=5).passed


def test_a_process_that_ends_is_a_failure() -> None:
    """Nobody tells what happened, so its exit code is told."""
    found = stress("exits", repeat=3)
    assert found.failure is not None
    assert (found.failure.kind, found.failure.message) == ("crash", "the process ended with exit code 7")


@pytest.mark.parametrize("options", [{"repeat": 0}, {"repeat": True}, {"timeout": 0}, {"timeout": "1"}, {"seed": -1}])
def test_wrong_options_are_refused(options: dict[str, Any]) -> None:
    """UsageError that names the option."""
    with pytest.raises(treadle.UsageError, match=next(iter(options))):
        stress("fine", **options)


def test_what_cannot_be_loaded_is_told() -> None:
    """ScenarioError with what went wrong."""
    with pytest.raises(treadle.ScenarioError, match="AttributeError"):
        stress("no_such_scenario")


def test_the_command_tells_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1 for a failure, 3 for none; one JSON object."""
    assert main(["stress", f"{FILE}::fine", "--repeat", "2"]) == 3
    assert "no failure in 2 runs on real threads, which proves nothing" in capsys.readouterr().out
    assert main(["stress", f"{FILE}::fails_in_a_thread", f"{FILE}::nothing", "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["verdict"] == "failed"
    assert document["targets"][0]["failure"]["kind"] == "exception"
    assert "AttributeError" in document["targets"][1]["error"]


def test_choose_outside_of_everything_is_an_error() -> None:
    """UsageError that says how to run the scenario."""
    with pytest.raises(treadle.UsageError, match=r"treadle\.stress"):
        treadle.choose([1, 2])
