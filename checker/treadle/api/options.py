"""The options of a search, and what they may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

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


@dataclass(frozen=True, slots=True)
class Chances:
    """What may come from outside: exceptions, and wakeups for no reason."""

    faults: Faults
    spurious: int

    @classmethod
    def of(cls, faults: Faults | int | str = 0, spurious: int = 0, *, symmetry: bool = False) -> Chances:
        """What was asked for. UsageError for what is none, or does not go with symmetry."""
        found = Faults.of(faults)
        if symmetry and found.threads:
            raise UsageError(
                "symmetry and faults in certain threads do not go together",
                expected="faults in any thread, or no symmetry",
                got=f"faults {str(faults)!r}",
                probably="threads that are interchangeable are not when only one of them may be hit",
            )
        if type(spurious) is not int or spurious < 0:
            raise UsageError("wrong spurious", expected="a number of wakeups, at least 0", got=repr(spurious))
        return cls(found, spurious)

    def of_world(self) -> dict[str, Any]:
        """The arguments of a world."""
        return {"faults": self.faults if self.faults.number else None, "spurious": self.spurious}

    def notes(self) -> dict[str, Any]:
        """What verdicts and schedules say about it: nothing, if nothing was asked for."""
        faults = {"faults": str(self.faults)} if self.faults.number else {}
        return {**faults, **({"spurious": self.spurious} if self.spurious else {})}
