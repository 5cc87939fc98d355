"""CPython's own tests of locks, as scenarios: the classes of `test.lock_tests`, each run in one world.

`test` is not a module of the standard library by name, so a world has copies of it, standing on its own `threading`.
"""

from __future__ import annotations

import threading
import unittest
from typing import Any

from test import lock_tests  # type: ignore[import-not-found] # it has no types

SKIPPED = {
    "BarrierTests.test_default_timeout": "reads the clock after a race: no lock hands on the time of the other thread",
    "BarrierTests.test_timeout": "counts on a short wait expiring before a long one; in a world any may expire first",
    "EventTests.test_set_and_clear": "counts on a sleep being over before a longer wait expires",
}
"""What is not run, and why."""


def _run(case: type[unittest.TestCase], **types: Any) -> list[str]:
    """The names of the tests that failed, each with the last line of what it says."""
    made: Any = type(case.__name__, (case,), {name: staticmethod(value) for name, value in types.items()})
    names = unittest.TestLoader().getTestCaseNames(made)
    result = unittest.TestResult()
    for name in names:
        if f"{case.__name__}.{name}" not in SKIPPED:
            made(name).run(result)
    assert result.testsRun >= 5
    return [f"{test.id()}: {text.splitlines()[-1]}" for test, text in result.errors + result.failures]


def locks() -> list[str]:
    return _run(lock_tests.LockTests, locktype=threading.Lock)


def rlocks() -> list[str]:
    return _run(lock_tests.RLockTests, locktype=threading.RLock)


def events() -> list[str]:
    return _run(lock_tests.EventTests, eventtype=threading.Event)


def conditions() -> list[str]:
    return _run(lock_tests.ConditionTests, condtype=threading.Condition)


def semaphores() -> list[str]:
    return _run(lock_tests.SemaphoreTests, semtype=threading.Semaphore)


def bounded_semaphores() -> list[str]:
    return _run(lock_tests.BoundedSemaphoreTests, semtype=threading.BoundedSemaphore)


def barriers() -> list[str]:
    return _run(lock_tests.BarrierTests, barriertype=threading.Barrier)
