"""The first proofs: phalanx.Barrier and threading.Barrier in every interleaving, and what must be refuted.

The numbers of executions are exact. At synchronisation alone, with each worker keeping its results in a place of its
own, a round of N parties has N! orders of arrival; in `threading.Barrier` the N - 1 waiters then take the condition's
lock again one after the other, in any order: N! * (N-1)!. `phalanx.Barrier` wakes each waiter through a gate of its
own, and each that wakes up opens the next one's if it is still closed. For three parties a round has 3! orders of
arrival. What follows begins with the opening of the first gate by the last arriver; its sleeper passes and looks at the second
gate. If that is still closed, both open it, in any order, and its sleeper passes after one of them, the other, or both. If it
is open, its sleeper passes after the look, or has passed, and then it is opened once more: five ways, and 30 in all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import treadle
from tests.verify import cases, prove, refuted
from treadle.api.conforming import conform
from treadle.conformance.words import Bounds, Program
from treadle.runtime.scenario import Scenario
from treadle.runtime.world import World
from treadle.search.exhaustive import Exhaustive
from treadle.search.exploration import explore
from treadle.search.optimal import Optimal

if TYPE_CHECKING:
    from treadle.search.exploration import Strategy
    from treadle.semantics.execution import Execution


def executions(name: str, granularity: treadle.Granularity = "sync") -> int:
    """Prove the case; in how many executions."""
    verdict = treadle.explore(f"{prove.CASES}:{name}", granularity=granularity)
    assert verdict.status is treadle.Status.PROVED, verdict.failure
    assert verdict.redundant == 0
    return verdict.executions


@pytest.mark.parametrize(("parties", "traces"), [(2, 2), (3, 12), (4, 144)])
def test_the_standard_barrier_has_as_many_traces_as_arrivals_times_wakeups(parties: int, traces: int) -> None:
    """A round of threading.Barrier has N! * (N-1)! traces, at locks only and with every access recorded."""
    assert executions(f"progress_threading_{parties}x1") == traces
    assert executions(f"progress_threading_{parties}x1", "access") == traces


@pytest.mark.parametrize(("parties", "rounds", "traces"), [(2, 1, 2), (2, 2, 4), (3, 1, 30)])
def test_the_gated_barrier_has_few_traces(parties: int, rounds: int, traces: int) -> None:
    """P9: everyone returns from phalanx.Barrier: in 2 traces a round of two parties, and 30 of three."""
    assert executions(f"progress_phalanx_{parties}x{rounds}", "access") == traces


SMALL = [proof for proof in prove.proofs() if "2x1" in proof.targets]  # the rest is for `make prove`


@pytest.mark.parametrize("proof", SMALL, ids=lambda proof: f"{proof.barrier}-{proof.promise}")
def test_a_promise_holds_in_every_interleaving(proof: prove.Proof) -> None:
    """P1, P2, P4, P5, P6, P7 (expiry) and P9 hold for two parties, for both barriers; P3 and P11 for phalanx.Barrier."""
    for size in ("2x1", "2x2"):
        if size in proof.targets:
            verdict = treadle.explore(proof.targets[size], granularity=prove.GRANULARITY)
            assert verdict.status is treadle.Status.PROVED, verdict.failure
            assert verdict.redundant == 0


@pytest.mark.parametrize("name", refuted.ALL)
def test_what_is_wrong_is_refuted(name: str) -> None:
    """Each known mistake, and each promise that threading.Barrier does not keep, is found and told."""
    verdict = treadle.explore(f"{prove.REFUTED}:{name}", granularity=prove.GRANULARITY)
    assert verdict.status is treadle.Status.FAILED, verdict.reasons
    failure = verdict.failure
    assert failure is not None
    assert failure.schedule is not None
    report = treadle.tell(failure.schedule)
    assert treadle.tell(failure.schedule) == report
    assert len(report.splitlines()) <= 60, report


def test_an_abort_breaks_one_generation_at_most() -> None:
    """P6, P8: an abort that a reset overtakes does not break the barrier anew, as a draft of it did."""
    program = Program((("wait", "wait"), ("wait", "reset")), {"parties": 2, "action": "aborts"})
    verdict = conform("phalanx:Barrier", "Barrier", programs=[program])
    assert verdict.status is treadle.Status.PROVED, verdict.failure


@pytest.mark.slow
@pytest.mark.parametrize("calls", [("wait",), ("wait_timeout", "abort")])
def test_pipes_conform(calls: tuple[str, ...]) -> None:
    """P1 to P9: with pipes from the first generation on, two parties do only what spec/Barrier.tla allows."""
    verdict = conform("tests.verify.piped:Piped", "Barrier", bounds=Bounds(threads=2, parties=2, rounds=1, calls=calls))
    assert verdict.status is treadle.Status.PROVED, verdict.failure


@pytest.mark.slow
def test_pipes_conform_with_a_stranger() -> None:
    """P1 to P9: a newcomer to a full generation makes the next one's pipe beside the last arriver, or uses one again."""
    program = Program((("wait",),) * 3, {"parties": 2, "action": None})
    verdict = conform("tests.verify.piped:Piped", "Barrier", programs=[program])
    assert verdict.status is treadle.Status.PROVED, verdict.failure


@pytest.mark.parametrize("barrier", cases.BARRIERS)
@pytest.mark.parametrize("promise", [promise for promise in cases.PROMISES if promise not in {"P6", "P7"}])
def test_the_reduction_loses_no_outcome(barrier: str, promise: str) -> None:
    """Exhaustive search and optimal search come to the same set of outcomes where both can go.

    (With an abort, or an expiry, two parties have too many interleavings for the exhaustive search.)
    """
    target = f"{prove.CASES}:{cases.name_of(promise, barrier, 2, 1)}"
    assert outcomes(target, Optimal()) == outcomes(target, Exhaustive())


def outcomes(target: str, strategy: Strategy) -> set[object]:
    """How the executions of a search ended, and what they came to."""
    found: set[object] = set()

    def watch(execution: Execution, verdict: treadle.Verdict) -> None:
        failure = execution.failure
        found.add((execution.ending, repr(execution.outcome), failure.message if failure is not None else ""))

    explore(World(Scenario.parse(target), granularity="sync"), strategy, stop_at_failure=False, watch=watch)
    return found


def test_a_barrier_that_trips_meanwhile_is_not_broken() -> None:
    """P12: who asks whether it is broken while the last of two arrives is told that it is not."""
    program = Program((("wait",), ("wait",), ("broken",)), {"parties": 2, "action": None})
    assert conform("phalanx:Barrier", programs=[program]).status is treadle.Status.PROVED
