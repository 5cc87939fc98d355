"""TLC's steps beside ours, on every passing model of the manifest: `python -m tests.spec.edges [NAME...]`.

For each model TLC dumps its state graph, and the states, the steps and their action names must be those of
`treadle.tla`. The smaller models are compared by the test suite too; all of them take several minutes. Needs Java.
Ends with 0 only if all agree.
"""

from __future__ import annotations

import sys
import time

from tests.spec.dumps import ours, theirs
from tests.spec.test_manifest import MODELS, SPEC, explored
from treadle.tla import tlc


def main(names: list[str]) -> int:
    """Compare the named models, or all; the exit code."""
    if tlc.missing() is not None:
        print(f"TLC is not here to be compared with: {tlc.missing()}")
        return 3
    differ = 0
    for model in MODELS:
        if model["verdict"] != "passed" or (names and model["name"] not in names):
            continue
        began = time.monotonic()
        verification = explored(model)
        report = tlc.run(SPEC / model["module"], SPEC / model["config"], edges=True)
        mine = ours(verification.spec, verification.graph)
        agree = report.verdict == "proved" and theirs(verification.spec, report.edges) == mine
        differ += not agree
        said = "the same" if agree else "DIFFERENT"
        print(
            f"{model['name']:<22} {len(mine):>8} labelled steps {said:<10} {time.monotonic() - began:6.1f} s",
            flush=True,
        )
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
