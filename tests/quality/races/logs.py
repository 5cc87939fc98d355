"""Scenarios in which handlers of the program are told what two threads log."""

from __future__ import annotations

import logging
import queue
import threading
from typing import Any

from tests.quality.races.ways import together


class Counting(logging.Handler):
    """Counts, under the lock that every handler has."""

    count = 0

    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002 - as every handler
        """One more."""
        self.count += 1


class Unlocked(Counting):
    """Has none."""

    def createLock(self) -> None:  # noqa: N802 - as `logging` calls it
        """No lock at all."""
        self.lock = None


class Queueing(logging.Handler):
    """Puts each message into a queue."""

    def __init__(self, messages: queue.Queue[Any]) -> None:
        super().__init__()
        self.messages = messages

    def emit(self, record: logging.LogRecord) -> None:
        """Another thread writes it."""
        self.messages.put(record.getMessage())


def logger(handler: logging.Handler) -> logging.Logger:
    log = logging.Logger("apart")  # noqa: LOG001 - one that goes with the execution
    log.addHandler(handler)
    return log


def counted(handler: Counting) -> None:
    log = logger(handler)
    together(lambda: log.error("one"), lambda: log.error("two"))
    assert handler.count == 2, handler.count


def counted_under_the_lock() -> None:
    """Both messages are counted."""
    counted(Counting())


def counted_without_a_lock() -> None:
    """One may be lost."""
    counted(Unlocked())


def queued(*, joined: bool) -> None:
    """Two threads log, and a third one writes what they have logged."""
    messages: queue.Queue[Any] = queue.Queue()
    log = logger(Queueing(messages))
    written: list[str] = []

    def write() -> None:
        while (message := messages.get()) is not None:
            written.append(message)

    writer = threading.Thread(target=write)
    writer.start()
    threads = [threading.Thread(target=log.warning, args=("%s", number)) for number in range(2)]
    for thread in threads:
        thread.start()
    if joined:
        for thread in threads:
            thread.join()
    messages.put(None)
    for thread in (*threads, writer):
        thread.join()
    assert sorted(written) == ["0", "1"], written


def queued_in_time() -> None:
    """The end comes after all messages."""
    queued(joined=True)


def queued_too_late() -> None:
    """The end may come before one."""
    queued(joined=False)


class Taking(logging.Formatter):
    """Takes a lock for each message."""

    def __init__(self) -> None:
        super().__init__()
        self.lock = threading.Lock()

    def format(self, record: logging.LogRecord) -> str:
        """As ever."""
        with self.lock:
            return super().format(record)


def formatted_under_a_real_lock() -> None:
    """A handler of the process asks the program under a lock of its own."""
    handler = logging.StreamHandler()
    handler.setFormatter(Taking())
    log = logger(handler)
    together(lambda: log.error("one"), lambda: log.error("two"))
