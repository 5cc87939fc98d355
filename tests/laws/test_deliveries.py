"""Exceptions as choices: the optimal search finds what every interleaving with every delivery comes to.

The threads here are lists of steps of our own, run by a machine of twenty lines that shares nothing with real code but
the operations and the search: what they find differs only if the reduction is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from treadle.model.operations import READ, Operation, Outcome
from treadle.model.verdict import Ending
from treadle.search.exhaustive import Exhaustive
from treadle.search.exploration import explore
from treadle.search.optimal import Optimal
from treadle.semantics import faults
from treadle.semantics.causality import Causality
from treadle.semantics.execution import Chooser, Execution
from treadle.semantics.faults import STRIKES, Point, Strike
from treadle.semantics.locks import Acquire, Release
from treadle.semantics.memory import Load, Store

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from treadle.model.operations import Accesses, Alternative, Look
    from treadle.model.verdict import Verdict
    from treadle.search.exploration import Strategy

Step = tuple[str, str]
Thread = tuple[list[Step], list[Step]]  # what it does, and what it does instead of the rest once it was hit


class Crew:
    """Threads that make steps: points, locks that can be waited for with and without a point, loads and stores."""

    def __init__(self, threads: list[Thread], bound: int) -> None:
        self.point = Point(bound, "E")
        self.threads = threads

    def run(self, chooser: Chooser) -> Execution:
        execution = Execution()
        self.told: list[list[Any]] = [[] for _ in self.threads]
        self.left = [list(work) for work, _ in self.threads]
        for number in range(len(self.threads)):
            execution.add_task(str(number))
            execution.pending[number] = self.next(number)
        chooser.begin(execution)
        while (event := chooser.step(execution)) is not None:
            self.moved(event.task, event.operation, event.result)
            execution.pending[event.task] = self.next(event.task)
        undone = [operation for operation in execution.pending if operation is not None]
        if execution.ending is None:
            execution.ending = Ending.DEADLOCK if undone else Ending.COMPLETE
        if any(isinstance(operation, STRIKES) for operation in undone):
            execution.ending = Ending.ASSUME
        execution.outcome = (execution.ending, tuple(map(tuple, self.told)), self.held(execution))
        return execution

    def held(self, execution: Execution) -> tuple[Any, ...]:
        return tuple(execution.state.get(name) for name in ("l", "m", faults.FAULTS))

    def next(self, number: int) -> Operation | None:
        if not self.left[number]:
            return None
        kind, name = self.left[number][0]
        made: dict[str, Callable[[], Operation]] = {
            "point": lambda: self.point,
            "wait": lambda: self.point,
            "strike": lambda: Strike(name),
            "acquire": lambda: Acquire(name),
            "release": lambda: Release(name),
            "load": lambda: Load(name),
            "store": lambda: Store(name),
        }
        return made[kind]()

    def moved(self, number: int, operation: Operation, result: Any) -> None:
        kind, name = self.left[number].pop(0)
        self.told[number].append((kind, result) if not isinstance(operation, Load | Store) else kind)
        if kind == "wait":
            self.left[number].insert(0, ("strike" if result else "acquire", name))
        elif (kind == "point" and result) or kind == "strike":
            self.left[number] = list(self.threads[number][1])


STEPS = st.one_of(
    st.just(("point", "")),
    st.tuples(st.sampled_from(["wait", "release"]), st.sampled_from(["l", "m"])),
    st.tuples(st.sampled_from(["load", "store"]), st.just("x")),
)
AFTER = st.lists(st.tuples(st.sampled_from(["release", "acquire"]), st.just("l")), max_size=2)
CREWS = st.lists(st.tuples(st.lists(STEPS, max_size=4), AFTER), min_size=2, max_size=3).filter(
    lambda threads: sum(len(work) for work, _ in threads) <= 7
)


def found(crew: Crew, strategy: Strategy) -> tuple[dict[int, Any], Verdict]:
    """The outcome of each trace, by the trace's name; and the verdict."""
    traces: dict[int, Any] = {}

    def watch(execution: Execution, _verdict: Verdict) -> None:
        order = Causality()
        order.begin({})
        for event in execution.events:
            order.add(event)
        traces[order.digest()] = execution.outcome

    return traces, explore(crew, strategy, stop_at_failure=False, watch=watch)


@settings(max_examples=100, deadline=None)
@given(CREWS, st.integers(0, 2))
def test_every_trace_with_every_delivery_is_executed_exactly_once(threads: list[Thread], bound: int) -> None:
    """The traces are those of brute force, each executed once, whatever the bound is."""
    every, _ = found(Crew(threads, bound), Exhaustive())
    once, verdict = found(Crew(threads, bound), Optimal())
    assert once == every
    assert verdict.executions == len(every)
    assert verdict.redundant == 0


@settings(max_examples=50, deadline=None)
@given(CREWS, st.integers(0, 2))
def test_no_execution_has_more_deliveries_than_the_bound(threads: list[Thread], bound: int) -> None:
    """The bound is on all threads together."""
    delivered = [
        sum((kind, True) in told for told in outcome[1] for kind in ("point", "wait"))
        for outcome in found(Crew(threads, bound), Optimal())[0].values()
    ]
    assert max(delivered) <= bound


HELD: list[Thread] = [([("wait", "l"), ("release", "l")], []), ([("wait", "l"), ("release", "l")], [])]


def test_the_traces_of_two_threads_with_one_lock() -> None:
    """Two threads take one lock, either may be interrupted while it waits.

    Neither is hit: 2 orders. One is hit in its wait, while the other holds the lock: 1 each. One is to be hit, but the
    other has come and gone before or comes never: 1 each, which is no execution of the program.
    """
    traces, verdict = found(Crew(HELD, 1), Optimal())
    assert sorted(ending.value for ending, _, _ in traces.values()) == ["assume"] * 2 + ["complete"] * 4
    assert (verdict.executions, verdict.blocked, verdict.assumed) == (6, 2, 2)


class _Blind(Strike):
    """A planted fault: to find a lock held is no access to it."""

    __slots__ = ()

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        return Outcome(None, ())

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002
        return ()


class _Looking(Point):
    """What the reduction saves: a point where nothing is delivered reads how many were."""

    __slots__ = ()

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:
        if alternative is None:
            return Outcome(False, ((faults.FAULTS, READ, None),))
        return super().outcome(task, alternative, look)


def test_a_strike_that_does_not_read_the_lock_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The law notices a strike that is said to be independent of the lock that it waits for."""
    monkeypatch.setattr("tests.laws.test_deliveries.Strike", _Blind)
    every, _ = found(Crew(HELD, 1), Exhaustive())
    once, _ = found(Crew(HELD, 1), Optimal())
    assert {ending for ending, _, _ in every.values()} == {Ending.COMPLETE, Ending.ASSUME}
    assert set(once.values()) < set(every.values())


def test_to_read_the_count_at_every_point_would_cost_executions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two threads with three points each, one delivery: 7 traces; 25 if every point read how many were delivered.

    Nothing is delivered, or at one of 6 points: 7. Were every point to read the count, a delivery at any of the 6 could
    come before, between or after the three points of the other thread: 1 and 6 times 4.
    """
    crew: list[Thread] = [([("point", "")] * 3, []), ([("point", "")] * 3, [])]
    _, cheap = found(Crew(crew, 1), Optimal())
    monkeypatch.setattr("tests.laws.test_deliveries.Point", _Looking)
    every, _ = found(Crew(crew, 1), Exhaustive())
    _, dear = found(Crew(crew, 1), Optimal())
    assert cheap.executions == 7
    assert dear.executions == len(every)
    assert dear.executions == 25
