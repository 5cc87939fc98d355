"""Whether a barrier kept its promises, from what its threads wrote down: every generation, every wait.

All that is known is that an event happened at some moment between the beginning and the end of its call. A promise is
broken if no choice of moments keeps it. So nothing is found here that did not happen; what the clocks leave open is
left to the checker, which sees every order.

P9 is the watchdog's: that everybody came back is why there is a journal. P10 is `tests/real/storm.py`'s, P13 is looked
at by the threads themselves.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NoReturn

from phalanx.generation import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.real.journal import Call, Journal, Run, Wait

LATE = 5 * 10**9
"""Nanoseconds that a busy machine may take to let a thread run whose time is up."""
RAISED = "its action raised"
"""Why the last arriver of a generation was not released if that was its own action."""


class PromiseError(AssertionError):
    """A promise was not kept."""


def _broken(promise: str, told: str) -> NoReturn:
    raise PromiseError(f"{promise}: {told}")


class Moments:
    """Intervals, each of which has a moment at which something happened."""

    def __init__(self, intervals: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(intervals)
        self._began = [began for began, _ in ordered]
        self._latest = list(accumulate((ended for _, ended in ordered), max))

    def latest_end(self, before: int) -> int:
        """The latest end of all that had begun by then; -1 if none had."""
        place = bisect_right(self._began, before)
        return self._latest[place - 1] if place else -1


def judge(journal: Journal) -> None:
    """Raise PromiseError if a promise was not kept."""
    generations: dict[int, list[Wait]] = defaultdict(list)
    for wait in sorted(journal.waits, key=lambda wait: wait.place):
        if wait.place >= 0:
            generations[wait.number].append(wait)
    if sorted(generations) != list(range(1, journal.tripped + 1)):
        _broken(
            "P12", f"{journal.tripped} generations tripped, and the released were in {sorted(generations)[-3:]} ..."
        )
    for number, released in sorted(generations.items()):
        _judge_generation(number, released, journal.parties)
    _judge_members(generations, journal)
    if journal.has_action:
        _judge_actions(generations, journal.runs)
    _judge_readings(generations, journal)
    _judge_timeouts(journal.waits)
    _judge_mending(journal.waits, journal.calls)
    _judge_causes(journal.waits, journal.calls)


def _judge_generation(number: int, released: list[Wait], parties: int | None) -> None:
    """P1, P3 and P5 of one generation that tripped."""
    count = len(released) if parties is None else parties
    if [wait.place for wait in released] != list(range(count)):
        given = [wait.place for wait in released]
        _broken("P3, P5", f"generation {number} of {count} released {given}")
    if len({wait.worker for wait in released}) != count:
        _broken("P2", f"generation {number} released a thread twice: {released}")
    if max(wait.began for wait in released) > min(wait.ended for wait in released):
        _broken("P1", f"generation {number} released somebody before somebody else had come: {released}")
    came = -1
    for wait in released:
        if wait.arrived < came:
            _broken("P5", f"generation {number} gave {wait.place} to one who came before a lower one: {released}")
        came = max(came, wait.began)


def _judge_members(generations: dict[int, list[Wait]], journal: Journal) -> None:
    """P1 where members come and go: whoever was one when it tripped, for certain, is among the released."""
    stays = defaultdict(list)
    for stay in journal.stays:
        stays[stay.worker].append((stay.joined, stay.leaving))
    for number, released in generations.items():
        come, first = max(wait.began for wait in released), min(wait.ended for wait in released)
        present = {wait.worker for wait in released}
        for worker, times in stays.items():
            if worker not in present and any(joined <= come and first <= leaving for joined, leaving in times):
                _broken("P1", f"generation {number} tripped without its member {worker}: {released}")


def _judge_actions(generations: dict[int, list[Wait]], runs: list[Run]) -> None:
    """P4: one run for each generation that tripped, by the last to come, after all had come, before anybody left."""
    ordered = sorted(runs, key=lambda run: run.began)
    for one, other in pairwise(ordered):
        if other.began < one.ended:
            _broken("P4", f"two actions ran at a time: {one} and {other}")
    # A generation that broke while its action ran leaves its number to the next one: the last run is the one that counts.
    last = {run.number: run for run in ordered}
    for number, released in generations.items():
        run = last.get(number)
        if run is None or run.how:
            _broken("P4", f"generation {number} tripped, and its action: {run}")
        if run.worker != released[-1].worker:
            _broken(
                "P4", f"generation {number} had its action in {run.worker}, not in the last to come: {released[-1]}"
            )
        if run.began < max(wait.began for wait in released) or run.ended > min(wait.ended for wait in released):
            _broken("P4", f"generation {number} had its action too early or too late: {run}, {released}")


def _judge_readings(generations: dict[int, list[Wait]], journal: Journal) -> None:
    """P12: the number of generations was true at some moment, and nobody waits who is not there."""
    ordered = [released for _, released in sorted(generations.items())]
    come = list(accumulate((max(wait.began for wait in released) for released in ordered), max))
    left = list(accumulate((min(wait.ended for wait in released) for released in ordered), max))
    most = len({wait.worker for wait in journal.waits})
    for reading in journal.readings:
        if not bisect_left(left, reading.began) <= reading.tripped <= bisect_right(come, reading.ended):
            _broken("P12", f"{reading}, which was never true")
        if not 0 <= reading.waiting <= most:
            _broken("P12", f"{reading}, and there are {most} threads")


def _judge_timeouts(waits: list[Wait]) -> None:
    """P7: no wait was longer than its timeout."""
    for wait in waits:
        if overrun(wait) > LATE:
            _broken("P7", f"{overrun(wait) / 1e9:.3f} seconds too late: {wait}")


def overrun(wait: Wait) -> int:
    """By how much a wait outlasted its timeout; negative if it did not."""
    return -1 if wait.timeout is None else wait.ended - wait.slept - round(wait.timeout * 1e9)


def _judge_mending(waits: list[Wait], calls: list[Call]) -> None:
    """P6: nobody is released from a barrier that was broken before and that nobody has reset since."""
    resets = Moments((call.began, call.ended) for call in calls if call.what == "reset")
    seen_broken = [(call.ended, call.began) for call in calls if call.what == "abort"]
    seen_broken += [(wait.ended, wait.began) for wait in waits if wait.why and wait.why != Reason.RESET.value]
    # Of all that had ended by then, the one that began last is the hardest to have been mended.
    broken = Moments(seen_broken)
    for wait in waits:
        since = broken.latest_end(wait.began - 1)
        if wait.place >= 0 and since >= 0 and resets.latest_end(wait.ended) < since:
            _broken("P6", f"the barrier was broken, nobody has reset it, and it let somebody pass: {wait}")


def _judge_causes(waits: list[Wait], calls: list[Call]) -> None:
    """P8, P9: whoever was told that the barrier is broken was told why, and that had happened and was not mended."""
    resets = [call for call in calls if call.what == "reset"]
    mended = Moments((call.ended, call.began) for call in resets)
    causes = {
        Reason.ABORTED.value: Moments((call.began, call.ended) for call in calls if call.what == "abort"),
        Reason.RESET.value: Moments((call.began, call.ended) for call in resets),
        Reason.TIMED_OUT.value: Moments(
            (wait.slept + int(wait.timeout * 1e9), wait.ended)
            for wait in waits
            if wait.timeout is not None and wait.why == Reason.TIMED_OUT.value
        ),
        Reason.ACTION_FAILED.value: Moments((wait.began, wait.ended) for wait in waits if wait.why == RAISED),
    }
    for wait in waits:
        if wait.why and wait.why != RAISED:
            since = wait.began if wait.why == Reason.RESET.value else mended.latest_end(wait.began - 1)
            if causes[wait.why].latest_end(wait.ended) < max(since, 0):
                _broken("P8, P9", f"there was no reason for this: {wait}")
