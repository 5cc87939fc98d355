"""phalanx.Barrier on real threads: its promises P1 to P13, each by what its callers see."""

from __future__ import annotations

import ctypes
import gc
import math
import random
import threading
import time
import weakref
from fractions import Fraction
from functools import partial
from typing import Any

import pytest

from phalanx import Barrier, BarrierStatistics, BrokenBarrierError
from tests.real.crew import Outcome, start, together, until


def broken(barrier: Barrier) -> bool:
    """Asked anew each time: mypy takes a property for a constant."""
    return barrier.broken


@pytest.mark.parametrize("parties", [1, 2, 3, 8])
def test_nobody_is_released_early_or_twice(parties: int) -> None:
    """P1, P2, P5: in 200 rounds nobody is a round ahead, and each round gives each index once."""
    rounds = 200
    barrier = Barrier(parties)
    arrivals = [0] * parties
    indices: list[list[int]] = [[] for _ in range(parties)]

    def worker(me: int) -> None:
        for turn in range(1, rounds + 1):
            arrivals[me] = turn
            indices[me].append(barrier.wait())
            assert min(arrivals) >= turn

    together(*(partial(worker, me) for me in range(parties)))
    assert all(sorted(given) == list(range(parties)) for given in zip(*indices, strict=True))
    assert barrier.statistics() == BarrierStatistics(tripped=rounds, broken=0, waiting=0)


def test_indices_are_the_order_of_arrival() -> None:
    """P5: the first to arrive gets 0, the last parties - 1."""
    barrier = Barrier(4)
    early: list[Outcome[int]] = []

    def all_wait() -> bool:
        return barrier.n_waiting == len(early)

    for _ in range(3):
        early += start(barrier.wait)
        until(all_wait)
    assert barrier.wait() == 3
    assert [outcome.returned() for outcome in early] == [0, 1, 2]


def test_abort_after_the_trip_breaks_nobody() -> None:
    """P3: a thread that aborts as soon as it has passed leaves its partner's release alone, 300 times of 300."""
    for _ in range(300):
        barrier = Barrier(2)

        def pass_and_abort(barrier: Barrier = barrier) -> int:
            index = barrier.wait()
            barrier.abort()
            return index

        assert sorted(together(pass_and_abort, barrier.wait)) == [0, 1]
        assert barrier.broken


def test_reset_after_the_trip_breaks_nobody() -> None:
    """P3: nor does a thread that resets, and the barrier serves again."""
    for _ in range(100):
        barrier = Barrier(2)

        def pass_and_reset(barrier: Barrier = barrier) -> int:
            index = barrier.wait()
            barrier.reset()
            return index

        assert sorted(together(pass_and_reset, barrier.wait)) == [0, 1]
        assert sorted(together(barrier.wait, barrier.wait)) == [0, 1]


def test_the_action_runs_once_in_the_last_arriver_before_any_release() -> None:
    """P4: 100 rounds of 3 threads run it 100 times, each time in the thread that gets index 2."""
    ran: list[int] = []
    barrier = Barrier(3, action=lambda: ran.append(threading.get_ident()))

    def worker() -> None:
        for turn in range(1, 101):
            index = barrier.wait()
            assert len(ran) == turn
            assert (ran[turn - 1] == threading.get_ident()) == (index == 2)
            everybody.wait()

    everybody = Barrier(3)
    together(worker, worker, worker)
    assert len(ran) == 100


def test_an_action_that_raises_breaks_the_generation() -> None:
    """P4: the last arriver gets the exception, the others BrokenBarrierError with it as the cause; so do later ones."""
    mistake = ValueError("no")

    def action() -> None:
        raise mistake

    barrier = Barrier(2, action)
    (waiter,) = start(barrier.wait)
    until(lambda: barrier.n_waiting == 1)
    with pytest.raises(ValueError, match="no") as raised:
        barrier.wait()
    assert raised.value is mistake
    assert waiter.raised(BrokenBarrierError).__cause__ is mistake
    with pytest.raises(BrokenBarrierError, match="the thread that runs its action was stopped by an exception") as late:
        barrier.wait()
    assert late.value.__cause__ is mistake


