"""A reversal: the plan to take a step before an older one that it conflicts with.

With e the older step, e' the later one and E the maximal execution, the *sequence* of the reversal is

    notdep(e, E) . e''        taken in the state before e

where notdep(e, E) is all that follows e in E and is not ordered after it, and e'' is the operation of e' in its new place.
Of notdep, the *fixed* part is what lies between e and e'; the *rest* follows e'. Nearly always e'' does what e' did, or
at least conflicts with nothing in the rest (what conflicts with e' there is ordered after it, and so after e). Then it may
as well come before the rest, and the sequence is

    fixed . e'' . rest

Where e'' does something else that conflicts with the rest, it must come after it, and what it does there is asked anew
after each execution; only if it is disabled there it comes before the rest, and the rest is left out.

Whoever plans asks of each step that was taken, is planned or sleeps before e: is it a *weak initial* of the sequence,
can an execution that is equivalent to one that goes on with the sequence begin with it? Then the subtree of that step
covers the reversal, and nothing is to be planned. There are three answers:

- `NO`;
- `FOR_NOW`: yes, but only because nothing in the rest conflicts with it, or because it occurs in the rest;
- `FOR_GOOD`: it occurs in the fixed part, or it is e'' itself and does what e' did. So it is one whatever the rest is.

The rest is another one in each execution with the same prefix, so a pair of steps is looked at again after each of
them, until the answer is for good. Is the rest needed? A search that plans fixed . e'' alone, once, loses 1 of the 30
traces of Concuerror's depend_4 (tests/laws/test_faults.py), though hardly any in programs that are generated.

Law: tests/laws/test_reversals.py compares the answers with the definition, on generated programs.
"""

from __future__ import annotations

from bisect import bisect
from enum import IntEnum
from typing import TYPE_CHECKING

from treadle.model.operations import WRITE, dependent
from treadle.search.wakeup import initial

if TYPE_CHECKING:
    from treadle.model.operations import Accesses, Alternative, Alternatives, Look, Operation
    from treadle.model.trace import Event, Step
    from treadle.semantics.causality import Causality


class Covers(IntEnum):
    """Whether a step covers a reversal."""

    NO = 0
    FOR_NOW = 1
    FOR_GOOD = 2


NO, FOR_NOW, FOR_GOOD = Covers


class Moved:
    """An operation that a reversal moves and that was not taken so, told as the event would be that had taken it."""

    __slots__ = ("accesses", "alternative", "indexes", "operation", "position", "previous", "step", "task")

    operation: Operation
    task: int
    accesses: Accesses  # those that it made with another alternative, or attempts where it is blocked
    indexes: tuple[int, ...]  # for each of them, the index in the history of its object
    position: int  # where it was taken; at the end, if it was not
    previous: Event | None  # the event of the same task before it
    alternative: Alternative  # the one that is wanted
    step: Step | None  # there is none

    def __init__(
        self,
        operation: Operation,
        task: int,
        accesses: Accesses,
        indexes: tuple[int, ...],
        position: int,
        previous: Event | None,
    ) -> None:
        self.operation = operation
        self.task = task
        self.accesses = accesses
        self.indexes = indexes
        self.position = position
        self.previous = previous
        self.alternative = self.step = None


def seen(moved: Event | Moved, look: Look) -> Step | None:
    """What the operation does in these states; None if it is disabled."""
    alternatives = moved.operation.alternatives(moved.task, look)
    return made(moved, alternatives, look) if alternatives else None


def made(moved: Event | Moved, alternatives: Alternatives, look: Look) -> Step:
    """What it does where it has these alternatives: another one, if there is none as wanted."""
    task, wanted = moved.task, moved.alternative
    alternative = wanted if wanted in alternatives else alternatives[0]
    return task, alternative, moved.operation.outcome(task, alternative, look).accesses


