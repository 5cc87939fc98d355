"""A check of many programs, divided among processes: the verdict of one process, in whatever order the answers come."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from treadle.api import dividing
from treadle.api.conforming import conform
from treadle.api.dividing import Gathering, Question, explore, lost
from treadle.api.selection import kit_of, selected
from treadle.api.tally import Part
from treadle.cli import main
from treadle.cli.crew import work
from treadle.conformance import Bounds, Program
from treadle.errors import TreadleError, UsageError
from treadle.model.verdict import Failure, Status, Verdict
from treadle.search.exploration import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MONITOR = "tests/quality/specimens.py:MonitorBarrier"
FORGETS = "tests/quality/specimens.py:AbortForgetsNotify"
BOUNDS = Bounds(threads=2, rounds=1, parties=2, calls=("wait", "abort"))
PLAIN = {"slow": ["none"], "action": ["none"]}


@pytest.fixture(autouse=True)
def _process() -> None:
    """Each test is as a process that has explored nothing yet."""
    dividing._check.cache_clear()


def question(target: str) -> Question:
    """What is asked about a barrier."""
    return Question(target, "Barrier", "treadle.conformance.kits.barrier:Barrier", 100_000, symmetry=True)


def programs() -> list[Program]:
    """wait; abort; and each pair of the two."""
    return selected(kit_of("Barrier"), BOUNDS, PLAIN)


def silent(_progress: Verdict) -> None:
    """Nobody listens."""


def answers(target: str) -> list[Part | TreadleError]:
    """One for each program, all from this process."""
    return [explore(question(target), program, silent) for program in programs()]


def gathered(target: str, parts: Sequence[Part | TreadleError], order: Sequence[int], **limits: Any) -> Verdict:
    """The verdict when the answers come in this order."""
    gathering = Gathering(question(target), programs(), Limits(**limits))
    for number in order:
        gathering.take(number, parts[number])
    return gathering.verdict()


def told(verdict: Verdict) -> dict[str, Any]:
    """All that a verdict says, but for how long it took."""
    return {name: value for name, value in verdict.as_json().items() if name not in {"seconds", "steps"}}


def fails(number: int) -> Part:
    """An answer with a violation."""
    return Part(verdict=Verdict(executions=1, failure=Failure("conformance", f"program {number}"), stopped=True))


@pytest.mark.parametrize("order", [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 4, 1, 3]])
def test_the_answers_make_the_verdict_of_one_process_in_any_order(order: list[int]) -> None:
    """Counts, notes, coverage and the states that were met."""
    together = conform(MONITOR, bounds=BOUNDS, where=PLAIN)
    assert together.status is Status.PROVED
    assert told(gathered(MONITOR, answers(MONITOR), order)) == told(together)


def test_a_program_is_told_once_what_was_met() -> None:
    """Each answer brings what is new to its process: all of them together what a check of all programs meets."""
    first, again = explore(question(MONITOR), programs()[0], silent), explore(question(MONITOR), programs()[0], silent)
    assert isinstance(first, Part)
    assert isinstance(again, Part)
    # A lone wait: out, called, waiting.
    assert [len(met.states) for met in first.met] == [3]
    assert again.met == []


def test_the_violation_is_that_of_the_smallest_program() -> None:
    """Whichever comes first: later programs count for nothing, not even those that were explored."""
    parts: list[Part | TreadleError] = [Part(verdict=Verdict(executions=1)) for _ in programs()]
    parts[3], parts[1] = fails(3), fails(1)
    for order in ([3, 1, 0, 2], [0, 1], [3, 2, 0, 1]):
        verdict = gathered(FORGETS, parts, order)
        assert verdict.failure is not None
        assert (verdict.failure.message, verdict.executions, verdict.notes["programs"]) == ("program 1", 2, 2)


def test_what_comes_after_a_violation_is_not_wanted() -> None:
    """What comes before it is, since it may be smaller."""
    gathering = Gathering(question(FORGETS), programs(), Limits())
    assert [gathering.wanted(number, 0.0) for number in range(5)] == [True] * 5
    gathering.take(2, fails(2))
    assert [gathering.wanted(number, 0.0) for number in range(5)] == [True, True, True, False, False]


def test_a_program_that_cannot_be_run_is_told_unless_one_before_it_fails() -> None:
    """As in one process, which would not have come to it."""
    parts: list[Part | TreadleError] = [Part(verdict=Verdict(executions=1)) for _ in programs()]
    parts[2] = UsageError("it cannot be made")
    with pytest.raises(UsageError, match="cannot be made"):
        gathered(MONITOR, parts, range(5))
    parts[1] = fails(1)
    assert gathered(MONITOR, parts, range(5)).status is Status.FAILED


def test_a_limit_ends_all_and_is_told_once() -> None:
    """The executions of all programs together, those that are not done included; or the seconds."""
    for limits, seconds, reason in (
        ({"executions": 5}, 0.0, "stopped after 5 executions, the bound that was set"),
        ({"seconds": 2.0}, 3.0, "stopped after 5 executions at the limit of 2 s"),
    ):
        gathering = Gathering(question(MONITOR), programs(), Limits(**limits))
        gathering.take(0, Part(verdict=Verdict(executions=2)))
        gathering.hear(1, Verdict(executions=1))
        assert gathering.wanted(4, 1.0)
        gathering.hear(1, Verdict(executions=3))
        assert not gathering.wanted(1, seconds)
        gathering.take(1, Part(verdict=Verdict(executions=3, reasons=["interrupted after 3 executions"])))
        verdict = gathering.verdict()
        assert verdict.reasons == [reason, "3 of 5 programs were not explored"]
        assert (verdict.status, verdict.executions) == (Status.INCOMPLETE, 5)


def test_an_interruption_is_told_once() -> None:
    """Ctrl-C ends every program that runs; what they have covered counts."""
    cut = [Part(verdict=Verdict(executions=n, reasons=[f"interrupted after {n} executions"])) for n in (3, 4)]
    verdict = gathered(MONITOR, [*cut], [1, 0])
    assert verdict.reasons == ["interrupted after 7 executions", "3 of 5 programs were not explored"]


def test_a_process_that_dies_makes_the_verdict_incomplete() -> None:
    """The other programs are explored all the same."""
    parts: list[Part | TreadleError] = [Part(verdict=Verdict(executions=1)) for _ in programs()]
    parts[2] = lost("the process died")
    verdict = gathered(MONITOR, parts, range(5))
    assert (verdict.status, verdict.reasons, verdict.executions) == (Status.INCOMPLETE, ["the process died"], 4)


def test_a_report_that_says_stop_ends_a_program() -> None:
    """KeyboardInterrupt from the report: the answer is what was covered by then, and says so."""

    def stop(_progress: Verdict) -> None:
        raise KeyboardInterrupt("told to stop")

    answer = explore(question(MONITOR), programs()[-2], stop)
    assert isinstance(answer, Part)
    # It is asked after a tenth of a second, unless that is too short for anything to be left.
    assert answer.verdict.reasons in ([], [f"interrupted after {answer.verdict.executions} executions"])


def _answer(number: int, report: Callable[[object], object]) -> int:
    """A job of a crew that goes on until it is told to end, but for the first, which ends by itself."""
    try:
        while number:
            report(os.getpid())
    except KeyboardInterrupt:
        return -number
    return number


@pytest.mark.slow
def test_a_crew_ends_what_is_not_wanted_any_more() -> None:
    """Jobs that run are told to end and are heard of; those that never began are not."""
    over: dict[int, int] = {}
    for news in work(_answer, [(0,), (1,), (2,), (3,)], 2, lambda number: number < 1 or 0 not in over):
        if news.over:
            over[news.job] = news.result
    assert over in ({0: 0, 1: -1}, {0: 0, 1: -1, 2: -2})


def _but_for_learning(found: dict[str, Any]) -> dict[str, Any]:
    """Which process gets which program is a matter of time, and so is what it knows when it comes to the one that fails."""
    found.pop("learned", None)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("target", [MONITOR, FORGETS])
def test_two_processes_say_what_one_says(target: str, capsys: pytest.CaptureFixture[str], tmp_path: Any) -> None:
    """The same verdict, notes and violation, but for what a process had learned from the programs that it had before."""
    found = []
    for processes in ("1", "2"):
        arguments = ["--threads", "2", "--rounds", "1", "--calls", "wait,abort", "--where", "action=none"]
        file = str(tmp_path / "violation.json")
        code = main(["conform", target, *arguments, "--processes", processes, "--json", "--out", file])
        found.append({"code": code, **json.loads(capsys.readouterr().out, object_hook=_but_for_learning)})
    one, two = ({name: value for name, value in each.items() if name not in {"seconds", "steps"}} for each in found)
    assert one == two
    assert one["code"] == (0 if target == MONITOR else 1)
