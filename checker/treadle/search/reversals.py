"""A reversal: the plan to take a step before an older one that it conflicts with.

With e the older step, e' the later one and E the maximal execution, the *sequence* of the reversal is

    fixed . e'' . rest        taken in the state before e

where `fixed` is what lies between e and e' and is not ordered after e; e'' is the operation of e' in its new place; and
`rest` is what comes after e' and is ordered neither after e nor after e''. (The literature writes notdep(e, E) . e''. Where
e'' does what e' did, nothing in `rest` conflicts with it, for that would be ordered after e' and so after e: then the two
are equivalent. Where e'' does something else, what conflicts with it is left out of the rest.)

Whoever plans asks of each step that was taken, is planned or sleeps before e: is it a *weak initial* of the sequence,
can an execution that is equivalent to one that goes on with the sequence begin with it? Then the subtree of that step
covers the reversal, and nothing is to be planned. There are three answers:

- `NO`;
- `FOR_NOW`: yes, but only because nothing in the rest conflicts with it, or because it occurs in the rest;
- `FOR_GOOD`: it occurs in `fixed`, or it is e'' itself. So it is a weak initial whatever the rest is.

The rest is another one in each execution with the same prefix, so a pair of steps is looked at again after each of
them, until the answer is for good. Is the rest needed? A search that plans `fixed . e''` alone, once, loses 1 of the 30
traces of Concuerror's depend_4 (tests/laws/test_faults.py), though hardly any in programs that are generated.

Law: tests/laws/test_reversals.py compares the answers with the definition, on generated programs.
"""

from __future__ import annotations

from bisect import bisect
from enum import IntEnum
from typing import TYPE_CHECKING

from treadle.model.operations import WRITE, dependent

if TYPE_CHECKING:
    from treadle.model.operations import Accesses
    from treadle.model.trace import Event, Step
    from treadle.semantics.causality import Causality


class Covers(IntEnum):
    """Whether a step covers a reversal."""

    NO = 0
    FOR_NOW = 1
    FOR_GOOD = 2


NO, FOR_NOW, FOR_GOOD = Covers


class Reversal:
    """One reversal. It stays valid as long as the events up to e' stay in the execution; its rest is never stored."""

    __slots__ = ("_causality", "_changed", "_dropped", "last", "left_out", "older", "step")

    older: Event  # e
    left_out: int  # positions: that of e, and of younger steps that it commutes with and that disable e''
    step: Step  # e''
    last: int  # the position of e'
    _changed: bool  # whether e'' does something else than e', so that something after e' may conflict with it
    _dropped: int  # the positions after e' that do, as of the last `refresh`

    def __init__(
        self, causality: Causality, older: Event, left_out: int, step: Step, last: int, accesses: Accesses
    ) -> None:
        """`accesses` are those of e', or the attempted ones if it is blocked."""
        self._causality = causality
        self.older = older
        self.left_out = left_out
        self.step = step
        self.last = last
        self._changed = step[2] is not accesses and [a[:2] for a in step[2]] != [a[:2] for a in accesses]
        self._dropped = 0

    def refresh(self) -> None:
        """To be called once after each execution, before anything is asked."""
        if self._changed:
            self._dropped = 0
            for event in self._causality.events[self.last :]:
                if not event.past & self.left_out and dependent(self.step[2], event.accesses):
                    self._dropped |= 1 << event.position

    def sequence(self) -> list[Step]:
        """The whole sequence, as of now."""
        left_out, last = self.left_out, self.last
        events = self._causality.events
        steps = [event.step for event in events[self.older.position + 1 : last] if not event.past & left_out]
        steps.append(self.step)
        left_out |= self._dropped
        steps += [event.step for event in events[last:] if not event.past & left_out]
        return steps

    def covered_by(self, first: Step) -> Covers:
        """Whether `first`, a step that is possible before e, is a weak initial of the sequence.

        Where the task of `first` moves in `fixed` or in the rest, that event is an initial exactly if its past holds
        nothing younger than e; it is then the same step, since nothing that matters to it has happened in between.
        Where it does not, `first` must conflict with nothing.
        """
        task, alternative, accesses = first
        causality, left_out, position = self._causality, self.left_out, self.older.position
        if self._dropped:
            return self._covered_changed(first)
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
            return FOR_GOOD
        if dependent(accesses, self.step[2]) or self._conflicts(accesses, len(causality.events)):
            return NO
        return FOR_NOW

    def _conflicts(self, accesses: Accesses, end: int) -> bool:
        """Whether accesses conflict with what is in the sequence, up to the position `end`."""
        position, left_out, histories = self.older.position, self.left_out, self._causality.histories
        for name, mode, _ in accesses:
            for visit in reversed(histories.get(name, ())):
                event = visit.event
                if event.position <= position:
                    break
                if (mode != visit.mode or mode == WRITE) and not event.past & left_out and event.position < end:
                    return True
        return False

    def _covered_changed(self, first: Step) -> Covers:
        """The same by the definition, where the rest is shorter because e'' conflicts with a part of it."""
        task, alternative, accesses = first
        left_out = self.left_out
        events = self._causality.events
        head = [event.step for event in events[self.older.position + 1 : self.last] if not event.past & left_out]
        head.append(self.step)
        rest = [event.step for event in events[self.last :] if not event.past & (left_out | self._dropped)]
        for answer, steps in ((FOR_GOOD, head), (FOR_NOW, rest)):
            for step in steps:
                if step[0] == task:
                    return answer if step[1] == alternative else NO
                if dependent(accesses, step[2]):
                    return NO
        return FOR_NOW