class Reversal:
    """One reversal. It stays valid as long as the events up to e' stay in the execution; its rest is never stored."""

    __slots__ = ("_causality", "_late", "_moved", "changed", "last", "left_out", "older", "step")

    older: Event  # e
    left_out: int  # positions: that of e, and of younger steps that it commutes with and that disable e''
    step: Step  # e'', right after the fixed part
    last: int  # the position of e'
    changed: bool  # whether e'' does something else than e', so that something in the rest may conflict with it
    _moved: Event | Moved  # e'' elsewhere: e' itself, or what stands for it
    _late: list[Step] | None  # the whole sequence, where something does, as of the last `refresh`

    def __init__(self, causality: Causality, older: Event, left_out: int, moved: Event | Moved, step: Step) -> None:
        """`moved` is e', or what stands for it; `step` is e''."""
        self._causality = causality
        self.older = older
        self.left_out = left_out
        self.step = step
        self.last = moved.position
        self._moved = moved
        accesses = moved.accesses
        self.changed = step[2] is not accesses and [a[:2] for a in step[2]] != [a[:2] for a in accesses]
        self._late = None

    def refresh(self) -> None:
        """If `changed`, to be called once after each execution, before anything is asked."""
        self._late = None
        accesses = self.step[2]
        events = self._causality.events[self.last :]
        if any(not event.past & self.left_out and dependent(accesses, event.accesses) for event in events):
            self._late = self._after_the_rest()

    def _after_the_rest(self) -> list[Step]:
        step = seen(self._moved, self._causality.without(self.older, self.left_out))
        if step is None:
            return [*self._steps(self.older.position + 1, self.last), self.step]
        return [*self._steps(self.older.position + 1, None), step]

    def _steps(self, start: int, end: int | None) -> list[Step]:
        left_out = self.left_out
        return [event.step for event in self._causality.events[start:end] if not event.past & left_out]

    def sequence(self) -> list[Step]:
        """The whole sequence, as of now."""
        if self._late is not None:
            return list(self._late)
        steps = self._steps(self.older.position + 1, self.last)
        steps.append(self.step)
        steps += self._steps(self.last, None)
        return steps

    def covered_by(self, first: Step) -> Covers:
        """Whether `first`, a step that is possible before e, is a weak initial of the sequence.

        Where the task of `first` moves in notdep, that event is an initial exactly if its past holds
        nothing younger than e; it is then the same step, since nothing that matters to it has happened in between.
        Where it does not, `first` must conflict with nothing.
        """
        task, alternative, accesses = first
        causality, left_out, position = self._causality, self.left_out, self.older.position
        if self._late is not None:
            return self._covered_late(first, self._late)
        own = causality.steps.get(task, ())
        index = bisect(own, position)
        if index < len(own):
            mover = causality.events[own[index]]
            if not mover.past & left_out:
                at = mover.position
                if mover.alternative != alternative or mover.past >> (position + 1) != 1 << (at - position - 1):
                    return NO
                return FOR_GOOD if at < self.last else FOR_NOW
        if task == self.step[0]:
            if alternative != self.step[1] or self._conflicts(accesses, self.last):
                return NO
            return FOR_NOW if self.changed else FOR_GOOD
        if dependent(accesses, self.step[2]) or self._conflicts(accesses, len(causality.events)):
            return NO
        return FOR_NOW

    def _conflicts(self, accesses: Accesses, end: int) -> bool:
        """Whether accesses conflict with what is in the sequence, up to the position `end`."""
        position, left_out, histories = self.older.position, self.left_out, self._causality.histories
        for name, mode, _ in accesses:
            for event, other, _, _, _, _ in reversed(histories.get(name, ())):
                if event.position <= position:
                    break
                if (mode != other or mode == WRITE) and not event.past & left_out and event.position < end:
                    return True
        return False

    def _covered_late(self, first: Step, sequence: list[Step]) -> Covers:
        """The same by the definition."""
        index = initial(first, sequence)
        if index < 0:
            return NO
        return FOR_GOOD if index < len(self._steps(self.older.position + 1, self.last)) else FOR_NOW
