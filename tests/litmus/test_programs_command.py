"""`treadle programs`: its exit codes, its table, its JSON, and what it says about malformed programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.litmus.families import lastzero
from treadle.cli import main
from treadle.search.audit import audit
from treadle.search.exploration import explore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BUFFERING = {"name": "SB", "threads": [[["w", "x", 1], ["r", "y"]], [["w", "y", 1], ["r", "x"]]], "traces": 3}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    """Writes a file of programs and gives its path."""

    def write(*programs: Any) -> str:
        path = tmp_path / "programs.json"
        path.write_text(json.dumps({"programs": programs}))
        return str(path)

    return write


def test_exact_counts_end_with_0(write: Callable[..., str], capsys: pytest.CaptureFixture[str]) -> None:
    """The table has a line for each program and one for all."""
    assert main(["programs", write(BUFFERING, {**BUFFERING, "name": "uncounted", "traces": 3})]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split()[:3] == ["SB", "3", "3"]
    assert lines[1].endswith("exact")
    assert lines[-1].startswith("2 programs: 2 exact (6 executions, 0 redundant")


def test_a_count_that_differs_ends_with_1(write: Callable[..., str], capsys: pytest.CaptureFixture[str]) -> None:
    """Both numbers are shown."""
    assert main(["programs", write({**BUFFERING, "traces": 4, "deadlock": 0})]) == 1
    out = capsys.readouterr().out
    assert "wrong; traces 3, expected 4" in out
    assert "1 of 1 programs were counted wrong: SB" in out


def test_a_limit_ends_with_3(write: Callable[..., str], capsys: pytest.CaptureFixture[str]) -> None:
    """Incomplete is neither right nor wrong."""
    assert main(["programs", write({"name": "z", **lastzero(5)}), "--max-executions", "10"]) == 3
    assert "incomplete; stopped after 10 executions, the bound that was set" in capsys.readouterr().out


def test_more_traces_than_expected_are_wrong_even_when_cut_short(write: Callable[..., str]) -> None:
    """Eleven traces are more than ten, whatever was left out."""
    assert main(["programs", write({**lastzero(5), "traces": 10}), "--max-executions", "11"]) == 1


def test_no_time_at_all_ends_with_3(write: Callable[..., str], capsys: pytest.CaptureFixture[str]) -> None:
    """What was not run is said."""
    assert main(["programs", write(BUFFERING, BUFFERING), "--seconds", "0"]) == 3
    assert "2 programs were not run: the limit of 0 s" in capsys.readouterr().out


def test_json_is_one_object(write: Callable[..., str], capsys: pytest.CaptureFixture[str]) -> None:
    """With the fields of every exploration, and the programs."""
    assert main(["programs", write(BUFFERING, {"threads": [[["assert", "0"]]]}), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["verdict"] == "proved"
    assert (told["executions"], told["complete"], told["blocked"], told["redundant"]) == (4, 4, 0, 0)
    assert told["reasons"] == []
    assert told["failure"] is None
    first, second = told["programs"]
    assert (first["name"], first["verdict"], first["traces"], first["expected"]) == ("SB", "exact", 3, {"traces": 3})
    assert (second["name"], second["verdict"], second["errors"]) == ("program 1", "counted", 1)


def test_json_of_a_wrong_count_has_a_failure(write: Callable[..., str], capsys: pytest.CaptureFixture[str]) -> None:
    """Its kind is `count`."""
    assert main(["programs", write({**BUFFERING, "traces": 2}), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["verdict"] == "failed"
    assert told["failure"]["kind"] == "count"


def test_only_picks_programs(write: Callable[..., str], capsys: pytest.CaptureFixture[str]) -> None:
    """By name; a name that is not there is wrong usage."""
    path = write(BUFFERING, {**BUFFERING, "name": "other"})
    assert main(["programs", path, "--only", "other", "--json"]) == 0
    assert [program["name"] for program in json.loads(capsys.readouterr().out)["programs"]] == ["other"]
    assert main(["programs", path, "--only", "third"]) == 2
    assert "expected:  one of SB, other" in capsys.readouterr().err


def test_a_bare_list_and_a_single_program_are_files_too(tmp_path: Path) -> None:
    """The object with a list of programs is not needed."""
    path = tmp_path / "p.json"
    for data in ([BUFFERING], BUFFERING):
        path.write_text(json.dumps(data))
        assert main(["programs", str(path)]) == 0


def test_ctrl_c_ends_with_3(
    write: Callable[..., str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was counted is printed; the rest is said to be missing. No traceback."""

    def interrupted(*arguments: Any, **options: Any) -> Any:
        if interrupted.left == 0:  # type: ignore[attr-defined]
            raise KeyboardInterrupt
        interrupted.left -= 1  # type: ignore[attr-defined]
        return audit(*arguments, **options)

    interrupted.left = 1  # type: ignore[attr-defined]
    monkeypatch.setattr("treadle.cli.programs.audit", interrupted)
    assert main(["programs", write(BUFFERING, BUFFERING, BUFFERING)]) == 3
    out = capsys.readouterr().out
    assert out.splitlines()[1].endswith("exact")
    assert "2 programs were not run: interrupted" in out


