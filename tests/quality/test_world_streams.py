"""The standard streams in a world: what a program puts in their place is what everybody writes to, while it runs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.quality import streams
from tests.quality.worlds import explored

FILE = Path(streams.__file__)
OUTCOMES = {
    "captured": {"ab", "ba"},
    "captured_by_one": {"a", "ab"},
    "replaced": {"False", "True"},
    "written": {"None"},
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_what_is_written_comes_to_what_is_there(name: str) -> None:
    """To put a file there, to look which one is there and to print are ordered in every way; the process has its own back afterwards."""
    before = sys.stdin, sys.stdout, sys.stderr
    found = explored(name, file=FILE, granularity="access", recorded=True)
    assert (sys.stdin, sys.stdout, sys.stderr) == before
    assert found.outcomes == OUTCOMES[name]
    assert found.verdict.failures == 0
    assert found.reasons == []


def test_the_streams_of_the_process_are_nobodys_data() -> None:
    """What two threads write there costs no execution."""
    assert explored("written", file=FILE, granularity="access", recorded=True).verdict.executions == 1


def test_what_modules_have_put_there_is_there_in_each_execution(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A module's own file takes all that is printed, and nothing of it comes out."""
    file = tmp_path / "quiet.py"
    file.write_text(
        "import io, sys\n"
        "kept = sys.stdout = io.StringIO()\n"
        "def scenario():\n"
        "    print('heard')\n"
        "    return sys.stdout is kept, kept.getvalue()\n"
    )
    for _ in range(2):
        found = explored("scenario", file=file, granularity="access", recorded=True)
        assert found.outcomes == {"(True, 'heard\\n')"}
    assert capsys.readouterr().out == ""
