"""Scenarios that are executed thousands of times; `tests/quality/test_lasting.py` says what they leave behind."""

from __future__ import annotations

import contextlib
import queue
import threading

import treadle


class Node:
    """Refers to itself."""

    def __init__(self) -> None:
        self.me = self


def everything() -> None:
    """Threads that end, that fail, that lock each other out, daemons, choices, time, cycles of objects."""
    locks = [threading.Lock(), threading.Lock()]
    channel: queue.Queue[Node] = queue.Queue()

    def serve() -> None:
        with contextlib.suppress(queue.Empty):
            channel.get(timeout=1)
        channel.get()
        channel.task_done()

    def cross(number: int) -> None:
        try:
            with locks[number], locks[1 - number]:
                channel.put(Node())
            assert treadle.choose([True, False])
        finally:
            threading.Thread(target=serve)

    threading.Thread(target=serve, daemon=True).start()
    for number in range(2):
        threading.Thread(target=cross, args=(number,)).start()


def imports_late() -> list[int]:
    """A module that is first imported by an execution."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - which is the point

    with ThreadPoolExecutor(max_workers=2) as executor:
        return [future.result() for future in [executor.submit(pow, 2, 2), executor.submit(pow, 2, 3)]]
