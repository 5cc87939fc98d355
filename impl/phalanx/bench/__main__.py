"""The command line of the benchmarks.

Ends with 0 when everything was measured, 2 after wrong usage or when something that is needed is missing, and 130
after Ctrl-C.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from phalanx.bench import overhead, plot, relaxation, table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from phalanx.bench.report import Report

INTERRUPTED = 130
PICTURES = (".png", ".pdf", ".svg")
# Seconds a sample, and how many: in full, and for those who only want to see that it works.
FULL = (0.25, 7)
QUICK = (0.05, 5)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark that the command line names; the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    _check(parser, options)
    try:
        report = _measure(options)
    except KeyboardInterrupt:
        print("\ninterrupted: nothing was written", file=sys.stderr)
        return INTERRUPTED
    table.show(report)
    if options.json is not None:
        report.write_json(options.json)
    if options.plot is not None:
        plot.write(report, options.plot)
    return 0


def _measure(options: argparse.Namespace) -> Report:
    seconds, repeat = QUICK if options.quick else FULL
    repeat = options.repeat or repeat
    if options.benchmark == "overhead":
        return overhead.measure(overhead.Plan(options.parties, repeat, seconds), _progress)
    sizes = options.sizes or (relaxation.SIZES[:-1] if options.quick else relaxation.SIZES)
    return relaxation.measure(relaxation.Plan(sizes, options.threads, repeat, seconds), _progress)


def _progress(what: str) -> None:
    if sys.stderr.isatty():
        print(f"measuring {what} ...", file=sys.stderr)


def _check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Find out now what would only go wrong after everything has been measured."""
    if options.benchmark == "jacobi" and importlib.util.find_spec("numpy") is None:
        parser.error("jacobi needs NumPy, which is not installed; instead: pip install 'phalanx[bench]'")
    if options.plot is not None and importlib.util.find_spec("matplotlib") is None:
        parser.error("--plot needs matplotlib, which is not installed; instead: pip install 'phalanx[bench]'")
    if options.plot is not None and options.plot.suffix not in PICTURES:
        parser.error(
            f"--plot wants a file that ends in {', '.join(PICTURES[:-1])} or {PICTURES[-1]}; got {options.plot}"
        )
    for path in (options.json, options.plot):
        if path is not None and not path.resolve().parent.is_dir():
            parser.error(f"there is no directory {path.resolve().parent} to write {path.name} into")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m phalanx.bench", description="Measure what the barriers cost.")
    benchmarks = parser.add_subparsers(dest="benchmark", required=True, metavar="overhead|jacobi")
    first = benchmarks.add_parser("overhead", help="microseconds a synchronisation", description=overhead.__doc__)
    first.add_argument(
        "--parties",
        type=_numbers(2),
        default=overhead.PARTIES,
        metavar="N,N...",
        help=f"numbers of threads (default: {_listed(overhead.PARTIES)})",
    )
    second = benchmarks.add_parser("jacobi", help="iterations a second", description=relaxation.__doc__)
    second.add_argument(
        "--sizes",
        type=_numbers(3),
        metavar="N,N...",
        help=f"rows and columns of the grids (default: {_listed(relaxation.SIZES)}; --quick leaves out the last)",
    )
    second.add_argument("--threads", type=_numbers(1), default=(1, 2), metavar="N,N...", help="(default: 1,2)")
    for each in (first, second):
        each.formatter_class = argparse.RawDescriptionHelpFormatter
        each.add_argument("--quick", action="store_true", help="shorter samples, for a first look and for CI")
        each.add_argument("--repeat", type=_number(1), metavar="N", help="samples (default: 7, with --quick 5)")
        each.add_argument("--json", type=Path, metavar="FILE", help="write everything that was measured")
        each.add_argument("--plot", type=Path, metavar="FILE.png", help="draw it, both axes logarithmic")
    return parser


def _listed(numbers: tuple[int, ...]) -> str:
    return ",".join(map(str, numbers))


def _number(least: int) -> Callable[[str], int]:
    """What reads a whole number of at least `least` from the command line."""

    def read(text: str) -> int:
        if not text.strip().isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"expected a whole number of at least {least}; got {text!r}")
        return int(text)

    return read


def _numbers(least: int) -> Callable[[str], tuple[int, ...]]:
    """What reads a list of such numbers, separated by commas."""

    def read(text: str) -> tuple[int, ...]:
        return tuple(map(_number(least), text.split(",")))

    return read


if __name__ == "__main__":
    sys.exit(main())
