"""The command line: `treadle COMMAND`; one module of this package a command.

A command module has `NAME`, `HELP`, `configure(parser)` and `run(arguments) -> int` (the exit code). It is listed in
`COMMANDS`, and nothing else has to know of it.

Exit codes: 0 proved or passed with nothing left out; 1 a violation; 2 wrong usage; 3 no violation, but incomplete.

What a command cannot do it raises as a TreadleError, which is told on standard error; with `--json` it is the one
object on standard output as well, `{"error": ...}`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from treadle.errors import TreadleError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

WRONG_USAGE, INCOMPLETE = 2, 3
EXTRA = frozenset({"greenlet", "rich"})
"""What treadle needs and phalanx does not."""

COMMANDS: tuple[str, ...] = ("check", "conform", "programs", "prove", "replay", "spec", "stress")


class Command(Protocol):
    """What each module of this package offers."""

    NAME: str
    HELP: str

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it, and return the exit code."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="treadle", description="A model checker for Python concurrency.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in COMMANDS:
        command = cast("Command", import_module(f"{__name__}.{name}"))
        child = commands.add_parser(command.NAME, help=command.HELP, description=command.HELP)
        command.configure(child)
        child.set_defaults(run=command.run)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    arguments = _parser().parse_args(argv)
    try:
        return _run(arguments)
    except TreadleError as error:
        print(f"treadle: {error}", file=sys.stderr)
        if getattr(arguments, "json", False):
            print(json.dumps({"error": str(error)}))
        return WRONG_USAGE
    except KeyboardInterrupt:
        print("treadle: interrupted", file=sys.stderr)
        return INCOMPLETE
    except BrokenPipeError:  # whoever read the output has left; what was not told counts as left out
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INCOMPLETE


def _run(arguments: argparse.Namespace) -> int:
    try:
        code: int = arguments.run(arguments)
        sys.stdout.flush()
    except ModuleNotFoundError as error:
        if error.name not in EXTRA:
            raise
        raise UsageError(
            f"the package {error.name} is not installed",
            expected="what the extra of phalanx named check brings",
            instead="pip install 'phalanx[check]'",
        ) from error
    return code
