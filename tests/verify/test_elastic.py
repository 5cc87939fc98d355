"""phalanx.ElasticBarrier in every interleaving: joining and leaving at every moment, and the promises of Barrier."""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import pytest

import phalanx
import treadle
from tests.verify import promises

if TYPE_CHECKING:
    from collections.abc import Callable

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


def met_beside(barrier: phalanx.ElasticBarrier, third: Callable[[], None]) -> None:
    """Two wait, and none of them goes on before both have come; the third does what it does."""
    came = [False, False]

    def worker(me: int) -> None:
        came[me] = True
        barrier.wait()
        assert all(came), came

    promises.run(*(partial(worker, me) for me in range(2)), third)


def leaves_with_its_arrival() -> None:
    """P1, E2: of three one arrives and leaves; of the two others none goes on before both have come."""
    barrier = phalanx.ElasticBarrier(3)
    met_beside(barrier, lambda: barrier.leave(barrier.arrive()))


def participant_that_arrives_last() -> None:
    """P1: the same where the third is a participant whose body ends with an arrival."""
    barrier = phalanx.ElasticBarrier(2)

    def joins() -> None:
        with barrier.participant():
            barrier.arrive()

    met_beside(barrier, joins)
    assert barrier.parties == 2


CASES = (
    *("leaves_with_its_arrival", "participant_that_arrives_last"),
    *("together_2x2", "apart_2x2", "indices_3x1", "aborted_2x1", "expired_2x1", "one_verdict_3x1"),
    *("one_leaves", "one_joins", "all_leave", "split_phase", "failing_participant"),
)


@pytest.mark.parametrize("name", CASES)
def test_the_promise_holds_in_every_interleaving(name: str) -> None:
    """Two or three threads; nothing is left out of the search."""
    verdict = treadle.explore(f"tests.verify.test_elastic:{name}", granularity="access")
    assert verdict.status is treadle.Status.PROVED, verdict.failure


def struck_join() -> None:
    """P10: whoever is hit by an exception in join has not joined, and is not waited for."""
    barrier = phalanx.ElasticBarrier(1)

    def joins() -> None:
        try:
            barrier.join()
        except KeyboardInterrupt:
            return
        barrier.leave()

    promises.run(barrier.wait, joins)  # type: ignore[arg-type]
    assert barrier.parties == 1


def struck_abort() -> None:
    """P10: an abort that is hit by an exception has broken nothing, or left nobody asleep."""
    barrier = phalanx.ElasticBarrier(3)

    def waits() -> None:
        with suppress(phalanx.BrokenBarrierError):
            barrier.wait()

    def aborts() -> None:
        try:
            barrier.abort()
        except KeyboardInterrupt:
            if not barrier.broken:
                barrier.abort()

    promises.run(waits, waits, aborts)


@pytest.mark.parametrize(
    ("name", "code"), [("join", "ElasticBarrier.join"), ("abort", "ElasticBarrier.abort,phalanx.elastic.Phase.open")]
)
def test_an_exception_in_another_call_than_wait_holds_nobody_up(name: str, code: str) -> None:
    """One KeyboardInterrupt at every point of the call; what it left undone is undone, or done by the next."""
    target = f"tests.verify.test_elastic:struck_{name}"
    verdict = treadle.explore(target, granularity="access", faults=f"1%phalanx.elastic.{code}")
    assert verdict.status is treadle.Status.PROVED, verdict.failure


def test_what_is_finished_cannot_be_broken() -> None:
    """E4: aborting a barrier without members changes nothing; it stays finished, and is not broken."""
    barrier = phalanx.ElasticBarrier(1)
    barrier.leave()
    barrier.abort()
    assert (barrier.finished, barrier.broken) == (True, False)
    assert barrier.statistics() == phalanx.ElasticStatistics(parties=0, tripped=0, broken=0, waiting=0)


class Forgetful(phalanx.ElasticBarrier):
    """A planted fault: one who leaves does not look whether all others have arrived."""

    def leave(self, token: phalanx.Token | None = None) -> None:
        """Only lower the number."""
        del token
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
    with pytest.raises(TypeError, match="takes a token from arrive"):
        barrier.leave(1)  # type: ignore[arg-type]
    with pytest.raises(threading.BrokenBarrierError):
        phalanx.ElasticBarrier(2).wait(0)
