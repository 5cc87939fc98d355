"""`treadle conform` and the report of a violation: the text is pinned, and replays to the identical text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from treadle.cli import main

if TYPE_CHECKING:
    from _pytest.capture import CaptureFixture

ROOT = Path(__file__).parents[2]
SPECIMENS = "tests/quality/specimens.py"
ELASTIC = "tests/quality/broken_elastic.py"
SMALL = ("--threads", "2", "--rounds", "1")
TWICE = ("--spec", "Elastic", "--threads", "2", "--rounds", "2")

STORIES = {
    "wrong_index": [f"{SPECIMENS}:SimpleBarrier", *SMALL, "--calls", "wait"],
    "forgotten_notify": [f"{SPECIMENS}:AbortForgetsNotify", *SMALL, "--calls", "wait,abort", "--where", "action=none"],
    "forgetful_leave": [f"{ELASTIC}:ForgetfulLeave", *TWICE, "--calls", "wait,leave"],
    "counts_leavers_twice": [f"{ELASTIC}:CountsLeaversTwice", *TWICE, "--calls", "wait,arrive,leave", "--parties", "3"],
    "joins_late": [f"{ELASTIC}:JoinsLate", *TWICE, "--calls", "wait,join"],
}


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.mark.slow
@pytest.mark.parametrize("story", STORIES)
def test_a_violation_is_told_and_replays_to_the_same_text(
    story: str, tmp_path: Path, capsys: CaptureFixture[str]
) -> None:
    """The report is the one that is kept beside this test, and `treadle replay` prints it again to the letter."""
    file = tmp_path / "violation.json"
    assert main(["conform", *STORIES[story], "--out", str(file), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    told = (Path(__file__).parent / f"conform_{story}.txt").read_text(encoding="utf-8")
    assert document["failure"]["report"] + "\n" == told
    assert main(["replay", str(file)]) == 1
    assert capsys.readouterr().out == told


@pytest.mark.slow
def test_a_class_that_conforms_is_a_few_lines(capsys: CaptureFixture[str]) -> None:
    """The verdict, what was explored and left out, and what of the specification was never taken."""
    calls = "wait,wait_timeout,abort"
    assert main(["conform", f"{SPECIMENS}:MonitorBarrier", *SMALL, "--calls", calls, "--where", "action=none"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith(f"{SPECIMENS}:MonitorBarrier: conforms to Barrier (")
    # wait; abort; wait with wait, wait with abort, abort with abort; and the two with a wait that may stop for ever.
    assert told[1] == "  7 client programs, 8 left out"
    # Two waits, two aborts.
    assert told[2] == "  symmetry: in 2 programs threads with the same calls came in one order"
    assert told[3] == "  left out, 8: its wait takes no timeout"
    assert told[-1].startswith("  never taken: ActionBegins, ")


@pytest.mark.slow
def test_a_check_that_is_cut_off_is_incomplete(capsys: CaptureFixture[str]) -> None:
    """Exit code 3, and the reason says how many programs were not explored."""
    assert main(["conform", f"{SPECIMENS}:MonitorBarrier", *SMALL, "--max-executions", "2", "--json"]) == 3
    document = json.loads(capsys.readouterr().out)
    assert (document["verdict"], document["executions"]) == ("incomplete", 2)
    assert "programs were not explored" in " ".join(document["reasons"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["phalanx"], ["'phalanx' does not name a class", "phalanx:Class"]),
        (["phalanx:Barier"], ["there is no 'Barier' in phalanx", "did you mean Barrier?"]),
        (["no_such_module:Barrier"], ["cannot load", "No module named 'no_such_module'"]),
        (["phalanx:Barrier", "--spec", "Barier"], ["there is no specification Barier", "did you mean Barrier?"]),
        (["phalanx:Barrier", "--spec", "spec/Nothing.tla"], ["there is no specification spec/Nothing.tla"]),
        (["phalanx:Barrier", "--spec", "Monitor"], ["there is no kit Monitor", "--kit path/to/file.py:Class"]),
        (["phalanx:Barrier", "--kit", "nowhere:Kit"], ["the kit nowhere:Kit cannot be imported"]),
        (["phalanx:Barrier", "--kit", "phalanx:Barrier"], ["phalanx:Barrier is not a kit"]),
        (["phalanx:Barrier", "--calls", "wait,dance"], ["knows no call dance", "wait, wait_timeout"]),
        (["phalanx:Barrier", *SMALL, "--where", "action=sleeps"], ["there is no client program to explore"]),
        (["queue:Queue", *SMALL, "--calls", "wait"], ["there is no client program", "the class has no wait"]),
    ],
)
def test_wrong_usage_is_explained(arguments: list[str], said: list[str], capsys: CaptureFixture[str]) -> None:
    """Exit code 2, and what was expected."""
    assert main(["conform", *arguments]) == 2
    complaint = capsys.readouterr().err
    for part in said:
        assert part in complaint
