"""A barrier whose parties come and go, as one would write it with a lock and a condition. It keeps the contract.

It shows that `spec/Elastic.tla` is not made to fit the one class that we have; and those that break the contract are made
from it (tests/quality/broken_elastic.py).
"""

from __future__ import annotations

import threading

from phalanx import BrokenBarrierError, FinishedBarrierError


class Meeting:
    """One generation of an `ElasticMonitor`."""

    def __init__(self) -> None:
        self.arrived = 0
        self.without = 0  # of these, members who have left since
        self.verdict = ""  # "tripped" or "broken", when it is settled


class ElasticMonitor:
    """A barrier whose parties join and leave: one lock, one condition. A token is a meeting and a place in it."""

    def __init__(self, parties: int) -> None:
        self.parties = parties
        self._meeting = Meeting()
        self._changed = threading.Condition(threading.Lock())

    def join(self) -> None:
        """Be waited for from now on."""
        with self._changed:
            self._refuse_finished()
            self.parties += 1

    def leave(self, token: tuple[Meeting, int] | None = None) -> None:
        """Be waited for no more; an arrival in this meeting stays one."""
        with self._changed:
            self._refuse_finished()
            self.parties -= 1
            if token is not None and token[0] is self._meeting:
                self._meeting.without += 1
            self._look()

    def arrive(self) -> tuple[Meeting, int]:
        """Be counted, and go on."""
        with self._changed:
            self._refuse_finished()
            meeting = self._meeting
            token = meeting, meeting.arrived
            if not meeting.verdict:
                meeting.arrived += 1
                self._look()
            return token

    def wait(self, token: tuple[Meeting, int] | None = None, timeout: float | None = None) -> int:
        """Wait for the verdict of an arrival, which is made first if there is none."""
        if timeout is not None and timeout < 0:
            raise ValueError(f"timeout must be 0 or more; got {timeout}")
        meeting, place = self.arrive() if token is None else token
        with self._changed:
            if not self._changed.wait_for(lambda: meeting.verdict, timeout):
                self._settle(meeting, "broken")
            if meeting.verdict == "broken":
                raise BrokenBarrierError("the meeting was broken")
            return place

    def abort(self) -> None:
        """Break this meeting, and all until a reset."""
        with self._changed:
            if self.parties:
                self._settle(self._meeting, "broken")

    def reset(self) -> None:
        """Break this meeting, and begin another."""
        with self._changed:
            self._settle(self._meeting, "broken")
            self._meeting = Meeting()

    def _refuse_finished(self) -> None:
        if not self.parties:
            raise FinishedBarrierError("everybody has left")

    def _look(self) -> None:
        """Settle the meeting if all have arrived."""
        meeting = self._meeting
        if meeting.arrived and not meeting.verdict and meeting.arrived >= self.parties + meeting.without:
            self._settle(meeting, "tripped")
            self._meeting = Meeting()

    def _settle(self, meeting: Meeting, verdict: str) -> None:
        meeting.verdict = meeting.verdict or verdict
        self._changed.notify_all()