def test_abort_wakes_everybody_and_lasts_until_reset() -> None:
    """P6: waiters and later arrivals raise BrokenBarrierError, which says why; after a reset all is well."""
    barrier = Barrier(4)
    waiters = start(barrier.wait, 3)
    until(lambda: barrier.n_waiting == 3)
    barrier.abort()
    barrier.abort()
    for waiter in waiters:
        assert str(waiter.raised(threading.BrokenBarrierError)) == "the barrier is broken: abort() was called"
    assert broken(barrier)
    assert barrier.n_waiting == 0
    with pytest.raises(BrokenBarrierError):
        barrier.wait()
    barrier.reset()
    assert not broken(barrier)
    assert sorted(together(*[barrier.wait] * 4)) == [0, 1, 2, 3]
    assert barrier.statistics() == BarrierStatistics(tripped=1, broken=1, waiting=0)


def test_a_wait_that_expires_breaks_its_generation() -> None:
    """P7: it raises after its timeout, its companions at once, and each is told that a wait timed out."""
    barrier = Barrier(3)
    (companion,) = start(barrier.wait)
    until(lambda: barrier.n_waiting == 1)
    began = time.monotonic()
    with pytest.raises(BrokenBarrierError, match="a wait for it timed out"):
        barrier.wait(0.05)
    assert 0.05 <= time.monotonic() - began < 5
    companion.raised(BrokenBarrierError)
    assert barrier.broken


def test_the_default_timeout_is_the_barriers() -> None:
    """P7: `timeout` given to the barrier holds for every wait that has none of its own."""
    with pytest.raises(BrokenBarrierError, match="timed out"):
        Barrier(2, timeout=0.01).wait()
    patient = Barrier(2, timeout=0)
    (waiter,) = start(lambda: patient.wait(20))
    until(lambda: patient.n_waiting == 1)
    assert patient.wait() == 1
    assert waiter.returned() == 0


def test_a_timeout_of_zero_still_meets() -> None:
    """P7: who arrives last has nothing to wait for, so its timeout does not matter."""
    barrier = Barrier(2)
    (waiter,) = start(lambda: barrier.wait(math.inf))
    until(lambda: barrier.n_waiting == 1)
    assert barrier.wait(0) == 1
    assert waiter.returned() == 0


def test_a_wait_expires_while_the_action_runs() -> None:
    """P7: an action that takes long does not hold back a waiter's timeout; its last arriver then finds it broken."""
    waiter_left = threading.Event()
    barrier = Barrier(2, action=lambda: waiter_left.wait(10))
    (waiter,) = start(lambda: barrier.wait(0.02))
    until(lambda: barrier.n_waiting == 1)
    (last,) = start(barrier.wait)
    waiter.raised(BrokenBarrierError)
    waiter_left.set()
    last.raised(BrokenBarrierError)


def test_a_wait_does_not_wait_for_those_who_leave() -> None:
    """P2, P7: one who comes back while a partner has not yet left times out on time, and breaks only its own round."""
    barrier = Barrier(2)
    for _ in range(20):
        (slow,) = start(barrier.wait)
        barrier.wait(10)
        with pytest.raises(BrokenBarrierError, match="timed out"):
            barrier.wait(0.001)
        slow.returned()
        barrier.reset()


def test_reset_sends_the_waiters_away() -> None:
    """P8: they get BrokenBarrierError, which says so; the barrier was never broken and is as new."""
    barrier = Barrier(3)
    waiters = start(barrier.wait, 2)
    until(lambda: barrier.n_waiting == 2)
    barrier.reset()
    assert not broken(barrier)
    for waiter in waiters:
        assert "reset() was called" in str(waiter.raised(BrokenBarrierError))
    assert sorted(together(*[barrier.wait] * 3)) == [0, 1, 2]
    barrier.reset()
    assert barrier.statistics() == BarrierStatistics(tripped=1, broken=1, waiting=0)


@pytest.mark.slow
def test_everyone_returns_whatever_the_pace() -> None:
    """P9: 6 threads that dawdle at random meet 1,000 times."""
    barrier = Barrier(6)

    def worker(seed: int) -> None:
        dice = random.Random(seed)  # noqa: S311 - dice, not secrets
        for _ in range(1_000):
            if dice.random() < 0.02:
                time.sleep(dice.random() / 1_000)
            barrier.wait()

    together(*(partial(worker, seed) for seed in range(6)))
    assert barrier.statistics().tripped == 1_000


def _throw(thread_id: int, error: type[BaseException]) -> None:
    """Deliver an exception into another thread, at the next point where Python does that."""
    changed = ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread_id), ctypes.py_object(error))
    assert changed == 1


