"""How an evaluation stops.

Generated code raises `Failure` with a sentence, or lets Python's own error through (a KeyError where a function is
applied outside its domain). `explanation` turns either into a SpecEvaluationError with place, values and behaviour, so
the fast path carries no positions.
"""

from __future__ import annotations


class Failure(Exception):  # noqa: N818  (not seen by users: explanation makes the error)
    """An expression without a value; the message is the sentence that says why."""


class AssertionFailure(Failure):
    """TLC's Assert was given FALSE."""
