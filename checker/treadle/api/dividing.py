"""Dividing a check of many programs among processes: programs have nothing to do with each other.

Each process has a check of its own, with its own world and models, and explores one program after the other. `explore` is
what such a process does with one; `Gathering` is what the process that sent them out makes of the answers. It adds them up
in the order of the programs, whatever order they come in, so the verdict, its notes and the violation are those of one
process. (What a world learns about memory in one program it knows in the next. Each process learns for itself, so the
number of *steps* may be another one, and with it the number of places where a thread may stop for ever.)

Nothing here starts a process: `treadle.cli` does.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from treadle.api.conforming import Check
from treadle.api.tally import INTERRUPTED, Part, Tally, add_counts
from treadle.conformance.catalogue import load_kit
from treadle.conformance.modelling import Models
from treadle.conformance.target import Target
from treadle.errors import TreadleError
from treadle.model.verdict import Verdict
from treadle.search.exploration import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from treadle.api.tally import Progress
    from treadle.conformance.words import Program

PAUSE = 0.1
"""Seconds between two reports, at least."""


class Question(NamedTuple):
    """What is to be checked, as text: it is sent to other processes."""

    target: str
    spec: str
    kit: str
    max_steps: int
    symmetry: bool

    @property
    def about(self) -> dict[str, str]:
        """What a verdict says of it."""
        return {"target": self.target, "spec": self.spec, "kit": self.kit}


@lru_cache(maxsize=1)
def _check(question: Question) -> Check:
    """The check of this process, which keeps it from program to program."""
    kit = load_kit(question.kit)
    models = Models(question.spec, kit)
    return Check(Target.parse(question.target), kit, models, question.max_steps, symmetry=question.symmetry)


def explore(question: Question, program: Program, report: Callable[[Verdict], object]) -> Part | TreadleError:
    """One program of a check. `report` is told now and then what was found; KeyboardInterrupt from it ends the program."""
    shown = 0.0

    def watch(verdict: Verdict) -> None:
        nonlocal shown
        if verdict.seconds >= shown + PAUSE:
            shown = verdict.seconds
            report(verdict)

    try:
        check = _check(question)
        reason = check.skips(program)
        part = (
            Part(skipped=reason) if reason is not None else check.one(program, Limits(steps=question.max_steps), watch)
        )
        part.met = check.reader.new(check.models.items())
    except TreadleError as error:
        return error
    return part


def lost(reason: str) -> Part:
    """The answer about a program that there will be none about: its process has died."""
    return Part(verdict=Verdict(reasons=[reason]))


class Gathering:
    """The answers, as they come."""

    __slots__ = ("_done", "_last", "_limits", "_parts", "_running", "_tally", "met")

    met: str | None  # the limit that was met, in words
    _last: int  # no answer counts about a program after this one
    _parts: dict[int, Part | TreadleError]  # by program
    _done: Verdict  # what they have counted together
    _running: dict[int, Verdict]  # by program: what it has come to so far

    def __init__(self, question: Question, programs: Sequence[Program], limits: Limits) -> None:
        self._tally = Tally(programs, **question.about)
        self._limits = limits
        self._last = len(programs)
        self._parts = {}
        self._done = Verdict()
        self._running = {}
        self.met = None

    def hear(self, number: int, verdict: Verdict) -> None:
        """A program has come so far."""
        self._running[number] = verdict

    def take(self, number: int, answer: Part | TreadleError) -> None:
        """A program is done, or cannot be done."""
        self._running.pop(number, None)
        self._parts[number] = answer
        if isinstance(answer, Part):
            add_counts(self._done, answer.verdict)
        if isinstance(answer, TreadleError) or answer.verdict.failure is not None:
            self._last = min(self._last, number)

    def wanted(self, number: int, seconds: float) -> bool:
        """Whether an answer about a program would still count, after so many seconds."""
        if self.met is None:
            self.met = self._limit(seconds)
        return self.met is None and number <= self._last

    def _limit(self, seconds: float) -> str | None:
        executions = self.so_far(seconds).verdict.executions
        if self._limits.executions is not None and executions >= self._limits.executions:
            return f"stopped after {executions} executions, the bound that was set"
        if self._limits.seconds is not None and seconds >= self._limits.seconds:
            return f"stopped after {executions} executions at the limit of {self._limits.seconds:g} s"
        return None

    def so_far(self, seconds: float) -> Progress:
        """How far it is, after so many seconds."""
        progress = self._tally.so_far(self._done, *self._running.values())
        progress.verdict.seconds = seconds
        return progress._replace(done=len(self._parts))

    def verdict(self) -> Verdict:
        """All in all. A TreadleError if a program could not be run, and none before it fails."""
        ended = False
        for number in sorted(self._parts):
            answer = self._parts[number]
            if isinstance(answer, TreadleError):
                raise answer
            reasons = answer.verdict.reasons
            answer.verdict.reasons = [reason for reason in reasons if not reason.startswith(INTERRUPTED)]
            ended = ended or answer.verdict.reasons != reasons
            self._tally.add(answer)
            if answer.verdict.failure is not None:
                break
        total = self._tally.total
        if total.failure is None and (ended or self.met is not None):
            total.reasons.insert(0, self.met or f"{INTERRUPTED} after {total.executions} executions")
        return self._tally.verdict()
