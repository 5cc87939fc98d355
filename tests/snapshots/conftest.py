"""A fixture that holds a text against a file beside the tests, or writes the file; and one that offers the scenarios."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Protocol

import pytest

HERE = Path(__file__).parent


class Snapshot(Protocol):
    """What the fixture gives: holds `text` against `NAME.txt`."""

    def __call__(self, text: str, name: str) -> None: ...


def pytest_addoption(parser: pytest.Parser) -> None:
    """The switch that accepts the new texts."""
    parser.addoption("--update-snapshots", action="store_true", help="write what the reports say now into the files")


@pytest.fixture
def snapshot(request: pytest.FixtureRequest) -> Snapshot:
    """Holds a text against the file of that name; `pytest tests/snapshots --update-snapshots` writes it instead."""
    update = bool(request.config.getoption("--update-snapshots", default=False))

    def hold(text: str, name: str) -> None:
        path = HERE / f"{name}.txt"
        if update:
            path.write_text(text + "\n", encoding="utf-8")
        assert path.exists(), (
            f"{path} is missing: run pytest tests/snapshots --update-snapshots, and read what it wrote"
        )
        assert text + "\n" == path.read_text(encoding="utf-8")

    return hold


@pytest.fixture
def beside_the_scenarios(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test runs in a folder of its own that has the scenarios in it, so targets are short and what is kept goes."""
    shutil.copytree(HERE / "scenarios", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
