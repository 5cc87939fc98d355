"""What a search found, in the form in which brute force tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.laws.brute_force import Trace
from treadle.model.verdict import Ending
from treadle.search.exploration import Limits, explore
from treadle.search.optimal import Optimal
from treadle.semantics.causality import Causality
from treadle.semantics.program.subject import Program
from treadle.semantics.program.text import ProgramText

if TYPE_CHECKING:
    from treadle.model.trace import Event
    from treadle.model.verdict import Verdict
    from treadle.search.exploration import Strategy
    from treadle.semantics.execution import Execution

# The operations whose result reaches a register.
TELLING = {
    "read",
    "update",
    "compare_and_swap",
    "await",
    "await_exchange",
    "try_acquire",
    "end_wait",
    "choose",
}
ENDINGS = {
    Ending.COMPLETE: "complete",
    Ending.DEADLOCK: "deadlock",
    Ending.ASSUME: "assume",
    Ending.LIVELOCK: "livelock",
}


def compiled(data: dict[str, Any]) -> Program:
    return Program(ProgramText.of(data))


def canonical(execution: Execution, threads: int) -> Trace:
    """The trace of an execution whose events have their causal fields."""
    index: dict[int, tuple[int, int]] = {}
    by_thread: list[list[Any]] = [[] for _ in range(threads)]
    for event in execution.events:
        before = frozenset(place for position, place in index.items() if event.past >> position & 1)
        told = event.result if event.operation.kind in TELLING else None
        index[event.position] = (event.task, len(by_thread[event.task]))
        by_thread[event.task].append((event.alternative, told, before))
    cells = frozenset(
        (name.removeprefix("variable "), value)
        for name, value in execution.state.items()
        if name.startswith("variable ") and value not in {0, None}
    )
    ending = ENDINGS[execution.ending] if execution.ending is not None else "none"
    return Trace(tuple(map(tuple, by_thread)), ending, execution.failure is not None, cells)


class Watched:
    """An optimal search whose invariants are checked at each step, with the causal order of all steps so far.

    (By itself it works that out at the end; what it finds must not depend on that.)
    """

    def __init__(self) -> None:
        self.inner = Optimal()

    @property
    def causality(self) -> Causality:
        return self.inner.causality

    def begin(self, execution: Execution) -> None:
        self.inner.begin(execution)

    def step(self, execution: Execution) -> Event | None:
        event = self.inner.step(execution)
        execution.fill()
        self.inner._validate()
        return event

    def end(self, execution: Execution) -> bool:
        more = self.inner.end(execution)
        self.inner._validate()
        return more


def searched(data: dict[str, Any], strategy: Strategy, limit: int | None = None) -> tuple[list[Trace], Verdict]:
    """The trace of each execution of a search, in order; one that ended asleep is not among them."""
    program = compiled(data)
    found: list[Trace] = []

    def watch(execution: Execution, _verdict: Verdict) -> None:
        if execution.ending is not Ending.ASLEEP:
            if not isinstance(strategy, Optimal | Watched):
                order = Causality()
                order.begin({})
                for event in execution.events:
                    order.add(event)
            found.append(canonical(execution, len(data["threads"])))

    limits = Limits(executions=limit) if limit is not None else None
    return found, explore(program, strategy, stop_at_failure=False, watch=watch, limits=limits)
