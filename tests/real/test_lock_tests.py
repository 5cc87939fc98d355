"""CPython's own suites for barriers, run against ours: changing the import is all that it takes to replace theirs.

`test.lock_tests.BarrierTests` is for threads. `test._test_multiprocessing._TestBarrier` is for processes, and runs its
cases on threads as well (through `multiprocessing.dummy`), as it does here.

They come with the interpreter, in a package that some distributions leave out. Without it the whole module is skipped,
and pytest says so.
"""

from __future__ import annotations

import unittest
from typing import TYPE_CHECKING

import pytest

import phalanx

if TYPE_CHECKING:
    from collections.abc import Callable

lock_tests = pytest.importorskip(
    "test.lock_tests", reason="this Python came without its test suite (Debian: libpython3-testsuite)"
)
processes = pytest.importorskip("test._test_multiprocessing", reason="this Python came without its test suite")


class TestBarrier(lock_tests.BarrierTests):  # type: ignore[misc, name-defined] # typeshed does not know the test package
    """Everything that `threading.Barrier` is tested for."""

    barriertype = staticmethod(phalanx.Barrier)


def tree(parties: int, action: Callable[[], object] | None = None, timeout: float | None = None) -> phalanx.TreeBarrier:
    """A tree of several groups, called as the suites call `threading.Barrier`."""
    return phalanx.TreeBarrier(parties, 2, action, timeout)


class TestTreeBarrier(lock_tests.BarrierTests):  # type: ignore[misc, name-defined] # as above
    """The same, in groups of two."""

    barriertype = staticmethod(tree)

    test_repr = None  # it wants a class of the name Barrier


class TestElasticBarrier(lock_tests.BarrierTests):  # type: ignore[misc, name-defined] # as above
    """The same, with members that stay."""

    barriertype = staticmethod(phalanx.ElasticBarrier)

    test_action = None  # it has none
    test_repr = None  # it wants a class of the name Barrier


@pytest.mark.slow
class ThreadCases(processes._TestBarrier, processes.ThreadsMixin, unittest.TestCase):  # type: ignore[misc, name-defined]
    """The cases of the suite for processes as it runs them where processes are threads."""


class TestCasesOfBarrier(ThreadCases):
    """With our barrier."""

    Barrier = staticmethod(phalanx.Barrier)


class TestCasesOfTreeBarrier(ThreadCases):
    """The same, in groups of two."""

    Barrier = staticmethod(tree)


class TestCasesOfElasticBarrier(ThreadCases):
    """The same, with members that stay."""

    Barrier = staticmethod(phalanx.ElasticBarrier)

    test_action = None  # it has none
