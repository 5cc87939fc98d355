"""Scenarios that are run on real threads; `tests/real/test_stressing.py` says what comes of each."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import treadle


@treadle.check
def fine() -> None:
    """Two threads add under a lock."""
    lock = threading.Lock()
    total = [0]

    def add() -> None:
        with lock:
            total[0] += 1

    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert total == [2]
    assert threading.active_count() == 1, threading.enumerate()


def deadlock() -> None:
    """Two threads that hold what the other wants."""
    locks = [threading.Lock(), threading.Lock()]
    meeting = threading.Barrier(2)

    def take(number: int) -> None:
        with locks[number]:
            meeting.wait()
            with locks[1 - number]:
                pass

    for number in range(2):
        threading.Thread(target=take, args=(number,), name=f"taker {number}").start()


def fails_in_a_thread() -> None:
    """A thread that an exception ends."""
    count = 3
    thread = threading.Thread(target=lambda: [][count])
    thread.start()
    thread.join()


def sometimes() -> None:
    """It depends on what is chosen."""
    chosen = treadle.choose(range(5))
    assert chosen != 3


executor: ThreadPoolExecutor | None = None


def pool() -> None:
    """A pool that is never shut down."""
    global executor  # noqa: PLW0603 - so that it is not collected
    executor = ThreadPoolExecutor(1)
    assert executor.submit(len, [1]).result() == 1


def exits() -> None:
    """It ends the process."""
    os._exit(7)
