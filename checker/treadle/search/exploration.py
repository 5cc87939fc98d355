"""The loop: run the subject under a strategy until the strategy has seen enough, and count.

For each execution the strategy is called: `begin(execution)` once; `step(execution)` for each step, until it returns
None; `end(execution)` once, which says whether another execution is needed. Between the steps the subject runs.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from treadle.model.verdict import Ending, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.model.trace import Event
    from treadle.semantics.execution import Execution, Subject


class Strategy(Protocol):
    """A way of choosing. Stateful: one object for one exploration."""

    def begin(self, execution: Execution) -> None:
        """An execution starts; its initial states are set, and nobody has moved.

        A strategy that sets `execution.heeded` asks `execution.is_over` itself, in `step`, where there are `execution.limit`
        steps or more, and takes none if so. Others need not know that there are limits.
        """

    def step(self, execution: Execution) -> Event | None:
        """Take one step of an enabled task; None to end the execution here.

        None without an ending set in the execution means that nobody can move; `Ending.ASLEEP` and `Ending.CUT` are
        set by the strategy itself.
        """

    def end(self, execution: Execution) -> bool:
        """The execution is over. Whether another one is needed."""


@runtime_checkable
class Partial(Protocol):
    """A strategy that may leave something out by itself, and says so."""

    def left_out(self) -> str | None:
        """Why a verdict after this exploration is incomplete, in words; None if nothing was left out."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on an exploration. Each that is met makes the verdict incomplete and says so. None: no bound."""

    executions: int | None = None
    seconds: float | None = None
    steps: int = 100_000  # of one execution
    spent: float = 0.0  # so many of the seconds have gone, before this exploration


class Enough(Exception):  # noqa: N818 - nothing is wrong
    """Raised by `watch` to end the exploration, which is incomplete; its text says why."""


LOOK = 10_000
"""After so many steps of one execution the time is looked at again."""


class _Bounded:
    """A chooser that ends executions after so many steps, and long ones when the time is over.

    A strategy that looks at the limit by itself is asked directly: one call less for each step.
    """

    __slots__ = ("_end", "_limit", "_strategy", "cut", "late", "loop", "step")

    late: bool  # the time was over before an execution was
    step: Callable[[Execution], Event | None]  # in this execution

    def __init__(self, strategy: Strategy, limit: int, end: float) -> None:
        """`end` is when the time is over, by `time.monotonic`."""
        self._strategy = strategy
        self._limit = limit
        self._end = end
        self.cut = 0
        self.late = False
        self.loop = ""  # what the last one that was cut did over and over

    def begin(self, execution: Execution) -> None:
        execution.limit = min(self._limit, LOOK)
        execution.is_over = self._is_over
        self._strategy.begin(execution)
        self.step = self._strategy.step if execution.heeded else self._within

    def _within(self, execution: Execution) -> Event | None:
        if len(execution.events) >= execution.limit and self._is_over(execution):
            return None
        return self._strategy.step(execution)

    def _is_over(self, execution: Execution) -> bool:
        """Whether it has made all its steps, or has no time for more of them; the end of the time is told elsewhere."""
        steps = len(execution.events)
        execution.limit = min(self._limit, steps + LOOK)
        if steps >= self._limit:
            if not _is_aside(self._strategy):
                self.cut += 1
                self.loop = repetition(execution)
            over = True
        else:
            over = self.late = time.monotonic() >= self._end
        if over:
            execution.ending = Ending.CUT
        return over


PERIOD = 20
"""A loop of more steps than these is not told."""


