"""Scenarios into whose threads exceptions are delivered; `tests/quality/test_deliveries.py` says what comes of each."""

from __future__ import annotations

import os
import queue
import select
import threading
import time
from typing import TYPE_CHECKING

import treadle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class StopWorkError(Exception):
    """What a scenario asks to be delivered."""


def acquire_before_try() -> None:
    """The call of `acquire` returns, and the `try` has not begun."""
    lock = threading.Lock()

    def work() -> None:
        lock.acquire()
        try:
            pass
        finally:
            lock.release()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert lock.acquire(blocking=False)


def with_lock() -> None:
    """The `with` statement that does it right."""
    lock = threading.Lock()

    def work() -> None:
        with lock:
            pass

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert lock.acquire(blocking=False)


def loop_of_python_calls() -> None:
    """Functions that call nothing in C are hit when they are entered, and loops when they jump back."""
    done: list[int] = []

    def entered(number: int) -> int:
        return number

    def work() -> list[int]:
        passed = [0]
        try:
            for number in (1, 2):
                passed[0] = entered(number)
        finally:
            done[:] = passed
        return passed

    thread = threading.Thread(target=work, name="worker")
    thread.start()
    thread.join()
    return done  # type: ignore[return-value]


def while_loop() -> list[str]:
    """A loop with a `continue`: where it jumps back."""
    log = ""
    rounds = 0

    def work() -> None:
        nonlocal log, rounds
        while rounds < 3:
            rounds += 1
            if rounds == 1:
                log += "c"
                continue
            log += "e"

    thread = threading.Thread(target=work, name="worker")
    thread.start()
    thread.join()
    return [log]


def barrier_indices() -> tuple[str, ...]:
    """Three threads at a barrier; who is hit while it waits comes again, and gives up after a while."""
    barrier = threading.Barrier(3)
    told = ["" for _ in range(3)]

    def work(number: int) -> None:
        try:
            told[number] = str(barrier.wait())
        except StopWorkError:
            try:
                told[number] = str(barrier.wait(1))
            except threading.BrokenBarrierError:
                told[number] = "broken"
        except threading.BrokenBarrierError:
            told[number] = "broken"

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tuple(sorted(told))


def interrupted_sleep_and_join() -> tuple[float, bool]:
    """A sleep that is interrupted takes no time; a join that is interrupted finds its thread alive."""
    seen = []
    go_on = threading.Lock()
    go_on.acquire()
    thread = threading.Thread(target=go_on.acquire)
    thread.start()
    try:
        thread.join()
    except KeyboardInterrupt:
        seen.append(thread.is_alive())
        go_on.release()
        thread.join()
    began = time.monotonic()
    try:
        time.sleep(5)  # virtual
    except KeyboardInterrupt:
        seen.append(time.monotonic() == began)
    return tuple(seen)  # type: ignore[return-value]


def generator() -> list[str]:
    """A generator is hit where it goes on, and what it was inside of sees it."""
    log: list[str] = []

    def numbers() -> Iterator[int]:
        try:
            yield 1
        except KeyboardInterrupt:
            log.append("inside")
            raise

    def work() -> None:
        for number in numbers():
            log.append(f"item {number}")  # noqa: PERF401 - it is the loop that matters

    thread = threading.Thread(target=work, name="worker")
    thread.start()
    thread.join()
    return log


def handled() -> None:
    """Main is hit while it waits for a thread that waits for main: on its way out it lets it go."""
    lock = threading.Lock()
    lock.acquire()
    thread = threading.Thread(target=lock.acquire)
    try:
        thread.start()
        thread.join(1)
    finally:
        lock.release()


def wrapped() -> None:
    """What a thread makes of the exception that hit it is its own."""

    def work() -> None:
        try:
            len([])
        except KeyboardInterrupt:
            raise ValueError("wrapped") from None

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def contended() -> tuple[str, bool]:
    """A thread and main take one lock; the thread may be hit while it waits, inside, and behind."""
    lock = threading.Lock()
    told = [""]

    def work() -> None:
        try:
            with lock:
                told[0] += "inside "
            told[0] += "behind "
        except KeyboardInterrupt:
            told[0] += "hit"

    thread = threading.Thread(target=work)
    thread.start()
    with lock:
        pass
    thread.join()
    return told[0], lock.locked()


def spinning() -> str:
    """Main waits by looking, and may be hit at each look."""
    done = [False]

    def work() -> None:
        done[0] = True

    thread = threading.Thread(target=work)
    thread.start()
    try:
        while not done[0]:
            pass
    except KeyboardInterrupt:
        return "hit"
    return "seen"


def pipes_and_queues() -> str:
    """Main waits for a byte, for a poll, for a simple queue, one after the other; whoever is to send waits for main's leave."""
    reader, writer = os.pipe()
    channel: queue.SimpleQueue[int] = queue.SimpleQueue()
    go_on = threading.Lock()
    go_on.acquire()

    def send() -> None:
        with go_on:
            os.write(writer, b"xy")
            channel.put(1)

    thread = threading.Thread(target=send)
    thread.start()
    told = ""
    asker = select.poll()
    asker.register(reader, select.POLLIN)
    waits: dict[str, Callable[[], object]] = {
        "read": lambda: os.read(reader, 1),
        "poll": lambda: asker.poll(),
        "timed": lambda: asker.poll(1_000),
        "get": lambda: channel.get(),
    }
    for name in (treadle.choose(list(waits)), "poll"):
        try:
            waits[name]()
        except KeyboardInterrupt:
            told += f"{name} is hit"
        else:
            told += f"{name} "
        if go_on.locked():
            go_on.release()
            thread.join()
    return told
