"""The law of the preemption-bounded search, on as many generated programs as one has time for.

    python -m tests.laws.bounds --programs 3000 [--seed 1] [--steps 3000]

Each program is enumerated by brute force, and explored at every bound up to the largest number of preemptions that some
trace of it needs. Prints how many programs, pairs of a program and a bound, traces and executions that was; ends with 1
and the first program that breaks the law.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from typing import Any

from tests.laws.brute_force import TooLargeError
from tests.laws.generated import RandomDice, author
from tests.laws.preemptions import fewest_preemptions
from tests.laws.searched import searched
from treadle.search.bounded import Bounded


def breach(program: dict[str, Any], limit: int, counts: Counter[str] | None = None) -> str:
    """What is wrong with the bounded search on this program, at any bound; nothing if nothing is."""
    counts = counts if counts is not None else Counter()
    fewest = fewest_preemptions(program, limit)
    counts["programs"] += 1
    for bound in range(max(fewest.values()) + 1):
        strategy = Bounded(bound)
        found, verdict = searched(program, strategy)
        within = {trace for trace, preemptions in fewest.items() if preemptions <= bound}
        counts += Counter(pairs=1, traces=len(within), executions=verdict.executions)
        if set(found) != within:
            return f"bound {bound}: {len(within - set(found))} missed, {len(set(found) - within)} invented"
        if len(strategy.traces) != len(within):
            return f"bound {bound}: {len(strategy.traces)} digests of {len(within)} traces"
        if verdict.complete and within != set(fewest):
            return f"bound {bound}: complete, but {len(fewest) - len(within)} traces need more"
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=3000, help="brute force gives up after so many")
    arguments = parser.parse_args()
    dice = RandomDice(random.Random(arguments.seed))
    counts: Counter[str] = Counter()
    started = time.perf_counter()
    while counts["programs"] < arguments.programs:
        data = author(dice)
        try:
            wrong = breach(data, arguments.steps, counts)
        except TooLargeError:
            continue
        if wrong:
            print(f"program {counts['programs']}: {wrong}\n{json.dumps(data)}")
            return 1
    seconds = time.perf_counter() - started
    print(", ".join(f"{number:,} {name}" for name, number in sorted(counts.items())) + f", {seconds:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
