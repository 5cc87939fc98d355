"""The documentation tells the truth: what its pages show is run, each page by itself."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.house.examples import ExampleError, departures, program
from tests.house.source import files, text

if TYPE_CHECKING:
    from pathlib import Path

PAGES = [path for path in files() if path.endswith(".md") and path.startswith(("docs/", "README"))]
WITH_EXAMPLES = [path for path in PAGES if program(text(path))[1]]


def _run(page: str, directory: Path) -> tuple[str, str, int]:
    """What the program of a page prints, what it complains of, and how it ends."""
    # A file, since treadle reads the source of what it is given.
    script = directory / "page.py"
    script.write_text(program(page)[0], encoding="utf-8")
    command = [sys.executable, "-W", "error", script.name]
    ended = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=60, check=False)
    return ended.stdout, ended.stderr, ended.returncode


@pytest.mark.parametrize("path", WITH_EXAMPLES)
def test_a_page_shows_what_happens(path: str, tmp_path: Path) -> None:
    """Every example of the page runs, and prints what the page says that it prints."""
    said, complaint, code = _run(text(path), tmp_path)
    assert code == 0, complaint
    assert not departures(said, program(text(path))[1])


@pytest.mark.parametrize("path", [path for path in PAGES if path not in WITH_EXAMPLES])
def test_a_page_without_examples_can_be_read(path: str) -> None:
    """Its blocks are closed, and those that are not run say why."""
    assert program(text(path))[1] == []


def test_blocks_of_a_page_are_one_program(tmp_path: Path) -> None:
    """A later block sees the names of an earlier one; what it prints is compared with the text that follows."""
    page = "```python\nx = 1\n```\n\n```python\nprint(x + 1)\n```\n\n<!-- prints -->\n```text\n2\n```\n"
    said, complaint, code = _run(page, tmp_path)
    assert (complaint, code) == ("", 0)
    assert program(page)[1] == ["", "2"]
    assert not departures(said, ["", "2"])


def test_a_false_output_is_seen() -> None:
    """What the page shows and the program does not print is a departure, named by its block."""
    assert departures("1\n\f3\n\f", ["", "2"]) == ["block 2: the page shows '2', the program printed '3'"]


def test_a_failing_example_is_seen(tmp_path: Path) -> None:
    """It ends the program, and the traceback names the line of the page."""
    _, complaint, code = _run("# Title\n\nProse.\n\n```python\nassert 1 == 2\n```\n", tmp_path)
    assert code == 1
    assert 'page.py", line 6' in complaint


def test_a_block_is_left_out_for_a_reason_only() -> None:
    """With a reason it is left out; without one the page is refused, as is a block that is never closed."""
    assert program("<!-- not run: it never ends -->\n\n```python\n1 / 0\n```\n")[1] == []
    with pytest.raises(ExampleError, match="line 3: the block is not run, and no reason is given"):
        program("<!-- not run -->\n```python\n1 / 0\n```\n")
    with pytest.raises(ExampleError, match="line 1: the block that opens here is never closed"):
        program("```python\n1 / 0\n")
    with pytest.raises(ExampleError, match="line 3: prints, but no block of Python stands above it"):
        program("<!-- prints -->\n```text\n2\n```\n")


def test_other_blocks_are_prose() -> None:
    """Only Python is run; a longer fence may contain a shorter one."""
    assert program("```console\n$ make test\n```\n\n````text\n```python\n1 / 0\n```\n````\n")[1] == []
