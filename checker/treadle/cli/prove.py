"""`treadle prove`: everything that a manifest lists, to one table.

Exit codes: 0 everything is as the manifest says; 1 something is not: a proof failed, or what must be refuted was not, or
a number differs; 2 something could not be run; 3 nothing is wrong so far, but something was left out (Ctrl-C).
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from treadle.cli.arguments import count
from treadle.errors import UsageError

if TYPE_CHECKING:
    import argparse

    from treadle.api.proving import Job, Row

NAME = "prove"
HELP = "prove everything that a manifest lists: specifications, refinements, classes"
MANIFEST = Path("spec") / "manifest.json"
_PRINTED = "what treadle prove --json printed"
PROCESSES = 2
"""Unless it is said otherwise: what a small machine has."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("manifest", metavar="FILE", type=Path, nargs="?", default=MANIFEST, help="the manifest (%(default)s)")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--quick", dest="mode", action="store_const", const="quick", help="small bounds (the default)")
    mode.add_argument("--full", dest="mode", action="store_const", const="full", help="large bounds")
    parser.set_defaults(mode="quick")
    add("--only", metavar="NAME", action="append", help="only this entry; can be given several times")
    add("--processes", metavar="N", type=count, default=PROCESSES, help="proofs at a time (%(default)s)")
    add("--from", dest="source", metavar="FILE.json", type=Path, help="prove nothing: tell what --json printed before")
    add("--page", metavar="FILE.md", type=Path, help="write the table as a page, too")
    add("--json", action="store_true", help="one JSON object on standard output")


def run(arguments: argparse.Namespace) -> int:
    """Prove, print, and return the exit code."""
    from treadle.report.proofs import page

    document = _read(arguments.source) if arguments.source is not None else _proved(arguments)
    if arguments.page is not None:
        arguments.page.write_text(page(document), encoding="utf-8")
    if arguments.json:
        print(json.dumps(document))
    else:
        _print(document)
    return exit_code(document)


def exit_code(document: Row) -> int:
    """As every command's: a violation wins over what could not be run, and that over what was left out."""
    if document["verdict"] == "failed":
        return 1
    if any("error" in row for row in (*document["specs"], *document["primitives"])):
        return 2
    return 0 if document["verdict"] == "proved" else 3


def _read(path: Path) -> Row:
    try:
        document: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read", expected=_PRINTED, got=str(error)) from error
    if not isinstance(document, dict) or not {"specs", "primitives", "hashes"} <= document.keys():
        raise UsageError(f"{path} has no proofs in it", expected=_PRINTED)
    found: Row = document
    return found


def _proved(arguments: argparse.Namespace) -> Row:
    """Do all the jobs; the JSON object."""
    from treadle.api.manifest import read
    from treadle.api.proving import hashes, jobs, together, unproved

    began = time.monotonic()
    wanted = _chosen(jobs(read(arguments.manifest), arguments.mode), arguments.only)
    manifest = wanted[0][0]
    files = hashes(manifest, [job[2] for job in wanted])  # before: what is changed meanwhile makes the proof stale
    found = _worked(wanted, arguments.processes)
    done = [found.get(number) or unproved(job[2], reason="interrupted before it began")
            for number, job in enumerate(wanted)]  # fmt: skip
    order = [*(model.name for model in manifest.models), *(each.name for each in manifest.primitives)]
    rows = sorted(done, key=lambda row: order.index(row["name"]))
    return {
        **together(rows),
        "seconds": round(time.monotonic() - began, 3),
        "mode": arguments.mode,
        "processes": arguments.processes,
        "versions": versions(),
        "specs": [row for row in rows if row["kind"] == "model"],
        "primitives": [row for row in rows if row["kind"] == "primitive"],
        "hashes": files,
    }


def versions() -> dict[str, str]:
    """With what it was proved."""
    from importlib.metadata import version

    python = f"{platform.python_implementation()} {platform.python_version()}"
    return {"phalanx": version("phalanx"), "python": python, "system": f"{platform.system()} {platform.machine()}"}


def _chosen(found: list[Job], only: list[str] | None) -> list[Job]:
    names = [job[2].name for job in found]
    for name in only or ():
        if name not in names:
            raise UsageError(f"the manifest has no {name} in this mode", expected=f"one of {', '.join(sorted(names))}")
    chosen = [job for job in found if only is None or job[2].name in only]
    if not chosen:
        raise UsageError("the manifest lists nothing to prove in this mode")
    return chosen


def _worked(wanted: list[Job], processes: int) -> dict[int, Row]:
    """The rows of the jobs that came to a result, by their numbers."""
    from treadle.api.proving import prove, unproved, weight
    from treadle.cli.crew import work

    rows: dict[int, Row] = {}
    with _shown([(job[2].name, weight(job)) for job in wanted]) as show:
        for news in work(prove, wanted, processes):
            show(news.job, 1.0 if news.over else news.progress)
            if news.died is not None:
                rows[news.job] = unproved(wanted[news.job][2], reason=news.died)
            elif news.over:
                rows[news.job] = news.result
    return rows


def _shown(weights: list[tuple[str, float]]) -> Any:
    from treadle.report.estimate import estimate

    return estimate(weights, visible=sys.stderr.isatty() and os.environ.get("TERM") != "dumb")


def _print(document: Row) -> None:
    from rich.console import Console

    from treadle.report.proofs import conclusion, tables

    console = Console(width=None if sys.stdout.isatty() else 160)
    for table in tables(document):
        console.print(table)
    console.print(conclusion(document))
