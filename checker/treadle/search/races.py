"""Races: pairs of steps of one execution that could have happened the other way round.

For a step e' and an older conflicting step e that is not ordered before it through anything else, the *reversal* is
the sequence `notdep(e, E) . e''`: all that happened after e and is not ordered after it (what came after e' included),
then the operation of e' once more, in its new place. A strategy inserts it before e.

Three extensions make this sound for operations that block, and each of them is necessary (the tests named below lose
traces without it):

1. *Fall through.* If the operation of e' is disabled in the new place (e released the lock, posted the semaphore,
   wrote what an await was waiting for, ...), the pair cannot be reversed; then older conflicting steps are tried. A
   candidate that cannot be reversed must not hide those that can. So a race between two acquisitions of a lock
   reverses the acquisitions, whatever release lies between. Where the older step is not itself before the younger
   candidates (they commute, as two writes of one value do where a program says so), the operation is also tried
   before them all: an await may be blocked by each of two writes alone.
2. *Blocked at the end.* An operation that is still blocked when the execution ends raced with the steps that keep it
   blocked, as if it came last.
3. *The outcome is computed anew.* In its new place the operation may do something else (a failed attempt succeeds),
   so both "enabled?" and "which accesses?" are asked of the states in the new place.

A data choice is handled like a race of the step with its own other alternatives.

Every execution is analysed whole, the replayed prefix included. It is tempting to skip a pair of steps that was analysed
in an older execution with the same prefix, and it is wrong: notdep takes in what comes after e', so the reversal may be
another one each time (Concuerror's depend_4 loses 1 of its 30 traces so). What is kept is only what cannot differ: the
pairs of an operation that asks nothing of any state (`Operation.fixed`: plain reads and writes) are found once, because
they depend on the prefix alone.

Laws: tests/laws/test_search.py brute-forces the result; tests/laws/test_faults.py removes each of these ideas and
shows that traces are lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from treadle.semantics.causality import Rivals

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.model.operations import Alternative, Operation
    from treadle.model.trace import Event, Step
    from treadle.semantics.causality import Causality
    from treadle.semantics.execution import Execution


class Race(NamedTuple):
    """A reversal: `step` is to happen before `older`, after all that is not ordered after what is left out.

    That sequence is `Causality.reversal(*race)`, for whom needs it.
    """

    older: Event
    left_out: int  # positions: that of `older`, and of younger steps that it commutes with and that disable the step
    step: Step


class Races:
    """Finds the reversals of one execution after another; `insert` receives each of them."""

    __slots__ = ("_causality", "_insert")

    def __init__(self, causality: Causality, insert: Callable[[Race], None]) -> None:
        self._causality = causality
        self._insert = insert

    def analyse(self, execution: Execution) -> None:
        """Find the reversals of a whole execution."""
        for event in self._causality.events:
            rivals = event.rivals
            if rivals is None:
                rivals = self._rivals_of(event)
                if event.operation.fixed:
                    event.rivals = rivals
            for race in rivals:
                self._insert(race)
            if len(event.alternatives) > 1:
                self._other_alternatives(event)
        for task in execution.blocked():
            self._analyse_blocked(execution, task)

    def _rivals_of(self, event: Event) -> list[Race]:
        rivals = Rivals(self._causality, event.accesses, event.indexes, _past(event.previous))
        return self._reversible(rivals, event.operation, event.task, event.alternative)

    def _analyse_blocked(self, execution: Execution, task: int) -> None:
        operation = execution.pending[task]
        accesses = operation.attempt(task) if operation is not None else ()
        if operation is None or not accesses:
            return
        histories = self._causality.histories
        ends = [len(histories.get(name, ())) for name, _, _ in accesses]
        rivals = Rivals(self._causality, accesses, ends, _past(self._causality.last.get(task)))
        for race in self._reversible(rivals, operation, task, None):
            self._insert(race)

    def _reversible(self, rivals: Rivals, operation: Operation, task: int, wanted: Alternative) -> list[Race]:
        """The older steps that the operation could have come before, latest first, with what it would do there.

        A race orders what is before it: that goes to the shadow. A candidate where the operation is disabled casts no
        shadow.
        """
        found: list[Race] = []
        disabling = 0  # positions of the candidates before which the operation is disabled
        for older in rivals:
            alone = 1 << older.position
            race = self._before(older, alone, task, operation, wanted)
            if race is None and disabling:
                race = self._before(older, alone | disabling, task, operation, wanted)
            if race is None:
                disabling |= alone
            else:
                rivals.shadow |= older.past
                found.append(race)
        return found

    def _before(self, older: Event, left_out: int, task: int, operation: Operation, wanted: Alternative) -> Race | None:
        """The reversal without what is left out; None if the operation is disabled there."""
        look = self._causality.without(older, left_out)
        alternatives = operation.alternatives(task, look)
        if not alternatives:
            return None
        alternative = wanted if wanted in alternatives else alternatives[0]
        return Race(older, left_out, (task, alternative, operation.outcome(task, alternative, look).accesses))

    def _other_alternatives(self, event: Event) -> None:
        """The same step with its other alternatives, after all that does not depend on it.

        They may run there: a step's accesses cover all that its alternatives depend on, so what is independent of the
        step can neither add nor remove one (tests/laws/test_conflicts.py).
        """
        alone = 1 << event.position
        look = self._causality.without(event, alone)
        for alternative in event.alternatives:
            if alternative != event.alternative:
                accesses = event.operation.outcome(event.task, alternative, look).accesses
                self._insert(Race(event, alone, (event.task, alternative, accesses)))


def _past(previous: Event | None) -> int:
    """What is ordered before the next step of a task in any case."""
    return previous.past if previous is not None else 0
