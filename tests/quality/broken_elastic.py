"""Barriers whose parties come and go, each with a mistake that such barriers invite. All but that is `ElasticMonitor`."""

from __future__ import annotations

from phalanx import BrokenBarrierError
from tests.verify.elastic_monitor import ElasticMonitor, Meeting


class ForgetfulLeave(ElasticMonitor):
    """Who leaves does not look whether all others have arrived: they wait for ever."""

    def leave(self, token: tuple[Meeting, int] | None = None) -> None:
        with self._changed:
            self._refuse_finished()
            self.parties -= 1
            self._meeting.without += token is not None and token[0] is self._meeting


class CountsLeaversTwice(ElasticMonitor):
    """Who has arrived and leaves is an arrival, and one less to wait for: the others go before all have come."""

    def leave(self, token: tuple[Meeting, int] | None = None) -> None:
        del token
        super().leave()


class JoinsLate(ElasticMonitor):
    """Who joins is counted when the next meeting begins, and this one goes without it."""

    def __init__(self, parties: int) -> None:
        super().__init__(parties)
        self._joining = 0

    def join(self) -> None:
        with self._changed:
            self._refuse_finished()
            self._joining += bool(self._meeting.arrived)
            self.parties += not self._meeting.arrived

    def _settle(self, meeting: Meeting, verdict: str) -> None:
        super()._settle(meeting, verdict)
        self.parties, self._joining = self.parties + self._joining, 0


class WaitsForTheNext(ElasticMonitor):
    """A token is good for the meeting that fills when it is used: one that was settled meanwhile is missed."""

    def wait(self, token: tuple[Meeting, int] | None = None, timeout: float | None = None) -> int:
        place = (self.arrive() if token is None else token)[1]
        with self._changed:
            meeting = self._meeting
            self._changed.wait_for(lambda: meeting.verdict, timeout)
            return place


class LosesItsPlace(ElasticMonitor):
    """A wait that times out takes its arrival back and breaks nothing: the place is given twice."""

    def wait(self, token: tuple[Meeting, int] | None = None, timeout: float | None = None) -> int:
        meeting, place = self.arrive() if token is None else token
        with self._changed:
            if not self._changed.wait_for(lambda: meeting.verdict, timeout):
                meeting.arrived -= 1
                raise BrokenBarrierError("too late")
            if meeting.verdict == "broken":
                raise BrokenBarrierError("the meeting was broken")
            return place
