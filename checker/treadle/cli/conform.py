"""`treadle conform PKG.MOD:Class --spec NAME`: hold a class against a specification, in every interleaving.

Exit codes: 0 it conforms, and nothing was left out; 1 a violation; 2 wrong usage; 3 no violation, but incomplete.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from treadle.cli.arguments import count, positive_seconds
from treadle.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.api.tally import Progress
    from treadle.conformance import Bounds
    from treadle.model.verdict import Verdict

NAME = "conform"
HELP = "hold a class against a specification: every client program within the bounds, every interleaving"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("target", metavar="CLASS", help="package.module:Class, or path/to/file.py:Class")
    add("--spec", metavar="NAME", default="Barrier", help="its name, or the path of a .tla file (%(default)s)")
    add("--kit", metavar="KIT", help="how such an object is used: module:Class, or file.py:Class (that of the spec)")
    add("--parties", metavar="N", type=count, help="how many meet, for what has parties (the kit chooses)")
    add("--rounds", metavar="R", type=count, default=2, help="calls of one thread at most (%(default)s)")
    add("--threads", metavar="T", type=count, default=3, help="threads of a program at most (%(default)s)")
    add("--calls", metavar="A,B", type=_names, default=(), help="the calls that clients make (the kit chooses)")
    add(
        "--faults",
        metavar="FAULTS",
        type=_faults,
        default=0,
        help="deliver exceptions into calls: 1, 1:KeyError (none)",
    )
    add(
        "--where",
        metavar="NAME=A,B",
        action="append",
        type=_setting,
        default=[],
        help="only programs whose setup has one of these values: action=none,works (may be given several times)",
    )
    add(
        "--symmetry",
        choices=("off", "on"),
        default="on",
        help="threads with the same calls are explored in one order, unless the class tells them apart (%(default)s)",
    )
    add("--processes", metavar="N", type=count, default=1, help="programs at a time (%(default)s)")
    add("--max-executions", metavar="N", type=count, help="stop after so many executions")
    add("--seconds", metavar="S", type=positive_seconds, help="stop after so many seconds")
    add("--max-steps", metavar="N", type=count, default=100_000, help="cut executions after so many (%(default)s)")
    add("--out", metavar="FILE", type=Path, help="keep the schedule of the violation in this file")
    add("--json", action="store_true", help="one JSON object on standard output")


def _names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    if not all(names):
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of calls such as wait,abort")
    return tuple(dict.fromkeys(names))


def _faults(text: str) -> str | int:
    from treadle.model.faults import Faults

    try:
        return text if Faults.of(text).number else 0
    except UsageError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _setting(text: str) -> tuple[str, tuple[str, ...]]:
    name, equals, values = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not a name and its values, such as action=none,works")
    return name, _names(values)


def _bounds(arguments: argparse.Namespace) -> Bounds:
    from treadle.conformance import Bounds

    return Bounds(
        arguments.threads, arguments.rounds, arguments.calls, parties=arguments.parties, faults=arguments.faults
    )


def run(arguments: argparse.Namespace) -> int:
    """Explore, and print what was found."""
    from treadle.api.keeping import invitation, keep
    from treadle.api.retold_conformance import rerun
    from treadle.report.summary import conformance

    verdict = _explored(arguments)
    schedule = verdict.failure.schedule if verdict.failure is not None else None
    document: dict[str, Any] = verdict.as_json()
    if schedule is not None:
        path, again = keep(schedule, arguments.out), rerun(schedule)
        document["failure"] |= {"file": str(path), "report": again.report, "promises": list(again.promises)}
        if not arguments.json:
            print(f"{again.report}\n\n{invitation(path)}\n")
    if arguments.json:
        print(json.dumps(document))
    else:
        print(conformance(verdict))
    return verdict.status.exit_code


def _explored(arguments: argparse.Namespace) -> Verdict:
    from treadle.report.progress import progress_of_programs

    if arguments.out is not None and arguments.out.is_dir():
        raise UsageError(f"{arguments.out} is a folder", expected="--out FILE")
    with progress_of_programs(arguments.target) as show:

        def tell(progress: Progress) -> None:
            show(progress.done, progress.programs, progress.verdict)

        return _together(arguments, tell) if arguments.processes == 1 else _divided(arguments, tell)


def _together(arguments: argparse.Namespace, tell: Callable[[Progress], None]) -> Verdict:
    """All programs in this process."""
    from treadle.api.conforming import conform
    from treadle.cli.interruption import Interruption

    with Interruption() as interruption:

        def watch(progress: Progress) -> None:
            tell(progress)
            interruption.stop_here()

        verdict = conform(
            arguments.target,
            arguments.spec,
            kit=arguments.kit,
            bounds=_bounds(arguments),
            where=dict(arguments.where),
            max_executions=arguments.max_executions,
            seconds=arguments.seconds,
            max_steps=arguments.max_steps,
            symmetry=arguments.symmetry == "on",
            watch=watch,
        )
        if interruption.forced:
            verdict.failure = None
    return verdict


def _divided(arguments: argparse.Namespace, tell: Callable[[Progress], None]) -> Verdict:
    """The programs divided among processes."""
    from treadle.api.dividing import Gathering, Question, explore, lost
    from treadle.api.selection import kit_of, selected
    from treadle.cli.crew import work
    from treadle.conformance.catalogue import address
    from treadle.search.exploration import Limits

    began = time.monotonic()
    kit = kit_of(arguments.spec, arguments.kit)
    programs = selected(kit, _bounds(arguments), dict(arguments.where))
    question = Question(
        arguments.target, arguments.spec, address(kit), arguments.max_steps, symmetry=arguments.symmetry == "on"
    )
    gathering = Gathering(question, programs, Limits(arguments.max_executions, arguments.seconds))

    def wanted(number: int) -> bool:
        return gathering.wanted(number, time.monotonic() - began)

    for news in work(explore, [(question, program) for program in programs], arguments.processes, wanted):
        if news.over:
            gathering.take(news.job, news.result if news.died is None else lost(news.died))
        else:
            gathering.hear(news.job, news.progress)
        tell(gathering.so_far(time.monotonic() - began))
    verdict = gathering.verdict()
    verdict.seconds = time.monotonic() - began
    return verdict
