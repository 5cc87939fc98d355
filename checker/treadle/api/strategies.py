"""Which strategy explores: what the options of a search come to.

Without further options every trace is explored once. A bound on preemptions explores fewer, all that are within it; a walk
takes schedules at random. Both are for what is too large, and neither is ever silent about what it leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from treadle.api.options import Search, Walk, require
from treadle.errors import UsageError
from treadle.search.bounded import Bounded
from treadle.search.exhaustive import Exhaustive
from treadle.search.optimal import Optimal
from treadle.search.walks import Pct, Uniform

if TYPE_CHECKING:
    from treadle.search.exploration import Strategy

EXECUTIONS = 1_000
"""So many executions has a walk, unless it is said otherwise."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to explore. UsageError for options that do not go together."""

    search: Search = "optimal"
    bound: int | None = None  # preemptions
    walk: Walk | None = None
    seed: int | None = None
    executions: int | None = None  # of a walk

    def __post_init__(self) -> None:
        require("search", self.search, Search)
        if self.walk is not None:
            require("walk", self.walk, Walk)
        _refuse(self._conflict())
        for name, value, least in (("bound", self.bound, 0), ("executions", self.executions, 1)):
            if value is not None and (type(value) is not int or value < least):
                raise UsageError(f"wrong {name}", expected=f"an integer of at least {least}", got=repr(value))

    def _conflict(self) -> str | None:
        """What does not go together."""
        if self.bound is not None and self.walk is not None:
            return "a bound on preemptions and a walk"
        if self.search != "optimal" and (self.bound is not None or self.walk is not None):
            return f"search {self.search!r} and a {'walk' if self.walk is not None else 'bound on preemptions'}"
        if self.walk is None and (self.seed is not None or self.executions is not None):
            return f"{'a seed' if self.seed is not None else 'a number of executions'} without a walk"
        return None

    @property
    def is_whole(self) -> bool:
        """Whether it is a search of all traces."""
        return self.search == "optimal" and self.bound is None and self.walk is None

    def strategy(self) -> Strategy:
        """A new one: each explores once."""
        if self.bound is not None:
            return Bounded(self.bound)
        if self.walk is not None:
            kind = Uniform if self.walk == "uniform" else Pct
            return kind(self.seed or 0, self.executions or EXECUTIONS)
        return Optimal() if self.search == "optimal" else Exhaustive()

    def notes(self) -> dict[str, Any]:
        """What a verdict says about it."""
        notes: dict[str, Any] = {"search": self.search}
        if self.bound is not None:
            notes |= {"search": "bounded", "bound": self.bound}
        if self.walk is not None:
            notes |= {"search": self.walk, "seed": self.seed or 0}
        return notes


def _refuse(conflict: str | None) -> None:
    if conflict is not None:
        raise UsageError(
            f"{conflict} do not go together" if " and " in conflict else f"{conflict} means nothing",
            expected="one of: a search, a bound on preemptions, a walk with its seed and number of executions",
        )
