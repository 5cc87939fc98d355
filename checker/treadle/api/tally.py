"""The tally of a check of many programs: what each has come to, added up.

The programs are counted in their order, smallest first, up to the first violation: what comes after it was perhaps explored,
by another process, but nobody is told. So the verdict does not depend on how many processes there are.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from treadle.conformance.met import Met, joined, told
from treadle.errors import UsageError
from treadle.model.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from treadle.conformance.words import Program

COUNTS = ("executions", "blocked", "redundant", "steps", "failures")
INTERRUPTED = "interrupted"
"""How the reason begins for which a search was ended from outside."""


@dataclass(slots=True)
class Part:
    """What came of one program. It can be sent from one process to another."""

    skipped: str | None = None  # why it was not explored
    verdict: Verdict = field(default_factory=Verdict)
    merged: bool = False  # interchangeable threads were explored in one order
    apart: str | None = None  # who tells its threads apart, though they have the same calls
    met: list[Met] = field(default_factory=list)  # of the specification, since the part before

    @property
    def is_last(self) -> bool:
        """Whether nothing that comes after it counts: it has a violation, or was cut off from outside."""
        verdict = self.verdict
        return verdict.failure is not None or any(reason.startswith(INTERRUPTED) for reason in verdict.reasons)


def add_counts(total: Verdict, one: Verdict) -> None:
    """Add what was counted."""
    for name in (*COUNTS, "seconds"):
        setattr(total, name, getattr(total, name) + getattr(one, name))


class Progress(NamedTuple):
    """How far a check of many programs has come."""

    done: int  # programs
    programs: int  # all of them
    verdict: Verdict  # of all so far


class Tally:
    """All parts so far."""

    __slots__ = ("_about", "_programs", "apart", "explored", "merged", "met", "skipped", "total")

    total: Verdict
    skipped: Counter[str]  # by reason
    apart: Counter[str]  # by who tells threads apart
    explored: int  # programs
    merged: int  # of them, in which interchangeable threads were explored in one order
    met: list[Met]
    _programs: Sequence[Program]
    _about: dict[str, Any]  # what was asked for

    def __init__(self, programs: Sequence[Program], **about: Any) -> None:
        self._programs = programs
        self._about = about
        self.total = Verdict()
        self.skipped = Counter()
        self.apart = Counter()
        self.explored = self.merged = 0
        self.met = []

    @property
    def done(self) -> int:
        """So many programs."""
        return self.explored + self.skipped.total()

    def add(self, part: Part) -> None:
        """The next program."""
        self.met += part.met
        if part.skipped is not None:
            self.skipped[part.skipped] += 1
            return
        one, total = part.verdict, self.total
        self.explored += 1
        self.merged += part.merged
        if part.apart is not None:
            self.apart[part.apart] += 1
        add_counts(total, one)
        total.reasons += [reason for reason in one.reasons if reason not in total.reasons]
        total.failure, total.stopped = one.failure, one.failure is not None

    def so_far(self, *more: Verdict) -> Progress:
        """How far it is, with what programs that are not done have come to."""
        sums = Verdict()
        for verdict in (self.total, *more):
            add_counts(sums, verdict)
        return Progress(self.done, len(self._programs), sums)

    def verdict(self) -> Verdict:
        """All in all. UsageError if nothing was explored, since that would prove nothing."""
        if not self.explored and not self.total.reasons:
            raise UsageError(
                "there is no client program to explore",
                expected="bounds that some program is within, and a class that has what it needs",
                got="; ".join(self.skipped) or f"{len(self._programs)} programs",
                probably="--calls, --where, --threads or --rounds leave nothing",
            )
        if self.done < len(self._programs) and self.total.failure is None:
            missing = f"{len(self._programs) - self.done} of {len(self._programs)} programs were not explored"
            self.total.reasons.append(missing)
        found = told(joined(self.met))
        self.total.notes |= {
            **self._about,
            "programs": self.explored,
            "skipped": dict(self.skipped),
            "symmetric": self.merged,
            **({"apart": dict(self.apart)} if self.apart else {}),
            **found,
        }
        return self.total