def test_an_exception_after_the_trip_takes_no_index_away() -> None:
    """P10: thrown into a sleeping waiter it arrives when the waiter wakes up: the round stands, the next is whole."""
    barrier = Barrier(3)
    identity: list[int] = []

    def victim() -> int:
        identity.append(threading.get_ident())
        return barrier.wait()

    (struck,) = start(victim)
    until(lambda: barrier.n_waiting == 1)
    (other,) = start(barrier.wait)
    until(lambda: barrier.n_waiting == 2)
    _throw(identity[0], InterruptedError)
    assert barrier.wait() == 2
    struck.raised(InterruptedError)
    assert other.returned() == 1
    assert sorted(together(*[barrier.wait] * 3)) == [0, 1, 2]


def test_an_interrupted_waiter_breaks_its_generation() -> None:
    """P10: thrown into a waiter that then times out, it gets out, and the companions learn what it was."""
    barrier = Barrier(3)
    identity: list[int] = []

    def victim() -> int:
        identity.append(threading.get_ident())
        return barrier.wait(0.1)

    (struck,) = start(victim)
    (other,) = start(barrier.wait)
    until(lambda: barrier.n_waiting == 2)
    _throw(identity[0], InterruptedError)
    struck.raised(InterruptedError)
    assert isinstance(other.raised(BrokenBarrierError).__cause__, InterruptedError)
    assert barrier.broken


@pytest.mark.parametrize("what", ["abort", "reset"])
def test_the_action_may_abort_and_reset(what: str) -> None:
    """P11: that breaks the generation for everybody, the last arriver included, and nothing deadlocks."""
    barrier = Barrier(2, action=lambda: getattr(barrier, what)())
    for outcome in start(barrier.wait, 2):
        outcome.raised(BrokenBarrierError)
    assert barrier.broken == (what == "abort")
    assert barrier.statistics() == BarrierStatistics(tripped=0, broken=1, waiting=0)


def test_the_action_may_not_wait() -> None:
    """P11: it gets a RuntimeError that says what it did; others may go on if it catches that."""
    refused: list[BaseException] = []

    def action() -> None:
        try:
            barrier.wait()
        except RuntimeError as error:
            refused.append(error)

    barrier = Barrier(2, action)
    assert sorted(together(barrier.wait, barrier.wait)) == [0, 1]
    assert "wait() was called by the barrier's own action" in str(refused[0])


def test_actions_of_two_generations_never_overlap() -> None:
    """P4: with four callers of a barrier for two, the second pair's action starts when the first one's has ended."""
    inside: list[int] = []
    most: list[int] = []
    first_may_end = threading.Event()

    def action() -> None:
        inside.append(1)
        most.append(len(inside))
        first_may_end.wait(10)
        inside.pop()

    barrier = Barrier(2, action)
    first = start(barrier.wait, 2)
    until(lambda: len(inside) == 1)
    second = start(barrier.wait, 2)
    until(lambda: barrier.n_waiting == 2)
    first_may_end.set()
    assert sorted(outcome.returned() for outcome in first) == [0, 1]
    assert sorted(outcome.returned() for outcome in second) == [0, 1]
    assert most == [1, 1]


@pytest.mark.parametrize("stop", ["abort", "reset", "timeout"])
def test_who_waits_for_an_earlier_action_can_be_stopped(stop: str) -> None:
    """P6, P7, P8: a full generation whose turn has not come breaks at once, while the earlier action runs on."""
    first_may_end = threading.Event()
    running = threading.Event()

    def action() -> None:
        running.set()
        first_may_end.wait(10)

    barrier = Barrier(2, action)
    first = start(barrier.wait, 2)
    assert running.wait(10)
    second = start(lambda: barrier.wait(0.05 if stop == "timeout" else None), 2)
    if stop != "timeout":
        until(lambda: barrier.n_waiting == 2)
        getattr(barrier, stop)()
    for outcome in second:
        outcome.raised(BrokenBarrierError)
    first_may_end.set()
    for outcome in first:
        outcome.raised(BrokenBarrierError)
    barrier.reset()
    assert sorted(together(barrier.wait, barrier.wait)) == [0, 1]


def test_reading_needs_no_lock() -> None:
    """P12: parties, n_waiting, broken, statistics and repr answer while somebody else is inside the barrier."""
    barrier = Barrier(3)
    with barrier._lock:
        assert (barrier.parties, barrier.n_waiting, barrier.broken) == (3, 0, False)
        assert repr(barrier) == f"<phalanx.Barrier at {id(barrier):#x}: waiters=0/3>"
        assert barrier.statistics() == BarrierStatistics(tripped=0, broken=0, waiting=0)
    barrier.abort()
    assert repr(barrier) == f"<phalanx.Barrier at {id(barrier):#x}: broken>"


