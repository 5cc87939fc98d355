"""A module with state that nothing can put back: an iterator of the interpreter, in the middle of its way."""

from __future__ import annotations

import random
import threading

letters = iter("abc")
dice = random.SystemRandom()


def takes_a_letter() -> None:
    """In each execution the first letter is taken, by whoever comes first."""
    got: list[str] = []
    threads = [threading.Thread(target=lambda: got.append(next(letters))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == ["a", "b"]
