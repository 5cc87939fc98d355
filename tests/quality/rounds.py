"""Scenarios of `threading.Barrier`, in a module that needs nothing else: their cost is that of the barrier."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def together(*bodies: Callable[[], Any]) -> None:
    """Run each in a thread of its own, to the end."""
    threads = [threading.Thread(target=body) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def rounds(parties: int, number: int) -> tuple[tuple[int, ...], ...]:
    """The indices that each party got, each kept in a place of its own."""
    barrier = threading.Barrier(parties)
    indices: list[list[int]] = [[] for _ in range(parties)]

    def party(place: list[int]) -> None:
        place.extend(barrier.wait() for _ in range(number))

    together(*(lambda place=place: party(place) for place in indices))
    return tuple(map(tuple, indices))


def barrier_2() -> Any:
    return rounds(2, 1)


def barrier_2_twice() -> Any:
    return rounds(2, 2)


def barrier_3() -> Any:
    return rounds(3, 1)


def barrier_4() -> Any:
    return rounds(4, 1)
