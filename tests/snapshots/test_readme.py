"""The front door shows what a user will see."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECONDS = re.compile(r"\d+\.\d+ s")


def block(language: str) -> str:
    """The first block of the README in this language."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    assert found is not None, language
    return found[1]


def test_the_readme_opens_with_the_report_that_is_printed(tmp_path: Path) -> None:
    """The README's first program, given to its first command, prints what the README shows, but for the seconds."""
    (tmp_path / "counter.py").write_text(block("python"), encoding="utf-8")
    command, _, shown = block("console").partition("\n")
    arguments = command.removeprefix("$ treadle ").split()
    run = subprocess.run(
        [sys.executable, "-m", "treadle", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    printed = "\n".join(line.rstrip() for line in run.stdout.splitlines())
    assert SECONDS.sub("", printed) == SECONDS.sub("", shown.rstrip())
    assert run.returncode == 1, run.stderr


def test_the_readme_s_first_screen_is_one_screen() -> None:
    """The smallest broken program and its report take less than 60 lines."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    opening = text[: text.index("**treadle** is a model checker")].splitlines()
    seen = [line for line in opening if not line.startswith(("```", "<!--"))]
    assert len(seen) < 60
