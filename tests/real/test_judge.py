"""The judge of the stress runs sees each promise that a journal shows broken, and none where the clocks leave it open."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from phalanx import Barrier
from phalanx.generation import Reason
from tests.real.crews import Crew
from tests.real.journal import Call, Journal, Reading, Run, Stay, Wait
from tests.real.judge import LATE, PromiseError, judge

if TYPE_CHECKING:
    from collections.abc import Callable


def wait(worker: int, began: int, ended: int, index: int, number: int) -> Wait:
    """A wait without a timeout that was released."""
    return Wait(worker, began, ended, began, ended, None, index, number, "")


def told(worker: int, began: int, ended: int, why: Reason, timeout: float | None = None) -> Wait:
    """A wait that was told that the barrier is broken."""
    return Wait(worker, began, ended, began, ended, timeout, -1, 0, why.value)


def good() -> Journal:
    """Two threads meet twice: at 10 to 20 with the action at 12, and, after an abort and a reset, at 70 to 80."""
    journal = Journal(2, has_action=True, tripped=2)
    journal.waits += [wait(0, 10, 20, 1, 1), wait(1, 5, 21, 0, 1), wait(0, 70, 80, 0, 2), wait(1, 71, 81, 1, 2)]
    journal.waits += [told(0, 30, 41, Reason.ABORTED), told(0, 45, 46, Reason.ABORTED)]
    journal.calls += [Call("abort", 39, 42), Call("reset", 50, 55)]
    journal.runs += [Run(0, 1, 12, 13, ""), Run(0, 2, 60, 61, "raised"), Run(1, 2, 75, 76, "")]
    journal.readings += [Reading(1, 2, 0, 0), Reading(11, 30, 1, 0), Reading(15, 16, 0, 2), Reading(90, 91, 2, 0)]
    return journal


def test_a_journal_without_fault_is_let_pass() -> None:
    """P1 to P12: what happened in order, and what the clocks leave open, is no fault."""
    judge(good())
    judge(Journal(3))


def test_members_come_and_go() -> None:
    """P1: who may have left before the others met, or joined after, is not missed."""
    journal = Journal(None, tripped=1, stays=[Stay(0, 0, 90), Stay(1, 0, 90), Stay(2, 0, 19), Stay(2, 11, 90)])
    journal.waits += [wait(0, 10, 20, 1, 1), wait(1, 5, 21, 0, 1)]
    judge(journal)


def without_a_release(journal: Journal) -> None:
    """P3: one of two is told otherwise."""
    journal.waits[1] = told(1, 5, 21, Reason.ABORTED)


def an_index_twice(journal: Journal) -> None:
    """P5: both see 1."""
    journal.waits[1] = wait(1, 5, 21, 1, 1)


def too_early(journal: Journal) -> None:
    """P1: released before the other came."""
    journal.waits[1] = wait(1, 5, 9, 0, 1)


def twice_the_same(journal: Journal) -> None:
    """P2: one thread is released twice from a generation."""
    journal.waits[1] = wait(0, 5, 21, 0, 1)


def out_of_order(journal: Journal) -> None:
    """P5: who has arrived before the other came gets the later place."""
    journal.waits[0] = Wait(0, 2, 3, 6, 20, None, 1, 1, "")


def forgotten(journal: Journal) -> None:
    """P12: a generation that tripped, and nobody was there."""
    journal.tripped = 3


def without_an_action(journal: Journal) -> None:
    """P4: the action never ran."""
    del journal.runs[0]


def with_a_failed_action(journal: Journal) -> None:
    """P4: the action raised, and the generation tripped all the same."""
    journal.runs[0] = Run(0, 1, 12, 13, "raised")


def with_a_strange_actor(journal: Journal) -> None:
    """P4: the action ran in the thread that came first."""
    journal.runs[0] = Run(1, 1, 12, 13, "")


def with_an_early_action(journal: Journal) -> None:
    """P4: the action ran before the last one came."""
    journal.runs[0] = Run(0, 1, 8, 9, "")


def with_a_late_action(journal: Journal) -> None:
    """P4: somebody was released before the action had ended."""
    journal.runs[0] = Run(0, 1, 12, 22, "")


def with_two_actions(journal: Journal) -> None:
    """P4: two actions at the same time."""
    journal.runs.append(Run(1, 2, 60, 62, "called reset"))


def passing_a_broken_barrier(journal: Journal) -> None:
    """P6: the abort was never undone."""
    journal.calls.pop()


def broken_for_nothing(journal: Journal) -> None:
    """P9: nobody had aborted yet."""
    journal.waits[4] = told(0, 30, 35, Reason.ABORTED)
    del journal.waits[5]


def broken_after_the_reset(journal: Journal) -> None:
    """P8: after the reset the abort still counts."""
    journal.waits.append(told(0, 56, 57, Reason.ABORTED))
    journal.calls.append(Call("reset", 58, 59))


def reset_by_nobody(journal: Journal) -> None:
    """P8: nobody resets while it waits."""
    journal.waits.append(told(0, 43, 44, Reason.RESET))


def expired_too_early(journal: Journal) -> None:
    """P9: a microsecond was given, and is not over."""
    journal.waits[4] = told(0, 30, 41, Reason.TIMED_OUT, 1e-6)


def expired_too_late(journal: Journal) -> None:
    """P7: a microsecond was given, and it took more than all patience."""
    journal.waits.append(Wait(0, 90, LATE + 2_000, 90, LATE + 2_000, 1e-6, -1, 0, Reason.TIMED_OUT.value))


def read_too_early(journal: Journal) -> None:
    """P12: a reading counts a generation whose last party has not come."""
    journal.readings.append(Reading(56, 60, 2, 0))


def read_too_late(journal: Journal) -> None:
    """P12: a reading misses a generation that somebody has left."""
    journal.readings.append(Reading(21, 22, 0, 0))


def read_wrongly(journal: Journal) -> None:
    """P12: a reading counts more waiters than there are threads."""
    journal.readings.append(Reading(15, 16, 0, 3))


def without_a_member(journal: Journal) -> None:
    """P1: a member was missing, and the others were released."""
    journal.stays.append(Stay(2, 0, 90))


@pytest.mark.parametrize(
    "fault",
    [
        without_a_release,
        an_index_twice,
        too_early,
        twice_the_same,
        out_of_order,
        forgotten,
        without_an_action,
        with_a_failed_action,
        with_a_strange_actor,
        with_an_early_action,
        with_a_late_action,
        with_two_actions,
        passing_a_broken_barrier,
        broken_for_nothing,
        broken_after_the_reset,
        reset_by_nobody,
        expired_too_early,
        expired_too_late,
        read_too_early,
        read_too_late,
        read_wrongly,
        without_a_member,
    ],
)
def test_a_planted_fault_is_seen(fault: Callable[[Journal], None]) -> None:
    """A journal with one fault is refused, and the promise is named that the fault breaks."""
    journal = good()
    fault(journal)
    with pytest.raises(PromiseError) as refused:
        judge(journal)
    assert str(fault.__doc__).partition(":")[0] in str(refused.value).partition(":")[0].split(", ")


class Hasty(Barrier):
    """A barrier that now and then lets the first to come pass at once."""

    def wait(self, timeout: float | None = None) -> int:  # type: ignore[override]
        """Sometimes nobody is waited for."""
        if random.random() < 0.1:
            return 0
        return super().wait(timeout)


def test_a_broken_barrier_is_caught_in_the_act() -> None:
    """P1: a barrier that lets somebody through early does not survive the judgement of one crew."""
    with pytest.raises(PromiseError):
        judge(Crew(Hasty, 3, random.Random(1), hurried=False).run(50))
