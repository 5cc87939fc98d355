"""`treadle spec FILE.tla`: explore a TLA+ module under a configuration, and say whether it is right.

Exit codes: 0 everything that the configuration names holds; 1 something does not, or has no value; 2 the module or the
configuration cannot be read; 3 nothing was found, but something was left out (a limit, Ctrl-C, or TLC
disagrees).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from treadle.errors import UsageError

if TYPE_CHECKING:
    from treadle.tla.outcome import Outcome
    from treadle.tla.specification import Specification
    from treadle.tla.verification import Verification

NAME = "spec"
HELP = "explore a TLA+ module: invariants, properties, refinement, deadlock"
_CODES = {"proved": 0, "failed": 1, "incomplete": 3}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("module", metavar="FILE.tla", type=Path, help="the module")
    add("--config", metavar="FILE.cfg", type=Path, help="the configuration (by default that of the same name)")
    add("--no-deadlock", action="store_true", help="a state without a next state is no failure")
    add("--max-states", metavar="N", type=_count, help="stop after so many distinct states")
    add("--seconds", metavar="S", type=_seconds, help="stop after so many seconds")
    add("--coverage", action="store_true", help="show how often each disjunct of each action was taken")
    add("--dot", metavar="FILE", type=Path, help="write the state graph in the language of Graphviz")
    add("--graph", metavar="FILE", type=Path, help="write the state graph as JSON")
    add("--tlc", action="store_true", help="run TLC too, and compare")
    add("--json", action="store_true", help="one JSON object on standard output")


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of at least 1")
    return int(text)


def _seconds(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0 < found < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number of seconds")
    return found


def run(arguments: argparse.Namespace) -> int:
    """Verify, print, and return the exit code."""
    from treadle.tla.specification import load

    spec = load(arguments.module, arguments.config)
    if arguments.no_deadlock:
        spec.config.deadlock = False
    verification, outcome = _verified(spec, arguments)
    _export(spec, verification, arguments)
    found = outcome.as_json() | {"module": spec.name, "config": spec.config.source.name}
    if arguments.tlc:
        found["tlc"] = _compared(spec, outcome, arguments)
        found |= {"verdict": outcome.verdict, "complete": outcome.complete, "reasons": outcome.reasons}
    if arguments.json:
        print(json.dumps(found))
    else:
        _print(spec, outcome, found, arguments)
    return _CODES[outcome.verdict]


def _verified(spec: Specification, arguments: argparse.Namespace) -> tuple[Verification, Outcome]:
    from treadle.report.counting import counting
    from treadle.tla.exploration import Limits
    from treadle.tla.verification import Verification

    limits = Limits(arguments.max_states, arguments.seconds)
    keep = arguments.dot is not None or arguments.graph is not None
    with counting(spec.name) as progress:
        verification = Verification(spec, limits=limits, progress=progress, keep_edges=keep)
        return verification, verification.run()


def _export(spec: Specification, verification: Verification, arguments: argparse.Namespace) -> None:
    from treadle.tla.graph import as_dot, as_json

    for path, write in ((arguments.dot, as_dot), (arguments.graph, as_json)):
        if path is not None:
            try:
                path.write_text(write(spec, verification.graph), encoding="utf-8")
            except OSError as error:
                raise UsageError(f"{path} cannot be written: {error.strerror}") from error


def _compared(spec: Specification, outcome: Outcome, arguments: argparse.Namespace) -> dict[str, Any]:
    """Run TLC and compare; a proof that TLC does not share is not complete."""
    from treadle.report.spec import comparison
    from treadle.tla import tlc

    config = arguments.config or arguments.module.with_suffix(".cfg")
    other = tlc.run(arguments.module, config, deadlock=spec.config.deadlock)
    differences = comparison(outcome, other)
    for difference in differences:
        outcome.cut(difference if other.verdict == "error" else f"TLC disagrees: {difference}")
    return {
        "verdict": other.verdict,
        "generated": other.generated,
        "distinct": other.distinct,
        "depth": other.depth,
        "seconds": round(other.seconds, 3),
        "agrees": not differences,
        "differences": differences,
    }


def _print(spec: Specification, outcome: Outcome, found: dict[str, Any], arguments: argparse.Namespace) -> None:
    from treadle.report.spec import report

    print(report(f"{spec.name} ({spec.config.source.name})", outcome, coverage=arguments.coverage))
    if "tlc" in found:
        other = found["tlc"]
        agreement = "agrees" if other["agrees"] else "has no answer" if other["verdict"] == "error" else "DISAGREES"
        print(f"  TLC {agreement}: {other['verdict']}, {other['distinct']} distinct states, {other['seconds']:.2f} s")
