"""Classes against the contract: those that keep it conform, those that are known to be wrong break the promise they break."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from treadle.api.conforming import conform
from treadle.api.retold_conformance import rerun
from treadle.conformance import Bounds, Program
from treadle.model.verdict import Status

if TYPE_CHECKING:
    from treadle.model.verdict import Verdict

SPECIMENS = "tests/quality/specimens.py"
PHALANX, THREADING = "phalanx:Barrier", "threading:Barrier"


def broken(verdict: Verdict) -> tuple[tuple[str, ...], str]:
    """The promises that the violation breaks, and the program in which it does."""
    assert verdict.failure is not None
    assert verdict.failure.schedule is not None
    again = rerun(verdict.failure.schedule)
    program = Program.from_json(verdict.failure.schedule.options["conformance"]["program"])
    return again.promises, program.text


def barrier(*threads: str, parties: int = 2, action: str | None = None, slow: tuple[str, ...] = ()) -> Program:
    """A program: for each thread its calls, in one text."""
    calls = tuple(tuple(thread.split()) for thread in threads)
    return Program(calls, {"parties": parties, "action": action} | ({"slow": slow} if slow else {}))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("specimen", "parties", "promise", "clients"),
    [
        ("SimpleBarrier", 2, "P5", "parties=2 | a: wait | b: wait"),
        ("SleepsThroughRelease", 2, "P9", "parties=2 | a: wait | b: wait, wait"),
        ("PassesAgain", 2, "P2", "parties=2 | a: wait | b: wait, wait"),
        ("NotifiesOne", 3, "P9", "parties=3 | a: wait | b: wait | c: wait"),
        ("ReleasesBeforeAction", 2, "P4", "parties=2 action=works | a: wait | b: wait"),
        ("ActsOutsideLock", 2, "P5", "parties=2 | a: wait | b: wait | c: wait"),
        ("AbortForgetsNotify", 2, "P6", "parties=2 | a: wait | b: abort"),
        ("ResetKeepsRound", 2, "P8", "parties=2 | a: wait | b: abort, reset"),
        ("IndexReadLate", 2, "P5", "parties=2 | a: wait | b: wait"),
    ],
)
def test_a_specimen_breaks_its_promise(specimen: str, parties: int, promise: str, clients: str) -> None:
    """Each barrier that is known to be wrong is refuted, on its promise, by the smallest program that shows it."""
    verdict = conform(
        f"{SPECIMENS}:{specimen}",
        bounds=Bounds(parties=parties, calls=("wait", "abort", "reset")),
        where={"action": ["none", "works"], "slow": ["none"]},
    )
    assert broken(verdict) == ((promise,), clients)


@pytest.mark.slow
def test_a_timeout_that_leaves_its_arrival_counted_is_seen() -> None:
    """P1: the barrier of the textbook releases a lone thread, whose first wait timed out and is still counted."""
    verdict = conform(f"{SPECIMENS}:SimpleBarrier", programs=[barrier("wait_timeout wait")])
    assert broken(verdict) == (("P1",), "parties=2 | a: wait_timeout, wait")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "promises"),
    [
        (barrier("wait", "wait abort"), ("P3",)),
        (barrier("wait", "wait", "abort"), ("P3",)),
        (barrier("wait", "wait", action="aborts"), ("P9", "P11")),
        (barrier("wait", "wait", action="resets"), ("P9", "P11")),
        (barrier("wait", "wait", action="waits"), ("P9", "P11")),
        (barrier("wait", "wait", "wait_timeout", slow=("a",)), ("P7",)),
        (barrier("wait", "wait_timeout", action="stops"), ("P7",)),
    ],
    ids=lambda value: value.text if isinstance(value, Program) else "-".join(value),
)
def test_the_barrier_of_the_standard_library_breaks_three_promises(program: Program, promises: tuple[str, ...]) -> None:
    """P3, P7, P11: `threading.Barrier` is refuted on each with three threads at most."""
    verdict = conform(THREADING, programs=[program])
    assert verdict.status is Status.FAILED
    assert broken(verdict)[0] == promises


def test_who_was_woken_by_a_gate_that_others_open_again_has_it_in_its_hands() -> None:
    """Whether a thread may stop depends on its own steps: who opens the gate after it was taken is not seen by it."""
    verdict = conform(PHALANX, programs=[barrier("wait", "abort", "reset", parties=3, slow=("a",))])
    assert (verdict.status, verdict.executions) == (Status.PROVED, 207)


def test_two_that_abort_while_a_third_is_struck_come_in_one_order() -> None:
    """P10: who finds a verdict is no mark; before that verdict it would settle one itself, and wait for its turn."""
    struck = Program((("wait",), ("abort",), ("abort",)), {"parties": 2, "action": None, "faults": 1})
    verdict = conform(PHALANX, programs=[struck])  # 218 in all orders
    assert (verdict.status, verdict.executions) == (Status.PROVED, 115)


@pytest.mark.slow
@pytest.mark.parametrize("parties", [2, 3])
def test_the_barrier_of_the_standard_library_conforms_on_the_rest(parties: int) -> None:
    """With waits, timeouts and resets, one each in three threads, and an action that works or raises, it conforms."""
    verdict = conform(
        THREADING,
        bounds=Bounds(parties=parties, rounds=1, calls=("wait", "wait_timeout", "reset")),
        where={"action": ["none", "works", "raises"], "slow": ["none"]},
    )
    assert verdict.status is Status.PROVED
    # 18 programs in which somebody waits (3 + 6 + 10, but for three resets), and two actions where parties wait.
    assert verdict.notes["programs"] == {2: 38, 3: 26}[parties]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "executions"),
    [
        (barrier("wait", "wait"), 2),
        (barrier("wait", "wait", action="works"), 2),
    ],
    ids=lambda value: value.text if isinstance(value, Program) else str(value),
)
def test_two_waits_are_two_traces_of_a_monitor(program: Program, executions: int) -> None:
    """The orders of calls and returns are followed without executing them: two arrivals at one lock are two traces.

    With symmetry they are one.
    """
    verdict = conform(f"{SPECIMENS}:MonitorBarrier", programs=[program], symmetry=False)
    assert (verdict.status, verdict.executions) == (Status.PROVED, executions)
    verdict = conform(f"{SPECIMENS}:MonitorBarrier", programs=[program])
    assert (verdict.status, verdict.executions) == (Status.PROVED, executions // 2)


@pytest.mark.slow
@pytest.mark.parametrize("parties", [2, 3])
def test_our_barrier_conforms(parties: int) -> None:
    """All programs of two threads with a call each, every kind of action, and one thread that may stop for ever."""
    calls = ("wait", "wait_timeout", "abort", "reset", "n_waiting", "broken", "misuse")
    verdict = conform(PHALANX, bounds=Bounds(threads=2, rounds=1, parties=parties, calls=calls))
    assert verdict.status is Status.PROVED
    never = {action for action, taken in verdict.notes["coverage"].items() if not taken}
    # What only happens when a barrier trips, and what is only there with exceptions from outside.
    trips = set() if parties == 2 else {"ActionBegins", "ActionEnds", "Fail", "Lead", "Trip"}
    assert never == trips | {"Interrupt", "Unwind"}
    # And every way of what was taken, but for a call from inside an action where none is run.
    ways = {way.partition(" ")[0] for way in verdict.notes["never"]}
    assert ways - never == (set() if parties == 2 else {"Call"})


@pytest.mark.slow
def test_an_exception_in_a_wait_breaks_the_round_or_leaves_it() -> None:
    """P10: with one exception delivered at any point of a wait, our barrier conforms, also where its action fails."""
    bounds = Bounds(threads=2, rounds=1, calls=("wait",), faults=1)
    verdict = conform(PHALANX, bounds=bounds, where={"faults": ["1"], "action": ["none", "raises"]})
    assert verdict.status is Status.PROVED
    assert verdict.notes["coverage"]["Interrupt"]
    assert verdict.notes["coverage"]["Unwind"]


@pytest.mark.slow
def test_an_exception_in_a_waiter_spoils_the_indices_of_the_standard_library() -> None:
    """P5: after an exception in a sleeping waiter `threading.Barrier` gives an index twice."""
    program = Program(
        (("wait", "wait"), ("wait",), ("wait",)),
        {"parties": 3, "action": None, "faults": "1%threading.Condition.wait"},
    )
    verdict = conform(THREADING, programs=[program])
    assert "P5" in broken(verdict)[0]
