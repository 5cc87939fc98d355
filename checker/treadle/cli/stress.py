"""`treadle stress TARGET...`: run each scenario on real threads, over and over, with a watchdog.

Exit codes: 1 some run failed; 2 some target could not be run, and none fails; 3 nothing failed, which proves nothing.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from treadle.cli.arguments import count, number, positive_seconds
from treadle.errors import TreadleError

if TYPE_CHECKING:
    import argparse

    from treadle.cli.outcome import Outcome

NAME = "stress"
HELP = "run a scenario on real threads, over and over"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("targets", metavar="TARGET", nargs="+", help="module:function or path.py::function")
    add("--repeat", metavar="N", type=count, default=100, help="so many runs of each (%(default)s)")
    add("--timeout", metavar="S", type=positive_seconds, default=10.0, help="a run hangs after S seconds (%(default)g)")
    add("--seed", metavar="S", type=number, default=0, help="of the dice for choices and for switches (%(default)s)")
    add("--json", action="store_true", help="one JSON object on standard output")


def run(arguments: argparse.Namespace) -> int:
    """Run one target after another; print what came of each."""
    from treadle.cli.outcome import as_json, exit_code

    outcomes = []
    for target in arguments.targets:
        outcome = _stress(target, arguments)
        outcomes.append(outcome)
        if outcome.verdict is None:
            outcome.print(quiet=arguments.json)
        elif not arguments.json:
            print(outcome.report, flush=True)
    if arguments.json:
        print(json.dumps(as_json(outcomes)))
    return exit_code(outcomes)


def _stress(target: str, arguments: argparse.Namespace) -> Outcome:
    from treadle.api.stressing import stress
    from treadle.cli.outcome import Outcome

    try:
        stressed = stress(target, repeat=arguments.repeat, timeout=arguments.timeout, seed=arguments.seed)
    except TreadleError as error:
        return Outcome(target, error=error)
    verdict = stressed.verdict
    verdict.notes |= {"seed": stressed.seed, "repeat": stressed.repeat, "report": str(stressed)}
    return Outcome(target, verdict, report=str(stressed))
