"""Scenarios for the tests of the world: each is small enough for its executions to be counted by hand.

Each is an ordinary function. What it returns is its outcome; which outcomes there are, and how many executions an
optimal search makes of it, is said by the test that runs it.
"""

from __future__ import annotations

import queue
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import treadle
from tests.quality.rounds import together


def increments() -> int:
    lock, box = threading.Lock(), [0]

    def increment() -> None:
        with lock:
            box[0] += 1

    together(increment, increment, increment)
    return box[0]


def philosophers() -> None:
    forks = [threading.Lock() for _ in range(3)]

    def eat(left: threading.Lock, right: threading.Lock) -> None:
        with left, right:
            pass

    together(*(lambda i=i: eat(forks[i], forks[(i + 1) % 3]) for i in range(3)))


def hand_over() -> list[int]:
    """A condition that is used as it should be."""
    condition, items, got = threading.Condition(), list[int](), list[int]()

    def take() -> None:
        with condition:
            condition.wait_for(lambda: items)
            got.append(items.pop())

    def give() -> None:
        with condition:
            items.append(7)
            condition.notify()

    together(take, give)
    return got


def impatient() -> bool:
    """A wait with a timeout: it succeeds, or it expires."""
    event = threading.Event()
    thread = threading.Thread(target=event.set)
    thread.start()
    seen = event.wait(timeout=5.0)
    thread.join()
    return seen


def impatient_lock() -> bool:
    lock = threading.Lock()
    lock.acquire()
    thread = threading.Thread(target=lock.release)
    thread.start()
    taken = lock.acquire(timeout=1.0)
    thread.join()
    return taken


def impatient_join() -> bool:
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join(timeout=1.0)
    return thread.is_alive()


def semaphore() -> int:
    """One at a time: who comes second waits."""
    permits, total = threading.Semaphore(1), [0]

    def enter() -> None:
        with permits:
            total[0] += 1

    together(enter, enter)
    return total[0]


def bounded_semaphore() -> str:
    permits = threading.BoundedSemaphore(1)
    try:
        permits.release()
    except ValueError as error:
        return str(error)
    return ""


def reentrant() -> int:
    lock, depth = threading.RLock(), [0]

    def nest() -> None:
        with lock, lock, lock:
            depth[0] += 1

    together(nest, nest)
    return depth[0]


def queues() -> list[int]:
    """Two producers, one consumer: in which order do the items come?"""
    channel: queue.Queue[int] = queue.Queue()
    got: list[int] = []

    def consume() -> None:
        got.extend([channel.get(), channel.get()])

    together(lambda: channel.put(1), lambda: channel.put(2), consume)
    return got


def simple_queues() -> list[int]:
    channel: queue.SimpleQueue[int] = queue.SimpleQueue()
    together(lambda: channel.put(1), lambda: channel.put(2))
    return [channel.get(), channel.get()]


def full_queue() -> str:
    channel: queue.Queue[int] = queue.Queue(maxsize=1)
    channel.put(1)
    try:
        channel.put(2, timeout=3.0)
    except queue.Full:
        return "full"
    return "put"


def pool() -> list[int]:
    with ThreadPoolExecutor(max_workers=2) as executor:
        futures = [executor.submit(pow, 2, exponent) for exponent in (2, 3)]
        return [future.result() for future in futures]


def pool_left_alone() -> int:
    """Nobody shuts the pool down; the interpreter would, at its end."""
    return ThreadPoolExecutor(max_workers=1).submit(pow, 2, 5).result()


def timer() -> bool:
    fired = threading.Event()
    late = threading.Timer(30.0, fired.set)
    late.start()
    late.cancel()
    late.join()
    return fired.is_set()


def local_attributes() -> list[Any]:
    mine = threading.local()
    mine.value = "main"
    seen: list[Any] = [None, None]

    def look(index: int) -> None:
        mine.value = index
        seen[index] = mine.value

    together(lambda: look(0), lambda: look(1))
    return [*seen, mine.value]


def clocks() -> tuple[bool, bool, float]:
    """Time passes by waiting only, and what happened later is never earlier."""
    started = time.monotonic()
    lock, stamps = threading.Lock(), list[float]()

    def sleeper() -> None:
        with lock:
            time.sleep(100)  # virtual
            stamps.append(time.monotonic())

    def follower() -> None:
        with lock:
            stamps.append(time.monotonic())

    together(sleeper, follower)
    ended = time.monotonic()
    return stamps == sorted(stamps), ended >= max(stamps), ended - started


def choices() -> tuple[str, int]:
    return treadle.choose("ab"), treadle.choose([1, 2, 3])


def idents() -> tuple[bool, bool, str]:
    seen: list[Any] = [None, None]

    def look(index: int) -> None:
        seen[index] = threading.get_ident(), threading.current_thread().ident

    together(lambda: look(0), lambda: look(1))
    main = threading.main_thread() is threading.current_thread()
    return len({*seen}) == 2 and all(a == b for a, b in seen), main, threading.current_thread().name


def alive() -> int:
    """Who counts the threads sees one that has ended, or has not."""
    thread = threading.Thread(target=lambda: None)
    thread.start()
    count = threading.active_count()
    thread.join()
    assert threading.enumerate() == [threading.main_thread()]
    return count


def nested_starts() -> list[int]:
    """Two tasks start a thread each, in either order: their numbers do not depend on it."""
    order: list[int] = []
    lock = threading.Lock()

    def leaf(number: int) -> None:
        with lock:
            order.append(number)

    def branch(number: int) -> None:
        together(lambda: leaf(number))

    together(lambda: branch(1), lambda: branch(2))
    return order


def one_thread() -> list[str]:
    said = ["before"]
    thread = threading.Thread(target=lambda: said.append("inside"))
    thread.start()
    thread.join()
    return said


def two_threads() -> list[int]:
    lock, order = threading.Lock(), list[int]()

    def enter(number: int) -> None:
        with lock:
            order.append(number)

    first, second = (threading.Thread(target=enter, args=(number,)) for number in (1, 2))
    first.start()
    second.start()
    first.join()
    second.join()
    return order


def start_and_ask() -> tuple[bool, bool]:
    thread = threading.Thread(target=lambda: None)
    before = thread.is_alive()
    thread.start()
    after = thread.is_alive()
    thread.join(0.5)
    return before, after


def ends_early() -> tuple[bool, str]:
    """Who starts a thread need not wait for it."""
    event = threading.Event()

    def report() -> None:
        event.set()

    thread = threading.Thread(target=report, daemon=True)
    thread.start()
    return event.wait(), thread.name


def joins_main() -> list[str]:
    """The main thread is a thread too: others can wait for it."""
    said: list[str] = []

    def wait() -> None:
        threading.main_thread().join()
        said.append("after main")

    threading.Thread(target=wait).start()
    return said
