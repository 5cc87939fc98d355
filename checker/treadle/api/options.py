"""The options of a search, and what they may be."""

from __future__ import annotations

from typing import Literal, get_args

from treadle.errors import UsageError

Granularity = Literal["access", "sync"]
"""Where tasks take turns: at every access to something shared, or at synchronisation only."""
Search = Literal["optimal", "exhaustive"]
"""Each trace once, or every interleaving."""
Walk = Literal["uniform", "pct"]
"""Random schedules: every enabled step equally likely; or priorities with a few random changes."""
Incomplete = Literal["fail", "allow"]
"""What an incomplete search means for a test."""
STEPS = 100_000
"""An execution is cut after so many steps, unless it is said otherwise."""


def require(name: str, value: object, allowed: object) -> None:
    """UsageError unless the value is one of the literals in `allowed`."""
    values = get_args(allowed)
    if value not in values:
        raise UsageError(f"unknown {name}", expected=" or ".join(map(repr, values)), got=repr(value))
