"""How long treadle and TLC take for every model of the manifest, Java's start included, in one run.

    python -m tests.spec.benchmark_spec [--json FILE] [NAME...]

Each is started as a user starts it: a process of its own, `treadle spec ... --json` here and `java ... tlc2.TLC` there,
one after the other. The last line counts the models on which treadle is faster.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

from treadle.tla import tlc

SPEC = Path(__file__).parents[2] / "spec"


def timed(model: dict[str, str]) -> dict[str, object]:
    """Run both on one model."""
    module, config = SPEC / model["module"], SPEC / model["config"]
    command = [sys.executable, "-m", "treadle", "spec", str(module), "--config", str(config), "--json"]
    started = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    ours = time.monotonic() - started
    found = json.loads(done.stdout)
    other = tlc.run(module, config)
    return {
        "name": model["name"],
        "verdict": found["verdict"],
        "distinct": found["distinct"],
        "seconds": round(ours, 2),
        "tlc": other.verdict,
        "tlc_distinct": other.distinct,
        "tlc_seconds": round(other.seconds, 2),
    }


def main() -> int:
    """Time the models that were asked for; print a line for each."""
    parser = argparse.ArgumentParser(description="treadle and TLC on every model of the manifest")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    models = json.loads((SPEC / "manifest.json").read_text(encoding="utf-8"))["models"]
    rows = []
    print(f"{'model':24} {'verdict':10} {'distinct':>9} {'treadle':>9} {'TLC':>9} {'times':>6}")
    for model in models:
        if arguments.names and model["name"] not in arguments.names:
            continue
        row = timed(model)
        rows.append(row)
        ours, theirs = float(str(row["seconds"])), float(str(row["tlc_seconds"]))
        print(
            f"{row['name']:24} {row['verdict']:10} {row['distinct']:>9} {ours:>8.2f}s {theirs:>8.2f}s "
            f"{theirs / ours:>5.1f}x",
            flush=True,
        )
    faster = sum(float(str(row["seconds"])) < float(str(row["tlc_seconds"])) for row in rows)
    print(f"faster on {faster} of {len(rows)}")
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
