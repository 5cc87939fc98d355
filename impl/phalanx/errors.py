"""What a barrier raises.

`BrokenBarrierError` is a `threading.BrokenBarrierError`, so that `except` clauses written for the standard library keep
working when the import changes. Its message says why the barrier is broken. If it broke because of an exception (the
action's, or one that interrupted a waiter), that exception is the error's `__cause__`.

Misuse raises the built-in `TypeError`, `ValueError` or `RuntimeError`: those are mistakes in the calling code, and
nothing should catch them by a name of ours.
"""

from __future__ import annotations

import threading


class BrokenBarrierError(threading.BrokenBarrierError):
    """The generation that the caller took part in, or wanted to take part in, is broken."""


class FinishedBarrierError(BrokenBarrierError):
    """The barrier has no parties left, so nobody will ever meet there again."""
