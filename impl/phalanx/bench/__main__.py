"""The command line of the benchmarks.

Ends with 0 when everything was measured, 2 after wrong usage or when something that is needed is missing, and 130
after Ctrl-C.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import sys
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

from phalanx.bench import overhead, parts, plot, relaxation, table, trees
from phalanx.bench.page import page
from phalanx.bench.report import Report

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

INTERRUPTED = 130
PICTURES = (".png", ".pdf", ".svg")
# Seconds a sample, and how many: in full, and for those who only want to see that it works. An iteration of a large grid takes
# long, and threads that have just started share a processor for a while.
FULL = {"jacobi": (0.25, 9)}
USUAL = (0.1, 15)
QUICK = (0.05, 5)
# What is measured over numbers of threads, and over which.
MEETINGS: dict[str, tuple[Any, tuple[int, ...]]] = {
    "overhead": (overhead, overhead.PARTIES),
    "parts": (parts, overhead.PARTIES),
    "tree": (trees, trees.PARTIES),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark that the command line names; the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    _check(parser, options)
    try:
        report = _measure(options) if options.source is None else _read(parser, options)
    except KeyboardInterrupt:
        print("\ninterrupted: nothing was written", file=sys.stderr)
        return INTERRUPTED
    table.show(report)
    if options.json is not None:
        report.write_json(options.json)
    if options.plot is not None:
        plot.write(report, options.plot)
    if options.page is not None:
        options.page.write_text(_page(report, options), encoding="utf-8")
    return 0


def _measure(options: argparse.Namespace) -> Report:
    seconds, repeat = QUICK if options.quick else FULL.get(options.benchmark, USUAL)
    repeat = options.repeat or repeat
    if options.benchmark == "jacobi":
        sizes = options.sizes or (relaxation.SIZES[:-1] if options.quick else relaxation.SIZES)
        plan = relaxation.Plan(sizes, options.threads or relaxation.THREADS, repeat, seconds)
        report = relaxation.measure(plan, _progress)
    else:
        benchmark, parties = MEETINGS[options.benchmark]
        report = benchmark.measure(overhead.Plan(options.parties or parties, repeat, seconds), _progress)
    return replace(report, where=replace(report.where, options=_asked(options)))


def _asked(options: argparse.Namespace) -> str:
    """The command line again, without where the result goes."""
    quick = ["--quick"] if options.quick else []
    repeat = [f"--repeat {options.repeat}"] if options.repeat else []
    lists = {name: getattr(options, name, None) for name in ("parties", "sizes", "threads")}
    return " ".join(
        [
            options.benchmark,
            *quick,
            *repeat,
            *(f"--{name} {_listed(numbers)}" for name, numbers in lists.items() if numbers),
        ]
    )


def _read(parser: argparse.ArgumentParser, options: argparse.Namespace) -> Report:
    """The report that an earlier run wrote, or several."""
    reports = [_read_one(parser, source, options.benchmark) for source in options.source]
    try:
        return reduce(Report.together_with, reports)
    except ValueError as error:
        parser.error(f"--from cannot show these runs together: {error}")


def _read_one(parser: argparse.ArgumentParser, source: Path, benchmark: str) -> Report:
    try:
        report = Report.from_json(json.loads(source.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        parser.error(f"--from wants a file that --json has written; {source} is none: {error!r}")
    if report.name != benchmark:
        parser.error(f"--from {source}: that is a run of {report.name}, not of {benchmark}")
    return report


def _page(report: Report, options: argparse.Namespace) -> str:
    """The page, with the names of its source and its picture as they are seen from it."""
    source = options.source[0] if options.source is not None and len(options.source) == 1 else options.json
    beside = (source, options.plot)
    return page(report, *(None if path is None else os.path.relpath(path, options.page.parent) for path in beside))


def _progress(what: str) -> None:
    if sys.stderr.isatty():
        print(f"measuring {what} ...", file=sys.stderr)


def _check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Find out now what would only go wrong after everything has been measured."""
    if options.benchmark == "jacobi" and options.source is None and importlib.util.find_spec("numpy") is None:
        parser.error("jacobi needs NumPy, which is not installed; instead: pip install 'phalanx[bench]'")
    if options.plot is not None and importlib.util.find_spec("matplotlib") is None:
        parser.error("--plot needs matplotlib, which is not installed; instead: pip install 'phalanx[bench]'")
    if options.plot is not None and options.plot.suffix not in PICTURES:
        parser.error(
            f"--plot wants a file that ends in {', '.join(PICTURES[:-1])} or {PICTURES[-1]}; got {options.plot}"
        )
    for path in (options.json, options.plot, options.page):
        if path is not None and not path.resolve().parent.is_dir():
            parser.error(f"there is no directory {path.resolve().parent} to write {path.name} into")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m phalanx.bench", description="Measure what the barriers cost.")
    benchmarks = parser.add_subparsers(dest="benchmark", required=True, metavar="|".join(["jacobi", *MEETINGS]))
    jacobi = benchmarks.add_parser("jacobi", help="iterations a second", description=relaxation.__doc__)
    jacobi.add_argument(
        "--sizes",
        type=_numbers(3),
        metavar="N,N...",
        help=f"rows and columns of the grids (default: {_listed(relaxation.SIZES)}; --quick leaves out the last)",
    )
    threads = f"(default: {_listed(relaxation.THREADS)})"
    jacobi.add_argument("--threads", type=_numbers(1), metavar="N,N...", help=threads)
    _complete(jacobi)
    for name, (benchmark, parties) in MEETINGS.items():
        each = benchmarks.add_parser(name, help=benchmark.__doc__.splitlines()[0], description=benchmark.__doc__)
        numbers = f"numbers of threads (default: {_listed(parties)})"
        each.add_argument("--parties", type=_numbers(2), metavar="N,N...", help=numbers)
        _complete(each)
    return parser


def _complete(parser: argparse.ArgumentParser) -> None:
    """Add what all benchmarks have."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add = parser.add_argument
    add("--quick", action="store_true", help="shorter samples, for a first look and for CI")
    add("--repeat", type=_number(1), metavar="N", help="samples (default: 15, of jacobi 9, with --quick 5)")
    add("--json", type=Path, metavar="FILE", help="write everything that was measured")
    told = "measure nothing: show what --json has written, of several runs together"
    add("--from", dest="source", type=Path, nargs="+", metavar="FILE", help=told)
    add("--plot", type=Path, metavar="FILE.png", help="draw it, both axes logarithmic")
    add("--page", type=Path, metavar="FILE.md", help="write it as a page of the documentation")


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
