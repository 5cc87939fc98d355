"""Scenarios that end in every way in which an execution can end."""

from __future__ import annotations

import threading
import weakref
from contextlib import suppress

from tests.quality.rounds import together

CALLS: list[str] = []
"""State of the module, which each execution finds empty."""


def lost_wakeup() -> None:
    """Nobody waits yet when the only notification comes."""
    condition = threading.Condition()

    def wait() -> None:
        with condition:
            condition.wait()

    def notify() -> None:
        with condition:
            condition.notify()

    together(wait, notify)


def daemons() -> str:
    """A daemon that waits for ever is no deadlock."""
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    return "done"


def forgotten() -> None:
    """A thread that is no daemon, and that waits for ever, is one."""
    threading.Thread(target=threading.Event().wait).start()


def raises_in_thread() -> None:
    def fail() -> None:
        raise ValueError("no such account")

    together(fail)


def asserts() -> None:
    balance = 1
    assert balance == 2


def exits() -> str:
    """SystemExit ends a thread, and nothing else."""

    def leave() -> None:
        raise SystemExit(3)

    together(leave)
    return "done"


def hooked() -> list[str]:
    """A scenario that says what is to be done with exceptions has none that is uncaught."""
    caught: list[str] = []
    threading.excepthook = lambda args: caught.append(str(args.exc_value))

    def fail() -> None:
        raise ValueError("expected")

    together(fail)
    return caught


def stubborn() -> None:
    """Deadlocked, and would not die."""
    lock = threading.Lock()
    lock.acquire()
    while True:
        with suppress(BaseException):
            lock.acquire()


def waits_for_itself() -> None:
    lock = threading.Lock()
    with lock, lock:
        pass


def crossed_locks() -> None:
    first, second = threading.Lock(), threading.Lock()

    def one() -> None:
        with first, second:
            pass

    def other() -> None:
        with second, first:
            pass

    together(one, other)


def module_state() -> int:
    CALLS.append("called")
    return len(CALLS)


def careful() -> None:
    """Deadlocked, with a finalizer, a callback and a handler that use locks while everything is taken down."""
    lock, condition = threading.Lock(), threading.Condition(threading.Lock())

    class Resource:
        def __del__(self) -> None:
            with lock, condition:
                condition.notify_all()

    def stuck() -> None:
        resource = Resource()
        weakref.finalize(resource, lock.locked)
        try:
            with condition:
                condition.wait()
        finally:
            with condition:
                condition.notify()

    together(stuck, stuck)


def outlived() -> None:
    """A list that two threads share has what locks when it dies, after one of them may have failed."""
    lock = threading.Lock()

    class Resource:
        def __del__(self) -> None:
            with lock:
                pass

    shared = [Resource()]
    first: list[int] = []

    def taking() -> None:
        with lock:
            first.append(len(shared))
        assert len(first) < 2

    together(taking, taking)


def waits_for_a_variable() -> None:
    """Turns until another thread has said that it may go on."""
    said: list[int] = []
    thread = threading.Thread(target=said.append, args=(1,))
    thread.start()
    while not said:
        pass
    thread.join()
