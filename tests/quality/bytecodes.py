"""What one execution costs, counted: bytecodes and calls of Python functions, by module. The same on every machine.

    python -m tests.quality.bytecodes [--scenario barrier_3] [--kind access] [--functions 20]

Times depend on whatever else a machine does; bytecodes do not. (What a bytecode calls in C is not seen, so only numbers
of the same kind of code can be held against each other.) `--scenario contest:racy_2` takes one of the contest.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import greenlet

from tests.quality.cost import KINDS, ready
from tests.quality.worlds import settled, world
from treadle.search.exploration import explore
from treadle.search.optimal import Optimal

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType

    from treadle.runtime.world import World


class Meter:
    """Counts what is run between `start` and `stop`, in every greenlet."""

    def __init__(self) -> None:
        self.bytecodes: Counter[CodeType] = Counter()
        self.calls: Counter[CodeType] = Counter()

    def start(self) -> None:
        """Count from now on. Each greenlet has a trace function of its own, set when it is switched to."""
        greenlet.settrace(lambda *_: sys.settrace(self._call))
        sys.settrace(self._call)

    def stop(self) -> None:
        """Count no more."""
        sys.settrace(None)
        greenlet.settrace(None)

    def _call(self, frame: FrameType, event: str, argument: object) -> Callable[..., Any]:  # noqa: ARG002 - as Python calls it
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        self.calls[frame.f_code] += 1
        return self._step

    def _step(self, frame: FrameType, event: str, argument: object) -> Callable[..., Any]:  # noqa: ARG002 - as Python calls it
        self.bytecodes[frame.f_code] += event == "opcode"
        return self._step


def subject(scenario: str, kind: str) -> World:
    """A world that has learned what there is to learn."""
    where, _, name = scenario.rpartition(":")
    if not where:
        return ready(name, KINDS[kind])
    found = world(name, file=Path(__file__).with_name(f"{where}.py"), keep_going=True, **KINDS[kind])
    settled(found)
    return found


def main() -> None:
    """Count, and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--scenario", default="barrier_3", help="a function of tests/quality/rounds.py, or module:function"
    )
    parser.add_argument("--kind", default="access", choices=[*KINDS])
    parser.add_argument(
        "--functions", type=int, default=20, help="so many functions are told, those that take most first"
    )
    arguments = parser.parse_args()
    measured, meter = subject(arguments.scenario, arguments.kind), Meter()
    explore(measured, Optimal(), stop_at_failure=False)
    meter.start()
    verdict = explore(measured, Optimal(), stop_at_failure=False)
    meter.stop()
    number = verdict.executions
    modules: Counter[str] = Counter()
    for code, count in meter.bytecodes.items():
        modules[_module(code)] += count
    print(
        f"{number} executions; each: {sum(modules.values()) / number:,.0f} bytecodes, {meter.calls.total() / number:,.0f} calls"
    )
    for name, count in modules.most_common(20):
        print(f"{count / number:10,.0f}  {name}")
    print()
    for code, count in meter.bytecodes.most_common(arguments.functions):
        print(f"{count / number:10,.0f}{meter.calls[code] / number:8.1f}  {_module(code)} {code.co_qualname}")


def _module(code: CodeType) -> str:
    return "/".join(Path(code.co_filename).parts[-2:])


if __name__ == "__main__":
    main()