def test_ctrl_c_inside_a_program_keeps_what_was_counted(
    write: Callable[..., str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exploration itself says where it was interrupted, and no further program is run."""

    def watched(subject: Any, strategy: Any, **options: Any) -> Any:
        watch = options.pop("watch")

        def interrupting(execution: Any, verdict: Any) -> None:
            watch(execution, verdict)
            if verdict.executions == 2:
                raise KeyboardInterrupt

        return explore(subject, strategy, watch=interrupting, **options)

    monkeypatch.setattr("treadle.search.audit.explore", watched)
    assert main(["programs", write(BUFFERING, BUFFERING)]) == 3
    out = capsys.readouterr().out
    assert "incomplete; interrupted after 2 executions" in out
    assert "1 programs were not run: interrupted" in out


MALFORMED: list[tuple[str, Any, str]] = [
    ("no list of programs", {"programs": 3}, "wrong 'programs'"),
    ("a program that is no object", {"programs": [3]}, "program 0 is no object"),
    ("no threads", {"name": "p"}, "program 'p': wrong 'threads'"),
    (
        "a thread that is no list",
        {"name": "p", "threads": ["x"]},
        "program 'p', thread 0: \"x\" is no list of operations",
    ),
    ("no operation", {"name": "p", "threads": [[3]]}, "program 'p', thread 0, operation 0: 3 is no operation"),
    ("an unknown operation", {"name": "p", "threads": [[], [["read", "x"]]]}, 'thread 1, operation 0 ["read", "x"]'),
    ("too few arguments", {"name": "p", "threads": [[["cas", "x"]]]}, "the wrong number of arguments"),
    ("too many arguments", {"name": "p", "threads": [[["lock", "m", 1]]]}, "expected:  lock mutex"),
    ("a location that is none", {"name": "p", "threads": [[["r", 3]]]}, "3 names no variable"),
    ("a register that is none", {"name": "p", "threads": [[["r", "x", 3]]]}, "3 names no register"),
    ("an open brace", {"name": "p", "threads": [[["r", "x{a"]]]}, "a brace is not closed"),
    ("a bad expression", {"name": "p", "threads": [[["w", "x", "1 +"]]]}, "'1 +' is no expression"),
    ("an expression of another kind", {"name": "p", "threads": [[["w", "x", [1]]]]}, "[1] is no expression"),
    ("a call", {"name": "p", "threads": [[["w", "x", "print(1)"]]]}, "'print(1)', which no program may say"),
    ("an attribute", {"name": "p", "threads": [[["let", "a", "(1).real"]]]}, "which no program may say"),
    ("a register without a value", {"name": "p", "threads": [[["w", "x", "b"]]]}, "register 'b' has no value in 'b'"),
    ("a value that is none", {"name": "p", "threads": [[["let", "a", "1//0"]]]}, "ZeroDivisionError"),
    ("no such thread", {"name": "p", "threads": [[["spawn", 1]]]}, "there is no thread 1"),
    ("no such thread to join", {"name": "p", "threads": [[["join", "x"]]]}, "there is no thread 'x'"),
    ("nothing to choose from", {"name": "p", "threads": [[["choose", -1, "k"]]]}, "cannot choose from -1"),
    ("a break outside", {"name": "p", "threads": [[["break"]]]}, "there is no loop to leave"),
    (
        "inside a loop",
        {"name": "p", "threads": [[["while", "1", [["if", 1, [["x"]]]]]]]},
        'then > operation 0 ["x"]: there is no operation',
    ),
    ("a wait without the lock", {"name": "p", "threads": [[["wait", "c", "m"]]]}, "it waits without the lock"),
    (
        "an endless loop",
        {"name": "p", "threads": [[["while", 1, [["let", "a", 1]]]]]},
        "it loops without doing anything",
    ),
    ("deferred of no thread", {"name": "p", "threads": [[]], "deferred": [1]}, "program 'p': wrong 'deferred'"),
    ("a negative count", {"name": "p", "threads": [[]], "traces": -1}, "program 'p': wrong 'traces'"),
    ("an unknown policy", {"name": "p", "threads": [[]], "cv_policy": "lifo"}, "program 'p': wrong 'cv_policy'"),
    ("a semaphore that is no number", {"name": "p", "threads": [[]], "sem": {"s": "x"}}, "program 'p': wrong 'sem'"),
    ("an option that is no truth value", {"name": "p", "threads": [[]], "coarse_trylock": 1}, "wrong 'coarse_trylock'"),
]


@pytest.mark.parametrize(("data", "said"), [case[1:] for case in MALFORMED], ids=[case[0] for case in MALFORMED])
def test_a_malformed_program_is_named(data: Any, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With its operation, where it is one; exit code 2."""
    path = tmp_path / "p.json"
    path.write_text(json.dumps(data))
    assert main(["programs", str(path)]) == 2
    assert said in capsys.readouterr().err


def test_a_file_that_is_not_there_or_not_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both are wrong usage."""
    path = tmp_path / "p.json"
    assert main(["programs", str(path)]) == 2
    assert "cannot read" in capsys.readouterr().err
    path.write_text("{")
    assert main(["programs", str(path)]) == 2
    assert "is not JSON" in capsys.readouterr().err
