"""What two checkers run for comparison: shared state, what a worker does to it, and whether it held.

As scenarios of ours (`locked_2` and so on), and as states for a checker that starts the workers by itself (`CASES`).
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Locked:
    """A counter with a lock around each increment."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.value = 0

    def work(self) -> None:
        with self.lock:
            self.value += 1


class Racy:
    """A counter without."""

    def __init__(self) -> None:
        self.value = 0

    def work(self) -> None:
        self.value += 1


class Meeting:
    """A barrier."""

    parties = 2

    def __init__(self) -> None:
        self.barrier = threading.Barrier(self.parties)

    def work(self) -> None:
        self.barrier.wait()


class MeetingOfThree(Meeting):
    """The same for three."""

    parties = 3


class Case(NamedTuple):
    """One scenario, for both."""

    title: str
    state: Callable[[], Any]
    workers: int
    scenario: str


CASES = (
    Case("a counter under a lock, 2 threads", Locked, 2, "locked_2"),
    Case("a counter under a lock, 3 threads", Locked, 3, "locked_3"),
    Case("a counter under a lock, 4 threads", Locked, 4, "locked_4"),
    Case("a racy counter, 2 threads", Racy, 2, "racy_2"),
    Case("a racy counter, 3 threads", Racy, 3, "racy_3"),
    Case("threading.Barrier(2)", Meeting, 2, "meeting_2"),
    Case("threading.Barrier(3)", MeetingOfThree, 3, "meeting_3"),
)


def _run(state: Any, workers: int) -> None:
    threads = [threading.Thread(target=state.work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def locked_2() -> None:
    _run(Locked(), 2)


def locked_3() -> None:
    _run(Locked(), 3)


def locked_4() -> None:
    _run(Locked(), 4)


def racy_2() -> None:
    _run(Racy(), 2)


def racy_3() -> None:
    _run(Racy(), 3)


def meeting_2() -> None:
    _run(Meeting(), 2)


def meeting_3() -> None:
    _run(MeetingOfThree(), 3)