def test_a_reading_during_the_action_counts_everybody() -> None:
    """P12: there all parties have arrived, and nobody has been released."""
    seen: list[int] = []
    barrier = Barrier(2, action=lambda: seen.append(barrier.n_waiting))
    together(barrier.wait, barrier.wait)
    assert seen == [2]
    assert barrier.n_waiting == 0


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({"parties": 0}, ValueError, "parties must be at least 1; got 0"),
        ({"parties": -3}, ValueError, "parties must be at least 1; got -3"),
        ({"parties": 2.0}, TypeError, "parties must be an int; got 2.0"),
        ({"parties": "2"}, TypeError, "parties must be an int; got '2'"),
        ({"parties": True}, TypeError, "parties must be an int; got True"),
        ({"parties": 2, "action": 3}, TypeError, "action must be callable without arguments, or None; got 3"),
        ({"parties": 2, "timeout": -1}, ValueError, "timeout must be 0 or more seconds, .*; got -1"),
        ({"parties": 2, "timeout": math.nan}, ValueError, "timeout must be 0 or more seconds, .*; got nan"),
        ({"parties": 2, "timeout": "1"}, TypeError, "timeout must be a number of seconds, .*; got '1'"),
        ({"parties": 2, "timeout": True}, TypeError, "timeout must be a number of seconds, .*; got True"),
    ],
)
def test_misuse_is_reported_at_once(arguments: dict[str, Any], kind: type[Exception], message: str) -> None:
    """P13: a bad argument raises, naming itself and its value."""
    with pytest.raises(kind, match=message):
        Barrier(**arguments)


def test_a_bad_timeout_leaves_the_barrier_alone() -> None:
    """P13: wait() checks before it arrives. Numbers of other kinds are numbers."""
    barrier = Barrier(2)
    with pytest.raises(ValueError, match=r"got -0\.5"):
        barrier.wait(-0.5)
    assert (barrier.n_waiting, barrier.broken) == (0, False)
    with pytest.raises(BrokenBarrierError):
        barrier.wait(Fraction(1, 100))


def test_strangers_arrive_in_the_next_generation() -> None:
    """P13: of five callers of a barrier for two, four meet in pairs and one waits on."""
    barrier = Barrier(2)
    callers: list[Outcome[int]] = start(barrier.wait, 5)
    until(lambda: barrier.statistics() == BarrierStatistics(tripped=2, broken=0, waiting=1))
    assert barrier.wait() == 1
    assert sorted(caller.returned() for caller in callers) == [0, 0, 0, 1, 1]


def test_a_body_that_raises_aborts() -> None:
    """`with barrier:` lets the others go if a worker fails before it arrives, and lets the exception through."""
    barrier = Barrier(2)
    (waiter,) = start(barrier.wait)
    until(lambda: barrier.n_waiting == 1)
    with pytest.raises(ZeroDivisionError), barrier:
        raise ZeroDivisionError("before it arrived")
    waiter.raised(BrokenBarrierError)
    barrier.reset()
    with barrier as same:
        assert same is barrier
    assert not barrier.broken


def test_a_barrier_keeps_nothing_of_the_past() -> None:
    """A generation that is over, and the cause that broke it, are gone when the barrier has moved on."""
    barrier = Barrier(1)
    barrier.wait()
    over = weakref.ref(barrier)
    mistake = RuntimeError("gone")
    failing = Barrier(1, action=lambda: (_ for _ in ()).throw(mistake))
    with pytest.raises(RuntimeError, match="gone"):
        failing.wait()
    failing.reset()
    assert failing._generation.cause is None
    del barrier
    gc.collect()
    assert over() is None


@pytest.mark.slow
def test_a_thousand_threads_meet() -> None:
    """P9: 1,024 threads meet three times, and each round gives out each index once."""
    parties = 1_024
    barrier = Barrier(parties)
    indices: list[list[int]] = []
    before = threading.stack_size(256 * 1024)
    try:
        crew = start(lambda: indices.append([barrier.wait() for _ in range(3)]), parties)
    finally:
        threading.stack_size(before)
    for outcome in crew:
        outcome.returned()
    assert all(sorted(given) == list(range(parties)) for given in zip(*indices, strict=True))
