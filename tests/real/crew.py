"""Real threads for the tests of this directory, under a watchdog: what they return or raise, and never a hang.

The threads are daemons, so that one that is stuck for ever fails its test and does not keep the process alive.
"""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 10.0
"""Seconds after which a thread that should have ended is reported as stuck. Only a failing test waits that long."""

Result = TypeVar("Result")


class Outcome(Generic[Result]):
    """What one thread did: it returned `value`, raised `error`, or is still at it."""

    def __init__(self, work: Callable[[], Result]) -> None:
        self.value: Result | None = None
        self.error: BaseException | None = None
        self._work = work
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.value = self._work()
        except BaseException as error:
            self.error = error

    def ended(self) -> bool:
        """Whether it has returned or raised."""
        return not self._thread.is_alive()

    def asleep(self) -> bool:
        """Whether it sleeps inside a barrier of ours."""
        frame = sys._current_frames().get(self._thread.ident or 0)
        return frame is not None and frame.f_code.co_name == "sleep"

    def join(self) -> Outcome[Result]:
        """Wait for the thread to end; fail if it does not."""
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "a thread is stuck"
        return self

    def returned(self) -> Result:
        """What it returned, once it has ended; what it raised is raised here."""
        self.join()
        if self.error is not None:
            raise self.error
        return self.value  # type: ignore[return-value]

    def raised(self, kind: type[BaseException]) -> BaseException:
        """What it raised, once it has ended, which must be of that kind."""
        self.join()
        assert isinstance(self.error, kind), f"expected {kind.__name__}, got {self.error!r} and {self.value!r}"
        return self.error


def start(work: Callable[[], Result], times: int = 1) -> list[Outcome[Result]]:
    """Start that many threads, each of which does the work."""
    return [Outcome(work) for _ in range(times)]


def together(*works: Callable[[], Any]) -> list[Any]:
    """Start a thread for each, and return what each returned."""
    return [outcome.returned() for outcome in [Outcome(work) for work in works]]


def until(condition: Callable[[], bool]) -> None:
    """Wait until it is true, looking again and again; fail if it never is."""
    limit = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < limit, "what the test waits for does not happen"
        time.sleep(0.0005)
