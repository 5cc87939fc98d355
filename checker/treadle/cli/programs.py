"""`treadle programs FILE.json`: count the traces of abstract programs, and compare with the counts that the file gives.

Exit codes: 0 every count that is given is exact, and no execution was redundant; 1 some count differs, or something was
explored twice; 2 the file or a program in it is malformed; 3 a limit or Ctrl-C left something out.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from treadle.errors import UsageError
from treadle.model.verdict import Failure, Status, Verdict
from treadle.search.audit import Audit, audit, complete_within
from treadle.search.exploration import Limits
from treadle.semantics.program.likeness import Symmetry
from treadle.semantics.program.subject import Program
from treadle.semantics.program.text import read

if TYPE_CHECKING:
    import argparse

NAME = "programs"
HELP = "count the traces of abstract programs and compare with the counts they are given with"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE.json", type=Path, help="a file of abstract programs")
    parser.add_argument("--only", metavar="NAME", action="append", default=[], help="only this program; repeatable")
    parser.add_argument(
        "--symmetry",
        choices=get_args(Symmetry),
        default="off",
        help="explore interchangeable threads in one order: none, those that the file declares, or all that are",
    )
    parser.add_argument(
        "--preemptions",
        action="store_true",
        help="also count the complete traces within each bound on preemptions, where the file gives them",
    )
    parser.add_argument("--max-executions", metavar="N", type=int, help="at most so many executions of each program")
    parser.add_argument("--seconds", metavar="S", type=float, help="at most so long in all")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")


def run(arguments: argparse.Namespace) -> int:
    """Count, print, compare."""
    chosen = _chosen(arguments.file, arguments.only, arguments.symmetry)
    options = (arguments.max_executions, arguments.seconds)
    count = _Count(chosen, *options, quiet=arguments.json, bounds=arguments.preemptions)
    try:
        count.run()
    except KeyboardInterrupt:
        count.interrupted = True
    total = count.total()
    if arguments.json:
        print(json.dumps({**total.as_json(), **count.numbers(), "programs": [row.as_json() for row in count.rows]}))
    else:
        print(count.summary(total))
    return total.status.exit_code


def _chosen(path: Path, only: list[str], symmetry: Symmetry) -> list[Program]:
    """All programs are compiled before the first is run, so that a malformed one is known at once."""
    compiled = [Program(text, symmetry=symmetry) for text in read(path)]
    names = {program.text.name for program in compiled}
    for name in only:
        if name not in names:
            raise UsageError(f"there is no program {name!r} in {path}", expected=f"one of {', '.join(sorted(names))}")
    return [program for program in compiled if not only or program.text.name in only]


@dataclass(frozen=True, slots=True)
class _Row:
    """One program and what was counted."""

    program: Program
    audit: Audit
    within: list[int] | None = None  # complete traces within 0, 1, 2, ... preemptions, if they were counted

    @property
    def expected(self) -> dict[str, int]:
        """What the file gives: of all traces, so nothing is compared where interchangeable threads have one order."""
        return {} if self.program.interchangeable else self.program.text.expected

    @property
    def wrong(self) -> dict[str, tuple[Any, Any]]:
        """The counts that differ: expected and counted. Of what was cut short, the counts that are too large."""
        counts = self.audit.counts()
        complete = self.audit.verdict.complete
        wrong: dict[str, tuple[Any, Any]] = {
            name: (number, counts[name])
            for name, number in self.expected.items()
            if counts[name] > number or (complete and counts[name] != number)
        }
        if self.within is not None and self.within != self.program.text.preemptions:
            wrong["complete within preemptions"] = (self.program.text.preemptions, self.within)
        return wrong

    @property
    def verdict(self) -> str:
        """In one word."""
        if self.wrong:
            return "wrong"
        if self.audit.verdict.redundant:
            return "redundant"
        if not self.audit.verdict.complete:
            return "incomplete"
        return "exact" if self.expected else "counted"

    def as_json(self) -> dict[str, Any]:
        """Everything about it."""
        verdict = self.audit.verdict
        return {
            "name": self.program.text.name,
            "verdict": self.verdict,
            "expected": self.expected,
            **self.audit.counts(),
            "executions": verdict.executions,
            "redundant": verdict.redundant,
            "steps": verdict.steps,
            "seconds": round(verdict.seconds, 6),
            "reasons": verdict.reasons,
            **({"complete_within_preemptions": self.within} if self.within is not None else {}),
            **({"interchangeable": sorted(self.program.interchangeable)} if self.program.interchangeable else {}),
            **({"livelock": self.audit.livelock} if self.audit.livelock else {}),
        }

    def line(self, width: int) -> str:
        """One line of the table, in the columns of `HEADER`."""
        counts = self.audit.counts()
        verdict = self.audit.verdict
        expected = self.expected.get("traces", "-")
        numbers = [expected, counts["traces"], verdict.executions, counts["complete"], counts["deadlock"]]
        numbers += [counts["assume"], counts["errors"], verdict.redundant]
        columns = "".join(f"{number:>11}" for number in numbers)
        notes = "".join(f"; {name} {got}, expected {want}" for name, (want, got) in self.wrong.items())
        notes = "".join(f"; {reason}" for reason in verdict.reasons) if verdict.reasons else notes
        if self.program.interchangeable:
            notes += f"; threads {', '.join(map(str, sorted(self.program.interchangeable)))} in one order only"
        notes += f"; livelock: {self.audit.livelock}" if self.audit.livelock else ""
        return f"{self.program.text.name:<{width}}{columns}{verdict.seconds:>9.2f}  {self.verdict}{notes}"


HEADER = ("expected", "traces", "executions", "complete", "deadlock", "assume", "errors", "redundant")


@dataclass(slots=True)
class _Count:
    """The whole run over a file."""

    programs: list[Program]
    executions: int | None
    seconds: float | None
    quiet: bool  # print no table
    bounds: bool = False  # count the traces within each bound on preemptions too
    rows: list[_Row] = field(default_factory=list)
    interrupted: bool = False

    def run(self) -> None:
        """Count one program after another, until all are done or the time is up."""
        width = max((len(program.text.name) for program in self.programs), default=0) + 1
        if not self.quiet:
            print(f"{'program':<{width}}" + "".join(f"{name:>11}" for name in HEADER) + f"{'seconds':>9}  verdict")
        for program in self.programs:
            left = None if self.seconds is None else self.seconds - sum(r.audit.verdict.seconds for r in self.rows)
            if left is not None and left <= 0:
                break
            limits = Limits(executions=self.executions, seconds=left)
            audited = audit(program, limits=limits, progress=self._progress(program))
            row = _Row(program, audited, self._within(program, audited))
            self.rows.append(row)
            if not self.quiet:
                print(row.line(width), flush=True)
            if any(reason.startswith("interrupted") for reason in row.audit.verdict.reasons):
                self.interrupted = True
                break

    def _within(self, program: Program, audited: Audit) -> list[int] | None:
        """The complete traces within each bound, where the file gives them and nothing was left out so far."""
        expected = program.text.preemptions
        if not self.bounds or expected is None or program.interchangeable or not audited.verdict.complete:
            return None
        return [complete_within(program, bound) for bound in range(len(expected))]

    def _progress(self, program: Program) -> Any:
        """Rewrites one line on a terminal; nothing elsewhere."""
        if not sys.stderr.isatty():
            return None
        place = f"{len(self.rows) + 1} of {len(self.programs)}: {program.text.name}"

        def show(executions: int) -> None:
            if executions % 500 == 0:
                print(f"\r\033[K{place}, {executions:,} executions\r", end="", file=sys.stderr, flush=True)

        return show

    def numbers(self) -> dict[str, int]:
        """The counts of all programs together."""
        counts = [row.audit.counts() for row in self.rows]
        return {name: sum(count[name] for count in counts) for name in ("traces", "complete", "errors")}

    def total(self) -> Verdict:
        """One verdict about all programs."""
        total = Verdict()
        for row in self.rows:
            one = row.audit.verdict
            for name in ("executions", "blocked", "deadlocks", "assumed", "redundant", "steps", "seconds"):
                setattr(total, name, getattr(total, name) + getattr(one, name))
            total.reasons += [f"{row.program.text.name}: {reason}" for reason in one.reasons]
        if len(self.rows) < len(self.programs):
            why = "interrupted" if self.interrupted else f"the limit of {self.seconds:g} s"
            total.reasons.append(f"{len(self.programs) - len(self.rows)} programs were not run: {why}")
        bad = [row for row in self.rows if row.verdict in {"wrong", "redundant"}]
        if bad:
            names = ", ".join(row.program.text.name for row in bad)
            total.failure = Failure("count", f"{len(bad)} of {len(self.rows)} programs were counted wrong: {names}")
        return total

    def summary(self, total: Verdict) -> str:
        """The last line."""
        exact = sum(row.verdict == "exact" for row in self.rows)
        counted = sum(row.verdict == "counted" for row in self.rows)
        said = [f"{exact} exact"] + [f"{counted} without an expected count"] * (counted > 0)
        if total.failure is not None:
            said.append(total.failure.message)
        said += total.reasons if total.status is not Status.PROVED else []
        executions = f"{total.executions:,} executions, {total.redundant} redundant, {total.seconds:.1f} s"
        return f"{len(self.rows)} programs: {'; '.join(said)} ({executions})"
