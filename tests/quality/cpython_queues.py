"""CPython's own tests of queues, as scenarios: the classes of `test.test_queue`, each run in one world.

`PyFailingQueueTest` is left out: its only test counts on time as `test_basic` does.
"""

from __future__ import annotations

import unittest

from test import test_queue  # type: ignore[import-not-found] # it has no types

SKIPPED = {
    "test_basic": "counts on a sleep of 0.1 s being over before a wait of 10 s expires; in a world any may be first",
    "test_order": "joins its threads with a time limit while they sleep; in a world the limit may be over first",
    "test_many_threads": "hands 10,000 values between 100 threads: more steps than one execution may have here",
    "test_many_threads_nonblock": "the same, by polling",
    "test_many_threads_timeout": "the same, with short waits",
    "test_shutdown_all_methods_in_many_threads": "3.13: polls until others have shut the queue, past the limit of steps",
    "test_shutdown_immediate_all_methods_in_many_threads": "the same",
}
"""What is not run, and why."""


def _run(case: type[unittest.TestCase]) -> list[str]:
    """The names of the tests that failed, each with the last line of what it says."""
    names = unittest.TestLoader().getTestCaseNames(case)
    result = unittest.TestResult()
    for name in names:
        if name not in SKIPPED:
            case(name).run(result)
    assert result.testsRun >= 1
    return [f"{test.id()}: {text.splitlines()[-1]}" for test, text in result.errors + result.failures]


def queues() -> list[str]:
    return _run(test_queue.PyQueueTest)


def lifo_queues() -> list[str]:
    return _run(test_queue.PyLifoQueueTest)


def priority_queues() -> list[str]:
    return _run(test_queue.PyPriorityQueueTest)


def simple_queues() -> list[str]:
    return _run(test_queue.PySimpleQueueTest)
