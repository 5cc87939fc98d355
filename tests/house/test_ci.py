"""What decides whether a change may be merged fails when anything does.

`.ci/run` is run in an empty place in which every tool is a small script, so that each can be made to fail.
"""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.house.source import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.files


NEEDED = ("awk", "bash", "cat", "dirname", "env", "flock", "grep", "mktemp", "rm", "sed", "sort", "tail", "touch")
OK = "exit 0"


def _script(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["#!/usr/bin/env bash", *lines, ""]), encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A copy of .ci/run among tools that all succeed: python3.11 is ours, python3.12 works, python3.13 is a mere shim."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci" / "run")
    for tool in NEEDED:
        found = shutil.which(tool)
        assert found, f"this test needs {tool}"
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / tool).symlink_to(found)
    _script(tmp_path / "bin" / "make", '[ "$1" = docs ] || echo "===== 7 passed, 1 skipped in 0.10s ====="')
    # Asked for its name or its path it gives it; asked whether it is a preview it says no.
    _script(tmp_path / "bin" / "python3.12", 'case "$2" in *abiflags\\ or*) exit 1;; esac', 'echo "$0"')
    _script(tmp_path / "bin" / "python3.13", "exit 127")
    _script(tmp_path / "bin" / "python3", "echo python3.11")
    _script(tmp_path / ".venv" / "bin" / "python", OK)
    for tool in ("ruff", "mypy", "lint-imports"):
        _script(tmp_path / ".venv" / "bin" / tool, OK)
    return tmp_path


def _run(place: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(place / "bin"), "TMPDIR": str(place), "CI": "true", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [str(place / "bin" / "bash"), ".ci/run"]
    return subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)


def test_all_is_well(place: Path) -> None:
    """It runs the suite on each Python that works and ends with the number of tests; no log is left behind."""
    ended = _run(place)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.splitlines()[-1] == "all passed: 14 tests on 2 Pythons"
    assert "suite on python3.12" in ended.stdout
    assert "python3.13" not in ended.stdout
    assert not list(place.glob("tmp.*"))


def test_what_was_compiled_is_kept_until_the_end(place: Path) -> None:
    """Even where the machine says that none be written; outside of the tree, with the logs."""
    said = 'echo "${PYTHONDONTWRITEBYTECODE-written}"; mkdir -p "$PYTHONPYCACHEPREFIX"; echo "to $PYTHONPYCACHEPREFIX"'
    _script(place / "bin" / "make", said, 'echo "===== 7 passed in 0.10s ====="')
    (place / "bin" / "mkdir").symlink_to(str(shutil.which("mkdir")))
    lines = _run(place).stdout.splitlines()
    assert "written" in lines
    assert all(line.endswith("/bytecode") for line in lines if line.startswith("to "))
    assert not list(place.glob("tmp.*"))


@pytest.mark.parametrize("tool", ["ruff", "mypy", "lint-imports"])
def test_a_tool_that_complains_is_a_failure(place: Path, tool: str) -> None:
    """Its complaint is printed, and the end is not 0, though every test passed."""
    _script(place / ".venv" / "bin" / tool, "echo this is wrong", "exit 1")
    ended = _run(place)
    assert ended.returncode == 1
    assert "this is wrong" in ended.stdout
    assert ended.stdout.splitlines()[-1] == "FAILED"


@pytest.mark.parametrize(
    "condition",
    ['[ "$#" = 1 ] && [ "$1" = test ]', '[ "$1" = docs ]', '[ "$1,$2" = "test,PYTHON=$(dirname "$0")/python3.12" ]'],
)
def test_a_suite_or_a_page_that_fails_is_a_failure(place: Path, condition: str) -> None:
    """Be it our own Python's suite, the documentation, or another Python's suite."""
    _script(place / "bin" / "make", f"if {condition}; then echo '== 1 failed, 6 passed in 0.10s =='; exit 2; fi")
    ended = _run(place)
    assert ended.returncode == 1
    assert "FAILED (2)" in ended.stdout


def test_without_an_environment_nothing_passes(place: Path) -> None:
    """If make test could not even set up, the end is not 0."""
    shutil.rmtree(place / ".venv")
    _script(place / "bin" / "make", "echo no network", "exit 2")
    ended = _run(place)
    assert ended.returncode == 1
    assert "no network" in ended.stdout


def test_a_preview_that_lacks_our_dependencies_is_left_out_aloud(place: Path) -> None:
    """A free-threaded or unreleased Python on which they cannot be installed is named, and is no failure."""
    _script(place / "bin" / "python3.12", 'case "$2" in *abiflags\\ or*) exit 0;; esac', 'echo "$0"')
    _script(place / "bin" / "make", '[ "$1" = setup ] && { echo no wheel; exit 1; }', 'echo "== 7 passed in 0.10s =="')
    ended = _run(place)
    assert ended.returncode == 0
    assert "no wheel" in ended.stdout
    assert "python3.12             LEFT OUT: our dependencies cannot be installed there" in ended.stdout
