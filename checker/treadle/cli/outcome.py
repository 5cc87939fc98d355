"""What came of each target of a command: a verdict, or the reason why there is none; and what comes of all of them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from treadle.api.keeping import invitation
from treadle.model.verdict import Verdict
from treadle.report.summary import summary

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from treadle.errors import TreadleError

USAGE = 2
WORST = (1, USAGE, 3, 0)
"""Exit codes, the one that wins first: a violation is a violation whatever happened to the other targets."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one target. Exactly one of `verdict` and `error` is given."""

    target: str
    verdict: Verdict | None = None
    error: TreadleError | None = None
    report: str | None = None  # of the failure
    path: Path | None = None  # where its schedule is kept

    @property
    def exit_code(self) -> int:
        """The code of a command with this target alone."""
        return self.verdict.status.exit_code if self.verdict is not None else USAGE

    def print(self, *, quiet: bool) -> None:
        """For people: reports and verdicts on standard output, unless `quiet`; errors on standard error."""
        if self.verdict is None:
            print(f"treadle: {self.error}", file=sys.stderr)
        if self.verdict is None or quiet:
            return
        if self.report is not None and self.path is not None:
            print(f"{self.report}\n\n{invitation(self.path)}\n")
        print(f"{self.target}: {summary(self.verdict)}", flush=True)

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        if self.verdict is None:
            return {"target": self.target, "error": str(self.error)}
        document = {"target": self.target, **self.verdict.as_json()}
        if self.path is not None:
            document["failure"] |= {"file": str(self.path), "report": self.report}
        return document


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """The worst of all."""
    return min((outcome.exit_code for outcome in outcomes), key=WORST.index)


def as_json(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """One object: that of the only target; or the sum of all, with each of them in `targets`."""
    documents = [outcome.as_json() for outcome in outcomes]
    if len(documents) == 1:
        return documents[0]
    failures = [document["failure"] for document in documents if document.get("failure")]
    errors = [document["error"] for document in documents if "error" in document]
    total = {**_total(outcomes).as_json(), "failure": failures[0] if failures else None, "targets": documents}
    return {**total, "error": errors[0]} if errors else total


def _total(outcomes: Sequence[Outcome]) -> Verdict:
    total = Verdict()
    for outcome in outcomes:
        verdict = outcome.verdict
        if verdict is None:
            total.reasons.append(f"{outcome.target}: could not be run")
            continue
        for name in ("executions", "blocked", "deadlocks", "assumed", "redundant", "failures", "steps", "seconds"):
            setattr(total, name, getattr(total, name) + getattr(verdict, name))
        total.reasons += [f"{outcome.target}: {reason}" for reason in verdict.reasons]
        total.failure = total.failure or verdict.failure
        total.stopped = total.stopped or verdict.stopped
    return total
