"""A queue and a lock for readers and writers as they are often written, each with a mistake that tests seldom find."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any


class HurriedQueue:
    """`if` instead of `while` around a wait: who is woken believes that the item is still there."""

    def __init__(self, maxsize: int = 0) -> None:
        self._room = maxsize
        self._items: deque[Any] = deque()
        self._changed = threading.Condition()

    def put(self, item: Any) -> None:
        with self._changed:
            while len(self._items) >= self._room:
                self._changed.wait()
            self._items.append(item)
            self._changed.notify_all()

    def get(self) -> Any:
        with self._changed:
            if not self._items:
                self._changed.wait()
            item = self._items.popleft()
            self._changed.notify_all()
            return item


class SparingQueue:
    """Wakes somebody only when the queue was empty: two items are put before the first sleeper runs, and one sleeps on."""

    def __init__(self, maxsize: int = 0) -> None:
        self._items: deque[Any] = deque()
        self._mutex = threading.Lock()
        self._some = threading.Condition(self._mutex)
        self._room = threading.Semaphore(maxsize)

    def put(self, item: Any) -> None:
        self._room.acquire()
        with self._mutex:
            self._items.append(item)
            if len(self._items) == 1:
                self._some.notify()

    def get(self) -> Any:
        with self._mutex:
            while not self._items:
                self._some.wait()
            item = self._items.popleft()
        self._room.release()
        return item


class UncountedReaders:
    """The first reader locks writers out and the last one lets them in, but nobody guards the count of readers."""

    def __init__(self) -> None:
        self._readers = 0
        self._writing = threading.Lock()

    def acquire_read(self) -> None:
        self._readers += 1
        if self._readers == 1:
            self._writing.acquire()

    def release_read(self) -> None:
        self._readers -= 1
        if self._readers == 0:
            self._writing.release()

    def acquire_write(self) -> None:
        self._writing.acquire()

    def release_write(self) -> None:
        self._writing.release()
