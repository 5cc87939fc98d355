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
from collections.abc import Callable
from functools import partial
from typing import Any


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


Way = Callable[[Any], Any]
"""What is done to something shared."""


def _put(namespace: dict[str, Any], name: str, scenario: Callable[..., None], *parts: Any) -> None:
    """The two scenarios `racy_NAME` and `locked_NAME`, as functions of a module, and NAME in its `WAYS`."""
    namespace.setdefault("WAYS", []).append(name)
    namespace[f"racy_{name}"] = partial(scenario, *parts, NoLock)
    namespace[f"locked_{name}"] = partial(scenario, *parts, threading.Lock)


def bumping(namespace: dict[str, Any]) -> Callable[[Callable[[], Any], Way], Callable[[Way], Way]]:
    """A decorator for the bumps of a module: of what `make` made, `read` says how often it was bumped."""

    def way(make: Callable[[], Any], read: Way) -> Callable[[Way], Way]:
        def register(bump: Any) -> Way:
            _put(namespace, bump.__name__, bumped, make, bump, read)
            return bump  # type: ignore[no-any-return]

        return register

    return way


def looking(namespace: dict[str, Any]) -> Callable[[Callable[[], Any], Way], Callable[[Way], Way]]:
    """A decorator for the looks of a module, at what `make` made and `change` changes."""

    def way(make: Callable[[], Any], change: Way) -> Callable[[Way], Way]:
        def register(look: Any) -> Way:
            _put(namespace, look.__name__, looked, make, change, look)
            return look  # type: ignore[no-any-return]

        return register

    return way


def taking(namespace: dict[str, Any]) -> Callable[[Callable[[], Any]], Callable[[Way], Way]]:
    """A decorator for the takes of a module, from what `make` made."""

    def way(make: Callable[[], Any]) -> Callable[[Way], Way]:
        def register(take: Any) -> Way:
            _put(namespace, take.__name__, taken, make, take)
            return take  # type: ignore[no-any-return]

        return register

    return way
