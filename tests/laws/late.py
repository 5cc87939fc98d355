"""A bug that needs one change of task near the beginning, before much that is raced for."""

from __future__ import annotations

import threading


class Box:
    """Something shared, without a lock."""

    half = False
    count = 0


def late() -> None:
    """While the first thread has done half of its work, the second must not look."""
    box = Box()

    def work() -> None:
        box.half = True
        box.half = False
        for _ in range(6):
            box.count += 1

    def look() -> None:
        assert not box.half
        for _ in range(6):
            box.count += 1

    threads = [threading.Thread(target=work), threading.Thread(target=look)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
