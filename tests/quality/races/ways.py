"""The three shapes of a race, and how one way of touching shared state becomes two scenarios.

- A *bump* adds one to something shared. Two threads bump it; both must count.
- A *look* takes a picture of two values that are always changed together. One thread changes them, another looks; the
  two values in the picture must be equal.
- A *take* takes the last thing that is there, if there is one. Two threads do; one must find nothing.

Without a lock each fails in some interleaving. With a lock around it there are exactly two executions, one for each
order of the two threads, and none fails.
"""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class NoLock:
    """Where a lock would be."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, *exception: object) -> None:
        pass


def together(*works: Callable[[], object]) -> None:
    """Run them in a thread each, to the end."""
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def bumped(make: Callable[[], Any], bump: Callable[[Any], object], read: Callable[[Any], int], guard: Any) -> None:
    """Two threads bump what was made."""
    state = make()
    lock = guard()

    def work() -> None:
        with lock:
            bump(state)

    together(work, work)
    assert read(state) == 2, read(state)


def looked(make: Callable[[], Any], change: Callable[[Any], object], look: Callable[[Any], Any], guard: Any) -> None:
    """One thread changes both values, another looks at them."""
    state = make()
    lock = guard()

    def writer() -> None:
        with lock:
            change(state)

    def reader() -> None:
        with lock:
            first, second = look(state)
        assert first == second, (first, second)

    together(writer, reader)


def taken(make: Callable[[], Any], take: Callable[[Any], object], guard: Any) -> None:
    """Two threads take the only thing, if it is there."""
    state = make()
    lock = guard()

    def work() -> None:
        with lock:
            take(state)

    together(work, work)


def both(scenario: Callable[..., None], *parts: Any) -> dict[str, Callable[[], None]]:
    """The scenario without a lock, and with one."""
    return {"racy": partial(scenario, *parts, NoLock), "locked": partial(scenario, *parts, threading.Lock)}
