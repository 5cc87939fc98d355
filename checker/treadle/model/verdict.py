"""How an execution ended, and what an exploration found."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from treadle.model.schedule import Schedule


class Ending(Enum):
    """The ways in which one execution ends."""

    COMPLETE = "complete"  # every task is done
    FAILED = "failed"  # an exception or a failed assertion in a task
    DEADLOCK = "deadlock"  # tasks are blocked, and nobody can move
    LIVELOCK = "livelock"  # tasks only wait by reading what nobody will ever write
    ASSUME = "assume"  # an assumption of the program does not hold: the execution does not count as a failure
    ASLEEP = "asleep"  # only steps were left that lead to traces already explored
    CUT = "cut"  # a bound was met


class Status(Enum):
    """The three verdicts. An incomplete search without a violation is never a proof."""

    PROVED = "proved"
    FAILED = "failed"
    INCOMPLETE = "incomplete"

    @property
    def exit_code(self) -> int:
        """The code with which a command ends."""
        return {Status.PROVED: 0, Status.FAILED: 1, Status.INCOMPLETE: 3}[self]


@dataclass(frozen=True, slots=True)
class Failure:
    """A violation, in the words of the execution in which it happened."""

    kind: str  # "exception", "deadlock", "livelock", ...
    message: str  # one line
    task: int | None = None  # in whom it happened, if in one
    details: str = ""  # further lines: a traceback, who holds what
    schedule: Schedule | None = None  # how to see it again


@dataclass(slots=True)
class Verdict:
    """What an exploration found. `complete` is true only when nothing at all was left out."""

    executions: int = 0  # all of them, blocked ones included
    blocked: int = 0  # deadlocked or assume-blocked
    deadlocks: int = 0  # of the blocked ones
    assumed: int = 0  # of the blocked ones: assume-blocked
    failures: int = 0  # executions that ended in a violation
    redundant: int = 0  # ended asleep, or (when audited) repeated a trace
    steps: int = 0  # over all executions, replayed ones included
    looked: int = 0  # further executions, of a quick look beside the search; in none of the numbers above
    seconds: float = 0.0
    reasons: list[str] = field(default_factory=list)  # why it is incomplete
    failure: Failure | None = None  # the first violation
    stopped: bool = False  # at the first violation
    notes: dict[str, Any] = field(default_factory=dict)  # what else there is to say: symmetry, granularity, bounds

    @property
    def complete(self) -> bool:
        """Whether every trace was explored."""
        return not self.reasons and not self.stopped

    @property
    def status(self) -> Status:
        """Failed if there is a violation; proved only if complete."""
        if self.failure is not None:
            return Status.FAILED
        return Status.PROVED if self.complete else Status.INCOMPLETE

    def as_json(self) -> dict[str, Any]:
        """The fields that every `--json` of an exploration carries."""
        failure = None
        if self.failure is not None:
            schedule = self.failure.schedule
            failure = {
                "kind": self.failure.kind,
                "message": self.failure.message,
                "schedule": schedule.as_json() if schedule is not None else None,
            }
        return {
            "verdict": self.status.value,
            "executions": self.executions,
            "complete": self.complete,
            "blocked": self.blocked,
            "redundant": self.redundant,
            "steps": self.steps,
            "seconds": round(self.seconds, 6),
            "reasons": list(self.reasons),
            "failure": failure,
            **({"looked": self.looked} if self.looked else {}),
            **self.notes,
        }
