"""Scenarios of the standard library as people use it, correct ones and wrong ones, small enough to be counted."""

from __future__ import annotations

import _thread
import collections
import contextvars
import copy
import functools
import itertools
import logging
import queue
import sched
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor, as_completed, wait
from typing import Any

from tests.quality.rounds import together


def pool() -> None:
    with ThreadPoolExecutor(1) as workers:
        assert workers.submit(pow, 2, 3).result() == 8


def pool_of_two_waited_for() -> None:
    """`wait` puts futures into a set and takes their locks in the order of `id`."""
    with ThreadPoolExecutor(2) as workers:
        done, missing = wait([workers.submit(pow, 2, 3), workers.submit(pow, 3, 2)])
        assert not missing
        assert sum(future.result() for future in done) == 17


def pool_as_completed() -> None:
    with ThreadPoolExecutor(1) as workers:
        futures = [workers.submit(abs, -1), workers.submit(abs, 2)]
        assert sorted(future.result() for future in as_completed(futures)) == [1, 2]


def simple_queue() -> list[Any]:
    """Two that put and one that takes twice: the orders of putting, not those of taking meanwhile."""
    channel: queue.SimpleQueue[int] = queue.SimpleQueue()
    got: list[int] = []
    together(lambda: channel.put(1), lambda: channel.put(2), lambda: got.extend((channel.get(), channel.get())))
    return got


def impatient_simple_queue() -> str:
    channel: queue.SimpleQueue[int] = queue.SimpleQueue()
    got: list[str] = []

    def take() -> None:
        try:
            got.append(str(channel.get(timeout=2)))
        except queue.Empty:
            got.append(f"empty at {time.monotonic() - 1000:g} s")

    together(take, lambda: channel.put(1))
    return got[0]


def cached_twice() -> int:
    """Two that miss at the same time both call the function."""
    calls: list[int] = []

    @functools.cache
    def double(number: int) -> int:
        calls.append(number)
        return 2 * number

    together(lambda: double(1), lambda: double(1))
    assert double(1) == 2
    return len(calls)


def cached_apart() -> Any:
    """Two keys have nothing to do with each other, if there is room for all."""
    double = functools.lru_cache(maxsize=None)(abs)
    together(lambda: double(1), lambda: double(2))
    return tuple(double.cache_info())


def cached_in_one_place() -> Any:
    """Where there is room for one, who comes last stays."""
    double = functools.lru_cache(maxsize=1)(abs)
    together(lambda: double(1), lambda: double(2))
    double(1)
    return tuple(double.cache_info())


_remembered = functools.lru_cache(maxsize=None)(abs)
_remembered(5)


def cached_in_a_module() -> Any:
    """What a module has remembered when it was loaded is there in each execution, and only that."""
    together(lambda: _remembered(1), lambda: _remembered(1))
    return _remembered.cache_info().currsize


class Lazy:
    """Something that is computed when it is wanted."""

    @functools.cached_property
    def value(self) -> object:
        return object()


def cached_property() -> bool:
    """Two that ask may get two different objects (not in 3.11, which takes a lock)."""
    lazy = Lazy()
    got: list[object] = [None, None]

    def ask(index: int) -> None:
        got[index] = lazy.value

    together(lambda: ask(0), lambda: ask(1))
    return got[0] is got[1]


def appended() -> list[int]:
    """`append` needs no lock: two orders."""
    found: list[int] = []
    together(lambda: found.append(1), lambda: found.append(2))
    return found


def popped() -> list[int]:
    """Each of two gets one of two things."""
    tickets = collections.deque([1, 2])
    got = [0, 0]

    def take(index: int) -> None:
        got[index] = tickets.popleft()

    together(lambda: take(0), lambda: take(1))
    return got


def appended_and_read() -> int:
    """A reader is not ordered with those who append."""
    found: list[int] = []
    sizes: list[int] = []
    together(lambda: found.append(1), lambda: found.append(2), lambda: sizes.append(len(found)))
    return sizes[0]


def kept_and_changed() -> None:
    """What only keeps references does not look into the things: each has a list of its own, and all go into one."""
    one: list[int] = []
    other: list[int] = []
    Pair = collections.namedtuple("Pair", "one other")  # noqa: PYI024 - its constructor is wanted

    def keep() -> None:
        pair = Pair(one, other)
        kept = [*pair], list(pair), dict(a=one), (one, *[other]), [one] + [other]  # noqa: RUF005, C408
        assert len(kept) == 5

    together(keep, lambda: one.append(1), lambda: other.extend([1]))


def scheduled() -> list[int]:
    """`sched` with two that enter events."""
    ran: list[int] = []
    plan = sched.scheduler(time.monotonic, time.sleep)
    together(lambda: plan.enter(1, 1, ran.append, (1,)), lambda: plan.enter(2, 1, ran.append, (2,)))
    plan.run()
    return ran


_context: contextvars.ContextVar[int] = contextvars.ContextVar("context", default=0)


def contexts() -> list[int]:
    """A thread starts with the defaults; a copied context goes where it is run."""
    seen: list[int] = []
    _context.set(5)
    copied = contextvars.copy_context()
    together(lambda: seen.append(_context.get()))
    together(lambda: seen.append(copied.run(_context.get)))
    return seen


