"""The import contracts of pyproject.toml hold, and each of them sees the import that is planted against it.

The offences are planted in a copy of both packages, so that the contracts are tried as they are written, on the rooms
as they are.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest

from tests.house.source import PACKAGES, ROOT, python_files, text

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.files


CONTRACTS = tomllib.loads(text("pyproject.toml"))["tool"]["importlinter"]["contracts"]
# For each contract: the module in which the offence is planted, the import that is it, and how it is reported.
PLANTED = {
    "phalanx and treadle never import each other": [
        ("phalanx/errors.py", "import treadle.errors", "phalanx.errors -> treadle.errors"),
    ],
    "the layers of treadle": [
        ("treadle/model/verdict.py", "import treadle.search", "treadle.model.verdict -> treadle.search"),
        ("treadle/semantics/unheard_of.py", "import treadle.cli", "treadle.semantics.unheard_of -> treadle.cli"),
        ("treadle/newcomer.py", "", "treadle.newcomer"),
    ],
    "the layers of phalanx": [
        ("phalanx/errors.py", "import phalanx.barrier", "phalanx.errors -> phalanx.barrier"),
        ("phalanx/newcomer.py", "", "phalanx.newcomer"),
    ],
    "no two rooms need each other": [
        ("treadle/search/__init__.py", "import treadle.search.one", ""),
        ("treadle/search/one.py", "import treadle.search.two", ""),
        ("treadle/search/two.py", "import treadle.search.one", ""),
    ],
    "stacks are switched in treadle.runtime only": [
        ("treadle/search/one.py", "import greenlet", "treadle.search.one -> greenlet"),
    ],
    "dice are thrown in treadle.search.walks only": [
        ("treadle/semantics/unheard_of.py", "import random", "treadle.semantics.unheard_of -> random"),
        ("phalanx/barrier.py", "import random", "phalanx.barrier -> random"),
    ],
    "treadle meets the real clock and real threads at these places only": [
        ("treadle/model/verdict.py", "import time", "treadle.model.verdict -> time"),
        ("treadle/semantics/unheard_of.py", "from threading import Lock", "treadle.semantics.unheard_of -> threading"),
    ],
    "phalanx needs nothing but the standard library": [
        ("phalanx/barrier.py", "import numpy", "phalanx.barrier -> numpy"),
    ],
}
OFFENCES = [offence for offences in PLANTED.values() for offence in offences]


def _lint(directory: Path) -> str:
    """What import-linter says of the packages in a directory, under the contracts that lie there too."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    command += ["--no-cache", "--no-logo"]
    paths = os.pathsep.join(str(directory / root) for root in PACKAGES)
    environment = os.environ | {"PYTHONPATH": paths, "COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}
    return subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, check=False).stdout


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says of a copy in which every offence is planted."""
    copy = tmp_path_factory.mktemp("planted")
    shutil.copy(ROOT / "pyproject.toml", copy)
    for path in python_files(*PACKAGES):
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, copy / path)
    for module, offence, _ in OFFENCES:
        root = "impl" if module.startswith("phalanx") else "checker"
        with (copy / root / module).open("a", encoding="utf-8") as planted:
            planted.write(f"{offence}\n")
    return _lint(copy)


def test_the_contracts_hold() -> None:
    """Every import in the two packages goes the way that it may."""
    said = _lint(ROOT)
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in said, said


def test_every_contract_has_an_offence_planted_against_it() -> None:
    """A contract that was never seen broken is no contract."""
    assert [contract["name"] for contract in CONTRACTS] == list(PLANTED)


@pytest.mark.parametrize("name", list(PLANTED))
def test_a_planted_import_is_seen(broken: str, name: str) -> None:
    """The contract is reported as broken."""
    assert f"{name} BROKEN" in broken, broken


@pytest.mark.parametrize("reported", [reported for *_, reported in OFFENCES if reported])
def test_a_planted_import_is_named(broken: str, reported: str) -> None:
    """The report names both ends of the import, or the newcomer that has no layer."""
    assert reported in broken, broken
