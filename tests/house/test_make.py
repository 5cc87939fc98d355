"""`make` sets up what a target needs, once, and says what is missing.

The Makefile is tried in an empty place, with interpreters that are small scripts: they write down how they were
called, and make environments that contain themselves.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.house.source import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.files


# Answers as an interpreter does that can do everything.
PYTHON = """#!/bin/sh
echo "$*" >>calls
case "$*" in
    *"-m venv --clear"*) mkdir -p "$4/bin"; cp "$0" "$4/bin/python" ;;
    *"print(sys.version)"*) echo 3.99 ;;
esac
"""


def _interpreter(place: Path, name: str, script: str = PYTHON) -> str:
    path = place / name
    path.write_text(script, encoding="utf-8")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty place with our Makefile."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _make(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # On PATH python3 is the one of this place, if it has one. The make that runs this test hands nothing down.
    environment = {"PATH": f"{place}{os.pathsep}{os.environ['PATH']}"}
    command = ["make", *arguments]
    return subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)


def _installations(place: Path) -> int:
    return (place / "calls").read_text(encoding="utf-8").count("-m pip install")


def test_a_second_call_does_not_install_again(place: Path) -> None:
    """One call installs, a second does not, and one after a change of pyproject.toml does."""
    _interpreter(place, "python3")
    counts = []
    for _ in range(2):
        assert _make(place, "test").returncode == 0
        counts.append(_installations(place))
    installed = (place / ".venv" / "installed").stat().st_mtime
    os.utime(place / "pyproject.toml", (installed + 1, installed + 1))
    assert _make(place, "test").returncode == 0
    assert [*counts, _installations(place)] == [1, 1, 2]


def test_a_broken_installation_is_not_taken_for_a_good_one(place: Path) -> None:
    """When pip fails, make fails, and the next call installs again."""
    _interpreter(place, "python3", PYTHON.replace("esac", '    *"pip install"*) echo no network >&2; exit 1 ;;\nesac'))
    for _ in range(2):
        ended = _make(place, "test")
        assert ended.returncode == 2
        assert "no network" in ended.stderr
    assert _installations(place) == 2
    assert "pytest" not in (place / "calls").read_text(encoding="utf-8")


def test_another_interpreter_gets_another_environment(place: Path) -> None:
    """Naming the interpreter that the environment has changes nothing; naming another one makes it anew."""
    _interpreter(place, "python3")
    same = _interpreter(place, "same")
    other = _interpreter(place, "other", PYTHON.replace("3.99", "3.98"))
    assert [
        (_make(place, "setup", *named).returncode, _installations(place)) for named in ([], [f"PYTHON={same}"])
    ] == [
        (0, 1),
        (0, 1),
    ]
    assert _make(place, "setup", f"PYTHON={other}").returncode == 0
    assert _installations(place) == 2
    assert "3.98" in (place / ".venv" / "bin" / "python").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("#!/bin/sh\necho Python 3.10.1; exit 1\n", "Python 3.11 or newer is needed, but {} is Python 3.10.1."),
        ('#!/bin/sh\ncase "$*" in *ensurepip*) exit 1;; esac\n', "{} cannot make virtual environments."),
    ],
)
def test_an_interpreter_that_will_not_do_is_named(place: Path, script: str, said: str) -> None:
    """One that is too old, and one that lacks venv: the message says which, why, and what to do."""
    path = _interpreter(place, "lacking", script)
    ended = _make(place, "prove", f"PYTHON={path}")
    assert ended.returncode == 2
    assert said.format(path) in ended.stderr
    assert not (place / ".venv").exists()


def test_a_missing_interpreter_is_named(place: Path) -> None:
    """The message says which name was tried, and how to give another."""
    ended = _make(place, "prove", "PYTHON=python3.999")
    assert ended.returncode == 2
    assert "python3.999 was not found. Instead: make PYTHON=/path/to/python3.11 (or newer)." in ended.stderr


def test_help_names_every_target(place: Path) -> None:
    """`make` alone and `make help` list what can be asked for, and do nothing."""
    said = _make(place).stdout
    assert said == _make(place, "help").stdout
    targets = [line.split()[1] for line in said.splitlines() if line.startswith("make ")]
    assert targets == ["prove", "test", "lint", "docs", "coverage", "clean"]
    assert not (place / ".venv").exists()
