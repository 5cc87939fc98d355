"""Two threads count up."""

from __future__ import annotations

from threading import Thread


class Counter:
    """Wrong: to add one is to read and then to write, and nothing keeps others out in between."""

    def __init__(self) -> None:
        self.value = 0

    def add(self) -> None:
        self.value += 1


def both_count() -> None:
    counter = Counter()
    threads = [Thread(target=counter.add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.value == 2
