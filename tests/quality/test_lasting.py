"""Thousands of executions: nothing grows, nothing is left behind, and each is what it would have been alone."""

from __future__ import annotations

import gc
import sys
import threading
from pathlib import Path

import greenlet
import pytest

from tests.quality.worlds import First, world
from treadle.runtime.world import World
from treadle.search.exploration import Limits, explore
from treadle.search.optimal import Optimal
from treadle.search.walks import Uniform

FILE = Path(__file__).with_name("lasting.py")
DESCRIPTORS = Path("/proc/self/fd")


def left_behind() -> tuple[int, int, int]:
    """Greenlets that stand somewhere, threads, and open files."""
    gc.collect()
    standing = sum(isinstance(one, greenlet.greenlet) and one.gr_frame is not None for one in gc.get_objects())
    return standing, threading.active_count(), len([*DESCRIPTORS.iterdir()]) if DESCRIPTORS.is_dir() else 0


def objects() -> int:
    gc.collect()
    return len(gc.get_objects())


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_thousands_of_executions_leave_nothing_behind() -> None:
    """2,000 executions that complete, fail, lock and are left by daemons: no greenlet, thread, file, and no more objects."""
    before = left_behind()
    subject = world("everything", file=FILE, keep_going=True)
    explore(subject, Uniform(0, 500), stop_at_failure=False)
    first = objects()
    verdict = explore(subject, Uniform(1, 1_500), stop_at_failure=False)
    assert objects() - first < 100
    assert verdict.executions == 1_500
    # All of it did happen.
    assert 0 < verdict.deadlocks < verdict.failures < verdict.executions
    del subject
    assert left_behind() == before


def test_a_search_holds_no_more_than_its_deepest_path() -> None:
    """What an exploration knows after 120 executions is no more than after 60."""
    counts = []

    def watch(_execution: object, verdict: object) -> None:
        if verdict.executions in (60, 120):  # type: ignore[attr-defined]
            counts.append(objects())

    subject = world("everything", file=FILE, keep_going=True)
    explore(subject, Optimal(), stop_at_failure=False, watch=watch)
    assert abs(counts[1] - counts[0]) < 500


def test_modules_that_are_loaded_anew_replace_the_old_ones(tmp_path: Path) -> None:
    """A world that cannot put its modules back loads them before each execution, and lets the old ones go."""
    file = tmp_path / "spent.py"
    file.write_text("import queue\n\nSPENT = iter([1])\n\ndef scenario():\n    queue.Queue()\n", encoding="utf-8")
    subject = world("scenario", file=file)
    counts = []
    for _ in range(2):
        for _ in range(8):
            subject.run(First())
        counts.append(objects())
    assert subject._stale
    assert counts[1] - counts[0] < 100


def test_a_module_that_an_execution_imports_is_loaded_once(tmp_path: Path) -> None:
    """From the second execution on it is there before, as if the scenario had imported it at its top."""
    file = tmp_path / "late.py"
    file.write_text("def scenario():\n    import concurrent.futures.thread\n", encoding="utf-8")
    subject = world("scenario", file=file)
    subject.run(First())
    assert subject._stale
    subject.run(First())
    loaded = subject.copies
    subject.run(First())
    assert not subject._stale
    assert subject.copies is loaded


def test_what_dying_tasks_make_is_not_remembered() -> None:
    """An execution that is cut makes no tasks for the next one: there are as many as the program starts."""
    subject = world("everything", file=FILE)
    for _ in range(3):
        explore(subject, Uniform(0, 1), limits=Limits(steps=20))
    assert [life.name for life in subject.threads.lives] == ["main", "main.1", "main.2", "main.3"]


def test_a_set_of_threads_is_in_the_same_order_in_each_execution() -> None:
    """A pool keeps its threads in a set, and joins them one by one: each execution repeats its prefix."""
    subject = world("imports_late", file=FILE)
    assert isinstance(subject, World)
    verdict = explore(subject, Optimal())
    assert (verdict.failure, verdict.reasons, verdict.executions) == (
        None,
        [],
        120 if sys.version_info < (3, 12) else 591,
    )
