"""The counter, with a lock around what must not be torn apart."""

from __future__ import annotations

from threading import Lock, Thread

import treadle


class Counter:
    """Counts."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.value = 0

    def add(self) -> None:
        with self.lock:
            self.value += 1


@treadle.check
def test_both_count() -> None:
    """Nothing is lost."""
    counter = Counter()
    threads = [Thread(target=counter.add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.value == 2
