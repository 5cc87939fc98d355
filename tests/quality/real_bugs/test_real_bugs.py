"""Bugs that were in released code are found in it as it was released, and what mended them is proved.

The stories are told in docs/how-to/find-known-bugs.md.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.quality.real_bugs.releases import release
from treadle.api.exploration import explore
from treadle.api.retelling import tell
from treadle.model.verdict import Status, Verdict

pytestmark = pytest.mark.slow
HERE = Path(__file__).parent
PROPERTIES, RESULTS, RETRIES, WRITERS = (
    f"{HERE / name}"
    for name in ("properties.py::reports", "results.py::waiters", "retries.py::retries", "writers.py::writers")
)


def story(verdict: Verdict) -> str:
    """The report of the failure, of any width."""
    assert verdict.status is Status.FAILED, verdict.reasons
    assert verdict.failure is not None
    assert verdict.failure.schedule is not None
    return " ".join(tell(verdict.failure.schedule).split())


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="Python 3.12 took the lock away: see the next test")
def test_the_lock_of_a_cached_property_is_shared_by_all_instances() -> None:
    """CPython issue 87634: two properties that use each other on different instances wait for each other."""
    told = story(explore(PROPERTIES, seconds=60))
    assert "totals and means wait for each other" in told
    assert "totals waits for cached_property.lock #2, which means holds" in told
    assert "means waits for cached_property.lock #1, which totals holds" in told


@pytest.mark.skipif(sys.version_info < (3, 12), reason="Python 3.11 has the bug: see the test before")
def test_a_cached_property_without_a_lock_holds() -> None:
    """From Python 3.12 on, no execution fails."""
    assert explore(PROPERTIES, seconds=60).status is Status.PROVED


def test_a_waiter_that_leaves_a_future_hides_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """CPython issue 64518: `wait` takes itself off a list that `set_result` walks along; the next waiter is skipped.

    It is found as things are by default, and by the search that counts preemptions: one is enough.
    """
    monkeypatch.chdir(release("futures==2.2.0"))
    assert explore(RESULTS, bound=1, seconds=60).status is Status.FAILED
    told = story(explore(RESULTS, seconds=60))
    assert "waits to be woken, and nobody is left to do it" in told
    assert "f._waiters.remove(waiter)" in told
    assert "for waiter in self._waiters: - reads Future._waiters (next)" in told


def test_the_cause_of_the_lost_wakeup_is_told_as_a_race(monkeypatch: pytest.MonkeyPatch) -> None:
    """With turns at synchronisation only, the walk along the list and the removal are named, in the first execution."""
    monkeypatch.chdir(release("futures==2.2.0"))
    verdict = explore(RESULTS, granularity="sync", seconds=60)
    told = story(verdict)
    assert verdict.executions == 1
    assert "for waiter in self._waiters: - reads Future._waiters" in told
    assert "f._waiters.remove(waiter) - writes Future._waiters" in told


def test_every_waiter_of_a_future_is_woken() -> None:
    """The interpreter's own `concurrent.futures`, which has the correction, wakes both in every execution."""
    assert explore(RESULTS, seconds=100).status is Status.PROVED


def test_a_writer_that_reads_waits_for_one_that_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Issue 86 of fasteners: a waiting writer keeps the active one from reading, and neither goes on."""
    monkeypatch.chdir(release("fasteners==0.16.3", "six==1.16.0"))
    told = story(explore(WRITERS, seconds=60))
    assert "checker and noter wait to be woken, and nobody is left to do it" in told
    assert "lock.py:179 self._cond.wait()" in told


def test_a_writer_may_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Release 0.17.3 of fasteners, in which the active writer need not queue, is proved."""
    monkeypatch.chdir(release("fasteners==0.17.3"))
    assert explore(WRITERS, seconds=60).status is Status.PROVED


def test_who_begins_clears_the_statistics_of_who_is_trying(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tenacity 9.2.1: all calls of a decorated function count in one dictionary, which each of them clears first."""
    monkeypatch.chdir(release("tenacity==9.2.1"))
    told = story(explore(RETRIES, seconds=60))
    assert "exception in reader KeyError: 'attempt_number'" in told
    assert 'self.statistics["attempt_number"] += 1' in told


def test_each_call_has_its_own_statistics(monkeypatch: pytest.MonkeyPatch) -> None:
    """Release 9.1.2 of tenacity, before that, is proved."""
    monkeypatch.chdir(release("tenacity==9.1.2"))
    assert explore(RETRIES, seconds=60).status is Status.PROVED


LIMITS = (
    "limits==5.8.0", "deprecated==1.3.1", "packaging==26.0", "typing_extensions==4.15.0", "wrapt==1.17.3",
)  # fmt: skip


def test_a_limiter_that_counts_and_looks_lets_nobody_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Release 5.8.0 of limits lets go of the lock between counting and reading the count: both threads read two."""
    monkeypatch.chdir(release(*LIMITS))
    told = story(explore(f"{HERE / 'windows.py'}::windows", seconds=60))
    assert "assert any(allowed), where allowed is [False, False]" in told


def test_a_limiter_that_looks_before_it_lets_go_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a lock around both, one of the two goes on in every execution."""
    monkeypatch.chdir(release(*LIMITS))
    assert explore(f"{HERE / 'windows.py'}::mended", seconds=60).status is Status.PROVED
