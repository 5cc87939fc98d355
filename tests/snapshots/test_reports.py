"""The reports of mistakes that people make, word for word; and each replays to the same words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from treadle.api.exploration import explore
from treadle.api.keeping import usual_path
from treadle.api.retelling import tell
from treadle.cli import main

if TYPE_CHECKING:
    from tests.snapshots.conftest import Snapshot

pytestmark = pytest.mark.usefixtures("beside_the_scenarios")

MISTAKES = {
    "lock order": "bank.py::transfers",
    "lost wakeup": "mailbox.py::one_letter",
    "check then act": "tickets.py::two_buyers",
    "exception in a thread": "jobs.py::two_workers",
    "timeout": "jobs.py::patience",
    "five threads": "jobs.py::five_takers",
    "lost update": "counter.py::both_count",
    "data race": "counter.py::both_count",
    "list without a lock": "counter.py::two_takers",
    "missed signal": "flags.py::one_wave",
    "livelock": "flags.py::after_you",
}
SYNC = {"data race"}
"""Those that are looked for at synchronisation only."""


def _check(mistake: str) -> list[str]:
    return ["check", MISTAKES[mistake], "--granularity", "sync" if mistake in SYNC else "access"]


@pytest.mark.parametrize("mistake", list(MISTAKES))
def test_the_report(mistake: str, snapshot: Snapshot, capsys: pytest.CaptureFixture[str]) -> None:
    """One column for each thread, file:line, and the line that replays it; then the verdict in a line."""
    target = MISTAKES[mistake]
    assert main(_check(mistake)) == 1
    report, last = capsys.readouterr().out.rstrip("\n").rsplit("\n\n", 1)
    snapshot(report, mistake.replace(" ", "_"))
    assert last.startswith(f"{target}: failed: ")
    assert max(map(len, report.splitlines())) <= 100


@pytest.mark.parametrize("mistake", list(MISTAKES))
def test_the_line_replays_to_the_same_words(mistake: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What `treadle replay` prints is, byte for byte, what `treadle check` has printed above the line."""
    main(_check(mistake))
    checked = capsys.readouterr().out
    line = next(line for line in checked.splitlines() if line.startswith("  treadle replay "))
    assert main(line.split()[1:]) == 1
    assert checked.startswith(capsys.readouterr().out + "\nTo see it again:\n" + line)


def test_telling_twice_gives_the_same_words() -> None:
    """A schedule has one report."""
    verdict = explore("bank.py::transfers", granularity="sync")
    assert verdict.failure is not None
    assert verdict.failure.schedule is not None
    assert tell(verdict.failure.schedule) == tell(verdict.failure.schedule)


def test_the_schedule_is_kept_where_git_does_not_look(capsys: pytest.CaptureFixture[str]) -> None:
    """In .treadle, in a file named by the target, beside a .gitignore."""
    main(["check", "bank.py::transfers", "--granularity", "sync"])
    assert "  treadle replay .treadle/bank.transfers.json\n" in capsys.readouterr().out
    assert Path(".treadle/.gitignore").read_text(encoding="utf-8") == "*\n"


@pytest.mark.parametrize(
    ("target", "file"),
    [
        ("bank.py::transfers", ".treadle/bank.transfers.json"),
        ("tests/bank.py::transfers", ".treadle/tests.bank.transfers.json"),
        ("tests.bank:transfers", ".treadle/tests.bank.transfers.json"),
        ("../a-b.py::f", ".treadle/a-b.f.json"),
    ],
)
def test_a_schedule_is_named_by_its_target(target: str, file: str) -> None:
    """The same scenario, named either way, has the same file."""
    assert usual_path(target) == Path(file)
