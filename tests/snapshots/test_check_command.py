"""`treadle check`: exit codes, JSON, and errors that coach."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from treadle.cli import main
from treadle.cli.interruption import Interruption
from treadle.model.verdict import Verdict
from treadle.report.progress import progress, sentence

pytestmark = pytest.mark.usefixtures("beside_the_scenarios")

LOCKED, CHOSEN, BAD = "passing.py::locked", "passing.py::chosen", "passing.py::chosen_badly"
SYNC = ["--granularity", "sync"]


@pytest.fixture(autouse=True)
def first_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scenarios that count their runs begin at none."""
    monkeypatch.setenv("RUNS", "0")


def _json(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code, and the one object on standard output."""
    code = main(["check", *arguments, *SYNC, "--json"])
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, document


def test_a_proof_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Target, verdict, cost; exit code 0."""
    assert main(["check", LOCKED, *SYNC]) == 0
    out = capsys.readouterr().out
    assert out.startswith("passing.py::locked: proved (2 executions, ")
    assert out.count("\n") == 1


def test_the_module_form_is_a_target_too(capsys: pytest.CaptureFixture[str]) -> None:
    """module:function, searched for from the current directory."""
    assert main(["check", "passing:locked", *SYNC]) == 0
    assert capsys.readouterr().out.startswith("passing:locked: proved")


def test_a_choice_is_explored(capsys: pytest.CaptureFixture[str]) -> None:
    """One execution for each option, and the one that fails is told."""
    assert _json(capsys, CHOSEN)[1]["executions"] == 3
    assert main(["check", BAD, *SYNC]) == 1
    out = capsys.readouterr().out
    assert "AssertionError: assert treadle.choose([1, 2, 3]) != 2" in out
    assert "- chooses option 2 of 3, raises AssertionError" in out


def test_the_fields_of_a_proof(capsys: pytest.CaptureFixture[str]) -> None:
    """All that the reference promises, and nothing that it does not."""
    code, document = _json(capsys, LOCKED)
    seconds, steps = document.pop("seconds"), document.pop("steps")
    assert code == 0
    assert (seconds > 0, steps > 0) == (True, True)
    assert document == {
        "target": LOCKED,
        "granularity": "sync",
        "search": "optimal",
        "symmetry": False,
        "verdict": "proved",
        "executions": 2,
        "complete": True,
        "blocked": 0,
        "redundant": 0,
        "reasons": [],
        "failure": None,
    }


def test_the_fields_of_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    """Kind, message, schedule; the file that the schedule is kept in, and the report."""
    code, document = _json(capsys, "bank.py::transfers", "--out", "kept.json")
    failure = document["failure"]
    assert code == 1
    assert (document["verdict"], document["complete"], document["blocked"]) == ("failed", False, 1)
    assert (failure["kind"], failure["file"]) == ("deadlock", "kept.json")
    assert failure["schedule"] == json.loads(Path("kept.json").read_text(encoding="utf-8"))
    assert failure["report"].startswith("bank.py::transfers fails: deadlock\n\nann and bob wait for each other.\n\n")


def test_an_incomplete_search_is_not_a_proof(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 3, and the reason."""
    code, document = _json(capsys, LOCKED, "--max-executions", "1")
    assert (code, document["verdict"], document["complete"]) == (3, "incomplete", False)
    assert document["reasons"] == ["stopped after 1 executions, the bound that was set"]
    assert main(["check", LOCKED, *SYNC, "--max-steps", "3"]) == 3
    assert "incomplete: 1 execution was cut after 3 steps" in capsys.readouterr().out
    assert main(["check", LOCKED, *SYNC, "--seconds", "1e-9"]) == 3


def test_exhaustive_search_runs_every_interleaving(capsys: pytest.CaptureFixture[str]) -> None:
    """More executions, the same verdict."""
    code, document = _json(capsys, LOCKED, "--search", "exhaustive")
    assert (code, document["verdict"], document["search"]) == (0, "proved", "exhaustive")
    assert document["executions"] > 2


@pytest.mark.parametrize(
    ("targets", "code", "verdict"),
    [
        ([LOCKED, CHOSEN], 0, "proved"),
        ([LOCKED, BAD], 1, "failed"),
        (["nowhere.py::f", BAD], 1, "failed"),
        (["nowhere.py::f", LOCKED], 2, "incomplete"),
    ],
)
def test_the_worst_of_several_targets_counts(
    capsys: pytest.CaptureFixture[str], targets: list[str], code: int, verdict: str
) -> None:
    """A violation over wrong usage, that over what is incomplete, that over a proof; a line for each target."""
    got, document = _json(capsys, *targets)
    assert (got, document["verdict"]) == (code, verdict)
    assert [one["target"] for one in document["targets"]] == targets
    assert document["executions"] == sum(one.get("executions", 0) for one in document["targets"])
    assert main(["check", *targets, *SYNC]) == code
    said = capsys.readouterr()
    assert all(f"{target}: " in said.out or "nowhere" in target for target in targets)


def test_several_targets_with_one_incomplete(capsys: pytest.CaptureFixture[str]) -> None:
    """One is left out in part, so all is incomplete; the reason names it."""
    code, document = _json(capsys, LOCKED, "passing.py::chosen", "--max-executions", "2")
    assert (code, document["verdict"]) == (3, "incomplete")
    assert document["reasons"] == [f"{CHOSEN}: stopped after 2 executions, the bound that was set"]


@pytest.mark.parametrize(
    ("target", "parts"),
    [
        ("nowhere.py::f", ["there is no file nowhere.py"]),
        ("bnak.py::transfers", ["there is no file bnak.py", "did you mean bank.py?"]),
        ("passing.py::loked", ["there is no 'loked' in ", "did you mean locked?"]),
        ("passing.py::NOT_A_FUNCTION", ["is not a function"]),
        ("passing.py::needy", ["needs arguments", "def needy(tmp_path: 'object')"]),
        ("passing.py", ["'passing.py' is not a scenario", "module:function"]),
        ("no_such_module:f", ["cannot load the scenario", "No module named 'no_such_module'"]),
        ("passing.py::once", ["the failure that was found did not happen again", "expected:  AssertionError"]),
        ("passing.py::dicey", ["the scenario is not deterministic", "expected:", "got:", "probably:"]),
    ],
)
def test_what_cannot_be_run_is_told(capsys: pytest.CaptureFixture[str], target: str, parts: list[str]) -> None:
    """Exit code 2, one message on standard error, no traceback; in JSON the same message as `error`."""
    assert main(["check", target, *SYNC]) == 2
    said = capsys.readouterr()
    assert all(part in said.err for part in parts), said.err
    assert said.err.startswith("treadle: ")
    assert "Traceback" not in said.err
    assert said.out == ""
    os.environ["RUNS"] = "0"
    code, document = _json(capsys, target)
    assert code == 2
    assert set(document) == {"target", "error"}
    assert all(part in document["error"] for part in parts)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["--max-executions", "0"], "'0' is not a number of at least 1"),
        (["--seconds", "soon"], "'soon' is not a positive number of seconds"),
        (["--seconds", "-1"], "'-1' is not a positive number of seconds"),
        (["--granularity", "coarse"], "invalid choice: 'coarse'"),
        (["--search", "dfs"], "invalid choice: 'dfs'"),
        (["--fawlts", "1"], "unrecognized arguments: --fawlts 1"),
    ],
)
def test_wrong_usage_is_told(capsys: pytest.CaptureFixture[str], arguments: list[str], part: str) -> None:
    """Exit code 2, and what is wrong; an option that does not exist is not ignored."""
    with pytest.raises(SystemExit) as ended:
        main(["check", LOCKED, *arguments])
    assert ended.value.code == 2
    assert part in capsys.readouterr().err


@pytest.mark.parametrize("command", ["check", "replay", "programs", "stress"])
def test_the_reference_has_every_option(command: str) -> None:
    """docs/reference/cli.md names each option of each command."""
    pages = (Path(__file__).parents[2] / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    page = pages.partition(f"\n## treadle {command}\n")[2].partition("\n## ")[0]
    parser = argparse.ArgumentParser()
    import_module(f"treadle.cli.{command}").configure(parser)
    options = {option for action in parser._actions for option in action.option_strings if option.startswith("--")}
    assert {option for option in options if option not in page} == {"--help"}


def test_one_file_cannot_keep_two_failures(capsys: pytest.CaptureFixture[str]) -> None:
    """--out with several targets is refused before anything is run."""
    assert main(["check", LOCKED, BAD, "--out", "one.json"]) == 2
    assert "--out names one file, but there are several targets" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, and the file."""
    assert main(["check", BAD, *SYNC, "--out", "bank.py/kept.json"]) == 2
    assert "the schedule cannot be written to bank.py/kept.json" in capsys.readouterr().err


def test_what_a_scenario_prints_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """It would be printed in every execution, and beside the JSON object; a replay shows it once."""
    assert _json(capsys, "passing.py::talkative", "--out", "kept.json")[0] == 1
    assert main(["check", "passing.py::talkative", *SYNC]) == 1
    assert "hello" not in capsys.readouterr().out
    assert main(["replay", "kept.json"]) == 1
    assert capsys.readouterr().out.startswith("hello\npassing.py::talkative fails: exception in main\n")
    assert main(["replay", "kept.json", "--json"]) == 1
    said = capsys.readouterr()
    assert (json.loads(said.out)["verdict"], said.err) == ("failed", "hello\n")


def test_the_command_is_a_module_too() -> None:
    """`python -m treadle` does the same."""
    command = [sys.executable, "-m", "treadle", "check", LOCKED, *SYNC, "--json"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, json.loads(ended.stdout)["verdict"]) == (0, "proved")


def test_a_missing_package_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """It can be that phalanx is installed without what treadle needs; then the extra is named."""
    for name in [name for name in sys.modules if name.startswith(("treadle.api.", "treadle.runtime"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "greenlet", None)
    assert main(["check", LOCKED]) == 2
    error = capsys.readouterr().err
    assert "treadle: the package greenlet is not installed" in error
    assert "pip install 'phalanx[check]'" in error


def test_a_reader_that_leaves_is_no_error() -> None:
    """`treadle check ... | head`: no traceback, and no exit code 0."""
    command = [sys.executable, "-m", "treadle", "check", BAD, *SYNC]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == ""
    assert running.returncode == 3


def test_the_first_interruption_is_heard_between_executions() -> None:
    """Nothing is raised where the signal strikes; then `stop_here` raises. The second one is raised at once."""
    before = signal.getsignal(signal.SIGINT)
    with Interruption() as interruption:
        interruption.stop_here()
        signal.raise_signal(signal.SIGINT)
        assert (interruption.asked, interruption.forced) == (True, False)
        with pytest.raises(KeyboardInterrupt):
            interruption.stop_here()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert interruption.forced
    assert signal.getsignal(signal.SIGINT) is before


def test_an_interrupted_search_is_incomplete(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 3 with what was covered; targets that were not reached are said to be left out."""
    hear = Interruption.stop_here

    def press_and_hear(interruption: Interruption) -> None:
        signal.raise_signal(signal.SIGINT)
        hear(interruption)

    monkeypatch.setattr(Interruption, "stop_here", press_and_hear)
    assert main(["check", LOCKED, CHOSEN, *SYNC]) == 3
    out = capsys.readouterr().out
    assert f"{LOCKED}: incomplete: interrupted after 1 executions" in out
    assert f"{CHOSEN}: incomplete: not checked: interrupted before" in out


def test_progress_says_how_many_and_how_fast() -> None:
    """Executions so far, and how many a second."""
    assert sentence("t", Verdict(executions=5_000, seconds=2.0)) == "t: 5,000 executions, 2,500 a second"


def test_progress_is_for_terminals_only(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written where standard error is no terminal; on one, a line that vanishes."""
    with progress("t") as show:
        show(Verdict(executions=1, seconds=1.0))
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with progress("t") as show:
        show(Verdict(executions=1, seconds=1.0))
    assert "t: 1 executions, 1 a second" in capsys.readouterr().err
