"""What is installed is what is promised: phalanx needs nothing, and both packages are typed."""

from __future__ import annotations

import subprocess
import sys
import tomllib

from tests.house.source import ROOT, files, text

PROJECT = tomllib.loads(text("pyproject.toml"))["project"]


def _bare(program: str) -> subprocess.CompletedProcess[str]:
    """Run a program where only the standard library and impl/ can be imported."""
    program = f"import sys; sys.path.insert(0, {str(ROOT / 'impl')!r}); {program}"
    # -S: no site-packages, so nothing that was installed.
    command = [sys.executable, "-I", "-S", "-W", "error", "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_phalanx_needs_nothing_but_the_standard_library() -> None:
    """Without any installed package every public name of phalanx can be imported, and a barrier of one works."""
    ended = _bare("import phalanx; from phalanx import *; print(phalanx.Barrier(1).wait())")
    assert (ended.stdout, ended.stderr) == ("0\n", "")
    assert PROJECT["dependencies"] == []


def test_an_installed_package_would_be_missed() -> None:
    """There NumPy cannot be imported, though the tests have it."""
    assert "ModuleNotFoundError: No module named 'numpy'" in _bare("import numpy").stderr


def test_both_packages_are_typed() -> None:
    """Both say so to type checkers."""
    assert {"impl/phalanx/py.typed", "checker/treadle/py.typed"} <= set(files())


def test_every_extra_is_explained() -> None:
    """The page on dependencies has a word about every package that any extra brings in."""
    page = text("docs/explanation/dependencies.md")
    extras = [name for extra in PROJECT["optional-dependencies"].values() for name in extra]
    names = {name.split(">")[0].split("=")[0] for name in extras if not name.startswith("phalanx[")}
    assert {name for name in names if name not in page} == set()
    assert len(names) >= 10
