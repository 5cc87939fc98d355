"""How executions end is told in a line, and nothing is left behind."""

from __future__ import annotations

import gc
import re
import threading
from typing import TYPE_CHECKING

import greenlet
import pytest

from tests.quality.worlds import First, explored, settled, world
from treadle.model.verdict import Ending, Failure, Verdict
from treadle.search.exploration import Limits, explore
from treadle.search.optimal import Optimal

if TYPE_CHECKING:
    from treadle.semantics.execution import Execution


def failure(name: str) -> Failure:
    """The first failure of a scenario."""
    found = explore(world(name, detailed=True), Optimal()).failure
    assert found is not None
    return found


@pytest.mark.parametrize("name", ["daemons", "exits", "hooked"])
def test_what_is_no_failure(name: str) -> None:
    """A daemon that waits for ever, SystemExit, and an exception that the scenario's own hook takes, are no failures."""
    assert explored(name).verdict.failures == 0


def test_an_exception_that_ends_a_thread_is_a_failure() -> None:
    """It is told with its type, its message, its thread, and the frames of the scenario alone."""
    found = failure("raises_in_thread")
    assert (found.kind, found.message, found.task) == ("exception", "ValueError: no such account", 1)
    assert found.details.count("File ") == 1
    assert 'raise ValueError("no such account")' in found.details


def test_an_assertion_without_a_message_shows_its_source() -> None:
    """What was asserted is in the line."""
    assert failure("asserts").message == "AssertionError: assert balance == 2, where balance is 1"


_LOCK, _PLACE = r"lock main@endings\.py:\d+(#2)?", r"endings\.py:\d+"
_WAITS = rf"main\.{{}} waits at {_PLACE} for {_LOCK}, held by main\.{{}}, holds {_LOCK} \(taken at {_PLACE}\)"


def test_a_deadlock_says_who_waits_for_whom() -> None:
    """Who holds what since when, who waits for what and where, and the circle."""
    found = failure("crossed_locks")
    assert found.message == "deadlock: main.1 -> main.2 -> main.1, each waits for the next"
    main, one, other = found.details.splitlines()
    assert main.startswith("main waits at rounds.py:")
    assert main.endswith(" for the end of main.1")
    assert re.fullmatch(_WAITS.format(1, 2), one)
    assert re.fullmatch(_WAITS.format(2, 1), other)


def test_a_lock_can_be_waited_for_by_who_has_it() -> None:
    """A circle of one is told as what it is."""
    found = failure("waits_for_itself")
    assert found.message == "deadlock: main waits for ever"
    assert "held by itself" in found.details


def test_a_thread_that_is_forgotten_is_waited_for() -> None:
    """The end of the main function does not end the threads that are no daemons."""
    assert failure("forgotten").message == "deadlock: main.1 waits for ever"


def test_a_task_that_would_not_die_is_reported() -> None:
    """Whoever catches everything for ever is left alone, and the verdict is incomplete."""
    found = explored("stubborn")
    assert found.reasons == ["a task caught whatever was to end it, so it was left where it was"]


@pytest.mark.parametrize("name", ["careful", "pool"])
def test_what_dies_is_silent(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Finalizers, callbacks and handlers of what is taken down use locks, and nobody hears of it."""
    explore(world(name), Optimal(), limits=Limits(steps=30, executions=3))
    gc.collect()
    assert capfd.readouterr() == ("", "")


def test_what_an_execution_leaves_dies_before_the_next_one() -> None:
    """What was kept for as long as an execution goes on makes no step of the execution after it."""
    subject = world("outlived", granularity="access", recorded=True)
    takers: list[set[int]] = []

    def tell(execution: Execution, _: Verdict) -> None:
        takers.append({event.task for event in execution.events if event.operation.kind == "acquire"})

    settled(subject, anew=takers.clear, watch=tell)
    assert len(takers) == 4
    assert all(tasks <= {1, 2} for tasks in takers)


def test_an_execution_that_is_cut_says_so() -> None:
    """A bound on the steps ends an execution in the middle, and everything in it goes."""
    subject = world("barrier_3")
    endings = []
    explore(subject, Optimal(), limits=Limits(steps=9), watch=lambda e, _: endings.append(e.ending))
    assert set(endings) == {Ending.CUT}


def test_a_failing_execution_ends_at_once_or_goes_on_as_asked() -> None:
    """By default the failing step is the last one, which makes short stories; with `keep_going` the others finish."""
    short = world("raises_in_thread").run(First())
    assert short.ending is Ending.FAILED
    assert str(short.events[-1].operation) == "begin(main.1)"
    long = world("raises_in_thread", keep_going=True).run(First())
    assert long.ending is Ending.FAILED
    assert str(long.events[-1].operation) == "join(main.1)"


@pytest.mark.parametrize("name", ["crossed_locks", "barrier_2", "queues", "module_state"])
def test_executions_leave_nothing_behind(name: str) -> None:
    """Executions leave no greenlet, no thread, and no objects; a forgotten world leaves none of its own either."""
    before, threads, counts = _greenlets(), threading.active_count(), []
    subject = world(name)
    for _ in range(2):
        for _ in range(30):
            subject.run(First())
        gc.collect()
        counts.append(len(gc.get_objects()))
    assert counts[1] - counts[0] < 20  # what other tests have left may die meanwhile
    del subject
    gc.collect()
    assert threading.active_count() == threads
    assert not [one for one in _greenlets() if not any(one is other for other in before)]


def _greenlets() -> list[greenlet.greenlet]:
    """Those that are suspended somewhere; of other tests, too, as long as somebody holds their worlds."""
    gc.collect()
    return [one for one in gc.get_objects() if isinstance(one, greenlet.greenlet) and one.gr_frame is not None]


@pytest.mark.parametrize("granularity", ["sync", pytest.param("access", marks=pytest.mark.slow)])
def test_a_loop_that_waits_for_a_variable_ends_where_nothing_is_recorded(granularity: str) -> None:
    """No access is a step there, so nobody else would ever run: the execution is cut, and the verdict says so."""
    found = explored("waits_for_a_variable", granularity=granularity, recorded=False)
    assert (found.verdict.executions, found.verdict.failures) == (1, 0)
    assert [reason.partition(": a loop ")[1] for reason in found.reasons] == [": a loop "]
