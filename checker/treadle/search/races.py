"""Races: pairs of steps of one execution that could have happened the other way round.

A race of a step e' is an older step e that conflicts with it and is not ordered before it through anything else. Its
reversal (see `reversals`) takes the operation of e' before e. Races are found when e' is added to the execution, and
are planned when the execution is maximal.

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

*What is asked once.* Whether e' can be reversed with e, and what e'' does, is decided when e' is added, and never asked
again while e' stays in the execution. That is sound because the new place is before all that follows e': what follows
and is in the sequence is ordered after neither e nor e'', so it commutes with e'' and changes nothing that e'' looks at.
(An operation looks only at objects that its accesses cover, and a step that could change the answer conflicts with it:
tests/laws/test_conflicts.py.) What is asked again after each execution is whether the reversal is covered, until that
is so for good.

Laws: tests/laws/test_search.py brute-forces the result; tests/laws/test_faults.py removes each of these ideas and
shows that traces are lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.model.operations import WRITE
from treadle.search.reversals import Moved, Reversal, made, seen
from treadle.semantics.causality import AFTER, rivals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from treadle.model.operations import Operation
    from treadle.model.trace import Event
    from treadle.semantics.causality import Causality
    from treadle.semantics.execution import Execution


_SECOND = (1,)
"""The indexes of an event that has touched one object, once touched before."""
REMEMBERED = 10_000
"""So many operations are known to be disabled in some state; then it begins again."""


class Races:
    """Finds the reversals of one execution after another.

    `plan(reversal)` receives each of them after each execution; it returns True when the reversal is covered for good
    and need not be shown again.
    """

    __slots__ = ("_causality", "_disabled", "_open", "_plan")

    _disabled: set[
        tuple[Operation, int, int]
    ]  # operations, whose they are, and states of the one object that they look at
    _open: list[Reversal]  # of the events of the current execution, in order; what is not yet covered for good

    def __init__(self, causality: Causality, plan: Callable[[Reversal], bool]) -> None:
        self._causality = causality
        self._plan = plan
        self._disabled = set()
        self._open = []

    def extend(self, events: Iterable[Event]) -> None:
        """Add the next events to the execution, and find the races of each."""
        for event in self._causality.extend(events):
            if not (event.operation.shut and self._is_enabled_by_the_first(event)):
                self._open += self._reversals(event)
            if len(event.alternatives) > 1:
                self._open += self._other_alternatives(event)

    def _is_enabled_by_the_first(self, event: Event) -> bool:
        """Whether the only older access to the object of the event has enabled it, so that it cannot come before that.

        So it is with a thread's beginning, and nearly always with a join: to ask here costs less than to find out.
        """
        return event.indexes == _SECOND and not event.operation.alternatives(event.task, self._causality.initial.get)

    def truncate(self, length: int) -> None:
        """Forget all events from position `length` on."""
        self._causality.truncate(length)
        reversals = self._open
        while reversals and reversals[-1].last >= length:
            reversals.pop()

    def analyse(self, execution: Execution) -> None:
        """Plan the reversals of a whole execution."""
        plan = self._plan
        for reversal in self._open:
            if reversal.changed:
                reversal.refresh()
        self._open = [reversal for reversal in self._open if not plan(reversal)]
        if any(execution.pending):
            for task in execution.blocked():
                for reversal in self._of_blocked(execution, task):
                    plan(reversal)

    def _of_blocked(self, execution: Execution, task: int) -> Iterable[Reversal]:
        operation = execution.pending[task]
        assert operation is not None, task
        causality, accesses = self._causality, operation.attempt(task)
        ends = tuple([len(causality.histories.get(name, ())) for name, _, _ in accesses])
        return self._reversals(Moved(operation, task, accesses, ends, len(causality.events), causality.last(task)))

    def _reversals(self, moved: Event | Moved) -> Iterable[Reversal]:
        """The reversals of one operation, which was taken or is blocked; the youngest race first.

        A race orders what is before it: that goes to the shadow. A candidate where the operation is disabled casts no
        shadow.
        """
        shadow = moved.previous.past if moved.previous is not None else 0
        if len(moved.accesses) != 1:
            return self._of_several_objects(moved, [shadow])
        # What `rivals` says, in one loop, for one object: so it is nearly always.
        ((name, mode, _),), (end,) = moved.accesses, moved.indexes
        operation, task, causality, known = moved.operation, moved.task, self._causality, self._disabled
        history = causality.histories[name]
        found: list[Reversal] = []
        disabling = 0  # positions of the candidates before which the operation is disabled
        while end:
            end -= 1
            older, other, _, _, _, run = history[end]
            if not run & ~shadow:
                break
            if (mode == WRITE or mode != other) and not shadow >> older.position & 1:
                alone = 1 << older.position
                state = None
                if other == WRITE:  # then nothing later touches the object, and so it is before the older step
                    state = history[end - 1][AFTER] if end else causality.initial.get(name)
                    if type(state) is int and (operation, task, state) in known:
                        disabling |= alone
                        continue
                reversal = self._before(older, alone, moved) or (
                    self._before(older, alone | disabling, moved) if disabling else None
                )
                if reversal is None:
                    disabling |= alone
                    if type(state) is int:
                        self._remember(operation, task, name, state)
                else:
                    shadow |= older.past
                    found.append(reversal)
        return found

    def _remember(self, operation: Operation, task: int, name: str, state: int) -> None:
        """The operation is disabled where this object is in this state: nothing else makes a difference, if it looks at nothing else.

        So it is with a lock, before each of its releases: it is not asked twice for the same holder. Other states than
        numbers are not looked up: to compare them might be anybody's code.
        """
        looked = []

        def look(asked: str) -> int | None:
            looked.append(asked)
            return state if asked == name else None

        if not operation.alternatives(task, look) and {*looked} == {name}:
            if len(self._disabled) >= REMEMBERED:
                self._disabled.clear()
            self._disabled.add((operation, task, state))

    def _of_several_objects(self, moved: Event | Moved, shadow: list[int]) -> Iterator[Reversal]:
        """The same for any number of objects."""
        disabling = 0
        for older in rivals(self._causality, moved.accesses, moved.indexes, shadow):
            alone = 1 << older.position
            reversal = self._before(older, alone, moved)
            if reversal is None and disabling:
                reversal = self._before(older, alone | disabling, moved)
            if reversal is None:
                disabling |= alone
            else:
                shadow[0] |= older.past
                yield reversal

    def _before(self, older: Event, left_out: int, moved: Event | Moved) -> Reversal | None:
        """The reversal without what is left out; None if the operation is disabled there."""
        step = moved.step
        if step is None or not moved.operation.fixed:
            # The event itself is ordered after the older one: it is not in the states that `without` shows.
            look = self._causality.without(older, left_out)
            possible = moved.operation.alternatives(moved.task, look)
            if not possible:
                return None
            step = made(moved, possible, look)
        return Reversal(self._causality, older, left_out, moved, step)

    def _other_alternatives(self, event: Event) -> Iterator[Reversal]:
        """The same step with its other alternatives, in its own place: nothing is between it and itself."""
        alone = 1 << event.position
        look = self._causality.without(event, alone)
        for alternative in event.alternatives:
            if alternative != event.alternative:
                moved = Moved(
                    event.operation, event.task, event.accesses, event.indexes, event.position, event.previous
                )
                moved.alternative = alternative
                step = seen(moved, look)
                if step is not None:
                    yield Reversal(self._causality, event, alone, moved, step)
