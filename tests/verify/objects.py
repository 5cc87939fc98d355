"""A lock for many readers or one writer that keeps the contract of spec/ReadWriteLock.tla: one that prefers writers."""

from __future__ import annotations

import threading


class ReadWriteLock:
    """Many may read, or one may write. Who wants to write goes before those who want to read."""

    def __init__(self) -> None:
        self._changed = threading.Condition(threading.Lock())
        self._readers = 0  # inside
        self._writing = False  # somebody is inside
        self._waiting = 0  # who want to write

    def acquire_read(self) -> None:
        """Wait until nobody writes or wants to."""
        with self._changed:
            while self._writing or self._waiting:
                self._changed.wait()
            self._readers += 1

    def release_read(self) -> None:
        """The last one out lets a writer in."""
        with self._changed:
            self._readers -= 1
            if self._readers == 0:
                self._changed.notify_all()

    def acquire_write(self) -> None:
        """Wait until nobody is inside."""
        with self._changed:
            self._waiting += 1
            while self._writing or self._readers:
                self._changed.wait()
            self._waiting -= 1
            self._writing = True

    def release_write(self) -> None:
        """Let the others see to it."""
        with self._changed:
            self._writing = False
            self._changed.notify_all()
