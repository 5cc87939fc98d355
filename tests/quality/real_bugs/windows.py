"""Two threads ask a limiter that lets one of them go on."""

from __future__ import annotations

import threading

from limits import parse, strategies  # type: ignore[import-not-found] # fetched by the test
from limits.storage import MemoryStorage  # type: ignore[import-not-found]


def doors(storage: MemoryStorage) -> None:
    """Whoever comes first goes on."""
    limiter = strategies.FixedWindowRateLimiter(storage)
    once = parse("1/hour")
    allowed: list[bool] = []

    def ask() -> None:
        allowed.append(limiter.hit(once, "door"))

    threads = [threading.Thread(target=ask, name=name) for name in ("first", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert any(allowed)


def windows() -> None:
    """With the storage as it was released."""
    doors(MemoryStorage())


class Mended(MemoryStorage):  # type: ignore[misc] # it is fetched
    """Counts, and reads what it has counted, under one lock."""

    guard = threading.Lock()

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """How many there are with this one."""
        with self.guard:
            return int(super().incr(key, expiry, amount))


def mended() -> None:
    """With a lock around all of it."""
    doors(Mended())
