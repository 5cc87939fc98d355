"""An exploration that is counted by somebody else: every execution's trace is named, and repeats are found.

An optimal search claims that no two of its executions are equivalent. The audit does not take its word for it: it
keeps the digests of all traces (see `semantics.causality`), so that the number of traces is measured and not inferred
from the number of executions. What was repeated counts as redundant, beside what ended asleep.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from treadle.model.verdict import Ending, Verdict
from treadle.search.bounded import Bounded
from treadle.search.exploration import explore
from treadle.search.optimal import Optimal
from treadle.semantics.polling import livelock

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.search.exploration import Limits
    from treadle.semantics.execution import Execution, Subject


@dataclass(slots=True)
class Audit:
    """What an audited exploration counted."""

    verdict: Verdict = field(default_factory=Verdict)
    digests: set[int] = field(default_factory=set)  # of all traces
    repeated: int = 0  # executions that repeated a trace
    errors: int = 0  # traces with a failed assertion
    livelock: str = ""  # the loops of the first livelock, in words

    def counts(self) -> dict[str, int]:
        """Traces in all, and by their endings."""
        deadlock, assume = self.verdict.deadlocks, self.verdict.assumed
        return {
            "traces": len(self.digests),
            "complete": len(self.digests) - deadlock - assume,
            "deadlock": deadlock,
            "assume": assume,
            "errors": self.errors,
        }


def audit(subject: Subject, *, limits: Limits | None = None, progress: Callable[[int], None] | None = None) -> Audit:
    """Explore every trace of the subject; failures are counted and do not end the search.

    `progress` is called with the number of executions so far, after each.
    """
    strategy = Optimal()
    audited = Audit()

    def watch(execution: Execution, verdict: Verdict) -> None:
        if execution.ending is not Ending.ASLEEP and execution.ending is not Ending.CUT:
            digest = strategy.causality.digest()
            audited.repeated += digest in audited.digests
            audited.digests.add(digest)
            audited.errors += execution.failure is not None
            audited.livelock = audited.livelock or livelock(execution)
        if progress is not None:
            progress(verdict.executions)

    audited.verdict = explore(subject, strategy, limits=limits, stop_at_failure=False, watch=watch)
    audited.verdict.redundant += audited.repeated
    return audited


def complete_within(subject: Subject, preemptions: int) -> int:
    """The number of complete traces that have a schedule with at most so many preemptions."""
    strategy = Bounded(preemptions)
    digests: set[int] = set()

    def watch(execution: Execution, _verdict: Verdict) -> None:
        if execution.ending is Ending.COMPLETE:
            digests.add(strategy.causality.digest())

    explore(subject, strategy, stop_at_failure=False, watch=watch)
    return len(digests)
