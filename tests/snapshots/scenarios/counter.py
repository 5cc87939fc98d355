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


class Stack:
    """Wrong: who has seen that it is not empty may be late."""

    def __init__(self, *items: str) -> None:
        self.items = list(items)

    def take(self) -> str | None:
        return self.items.pop() if self.items else None


def two_takers() -> None:
    stack = Stack("one and only")
    threads = [Thread(target=stack.take, name=name) for name in ("ann", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
