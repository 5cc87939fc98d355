"""`treadle check TARGET...`: explore every interleaving of each scenario; keep the schedule of a failure.

Exit codes: 0 every target is proved; 1 some target fails; 2 some target could not be run, and none fails; 3 nothing
fails, but something was left out.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from treadle.api.options import STEPS, Granularity, Search, Walk
from treadle.cli.arguments import count, number, positive_seconds
from treadle.errors import TreadleError, UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from treadle.cli.interruption import Interruption
    from treadle.cli.outcome import Outcome

NAME = "check"
HELP = "explore every interleaving of a scenario"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("targets", metavar="TARGET", nargs="+", help="module:function or path.py::function")
    add(
        "--granularity",
        choices=get_args(Granularity),
        default="access",
        help="where tasks take turns: at every access to what they share (access), or at synchronisation only (sync)",
    )
    add(
        "--search",
        choices=get_args(Search),
        default="optimal",
        help="each trace once (optimal), or every interleaving, for comparison (exhaustive)",
    )
    add("--bound", metavar="N", type=number, help="only schedules with at most so many preemptions")
    add("--walk", choices=get_args(Walk), help="random schedules: never a proof")
    add("--seed", metavar="S", type=number, help="the dice of the walk (0)")
    add("--executions", metavar="N", type=count, help="the length of the walk (1000)")
    add(
        "--symmetry",
        choices=("off", "on"),
        default="off",
        help="threads that are started alike are interchangeable, and explored in one order (%(default)s)",
    )
    _configure_chances(parser)
    add("--max-executions", metavar="N", type=count, help="stop after so many executions of a target")
    add("--seconds", metavar="S", type=positive_seconds, help="stop after so many seconds with a target")
    add("--max-steps", metavar="N", type=count, default=STEPS, help="cut executions after so many steps (%(default)s)")
    add("--out", metavar="FILE", type=Path, help="keep the schedule of the failure in this file")
    add("--json", action="store_true", help="one JSON object on standard output")


def _configure_chances(parser: argparse.ArgumentParser) -> None:
    """What may come from outside."""
    add = parser.add_argument
    add(
        "--faults",
        metavar="N[:EXCEPTION][@THREAD,...][%CODE,...]",
        default="0",
        help="deliver at most N exceptions into threads, wherever that is possible (KeyboardInterrupt, into any)",
    )
    add(
        "--spurious",
        metavar="N",
        type=number,
        default=0,
        help="let at most N waits for conditions end for no reason (0)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Check one target after another; print what was found of each, then return the exit code of all."""
    from treadle.cli.interruption import Interruption
    from treadle.cli.outcome import as_json, exit_code

    if arguments.out is not None and len(arguments.targets) > 1:
        raise UsageError(
            "--out names one file, but there are several targets",
            expected="one target, or no --out",
            got=f"{len(arguments.targets)} targets",
        )
    outcomes: list[Outcome] = []
    with Interruption() as interruption:
        for target in arguments.targets:
            outcome = _check(target, arguments, interruption)
            outcomes.append(outcome)
            outcome.print(quiet=arguments.json)
    if arguments.json:
        print(json.dumps(as_json(outcomes)))
    return exit_code(outcomes)


@contextmanager
def _unprinted() -> Iterator[None]:
    """What the scenario prints, warns of and logs comes in every execution; `treadle replay` shows that of one."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        yield


def _options(arguments: argparse.Namespace) -> dict[str, Any]:
    """Those of `explore`, as they were typed."""
    same = ("granularity", "search", "bound", "walk", "seed", "executions", "faults", "spurious", "max_executions")
    given: dict[str, Any] = {name: getattr(arguments, name) for name in (*same, "seconds", "max_steps")}
    return {**given, "symmetry": arguments.symmetry == "on"}


def _check(target: str, arguments: argparse.Namespace, interruption: Interruption) -> Outcome:
    from treadle.api.exploration import explore
    from treadle.api.keeping import keep
    from treadle.api.retelling import tell
    from treadle.cli.outcome import Outcome
    from treadle.model.verdict import Verdict
    from treadle.report.progress import progress

    if interruption.asked:
        return Outcome(target, Verdict(reasons=["not checked: interrupted before"]))

    def watch(verdict: Verdict) -> None:
        show(verdict)
        interruption.stop_here()

    try:
        with progress(target) as show, _unprinted():
            verdict = explore(target, **_options(arguments), watch=watch)
        if interruption.forced:
            verdict.failure = None
        schedule = verdict.failure.schedule if verdict.failure is not None else None
        if schedule is None:
            return Outcome(target, verdict)
        with _unprinted():
            report = tell(schedule)
        return Outcome(target, verdict, report=report, path=keep(schedule, arguments.out))
    except TreadleError as error:
        return Outcome(target, error=error)
    except KeyboardInterrupt:
        return Outcome(target, Verdict(reasons=["interrupted while it was loaded or told"]))
