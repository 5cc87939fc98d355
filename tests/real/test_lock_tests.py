"""CPython's own suite for barriers, run against ours: changing the import is all that it takes to replace theirs.

It comes with the interpreter, in a package that some distributions leave out. Without it the whole module is skipped,
and pytest says so.
"""

from __future__ import annotations

import pytest

import phalanx

lock_tests = pytest.importorskip(
    "test.lock_tests", reason="this Python came without its test suite (Debian: libpython3-testsuite)"
)


class TestBarrier(lock_tests.BarrierTests):  # type: ignore[misc, name-defined] # typeshed does not know the test package
    """Everything that `threading.Barrier` is tested for."""

    barriertype = staticmethod(phalanx.Barrier)
