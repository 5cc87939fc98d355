"""The options of a search, and what they may be."""

from __future__ import annotations

from typing import Literal, get_args

from treadle.errors import UsageError
from treadle.model.faults import Faults

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


def faults_of(given: Faults | int | str, *, symmetry: bool = False) -> Faults | None:
    """The faults that were asked for; None for none. UsageError for what is none, or does not go with symmetry."""
    faults = Faults.of(given)
    if symmetry and faults.threads:
        raise UsageError(
            "symmetry and faults in certain threads do not go together",
            expected="faults in any thread, or no symmetry",
            got=f"faults {str(given)!r}",
            probably="threads that are interchangeable are not when only one of them may be hit",
        )
    return faults if faults.number else None