def repetition(execution: Execution) -> str:
    """What was done over and over at the end of an execution, three times at least; empty if nothing was."""
    steps = [(event.task, event.operation.signature()) for event in execution.events[-3 * PERIOD :]]
    for period in range(1, len(steps) // 3 + 1):
        tail = steps[-3 * period :]
        if tail == tail[:period] * 3:
            break
    else:
        return ""
    said: dict[str, list[str]] = {}
    for event in execution.events[-period:]:
        said.setdefault(execution.names[event.task], []).append(repr(event.operation))
    return "; ".join(f"{name} repeated {', '.join(operations)}" for name, operations in said.items())


FAILURES = frozenset({Ending.FAILED, Ending.DEADLOCK, Ending.LIVELOCK})
"""The endings that are violations when code is checked. (Abstract programs count them instead.)"""


def explore(
    subject: Subject,
    strategy: Strategy,
    *,
    limits: Limits | None = None,
    stop_at_failure: bool = True,
    watch: Callable[[Execution, Verdict], None] | None = None,
) -> Verdict:
    """Run the subject as often as the strategy asks; count what happened.

    `watch` is called after each execution, before the strategy plans from it, with the causal fields of its events filled
    in, if the strategy does that. KeyboardInterrupt ends the exploration
    with an incomplete verdict, and so does `Enough`; nothing that was found is lost.
    """
    limits = limits if limits is not None else Limits()
    verdict = Verdict()
    started = time.monotonic()
    left = limits.seconds - limits.spent if limits.seconds is not None else math.inf
    chooser = _Bounded(strategy, limits.steps, started + left)
    try:
        more = True
        while more:
            more = _once(subject, strategy, chooser, verdict, watch)
            if verdict.failure is not None and stop_at_failure:
                verdict.stopped = more
                break
            verdict.seconds = time.monotonic() - started
            if (more or chooser.late) and _met(limits, verdict):
                break
    except KeyboardInterrupt:
        verdict.reasons.append(f"interrupted after {verdict.executions} executions")
    except Enough as why:
        verdict.reasons.append(str(why))
    if chooser.cut:
        cut = f"{chooser.cut} execution{'s were' if chooser.cut > 1 else ' was'} cut after {limits.steps} steps"
        verdict.reasons.append(f"{cut}; at the end {chooser.loop}" if chooser.loop else cut)
    finished = verdict.failure is None or not stop_at_failure
    left_out = getattr(strategy, "left_out", None)  # of a `Partial`, which would cost as much to ask as an execution
    if finished and left_out is not None and (reason := left_out()) is not None:
        verdict.reasons.append(reason)
    verdict.seconds = time.monotonic() - started
    return verdict


def _once(
    subject: Subject,
    strategy: Strategy,
    chooser: _Bounded,
    verdict: Verdict,
    watch: Callable[[Execution, Verdict], None] | None,
) -> bool:
    execution = subject.run(chooser)
    if _is_aside(strategy):
        _count_aside(verdict, execution)
    else:
        count(verdict, execution)
    if watch is not None:
        execution.fill()
        watch(execution, verdict)
    return strategy.end(execution)


def count(verdict: Verdict, execution: Execution) -> None:
    """Add one execution to the verdict."""
    ending = execution.ending
    verdict.executions += 1
    verdict.steps += len(execution.events)
    if ending is Ending.ASLEEP:
        verdict.redundant += 1
    elif ending is Ending.ASSUME:
        verdict.assumed += 1
        verdict.blocked += 1
    elif ending is Ending.DEADLOCK or ending is Ending.LIVELOCK:  # a set would hash them, by code in Python
        verdict.deadlocks += 1
        verdict.blocked += 1
    if ending is not Ending.COMPLETE and ending in FAILURES:
        verdict.failures += 1
        if verdict.failure is None:
            verdict.failure = execution.failure


def _is_aside(strategy: Strategy) -> bool:
    """Whether the current execution is none of the search that is to be counted: see `treadle.search.look`.

    (Asked for each execution; a protocol would cost as much to ask for as a short execution does.)
    """
    return bool(getattr(strategy, "aside", False))


def _count_aside(verdict: Verdict, execution: Execution) -> None:
    """A violation is one, wherever it is found; nothing else of the execution counts."""
    verdict.looked += 1
    if execution.ending in FAILURES:
        verdict.failures += 1
        if verdict.failure is None:
            verdict.failure = execution.failure


def _met(limits: Limits, verdict: Verdict) -> bool:
    if limits.executions is not None and verdict.executions >= limits.executions:
        verdict.reasons.append(f"stopped after {verdict.executions} executions, the bound that was set")
        return True
    if limits.seconds is not None and verdict.seconds + limits.spent >= limits.seconds:
        verdict.reasons.append(f"stopped after {verdict.executions} executions at the limit of {limits.seconds:g} s")
        return True
    return False
