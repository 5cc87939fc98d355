"""Crews: threads that meet at one barrier, do there what one may do and what one should not, and write it down.

Whoever is told that the barrier is broken resets it, so that the crew goes on. The first that has made all its rounds
ends it for all: the barrier is aborted, again and again, until everybody has gone.
"""

from __future__ import annotations

import math
import random
import threading
import time
from time import monotonic_ns as now
from typing import TYPE_CHECKING, Any

from phalanx import BrokenBarrierError, ElasticBarrier, FinishedBarrierError
from tests.real.journal import Call, Journal, Reading, Run, Stay, Wait
from tests.real.judge import RAISED

if TYPE_CHECKING:
    from collections.abc import Callable

    from phalanx import Barrier, TreeBarrier

MISUSES: list[tuple[object, type[Exception]]] = [("soon", TypeError), (-1, ValueError), (math.nan, ValueError)]


class ActionError(Exception):
    """What an action raises."""


class Crew:
    """As many threads as there are parties, at a barrier for a fixed number of them.

    With `acts` the barrier has an action; with `hurried` some waits have timeouts.
    """

    def __init__(
        self,
        kind: Callable[..., Barrier | TreeBarrier | ElasticBarrier],
        parties: int,
        dice: random.Random,
        *,
        acts: bool = False,
        hurried: bool = True,
    ) -> None:
        self.journal = Journal(parties, has_action=acts)
        self.barrier: Any = kind(parties, action=self._act if acts else None)
        self.size = parties
        self.over = threading.Event()
        self._hurried = hurried
        # Each thread has dice of its own; the action's are thrown by one thread at a time.
        self._seed = dice.randrange(1 << 30)
        self._dice = random.Random(self._seed)
        # Who is who.
        self._workers: dict[int, int] = {}
        self._failures: list[BaseException] = []

    def run(self, rounds: int) -> Journal:
        """Let them meet about so often; what they wrote down. What fails in one of the threads is raised here."""
        threads = [
            threading.Thread(target=self._guarded, args=(self._enter, worker, rounds), daemon=True)
            for worker in range(self.size)
        ]
        threads.append(threading.Thread(target=self._guarded, args=(self._read,), daemon=True))
        for thread in threads:
            thread.start()
        self.over.wait()
        while any(thread.is_alive() for thread in threads):
            # Again and again: one of them may have been about to reset when the first was done.
            self._call("abort")
            time.sleep(0.001)
        if self._failures:
            raise self._failures[0]
        self.journal.tripped = self.barrier.statistics().tripped
        return self.journal

    def _guarded(self, work: Callable[..., None], *arguments: object) -> None:
        try:
            work(*arguments)
        except BaseException as error:
            self._failures.append(error)
        finally:
            if work == self._enter or self._failures:
                self.over.set()

    def _enter(self, worker: int, rounds: int) -> None:
        self._workers[threading.get_ident()] = worker
        dice = random.Random(f"{self._seed} {worker}")
        for _ in range(rounds):
            self._idle(dice)
            self._meet(worker, dice)
            if self.over.is_set():
                return

    def _idle(self, dice: random.Random) -> None:
        """What one does between two meetings: mostly nothing."""
        chance = dice.random()
        if chance < 0.01:
            time.sleep(dice.random() / 1_000)
        elif chance < 0.01 + 0.02 / self.size:
            self._call(dice.choice(["abort", "reset"]))
        elif chance > 0.999:
            bad, error = dice.choice(MISUSES)
            self._refused(bad, error)

    def _call(self, what: str) -> None:
        began = now()
        getattr(self.barrier, what)()
        self.journal.calls.append(Call(what, began, now()))

    def _refused(self, bad: object, expected: type[Exception]) -> None:
        """P13: what is wrong with an argument is said at once."""
        try:
            self.barrier.wait(bad)
            said = "nothing"
        except expected as error:
            said = str(error)
        assert repr(bad) in said, f"P13: wait({bad!r}) was refused with {said}"

    def _timeout(self, dice: random.Random) -> float | None:
        """Mostly none; one a generation in ten that may expire, and as many that never do."""
        chance = dice.random() * self.size if self._hurried else 1.0
        return dice.random() / 100 if chance < 0.1 else 60.0 if chance < 0.2 else None

    def _meet(self, worker: int, dice: random.Random) -> None:
        timeout = self._timeout(dice)
        index, number, why = -1, 0, ""
        began = now()
        try:
            index = self.barrier.wait() if timeout is None else self.barrier.wait(timeout)
        except BrokenBarrierError as error:
            why = str(error).partition(": ")[2]
        except ActionError:
            why = RAISED
        ended = now()
        if index >= 0:
            # Nothing trips before this thread comes again.
            number = self.barrier.statistics().tripped
        self.journal.waits.append(Wait(worker, began, ended, began, ended, timeout, index, number, why))
        self._mend(why)

    def _mend(self, why: str) -> None:
        # If it is not broken somebody else has mended it, and others may be there again.
        if why and not self.over.is_set() and self.barrier.broken:
            self._call("reset")

    def _act(self) -> None:
        """The action: mostly it does nothing but write that down."""
        began = now()
        number = self.barrier.statistics().tripped + 1
        chance = self._dice.random()
        how = ""
        if chance < 0.01:
            how = self._dice.choice(["raised", "called abort", "called reset"])
        elif chance < 0.02:
            self._reenter()
        if how.startswith("called"):
            self._call(how.removeprefix("called "))
        self.journal.runs.append(Run(self._workers[threading.get_ident()], number, began, now(), how))
        if how == "raised":
            raise ActionError

    def _reenter(self) -> None:
        """P11: an action can not wait for itself."""
        try:
            self.barrier.wait()
        except RuntimeError:
            return
        raise AssertionError("P11: the action waited at its own barrier")

    def _read(self) -> None:
        """P12: ask the barrier how it is, again and again."""
        while not self.over.is_set():
            began = now()
            told = self.barrier.statistics()
            self.journal.readings.append(Reading(began, now(), told.tripped, told.waiting))
            assert 0 <= self.barrier.n_waiting <= self.size
            assert self.barrier.broken in {True, False}
            assert f"{id(self.barrier):#x}" in repr(self.barrier)
            time.sleep(0.002)


