"""The first proofs, as a program: `python -m tests.verify.prove`. `make prove` runs it.

Every case of `cases` must be proved, with nothing left out, and every scenario of `refuted` must be refuted. The
tables say what was proved, for how many parties and rounds, in how many executions, and in which time. Ends with 0
only if all is as it must be.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

import treadle
from tests.verify import cases, refuted

GRANULARITY: treadle.Granularity = "access"
CASES = "tests.verify.cases"
REFUTED = "tests.verify.refuted"


@dataclass(frozen=True)
class Proof:
    """One row of the table: a promise of one barrier, in all its sizes."""

    barrier: str
    promise: str
    claim: str
    targets: dict[str, str]  # size: target


def proofs() -> list[Proof]:
    """The rows, in the order of the table."""
    rows = []
    for barrier, make in cases.BARRIERS.items():
        for promise, scenario in cases.PROMISES.items():
            claim = scenario.__name__.replace("_", " ")
            sizes = {
                f"{parties}x{rounds}": f"{CASES}:{cases.name_of(promise, barrier, parties, rounds)}"
                for parties, rounds in cases.sizes_of(promise)
            }
            rows.append(Proof(f"{make.__module__}.{make.__qualname__}", promise, claim, sizes))
    for promise, name in (("P3", "one_verdict"), ("P11", "reentered")):
        sizes = {"2x1": f"{CASES}:{name}_phalanx", "3x1": f"{CASES}:{name}_phalanx_3"}
        rows.append(Proof("phalanx.barrier.Barrier", promise, name.replace("_", " "), sizes))
    return rows


def prove(console: Console) -> bool:
    """Explore every case; print the table of proofs. Whether all were proved."""
    table = Table(title=f"proved in every interleaving, at granularity {GRANULARITY}", title_justify="left")
    for heading in ("barrier", "promise", "parties x rounds", "executions", "seconds", "verdict"):
        table.add_column(heading, justify="right" if heading in {"executions", "seconds"} else "left")
    fine = True
    with console.status("proving ...") as status:
        for proof in proofs():
            for size, target in proof.targets.items():
                status.update(f"proving {target}")
                verdict = treadle.explore(target, granularity=GRANULARITY)
                proved = verdict.status is treadle.Status.PROVED
                fine &= proved
                table.add_row(
                    proof.barrier,
                    f"{proof.promise} {proof.claim}",
                    size.replace("x", " x "),
                    f"{verdict.executions:,}",
                    f"{verdict.seconds:.2f}",
                    verdict.status.value if proved else f"{verdict.status.value}: {_why(verdict)}",
                )
    console.print(table)
    return fine


def refute(console: Console) -> bool:
    """Explore what must fail; print the table of refutations. Whether all were refuted."""
    table = Table(title="refuted, as it must be", title_justify="left")
    for heading in ("scenario", "executions", "seconds", "story"):
        table.add_column(heading, justify="right" if heading in {"executions", "seconds"} else "left")
    fine = True
    for name in refuted.ALL:
        verdict = treadle.explore(f"{REFUTED}:{name}", granularity=GRANULARITY)
        fine &= verdict.status is treadle.Status.FAILED
        table.add_row(name.replace("_", " "), f"{verdict.executions:,}", f"{verdict.seconds:.2f}", _why(verdict))
    console.print(table)
    return fine


def _why(verdict: treadle.Verdict) -> str:
    """What an exploration found, in one line."""
    if verdict.failure is not None:
        return f"{verdict.failure.kind}: {verdict.failure.message.splitlines()[0]}"
    return "; ".join(verdict.reasons) or "nothing was found"


def main() -> int:
    """Run all of it; the exit code."""
    console = Console(width=None if sys.stdout.isatty() else 140)
    began = time.monotonic()
    refutations = refute(console)
    all_proved = prove(console)
    fine = refutations and all_proved
    console.print(f"{'all as it must be' if fine else 'NOT as it must be'}, in {time.monotonic() - began:.1f} s")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
