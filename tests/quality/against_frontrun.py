"""Executions a second beside frontrun, on the same scenarios, in one run.

    python -m tests.quality.against_frontrun [--seconds 1]

frontrun is a checker for Python threads with the same kind of search, on real threads. It is no dependency: where it is not
installed (pip install frontrun), nothing is measured, and that is said. Each scenario is measured by both in turns, so that
whatever else the machine does hits both; loading and the first exploration are not counted.

`--granularity` is ours: at `access`, the default, all that is raced for is a step, as it is there.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.quality.contest import CASES, Case
from tests.quality.worlds import settled
from treadle.runtime.scenario import Scenario
from treadle.runtime.world import World
from treadle.search.exploration import explore
from treadle.search.optimal import Optimal

ROOT = Path(__file__).parents[2]
BAR = 50
"""So many times as many executions a second are wanted."""


def ours(case: Case, least: float, granularity: str) -> dict[str, Any]:
    """Executions, and executions a second, over as many explorations as fit."""
    world = World(Scenario.parse(f"tests.quality.contest:{case.scenario}"), granularity=granularity, keep_going=True)
    verdict = settled(world)
    started, executions = time.perf_counter(), 0
    while time.perf_counter() - started < least:
        executions += explore(world, Optimal(), stop_at_failure=False).executions
    seconds = time.perf_counter() - started
    world.close()
    return {"executions": verdict.executions, "rate": executions / seconds}


def theirs(number: int, least: float) -> dict[str, Any]:
    """The same of frontrun, in a process of its own, as it wants to be started."""
    command = [str(Path(sys.executable).with_name("frontrun")), sys.executable, "-m", "tests.quality.their_side"]
    done = subprocess.run(
        [*command, str(number), str(least)], capture_output=True, text=True, check=False, cwd=ROOT, timeout=300
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        return {"error": (done.stderr.strip().splitlines() or ["it said nothing"])[-1]}
    said: dict[str, Any] = json.loads(lines[-1])
    return said


def row(number: int, case: Case, least: float, granularity: str) -> tuple[str, float | None]:
    """One line of the table, and the ratio; None where frontrun did not finish."""
    here, there = ours(case, least, granularity), theirs(number, least)
    left = f"{case.title:36}{here['executions']:>8,}{here['rate']:>10,.0f}/s"
    if "error" in there:
        return f"{left}   frontrun: {there['error']}", None
    ratio = here["rate"] / there["rate"]
    end = f"{ratio:>8.1f}" if there["finished"] else "   it did not finish"
    return f"{left}{there['executions']:>10,}{there['rate']:>10,.0f}/s{end}", ratio if there["finished"] else None


def main() -> int:
    """Print the table; 0 unless a ratio is below the bar."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=1.0, help="about so long for each scenario and checker")
    parser.add_argument("--granularity", choices=["access", "sync"], default="access", help="of treadle")
    arguments = parser.parse_args()
    if importlib.util.find_spec("frontrun") is None:
        print("frontrun is not installed, so NOTHING was compared; instead: pip install frontrun")
        return 0
    print(f"{'':36}{'treadle':>8}{'':12}{'frontrun':>10}{'':12}{'ratio':>8}")
    ratios = []
    for number, case in enumerate(CASES):
        text, ratio = row(number, case, arguments.seconds, arguments.granularity)
        print(text, flush=True)
        ratios += [ratio] if ratio is not None else []
    least = min(ratios, default=0.0)
    print(f"the smallest ratio is {least:.1f}; wanted: {BAR}")
    return int(least < BAR)


if __name__ == "__main__":
    sys.exit(main())
