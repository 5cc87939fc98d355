"""frontrun on the scenarios of `tests.quality.contest`: one line of JSON for each. Run by `tests.quality.against_frontrun`.

Every interleaving that it distinguishes, without a bound on preemptions, on its virtual clock (with the real one it gives up on
barriers). The first exploration is not counted.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import frontrun  # type: ignore[import-not-found] # there only where the benchmark is run

from tests.quality.contest import CASES, Case


def explore(case: Case) -> Any:
    """One exploration, to its end."""
    return frontrun.explore(
        setup=case.state,
        workers=lambda state: state.work(),
        count=case.workers,
        invariant=lambda _: True,
        preemption_bound=None,
        stop_on_first=False,
        reproduce_on_failure=0,
        clock="virtual",
        total_timeout=60,
    )


def measured(case: Case, least: float) -> dict[str, Any]:
    """Executions, and executions a second, over as many explorations as fit."""
    found = explore(case)
    started, executions = time.perf_counter(), 0
    while time.perf_counter() - started < least:
        executions += explore(case).num_explored
    seconds = time.perf_counter() - started
    finished = found.property_holds is not None and not found.inconclusive_reason
    return {"executions": found.num_explored, "rate": executions / seconds, "finished": finished}


def main() -> None:
    """Measure the case with this number."""
    try:
        said = measured(CASES[int(sys.argv[1])], float(sys.argv[2]))
    except Exception as error:
        said = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(said))


if __name__ == "__main__":
    main()
