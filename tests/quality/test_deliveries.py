"""Exceptions that are delivered into threads: where, into whom, how many, and what a failure by them looks like."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import treadle
from tests.quality.worlds import settled
from treadle.api.learning import Learning
from treadle.errors import ScenarioError, ScheduleError, UsageError
from treadle.model.faults import Faults
from treadle.report.summary import summary
from treadle.runtime.scenario import Scenario
from treadle.runtime.world import World
from treadle.search.exhaustive import Exhaustive
from treadle.search.optimal import Optimal

if TYPE_CHECKING:
    from treadle.search.exploration import Strategy

FILE = Path(__file__).with_name("struck.py")


def check(name: str, faults: Faults | int | str, **options: Any) -> treadle.Verdict:
    return treadle.explore(f"{FILE}::{name}", faults=faults, **options)


def outcomes(name: str, faults: str, kind: type[Strategy] = Optimal) -> tuple[set[str], treadle.Verdict]:
    """What the scenario returns, in all executions of it; what is none of its executions is left out."""
    world = World(Scenario.parse(f"{FILE}::{name}"), faults=Faults.of(faults), keep_going=True)
    seen: set[str] = set()

    def watch(execution: Any, _verdict: Any) -> None:
        if execution.ending.value != "assume":
            seen.add(str(execution.failure.message if execution.failure else world.result))

    verdict = settled(world, lambda: Learning(kind(), world), anew=seen.clear, watch=watch)
    return seen, verdict


def test_between_acquire_and_try_a_lock_is_lost() -> None:
    """The exception that comes when `acquire` has returned leaves the lock held for ever."""
    verdict = check("acquire_before_try", "1%struck")
    assert verdict.failure is not None
    assert verdict.failure.message.startswith("AssertionError: assert lock.acquire(blocking=False)")
    assert verdict.failure.schedule is not None
    report = treadle.tell(verdict.failure.schedule)
    assert "lock.acquire()\n" in report
    assert "is hit by KeyboardInterrupt" in report


def test_with_loses_no_lock() -> None:
    """`with lock:` is proved to release it, wherever an exception comes."""
    verdict = check("with_lock", "1%struck")
    assert verdict.status is treadle.Status.PROVED
    assert summary(verdict).startswith("proved, with faults 1%struck (")


def test_nothing_is_delivered_unless_it_is_asked_for() -> None:
    """The default is none: one execution, and the verdict does not speak of faults."""
    verdict = treadle.explore(f"{FILE}::acquire_before_try")
    assert (verdict.status, verdict.executions, "faults" in verdict.notes) == (treadle.Status.PROVED, 1, False)


def test_functions_are_hit_when_entered_and_loops_when_they_jump_back() -> None:
    """Of a loop over (1, 2) around a call of a function in Python: before either call, and after each turn.

    Nothing is delivered when the function returns, so "entered, not stored" is 0 in the first turn and 1 in the second.
    """
    seen, verdict = outcomes("loop_of_python_calls", "1@worker%struck.loop_of_python_calls")
    assert seen == {"[]", "[0]", "[1]", "[2]"}
    # Nowhere; entering work; entering the function (twice); jumping back (twice).
    assert (verdict.executions, verdict.redundant) == (6, 0)


def test_a_while_loop_is_hit_where_it_jumps_back() -> None:
    """It jumps back where it says continue, and else after its condition was true again; not where it ends."""
    seen, verdict = outcomes("while_loop", "1@worker%struck")
    assert seen == {"['']", "['c']", "['ce']", "['cee']"}
    # Nowhere; entering; at `continue`, after which the condition is true without a jump; before the third round.
    assert verdict.executions == 4


def test_a_generator_is_hit_where_it_goes_on() -> None:
    """Not where it is made; when it is entered, and after its yield, where its own handler sees it."""
    seen, _ = outcomes("generator", "1@worker%struck.generator.<locals>.numbers")
    assert seen == {"[]", "['item 1']", "['item 1', 'inside']"}


def test_a_barrier_gives_an_index_twice() -> None:
    """P5: a waiter of `threading.Barrier` that is hit leaves its place to the next, whose index another one has too."""
    seen, _ = outcomes("barrier_indices", "1:struck.StopWorkError@main.1%threading.Condition.wait")
    assert "('1', '1', '2')" in seen
    assert "('0', '1', '2')" in seen


@pytest.mark.parametrize("faults", ["0", "1@main.1", "2@main.1"])
def test_brute_force_finds_the_same_in_code(faults: str) -> None:
    """Every interleaving with every delivery comes to what the traces come to; a lock is never left taken."""
    seen, verdict = outcomes("contended", f"{faults}%struck")
    every, interleavings = outcomes("contended", f"{faults}%struck", Exhaustive)
    assert seen == every
    assert all(one.endswith("False)") for one in seen)
    assert ("('hit', False)" in seen) == (faults != "0")
    assert (verdict.redundant, verdict.executions < interleavings.executions) == (0, True)


def test_who_waits_by_looking_is_hit_and_parked() -> None:
    """A loop that looks in vain is not run again for the sake of its points: each turn offers the same."""
    seen, verdict = outcomes("spinning", "1@main%struck")
    assert seen == {"seen", "hit", "None"}
    assert verdict.reasons == []
    assert verdict.executions < 50


def test_waits_for_pipes_polls_and_queues_are_interrupted() -> None:
    """Nobody sends before main has waited once; so the first wait only ends by what hits it, and the second poll is free."""
    seen, _ = outcomes("pipes_and_queues", "1@main%struck.pipes_and_queues.<locals>.<lambda>")
    assert {f"{name} is hitpoll " for name in ("read", "poll", "timed", "get")} <= seen


def test_sleeps_and_joins_are_interrupted() -> None:
    """A sleep has not lasted then, and a thread that was waited for is still there."""
    seen, _ = outcomes("interrupted_sleep_and_join", "2@main")
    assert "(True, True)" in seen


def test_a_thread_may_end_by_what_was_delivered() -> None:
    """That is no failure; what others make of it may be one: here nobody waits for ever."""
    verdict = check("handled", "1@main")
    assert verdict.status is treadle.Status.PROVED


def test_what_a_thread_makes_of_it_may_be_a_failure() -> None:
    """Another exception, raised because of the one that was delivered, is like any other."""
    verdict = check("wrapped", "1%struck")
    assert verdict.failure is not None
    assert verdict.failure.message == "ValueError: wrapped"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("0", Faults()),
        ("1", Faults(1)),
        ("2:TimeoutError@main,main.1", Faults(2, "TimeoutError", ("main", "main.1"))),
        ("1@a worker%myapp,threading.Barrier", Faults(1, threads=("a worker",), code=("myapp", "threading.Barrier"))),
    ],
)
def test_the_text_says_it_all(text: str, faults: Faults) -> None:
    """A text is understood, and written back as it was."""
    assert Faults.of(text) == faults
    assert str(faults) == text


@pytest.mark.parametrize("text", ["", "one", "-1", "1@", "1%", "1:", "True", "1%a b"])
def test_other_text_is_refused(text: str) -> None:
    """UsageError with the form that is expected."""
    with pytest.raises(UsageError, match=r"N\[:EXCEPTION\]"):
        Faults.of(text)


@pytest.mark.parametrize("name", ["NoSuchError", "struck.NoSuchError", "nowhere.Error", "int", "struck.with_lock"])
def test_an_exception_that_is_none_is_refused(name: str) -> None:
    """ScenarioError that names it."""
    with pytest.raises(ScenarioError, match=name):
        check("with_lock", f"1:{name}")


def test_symmetry_and_certain_threads_exclude_each_other() -> None:
    """Threads of which one only may be hit are not interchangeable."""
    with pytest.raises(UsageError, match="symmetry"):
        check("with_lock", "1@main.1", symmetry=True)


def test_a_failure_by_a_fault_is_replayed_to_the_same_text() -> None:
    """The schedule knows the faults that it was made with, and says the same each time; without them it does not fit."""
    verdict = check("acquire_before_try", 1)
    assert verdict.failure is not None
    schedule = verdict.failure.schedule
    assert schedule is not None
    assert schedule.options["faults"] == "1"
    assert treadle.tell(schedule) == treadle.tell(treadle.Schedule.from_json(schedule.as_json()))
    without = treadle.Schedule(schedule.target, schedule.choices, {**schedule.options, "faults": "0"}, schedule.failure)
    with pytest.raises(ScheduleError):
        treadle.tell(without)


def test_a_walk_delivers_now_and_then() -> None:
    """Not at the first point that there is: a walk finds the lock that is lost within three hundred executions."""
    verdict = check("acquire_before_try", "1%struck", walk="uniform", executions=300)
    assert verdict.failure is not None
