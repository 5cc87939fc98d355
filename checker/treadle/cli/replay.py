"""`treadle replay FILE`: run one kept schedule again, step by step, and tell what happens in the same words.

Exit codes: 1 it fails as it did; 2 the file is no schedule, or no longer fits the code; 3 it does not fail any more
(which proves nothing: this is one execution).
"""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

NAME = "replay"
HELP = "run one kept schedule again"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a schedule that treadle check or treadle conform kept")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")


def run(arguments: argparse.Namespace) -> int:
    """Run it, and print the report."""
    from treadle.api import retelling, retold_conformance
    from treadle.model.schedule import Schedule

    schedule = Schedule.load(arguments.file)
    rerun = retold_conformance.rerun if "conformance" in schedule.options else retelling.rerun
    # What the scenario prints comes before the report; it has no place beside a JSON object.
    with redirect_stdout(sys.stderr) if arguments.json else nullcontext():
        again = rerun(schedule)
    verdict = again.verdict
    if verdict.failure is None:
        verdict.reasons.append("the schedule does not fail any more; one execution is no proof")
    if arguments.json:
        document = {"target": schedule.target, **verdict.as_json()}
        if verdict.failure is not None:
            document["failure"] |= {"schedule": schedule.as_json(), "file": str(arguments.file), "report": again.report}
            if again.promises:
                document["failure"]["promises"] = list(again.promises)
        print(json.dumps(document))
    else:
        print(again.report)
    return verdict.status.exit_code
