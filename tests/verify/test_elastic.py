"""phalanx.ElasticBarrier in every interleaving: joining and leaving at every moment, and the promises of Barrier."""

from __future__ import annotations

import threading
from functools import partial

import pytest

import phalanx
import treadle
from tests.verify import promises

together_2x2 = partial(promises.together, phalanx.ElasticBarrier, 2, 2)
apart_2x2 = partial(promises.apart, phalanx.ElasticBarrier, 2, 2)
indices_3x1 = partial(promises.indices, phalanx.ElasticBarrier, 3, 1)
aborted_2x1 = partial(promises.aborted, phalanx.ElasticBarrier, 2, 1)
expired_2x1 = partial(promises.expired, phalanx.ElasticBarrier, 2, 1)
one_verdict_3x1 = partial(promises.one_verdict, phalanx.ElasticBarrier, 3, 1)


def one_leaves() -> None:
    """P9, P5: of three parties one leaves at some moment; the two others meet twice, and get 0 and 1 each time."""
    barrier = phalanx.ElasticBarrier(3)
    got: list[list[int]] = [[], []]

    def worker(me: int) -> None:
        got[me].extend(barrier.wait() for _ in range(2))

    promises.run(*(partial(worker, me) for me in range(2)), barrier.leave)
    assert sorted(pair[0] for pair in got) == [0, 1]
    assert sorted(pair[1] for pair in got) == [0, 1]
    assert barrier.statistics() == phalanx.ElasticStatistics(parties=2, tripped=2, broken=0, waiting=0)


def one_joins() -> None:
    """P1: one joins and arrives while two others meet: each generation has all who were members when it tripped."""
    barrier = phalanx.ElasticBarrier(2)
    got: list[int] = []

    def worker() -> None:
        got.append(barrier.wait())
        barrier.leave()

    def newcomer() -> None:
        try:
            barrier.join()
        except phalanx.FinishedBarrierError:
            return
        worker()

    promises.run(worker, worker, newcomer)
    assert barrier.finished
    assert sorted(got) in ([0, 1, 2], [0, 0, 1], [0, 1]), got


def all_leave() -> None:
    """When the last one has left, the barrier is finished, and wait says so at once."""
    barrier = phalanx.ElasticBarrier(2)
    promises.run(barrier.leave, barrier.leave)
    for refused in (barrier.wait, barrier.arrive, barrier.join, barrier.leave):
        try:
            refused()
        except phalanx.FinishedBarrierError:
            continue
        raise AssertionError(f"{refused} of a finished barrier went through")


def split_phase() -> None:
    """P1: who has arrived and goes on is counted; its token tells the verdict of that generation, later."""
    barrier = phalanx.ElasticBarrier(2)
    done = [False, False]

    def worker(me: int) -> None:
        done[me] = True
        token = barrier.arrive()
        assert barrier.wait(token) in {0, 1}
        assert all(done)

    promises.run(*(partial(worker, me) for me in range(2)))


def failing_participant() -> None:
    """P9: a participant that fails leaves, and its partner meets alone."""
    barrier = phalanx.ElasticBarrier(1)

    def fails() -> None:
        try:
            with barrier.participant():
                raise OSError("the worker's own failure")
        except (OSError, phalanx.FinishedBarrierError):
            return

    def goes_on() -> None:
        barrier.wait()
        barrier.leave()

    promises.run(fails, goes_on)
    assert barrier.finished


CASES = (
    *("together_2x2", "apart_2x2", "indices_3x1", "aborted_2x1", "expired_2x1", "one_verdict_3x1"),
    *("one_leaves", "one_joins", "all_leave", "split_phase", "failing_participant"),
)


@pytest.mark.parametrize("name", CASES)
def test_the_promise_holds_in_every_interleaving(name: str) -> None:
    """Two or three threads; nothing is left out of the search."""
    verdict = treadle.explore(f"tests.verify.test_elastic:{name}", granularity="access")
    assert verdict.status is treadle.Status.PROVED, verdict.failure


class Forgetful(phalanx.ElasticBarrier):
    """A planted fault: one who leaves does not look whether all others have arrived."""

    def leave(self) -> None:
        """Only lower the number."""
        with self._lock:
            self._parties -= 1


def forgotten() -> None:
    """One waits, the other leaves."""
    barrier = Forgetful(2)
    promises.run(barrier.wait, barrier.leave)  # type: ignore[arg-type]


def test_a_forgetful_leave_is_found() -> None:
    """P9 is refuted by the mistake that spec/Elastic_Broken.cfg is about: somebody waits for ever."""
    verdict = treadle.explore("tests.verify.test_elastic:forgotten", granularity="access")
    assert verdict.failure is not None
    assert verdict.failure.kind == "deadlock"


def test_tokens_say_what_they_are() -> None:
    """A token shows which arrival it is; two timeouts at once are refused."""
    barrier = phalanx.ElasticBarrier(2)
    assert repr(barrier.arrive()) == "<phalanx.Token: arrival 0>"
    with pytest.raises(TypeError, match="takes one timeout"):
        barrier.wait(1, 2)
    with pytest.raises(threading.BrokenBarrierError):
        phalanx.ElasticBarrier(2).wait(0)
