"""Scenarios whose waits may end for no reason; `tests/quality/test_wakeups.py` says what comes of each."""

from __future__ import annotations

import queue
import threading


def asked_once(count: int = 1) -> None:
    """A consumer that says `if` where it should say `while`."""
    condition = threading.Condition()
    items: list[int] = []

    def consume() -> None:
        with condition:
            if not items:
                condition.wait()
            items.pop()

    threads = [threading.Thread(target=consume) for _ in range(count)]
    for thread in threads:
        thread.start()
    with condition:
        for number in range(count):
            items.append(number)
            condition.notify()
    for thread in threads:
        thread.join()


def asked_again() -> None:
    """The same with `while`."""
    condition = threading.Condition()
    items: list[int] = []

    def consume() -> None:
        with condition:
            while not items:
                condition.wait()
            items.pop()

    thread = threading.Thread(target=consume)
    thread.start()
    with condition:
        items.append(1)
        condition.notify()
    thread.join()


def waited_for() -> None:
    """The same with `wait_for`, with a time-out that never matters."""
    condition = threading.Condition(threading.Lock())
    items: list[int] = []

    def consume() -> None:
        with condition:
            condition.wait_for(lambda: items)
            items.pop()

    thread = threading.Thread(target=consume)
    thread.start()
    with condition:
        items.append(1)
        condition.notify()
    thread.join()


def library() -> None:
    """What the standard library waits for inside: an event, a queue."""
    event = threading.Event()
    items: queue.Queue[int] = queue.Queue()

    def work() -> None:
        assert event.wait()
        assert event.is_set()
        items.put(1)

    thread = threading.Thread(target=work)
    thread.start()
    event.set()
    assert items.get() == 1
    thread.join()


def not_owned() -> None:
    """To wait without the lock is an error as ever."""
    said = ""
    try:
        threading.Condition().wait()
    except RuntimeError as error:
        said = str(error)
    assert said == "cannot wait on un-acquired lock"


def told() -> bool:
    """What a wait returns that ends for no reason: True, as if it had been notified."""
    condition = threading.Condition()
    with condition:
        return condition.wait(1)
