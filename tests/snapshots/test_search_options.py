"""Bounds and walks, from the command line and from Python: what they cover, what they say, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import treadle
from treadle.cli import main
from treadle.errors import UsageError

SCENARIOS = """
from threading import Lock, Thread

def lost() -> None:
    cell = [0]
    def add() -> None:
        cell[0] = cell[0] + 1
    threads = [Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert cell[0] == 2

def kept() -> None:
    lock, cell = Lock(), [0]
    def add() -> None:
        with lock:
            cell[0] = cell[0] + 1
    threads = [Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert cell[0] == 2
"""


@pytest.fixture(autouse=True)
def _scenarios(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("counting.py").write_text(SCENARIOS, encoding="utf-8")


def ended(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object]]:
    code = main(["check", "--json", *arguments])
    document: dict[str, object] = json.loads(capsys.readouterr().out)
    return code, document


def test_a_lost_update_needs_one_preemption(capsys: pytest.CaptureFixture[str]) -> None:
    """With none it is not found, and nothing is proved; with one it is."""
    code, document = ended(capsys, "counting.py::lost", "--bound", "0")
    assert (code, document["verdict"], document["bound"]) == (3, "incomplete", 0)
    covered = "only schedules with at most 0 preemptions were covered: 2 traces; further ones were cut off"
    assert document["reasons"] == [covered]
    code, document = ended(capsys, "counting.py::lost", "--bound", "1")
    assert (code, document["verdict"]) == (1, "failed")


def test_a_bound_that_cuts_nothing_off_proves(capsys: pytest.CaptureFixture[str]) -> None:
    """Two threads under a lock have 2 traces, however many preemptions are allowed."""
    code, document = ended(capsys, "counting.py::kept", "--bound", "20")
    assert (code, document["verdict"], document["reasons"]) == (0, "proved", [])


@pytest.mark.parametrize("walk", ["uniform", "pct"])
def test_a_walk_is_never_a_proof(capsys: pytest.CaptureFixture[str], walk: str) -> None:
    """It says how long it was and with which seed; what it finds is a failure like any other."""
    code, document = ended(capsys, "counting.py::kept", "--walk", walk, "--seed", "4", "--executions", "30")
    assert (code, document["executions"], document["search"], document["seed"]) == (3, 30, walk, 4)
    assert document["reasons"] == [f"a {walk} walk of 30 executions with seed 4 proves nothing"]
    code, document = ended(capsys, "counting.py::lost", "--walk", walk)
    assert (code, document["verdict"]) == (1, "failed")
    assert main(["replay", ".treadle/counting.lost.json"]) == 1


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--bound", "1", "--walk", "pct"], "a bound on preemptions and a walk do not go together"),
        (
            ["--search", "exhaustive", "--bound", "1"],
            "search 'exhaustive' and a bound on preemptions do not go together",
        ),
        (["--search", "exhaustive", "--walk", "pct"], "search 'exhaustive' and a walk do not go together"),
        (["--seed", "1"], "a seed without a walk means nothing"),
        (["--executions", "5"], "a number of executions without a walk means nothing"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    capsys: pytest.CaptureFixture[str], options: list[str], complaint: str
) -> None:
    """With exit code 2, and what would be right."""
    code, document = ended(capsys, "counting.py::kept", *options)
    assert code == 2
    assert complaint in str(document["error"])


def test_the_same_options_in_python() -> None:
    """As keywords of explore; wrong values are refused by name."""
    verdict = treadle.explore("counting.py::kept", walk="pct", seed=2, executions=10)
    assert (verdict.executions, verdict.notes["search"]) == (10, "pct")
    assert treadle.explore("counting.py::lost", bound=1).failure is not None
    with pytest.raises(UsageError, match="wrong bound"):
        treadle.explore("counting.py::kept", bound=-1)
    with pytest.raises(UsageError, match="wrong executions"):
        treadle.explore("counting.py::kept", walk="pct", executions=0)
    with pytest.raises(UsageError, match="unknown walk"):
        treadle.explore("counting.py::kept", walk="drunk")  # type: ignore[arg-type]


def test_symmetry_is_said_in_the_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    """Two that do the same under a lock: one order, and the line says that it was one."""
    code, document = ended(capsys, "counting.py::kept", "--symmetry", "on")
    assert (code, document["executions"], document["symmetry"]) == (0, 1, True)
    assert main(["check", "counting.py::kept", "--symmetry", "on"]) == 0
    assert capsys.readouterr().out.startswith("counting.py::kept: proved up to symmetry (1 execution, ")


SPINNING = """
from threading import Thread

class Flag:
    up = False

def polled(tries: int | None = None) -> None:
    flag = Flag()
    def raise_it() -> None:
        flag.up = True
    thread = Thread(target=raise_it)
    thread.start()
    while not flag.up:
        if tries is not None:
            tries += 1
    thread.join()

def counted() -> None:
    polled(0)
"""


def test_a_loop_that_waits_for_an_attribute_is_explored(capsys: pytest.CaptureFixture[str]) -> None:
    """The write comes first; or the loop looks once in vain, and once more after the write."""
    Path("spinning.py").write_text(SPINNING, encoding="utf-8")
    code, document = ended(capsys, "spinning.py::polled")
    assert (code, document["verdict"], document["executions"]) == (0, "proved", 2)


def test_an_execution_that_counts_is_cut_and_its_loop_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """A loop that counts its turns is in another state after each, so the reason says what went round."""
    Path("spinning.py").write_text(SPINNING, encoding="utf-8")
    code, document = ended(capsys, "spinning.py::counted", "--max-steps", "200")
    assert (code, document["verdict"]) == (3, "incomplete")
    told = "1 execution was cut after 200 steps; at the end main repeated load(Flag main@spinning.py:8.up)"
    assert document["reasons"] == [told]