def contexts_of_their_own() -> list[int]:
    """Each thread has a value of its own of a context variable: to set it is nobody else's business."""
    found = [0, 0]

    def work(place: int) -> None:
        token = _context.set(place + 1)
        found[place] = _context.get()
        _context.reset(token)

    together(lambda: work(0), lambda: work(1))
    return found


def context_of_both() -> list[int]:
    """A copied context is an object like any other: one runs in it and sets a variable, another one looks."""
    _context.set(5)
    copied = contextvars.copy_context()
    seen: list[int] = []
    together(lambda: copied.run(_context.set, 7), lambda: seen.append(copied[_context]))
    return seen


def weak_dictionary() -> int:
    """Two keys of a dictionary with weak values."""
    lazy, table = Lazy(), weakref.WeakValueDictionary[str, Lazy]()
    together(lambda: table.__setitem__("a", lazy), lambda: table.__setitem__("b", lazy))
    return len(table)


def weak_set() -> int:
    lazies, table = [Lazy(), Lazy()], weakref.WeakSet[Lazy]()
    together(lambda: table.add(lazies[0]), lambda: table.add(lazies[1]))
    return len(table)


def locals_of_threads() -> list[bool]:
    own, seen = threading.local(), []
    own.x = 1

    def look() -> None:
        seen.append(hasattr(own, "x"))
        own.x = 2

    together(look)
    return [*seen, own.x == 1]


def timed() -> list[int]:
    """A timer that is not cancelled fires."""
    fired: list[int] = []
    timer = threading.Timer(5, fired.append, [1])
    timer.start()
    timer.join()
    return fired


def hooked() -> str:
    """An exception that ends a thread goes to the hook."""
    said: list[str] = []
    threading.excepthook = lambda args: said.append(repr(args.exc_value))
    together(lambda: [].pop())
    return said[0]


def enumerated() -> int:
    """A thread that may have ended is enumerated, or not."""
    thread = threading.Thread(target=abs, args=(1,))
    thread.start()
    count = len(threading.enumerate())
    thread.join()
    return count


def ordered_by_address() -> list[bool]:
    """Locks are taken in the order of `id`, so that nobody waits in a circle."""
    one, other = threading.Lock(), threading.Lock()

    def both(*locks: Any) -> None:
        first, second = sorted(locks, key=id)
        with first, second:
            pass

    together(lambda: both(one, other), lambda: both(other, one))
    return [id(one) == id([one][0]), id(one) == id(other)]


def sets_of_objects() -> int:
    """A set of objects has the same order in every execution."""
    lazies = {Lazy() for _ in range(2)}
    lock = threading.Lock()

    def visit() -> None:
        for lazy in lazies:
            with lock:
                assert lazy in lazies

    together(visit, visit)
    return len(copy.deepcopy({lazy: lazy for lazy in lazies}))


_numbers = itertools.count()


def counted_from_the_start() -> list[int]:
    """A module's iterator starts again in each execution."""
    got = [0, 0]

    def take(index: int) -> None:
        got[index] = next(_numbers)

    together(lambda: take(0), lambda: take(1))
    return got


def forgotten() -> bool:
    """A weak reference finds its object, or comes too late."""
    held = [Lazy()]
    weak = weakref.ref(held[0])
    found: list[bool] = []
    together(lambda: found.append(weak() is None), held.clear)
    return found[0]


def objects_as_keys() -> int:
    """Two objects are two keys, which have nothing to do with each other."""
    one, other = Lazy(), Lazy()
    table: dict[Any, int] = {one: 0, other: 0}

    def count(key: object) -> None:
        table[key] += 1

    together(lambda: count(one), lambda: count(other))
    return sum(table.values())


def logged() -> str:
    """Loggers are made and told by both at once."""

    def work() -> None:
        log = logging.getLogger("tests.quality.logged")
        try:
            log.debug("about to divide %s", [1, 0])
            1 / 0  # noqa: B018 - for what it raises
        except ZeroDivisionError:
            log.debug("divided", exc_info=True)

    together(work, work)
    return "told"


def logged_while_it_changes() -> int:
    """What a logger is handed is read."""
    items: list[int] = []
    together(lambda: logging.getLogger("tests.quality").debug("%s", items), lambda: items.append(1))
    return len(items)


class Counting(logging.Handler):
    """A handler that counts; only the lock that every handler has guards the count."""

    count = 0

    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002 - as every handler
        """One more."""
        self.count += 1


def counted_by_a_handler() -> int:
    """Both messages are counted."""
    handler = Counting()
    log = logging.Logger("apart")  # noqa: LOG001 - one that goes with the execution
    log.addHandler(handler)
    together(lambda: log.error("one"), lambda: log.error("two"))
    return handler.count


def unknown_threads() -> bool:
    """Two threads that `threading` did not start ask who they are, and are somebody."""
    names: list[str] = []
    ended = [threading.Lock(), threading.Lock()]

    def work(lock: Any) -> None:
        names.append(threading.current_thread().name)
        lock.release()

    for lock in ended:
        lock.acquire()
        _thread.start_new_thread(work, (lock,))
    for lock in ended:
        lock.acquire()
    return len(set(names)) == 2
