"""Who takes part in the overhead benchmark: a name for each, and how to make it for a number of threads."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol

from phalanx.barrier import Barrier
from phalanx.bench import pthread

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

STANDARD = "threading.Barrier"
OURS = "phalanx.Barrier"
LIMIT = "pthread_barrier_wait"


class Meeting(Protocol):
    """What is measured: threads call `wait` in a loop."""

    @property
    def wait(self) -> Callable[[], object]:
        """Returns when all threads have called it."""
        ...

    def abort(self) -> None:
        """Lets the threads go when the benchmark is interrupted."""
        ...


def contenders() -> tuple[Mapping[str, Callable[[int], Meeting]], list[str]]:
    """Who can take part on this platform, and a note about each who can not."""
    present: dict[str, Callable[[int], Meeting]] = {STANDARD: threading.Barrier, OURS: Barrier}
    if pthread.load() is None:
        return present, [f"{LIMIT} is left out: this platform's C library has no barriers."]
    return {**present, LIMIT: pthread.PthreadBarrier}, []
