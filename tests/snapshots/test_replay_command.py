"""`treadle replay`: what is kept fails again, or it is said why not; the words are those of test_reports."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from treadle.cli import main

KEPT = Path("kept.json")


@pytest.fixture(autouse=True)
def kept(beside_the_scenarios: None, capsys: pytest.CaptureFixture[str]) -> None:
    """The schedule of a deadlock is there."""
    main(["check", "bank.py::transfers", "--granularity", "sync", "--out", str(KEPT)])
    capsys.readouterr()


def _edit(file: str, old: str, new: str) -> None:
    path = Path(file)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_fields(capsys: pytest.CaptureFixture[str]) -> None:
    """Those of a check of this one execution."""
    assert main(["replay", str(KEPT), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["target"], document["verdict"], document["executions"]) == ("bank.py::transfers", "failed", 1)
    assert document["failure"]["schedule"] == json.loads(KEPT.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("{", ["kept.json is not a schedule", "expected:  JSON"]),
        ("[]", ["kept.json is not a schedule", "got:       []"]),
        ('{"format": "something else"}', ["kept.json is not a schedule"]),
        ('{"format": "treadle schedule", "version": 99}', ["written by another version", "got:       99"]),
        ('{"format": "treadle schedule", "version": 1}', ["kept.json is damaged"]),
    ],
)
def test_what_is_no_schedule_is_told(capsys: pytest.CaptureFixture[str], text: str, parts: list[str]) -> None:
    """Exit code 2, one message, no traceback."""
    KEPT.write_text(text, encoding="utf-8")
    assert main(["replay", str(KEPT)]) == 2
    said = capsys.readouterr()
    assert all(part in said.err for part in parts), said.err
    assert said.out == ""


def test_a_file_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2; in JSON the message is `error`."""
    assert main(["replay", "nowhere.json", "--json"]) == 2
    assert "cannot read the schedule nowhere.json" in json.loads(capsys.readouterr().out)["error"]


def test_a_schedule_of_something_else_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """A schedule that was not made from a scenario has other options."""
    _edit("kept.json", '"granularity": "sync"', '"spec": "Barrier"')
    assert main(["replay", str(KEPT)]) == 2
    assert "the schedule was not made by treadle check" in capsys.readouterr().err


def test_code_that_has_changed_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2: which step does not fit any more, and what to do."""
    _edit("bank.py", "two.start()", "pass")
    assert main(["replay", str(KEPT)]) == 2
    error = capsys.readouterr().err
    assert "the schedule no longer fits the code: step 2 of " in error
    assert "treadle check bank.py::transfers" in error


def test_code_that_was_mended_is_no_proof(capsys: pytest.CaptureFixture[str]) -> None:
    """Where the schedule still fits and does not fail, one execution has passed: exit code 3."""
    assert main(["check", "tickets.py::two_buyers", "--granularity", "sync", "--out", str(KEPT)]) == 1
    _edit("tickets.py", "self.tickets -= 1", "self.tickets = 0")
    capsys.readouterr()
    assert main(["replay", str(KEPT)]) == 3
    assert capsys.readouterr().out.startswith("tickets.py::two_buyers does not fail\n")
    assert main(["replay", str(KEPT), "--json"]) == 3
    document = json.loads(capsys.readouterr().out)
    assert (document["verdict"], document["failure"]) == ("incomplete", None)
    assert document["reasons"] == ["the schedule does not fail any more; one execution is no proof"]
