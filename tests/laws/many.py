"""The law of the search on as many generated programs as one has time for.

    python -m tests.laws.many --programs 20000 [--seed 1] [--steps 6000]

Each program is enumerated by brute force and explored by the optimal search, which must find exactly the same traces,
each once, with no execution that ends asleep. Prints how many programs, traces and executions that was, and how long it
took; ends with 1 and the first program that breaks the law.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from typing import Any

from tests.laws.brute_force import TooLargeError, traces
from tests.laws.generated import RandomDice, author
from tests.laws.searched import searched
from treadle.search.optimal import Optimal


def breach(data: dict[str, Any], limit: int, counts: Counter[str]) -> str:
    """What is wrong with the search on this program; nothing if nothing is."""
    try:
        expected = traces(data, merged=True, limit=limit)
    except TooLargeError:
        counts["too large"] += 1
        return ""
    found, verdict = searched(data, Optimal(), limit=2 * len(expected) + 10)
    counts["programs"] += 1
    counts["traces"] += len(expected)
    counts["blocking programs"] += any(trace.ending != "complete" for trace in expected)
    counts["executions"] += verdict.executions
    if set(found) != expected:
        return f"{len(expected - set(found))} traces missed, {len(set(found) - expected)} invented of {len(expected)}"
    repeated = len(found) - len(expected)
    return f"{repeated} repeated, {verdict.redundant} asleep" if repeated or verdict.redundant else ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=6000, help="brute force gives up after so many")
    arguments = parser.parse_args()
    generator = random.Random(arguments.seed)
    counts: Counter[str] = Counter()
    started = time.perf_counter()
    while counts["programs"] < arguments.programs:
        data = author(RandomDice(generator))
        wrong = breach(data, arguments.steps, counts)
        if wrong:
            print(f"program {counts['programs']}: {wrong}\n{json.dumps(data)}")
            return 1
    seconds = time.perf_counter() - started
    print(", ".join(f"{number:,} {name}" for name, number in sorted(counts.items())) + f", {seconds:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
