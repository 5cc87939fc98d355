r"""TLC's steps beside ours, on every passing model of the manifest: `python -m tests.spec.edges [NAME...]`.

For each model TLC dumps its state graph, and the states, the steps and their action names must be those of
`treadle.tla`. TLC names an action only as far as it can take Next apart before it runs: where an argument is taken from
a set that depends on the state, as in `\E r \in {fate[t]} : Return(t, r)`, its label is that of Next itself. So an action
of ours that TLC never names must be there under the label Next.

The smaller models are compared by the test suite too; all of them take several minutes. Needs Java.
Ends with 0 only if all agree.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from tests.spec.dumps import Step, ours, theirs
from tests.spec.test_manifest import MODELS, SPEC, explored
from treadle.tla import tlc

if TYPE_CHECKING:
    from collections.abc import Iterable


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
        dumped = theirs(verification.spec, report.edges)
        mine = as_tlc_names(ours(verification.spec, verification.graph), {label for _, label, _ in dumped})
        agree = report.verdict == "proved" and dumped == mine
        differ += not agree
        said = "the same" if agree else "DIFFERENT"
        print(
            f"{model['name']:<22} {len(mine):>8} labelled steps {said:<10} {time.monotonic() - began:6.1f} s",
            flush=True,
        )
    return 1 if differ else 0


def as_tlc_names(steps: Iterable[Step], named: set[str]) -> set[Step]:
    """Our steps, under the names of TLC, which names these actions only."""
    return {(before, label if label in named else "Next", after) for before, label, after in steps}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
