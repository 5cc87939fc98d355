"""Kits for other objects than barriers: what is right conforms, what is known to be wrong is refuted, in a small program."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.house.examples import blocks
from treadle.api.conforming import conform
from treadle.api.proving import broken_by
from treadle.api.retold_conformance import rerun
from treadle.cli import main
from treadle.conformance import Bounds
from treadle.model.verdict import Status

if TYPE_CHECKING:
    from treadle.model.verdict import Failure, Verdict

BROKEN = "tests.quality.broken_objects"
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "write-a-kit.md"


def refuted(verdict: Verdict) -> Failure:
    """The failure of a verdict that is one."""
    assert verdict.status is Status.FAILED, verdict.reasons
    assert verdict.failure is not None
    return verdict.failure


@pytest.mark.parametrize(
    ("calls", "programs", "executions", "symmetric"),
    [
        # One thread has one trace, two that take the queue's lock have two; those that do the same have one. (Two that
        # put do not: they put different items.)
        (("put", "get"), 5, 7, 1),
        (("put_timeout", "get_nowait"), 5, 7, 1),
        (("put_nowait", "qsize", "empty", "full"), 14, 21, 3),
    ],
)
def test_the_standard_queue_conforms(calls: tuple[str, ...], programs: int, executions: int, symmetric: int) -> None:
    """queue.Queue keeps Q1 to Q7 for two threads with one call each and room for one, however they put and get."""
    verdict = conform("queue:Queue", "Queue", bounds=Bounds(threads=2, rounds=1, calls=calls))
    assert verdict.status is Status.PROVED, verdict.failure
    assert (verdict.notes["programs"], verdict.executions) == (programs, executions)
    assert verdict.notes["symmetric"] == symmetric


def test_a_queue_with_if_for_while_is_refuted() -> None:
    """Two gets and one put: the second get comes while the first one wakes up, and this one believes in an item."""
    verdict = conform(f"{BROKEN}:HurriedQueue", "Queue", bounds=Bounds(threads=3, rounds=1, calls=("put", "get")))
    failure = refuted(verdict)
    assert failure.message == 'not allowed: Return(b, <<"raised", "IndexError">>)'
    assert failure.schedule is not None
    assert failure.schedule.options["conformance"]["program"]["threads"] == [["put 1"], ["get"], ["get"]]
    assert "self._changed.wait()" in rerun(failure.schedule).report


@pytest.mark.slow
def test_a_queue_that_wakes_too_seldom_is_refuted() -> None:
    """Q6: two items are there and one sleeper is woken; the other one waits for ever for what is there all the time."""
    bounds = Bounds(threads=3, rounds=2, calls=("put", "get"), parties=2)
    failure = refuted(conform(f"{BROKEN}:SparingQueue", "Queue", bounds=bounds))
    assert failure.kind == "stuck"
    assert broken_by(failure.schedule) == ["Q6"]
    assert failure.schedule is not None
    assert failure.schedule.options["conformance"]["program"]["threads"] == [["get"], ["get"], ["put 1", "put 2"]]


def test_a_lock_for_readers_and_writers_conforms() -> None:
    """R1 to R6 hold for two threads that read or write once, with a lock that prefers writers."""
    for symmetry, executions in ((False, 16), (True, 11)):
        verdict = conform(
            "tests.verify.objects:ReadWriteLock",
            "ReadWriteLock",
            bounds=Bounds(threads=2, rounds=1),
            symmetry=symmetry,
        )
        assert verdict.status is Status.PROVED, verdict.failure
        assert (verdict.notes["programs"], verdict.executions) == (5, executions)


def test_a_count_of_readers_that_nobody_guards_is_refuted() -> None:
    """R2: two readers are enough: the one who leaves does not see that he is the last, and a reader waits for ever."""
    bounds = Bounds(threads=3, rounds=1)
    failure = refuted(conform(f"{BROKEN}:UncountedReaders", "ReadWriteLock", bounds=bounds))
    assert failure.kind == "stuck"
    assert "R2" in broken_by(failure.schedule)


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the page about kits shows."""
    first, second, *_ = [
        block.lines for block in blocks(PAGE.read_text(encoding="utf-8")) if block.language == "python"
    ]
    module = next(block.lines for block in blocks(PAGE.read_text(encoding="utf-8")) if "MODULE" in block.lines[0])
    for name, lines in (("latch.py", first), ("latch_kit.py", second), ("Latch.tla", module)):
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_latch_of_the_page_is_refuted(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command that docs/how-to/write-a-kit.md shows finds the lost wakeup in three threads, and names L1."""
    commands = re.findall(r"^treadle (conform .*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert main([*commands[0].split(), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    program = found["failure"]["schedule"]["options"]["conformance"]["program"]
    assert sorted(program["threads"]) == [["open"], ["pass_through"], ["pass_through"]]
    assert "L1 wakeup" in found["failure"]["report"]


def test_the_latch_of_the_page_conforms_when_all_are_woken(page: Path) -> None:
    """With notify_all the same command proves it."""
    latch = page / "latch.py"
    latch.write_text(latch.read_text(encoding="utf-8").replace("notify()", "notify_all()"), encoding="utf-8")
    verdict = conform("latch.py:Latch", "Latch.tla", kit="latch_kit.py:Latch", bounds=Bounds(threads=3, rounds=1))
    assert verdict.status is Status.PROVED, verdict.failure
