"""Who takes part in the overhead benchmark: a name for each, and how to make it for a number of threads.

The barriers of this package; the standard library's, which they are measured against; aiologic's, where it is installed,
since it is the fastest other one that is pure Python; and the operating system's, about the limit.
"""

from __future__ import annotations

import importlib.util
import threading
from typing import TYPE_CHECKING, Final, Protocol

from phalanx.barrier import Barrier
from phalanx.bench import pthread
from phalanx.elastic import ElasticBarrier
from phalanx.tree import TreeBarrier

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

STANDARD = "threading.Barrier"
OURS = "phalanx.Barrier"
TIMED = "phalanx.Barrier, with a timeout"
TREE = "phalanx.TreeBarrier"
ELASTIC = "phalanx.ElasticBarrier"
OTHER = "aiologic.Barrier"
LIMIT = "pthread_barrier_wait"


LONG: Final = 3600.0
"""The timeout, in seconds, of the contender that has one: it never expires."""


class Meeting(Protocol):
    """What is measured: threads call `wait` in a loop."""

    @property
    def wait(self) -> Callable[..., object]:
        """Returns when all threads have called it; a barrier's with a timeout, if it is given one."""
        ...

    def abort(self) -> None:
        """Lets the threads go when the benchmark is interrupted."""
        ...


def contenders() -> tuple[Mapping[str, Callable[[int], Meeting]], list[str]]:
    """Who can take part on this platform, and a note about each who can not."""
    present: dict[str, Callable[[int], Meeting]] = {
        STANDARD: threading.Barrier,
        OURS: Barrier,
        TIMED: Barrier,
        TREE: TreeBarrier,
        ELASTIC: ElasticBarrier,
    }
    notes = []
    if importlib.util.find_spec("aiologic") is None:
        notes.append(f"{OTHER} is left out: aiologic is not installed.")
    else:
        import aiologic  # type: ignore[import-not-found, unused-ignore]

        present[OTHER] = aiologic.Barrier
    if pthread.load() is None:
        notes.append(f"{LIMIT} is left out: this platform's C library has no barriers.")
    else:
        present[LIMIT] = pthread.PthreadBarrier
    return present, notes
