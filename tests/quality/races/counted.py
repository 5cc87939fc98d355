"""Scenarios whose number of traces is known."""

from __future__ import annotations

import threading
from collections import defaultdict
from functools import partial
from typing import Any

from tests.quality.races.boxes import Box
from tests.quality.races.ways import together


def writers(threads: int) -> None:
    """Each thread writes one attribute, once."""
    box = Box()

    def write(value: int) -> None:
        box.x = value

    together(*[partial(write, value) for value in range(threads)])


def increments(threads: int) -> None:
    """Each thread loads one attribute and stores it."""
    box = Box()

    def work() -> None:
        box.x += 1

    together(*[work] * threads)


def locked_increments(threads: int) -> None:
    """The same with a lock."""
    box = Box()
    lock = threading.Lock()

    def work() -> None:
        with lock:
            box.x += 1

    together(*[work] * threads)
    assert box.x == threads


def one_round(parties: int) -> None:
    """One round of the standard library's barrier; each worker keeps its index in a place of its own."""
    barrier = threading.Barrier(parties)
    indices: list[Any] = [None] * parties

    def work(place: int) -> None:
        indices[place] = barrier.wait()

    together(*[partial(work, place) for place in range(parties)])
    assert sorted(indices) == list(range(parties))


def default_lists(threads: int) -> None:
    """Each thread appends to a list that reading makes where it is missing; no append is lost."""
    lists: dict[str, list[int]] = defaultdict(list)

    def work() -> None:
        lists["a"].append(1)

    together(*[work] * threads)
    assert len(lists["a"]) == threads


for _scenario, _sizes in ((writers, 5), (increments, 3), (locked_increments, 4), (one_round, 4), (default_lists, 2)):
    for _size in range(2, _sizes + 1):
        globals()[f"{_scenario.__name__}_{_size}"] = partial(_scenario, _size)
