"""An exception at every moment of `wait` at which CPython can deliver one, one execution for each (P10).

Three threads use a barrier for three. One of them is struck. Then whoever waits must either have been told that the
generation is broken, or be released as soon as as many arrive as are missing; and the round after that is whole.
"""

from __future__ import annotations

from functools import partial
from itertools import count, takewhile
from typing import TYPE_CHECKING, TypeAlias

import pytest

from phalanx import Barrier, BrokenBarrierError
from phalanx import barrier as barrier_module
from tests.real.crew import Outcome, start, until
from tests.real.striking import Striker, StruckError

if TYPE_CHECKING:
    from collections.abc import Callable

PARTIES = 3
Strike: TypeAlias = "Callable[[Barrier, Striker], list[Outcome[int]]]"


def strike_the_last(barrier: Barrier, striker: Striker) -> list[Outcome[int]]:
    """The struck thread arrives last, so that it decides the verdict and wakes the others."""
    others = start(barrier.wait, 2)
    until(lambda: barrier.n_waiting == 2)
    _struck(Outcome(partial(striker.run, barrier.wait)))
    return others


def strike_who_expires(barrier: Barrier, striker: Striker) -> list[Outcome[int]]:
    """The struck thread does not wait long, so that it breaks the generation."""
    others = start(barrier.wait, 1)
    until(lambda: barrier.n_waiting == 1)
    _struck(Outcome(partial(striker.run, partial(barrier.wait, 0.0001))))
    return others


def strike_who_sleeps(barrier: Barrier, striker: Striker) -> list[Outcome[int]]:
    """The struck thread arrives first and sleeps until the others have come, if it comes that far."""
    struck = Outcome(partial(striker.run, barrier.wait))
    until(lambda: barrier.n_waiting == 1 or struck.error is not None)
    others = start(barrier.wait, 2)
    if struck.error is None or barrier.broken:
        _struck(struck)
    return others


def _struck(outcome: Outcome[int]) -> None:
    outcome.join()
    assert outcome.error is None or isinstance(outcome.error, StruckError | BrokenBarrierError), outcome.error


def whole_again(barrier: Barrier, others: list[Outcome[int]]) -> None:
    """Nobody is left behind, and no index is given twice."""
    until(lambda: all(other.ended() for other in others) or barrier.n_waiting == len(others))
    if not all(other.ended() for other in others):
        others += start(barrier.wait, PARTIES - len(others))
    indices = [other.value for other in others if other.join().error is None]
    assert len(set(indices)) == len(indices)
    assert not indices or not barrier.broken
    barrier.reset()
    assert sorted(each.returned() for each in start(barrier.wait, PARTIES)) == list(range(PARTIES))


def struck(strike: Strike, action: Callable[[], object] | None, *moments: int) -> int:
    """One execution, struck at these moments; how many of them it came to."""
    barrier, striker = Barrier(PARTIES, action), Striker(*moments)
    others = strike(barrier, striker)
    try:
        whole_again(barrier, others)
    except AssertionError as error:
        raise AssertionError(f"struck at {moments}, in {striker.where}") from error
    return len(striker.where)


@pytest.fixture(params=["gates", "pipes"], autouse=True)
def bell(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What wakes the waiters: in a barrier that is new, and in one that has been used for a while."""
    if request.param == "pipes":
        monkeypatch.setattr(barrier_module, "AFTER", 0)


@pytest.mark.slow
@pytest.mark.parametrize("action", [None, lambda: None])
@pytest.mark.parametrize("strike", [strike_the_last, strike_who_expires, strike_who_sleeps])
def test_no_moment_is_dangerous(strike: Strike, action: Callable[[], object] | None) -> None:
    """P10: whichever moment is struck, every waiter is woken or can still be met, and the next round is whole."""
    moments = next(moment for moment in count() if struck(strike, action, moment) == 0)
    assert moments >= 3  # who sleeps: ticket taken, sleep entered, sleep left


@pytest.mark.slow
@pytest.mark.parametrize("action", [None, lambda: None])
@pytest.mark.parametrize("strike", [strike_the_last, strike_who_expires, strike_who_sleeps])
def test_no_two_moments_are_dangerous(strike: Strike, action: Callable[[], object] | None) -> None:
    """P10: nor is a second exception, at whichever moment it strikes the thread that deals with the first."""
    pairs = 0
    for first in takewhile(lambda moment: struck(strike, action, moment) == 1, count()):
        for second in takewhile(partial(_struck_twice, strike, action, first), count(first + 1)):
            pairs += second > first
    assert pairs >= 30


def _struck_twice(strike: Strike, action: Callable[[], object] | None, first: int, second: int) -> bool:
    return struck(strike, action, first, second) == 2
