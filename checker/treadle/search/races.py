"""Races: pairs of steps of one execution that could have happened the other way round.

For a step e' and an older conflicting step e that is not ordered before it through anything else, the *reversal* is
the sequence `notdep(e, E) . e''`: all that happened after e and is not ordered after it (what came after e' included),
then the operation of e' once more, in its new place. A strategy inserts it before e.

Three extensions make this sound for operations that block, and each of them is necessary (the tests named below lose
traces without it):

1. *Fall through.* If the operation of e' is disabled in the new place (e released the lock, posted the semaphore,
   wrote what an await was waiting for, ...), the pair cannot be reversed; then older conflicting steps are tried. A
   candidate that cannot be reversed must not hide those that can. So a race between two acquisitions of a lock
   reverses the acquisitions, whatever release lies between.
2. *Blocked at the end.* An operation that is still blocked when the execution ends raced with the steps that keep it
   blocked, as if it came last.
3. *The outcome is computed anew.* In its new place the operation may do something else (a failed attempt succeeds),
   so both "enabled?" and "which accesses?" are asked of the states in the new place.

A data choice is handled like a race of the step with its own other alternatives.

*Settled races.* A race is analysed once for as long as its two steps stay in the explored prefix. The reversal that
was inserted then begins an execution of the same reversed pair; that the tail of notdep is different in a later
execution only means that another of the equivalent executions was asked for. A pair that could *not* be reversed is
looked at again each time, because a different tail can enable it (in programs that block this is real: 24 of 63,105
traces were lost in an experiment that skipped all old pairs).

Laws: tests/laws/test_search.py brute-forces the result; tests/laws/test_faults.py removes each of these ideas and
shows that traces are lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.semantics.causality import races_with

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from treadle.model.operations import Accesses, Operation
    from treadle.model.trace import Event
    from treadle.search.wakeup import Sequence
    from treadle.semantics.causality import Causality, Visit
    from treadle.semantics.execution import Execution


class Races:
    """Finds the reversals of one execution after another. `insert(position, sequence)` receives each of them."""

    __slots__ = ("_causality", "_insert", "_open", "count")

    count: int  # reversals found so far

    def __init__(self, causality: Causality, insert: Callable[[int, Sequence], None]) -> None:
        self._causality = causality
        self._insert = insert
        self._open: list[Event] = []  # analysed events with a pair that could not be reversed, by position
        self.count = 0

    def analyse(self, execution: Execution, first: int) -> None:
        """Find the reversals of a whole execution, of which the events from `first` on are new."""
        events = self._causality.events
        self._open = [event for event in self._open if event.position < first]
        for event in (*self._open, *events[first:]):
            self._analyse_event(event)
        for event in events[first:]:
            if len(event.alternatives) > 1:
                self._other_alternatives(event)
        for task in execution.blocked():
            self._analyse_blocked(execution, task)

    def _analyse_event(self, event: Event) -> None:
        previous = event.previous
        shadow = event.settled if event.settled is not None else previous.past if previous is not None else 0
        visits = races_with(event.accesses, event.indexes, self._causality)
        shadow, hidden = self._reverse(visits, shadow, event.task, event.operation, event)
        if event.settled is None and hidden:
            self._open.append(event)
        event.settled = shadow

    def _analyse_blocked(self, execution: Execution, task: int) -> None:
        operation = execution.pending[task]
        if operation is None:
            return
        accesses: Accesses = operation.attempt(task)
        if not accesses:
            return
        histories = self._causality.histories
        ends = tuple(len(histories.get(name, ())) for name, _, _ in accesses)
        previous = self._causality.last.get(task)
        shadow = previous.past if previous is not None else 0
        self._reverse(races_with(accesses, ends, self._causality), shadow, task, operation, None)

    def _reverse(
        self, visits: Iterator[Visit], shadow: int, task: int, operation: Operation, event: Event | None
    ) -> tuple[int, bool]:
        """Reverse what can be reversed among `visits`, latest first.

        `shadow` is the set of positions that are ordered before this step through something else: its own previous
        step, or a younger race. Returns the shadow with the races found, and whether any candidate was disabled.
        """
        hidden = False
        for visit in visits:
            older = visit.event
            if shadow >> older.position & 1:
                if not visit.run_past & ~shadow:
                    break  # nothing older is outside the shadow
                continue
            sequence = self._reversal(older, task, operation, event)
            if sequence is None:
                hidden = True
            else:
                shadow |= older.past
                self.count += 1
                self._insert(older.position, sequence)
        return shadow, hidden

    def _reversal(self, older: Event, task: int, operation: Operation, event: Event | None) -> Sequence | None:
        """notdep(older, E) and then the operation in its new place; None if it is disabled there."""
        look = self._causality.without(older)
        alternatives = operation.alternatives(task, look)
        if not alternatives:
            return None
        wanted = event.alternative if event is not None else None
        alternative = wanted if wanted in alternatives else alternatives[0]
        accesses = operation.outcome(task, alternative, look).accesses
        sequence = [later.step for later in self._causality.independent_of(older)]
        sequence.append((task, alternative, accesses))
        return sequence

    def _other_alternatives(self, event: Event) -> None:
        """The same step with its other alternatives: after all that does not depend on it where they may run there.

        Where an alternative may not run there, it is asked for at once, in the place of the event: there it may.
        """
        look = self._causality.without(event)
        later = [other.step for other in self._causality.independent_of(event)]
        possible = event.operation.alternatives(event.task, look)
        for alternative in event.alternatives:
            if alternative == event.alternative:
                continue
            if alternative in possible:
                accesses = event.operation.outcome(event.task, alternative, look).accesses
                self._insert(event.position, [*later, (event.task, alternative, accesses)])
            else:
                here = self._causality.at(event)
                accesses = event.operation.outcome(event.task, alternative, here).accesses
                self._insert(event.position, [(event.task, alternative, accesses)])