class ElasticCrew(Crew):
    """Members of an elastic barrier, who leave and join again; the first stays, so that it is not finished early."""

    def __init__(self, parties: int, dice: random.Random) -> None:
        super().__init__(lambda parties, action: ElasticBarrier(parties), parties, dice)
        self.journal.parties = None

    def run(self, rounds: int) -> Journal:
        """As for every crew; in the end all have left, and the barrier says so."""
        journal = super().run(rounds)
        assert self.barrier.finished
        assert self.barrier.parties == 0
        for call in (self.barrier.wait, self.barrier.join, self.barrier.leave, self.barrier.arrive):
            try:
                call()
            except FinishedBarrierError:
                continue
            raise AssertionError(f"P6: {call} of a finished barrier returned")
        return journal

    def _enter(self, worker: int, rounds: int) -> None:
        dice = random.Random(f"{self._seed} {worker}")
        joined = 0
        for _ in range(rounds):
            self._idle(dice)
            self._meet(worker, dice)
            if self.over.is_set():
                break
            if worker and dice.random() < 0.01:
                self._leave(worker, joined)
                if dice.random() < 0.5:
                    time.sleep(dice.random() / 1_000)
                if not self._joins():
                    return
                joined = now()
        self.over.set()
        self._leave(worker, joined)

    def _joins(self) -> bool:
        """Join again, if the others are not done meanwhile."""
        try:
            self.barrier.join()
        except FinishedBarrierError:
            assert self.over.is_set(), "finished, and the first member had not left"
            return False
        return True

    def _leave(self, worker: int, joined: int) -> None:
        self.journal.stays.append(Stay(worker, joined, now()))
        self.barrier.leave()

    def _meet(self, worker: int, dice: random.Random) -> None:
        if dice.random() < 0.7:
            super()._meet(worker, dice)
            return
        timeout = self._timeout(dice)
        index, number, why = -1, 0, ""
        began = now()
        token = self.barrier.arrive()
        arrived = now()
        if dice.random() < 0.05:
            time.sleep(dice.random() / 1_000)
        slept = now()
        try:
            index = self.barrier.wait(token, timeout)
        except BrokenBarrierError as error:
            why = str(error).partition(": ")[2]
        ended = now()
        if index >= 0:
            number = self.barrier.statistics().tripped
        self.journal.waits.append(Wait(worker, began, arrived, slept, ended, timeout, index, number, why))
        self._mend(why)
