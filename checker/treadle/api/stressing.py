"""The same scenario on real threads: as often as is asked for, unmodified, with a watchdog.

Nothing is controlled there, so nothing is proved by runs that pass; what fails is real. The runs are made one after the
other in a process of their own (`stressed_run`), because a run that hangs can be ended in no other way. Before each run
the interval at which the interpreter switches threads is drawn anew, and `treadle.choose` draws one of its options; all
of that from dice of one seed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from treadle.api.targets import target_of
from treadle.errors import CheckError, ScenarioError, UsageError
from treadle.model.verdict import Failure, Verdict
from treadle.runtime.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable

_CHILD = """
import json, sys
given = json.loads(sys.argv[1])
sys.path[:] = given["path"]
from treadle.api.stressed_run import main
main(given)
"""


@dataclass(frozen=True, slots=True)
class Stressed:
    """What came of running a scenario on real threads."""

    target: str
    runs: int  # those that were made, the one that failed included
    repeat: int  # those that were asked for
    seed: int
    seconds: float
    failure: Failure | None = None  # of the last run; "exception", "hang" (with all stacks) or "crash"

    @property
    def passed(self) -> bool:
        """Whether no run failed. That proves nothing."""
        return self.failure is None

    @property
    def verdict(self) -> Verdict:
        """The same as the verdict of a search that is never complete."""
        reasons = [f"{self.runs} runs on real threads prove nothing"]
        return Verdict(executions=self.runs, reasons=reasons, failure=self.failure, seconds=self.seconds)

    def require(self) -> Stressed:
        """Itself; CheckError, which is an AssertionError, with the report if a run failed."""
        if self.failure is not None:
            raise CheckError(str(self))
        return self

    def __str__(self) -> str:
        cost = f"seed {self.seed}, {self.seconds:.2f} s"
        if self.failure is None:
            return f"{self.target}: no failure in {self.runs} runs on real threads, which proves nothing ({cost})"
        head = f"{self.target} fails on real threads, in run {self.runs} of {self.repeat}: {self.failure.kind} ({cost})"
        return f"{head}\n\n{self.failure.message}\n\n{self.failure.details}".rstrip()


def stress(
    scenario: str | Callable[[], object], *, repeat: int = 100, timeout: float = 10.0, seed: int = 0
) -> Stressed:
    """Run the scenario on real threads, `repeat` times or until a run fails.

    A run fails if the scenario raises, if an exception ends one of its threads, or if it has not ended within `timeout`
    seconds together with all threads that it started and that are no daemons: then the failure has the stacks of all.

    The process is a new one, with the interpreter and the path of this one; `scenario` is what `explore` takes.
    Raises ScenarioError for what cannot be run.
    """
    for name, value, least in (("repeat", repeat, 1), ("seed", seed, 0)):
        if type(value) is not int or value < least:
            raise UsageError(f"wrong {name}", expected=f"an integer of at least {least}", got=repr(value))
    if type(timeout) not in (int, float) or not 0 < timeout < float("inf"):
        raise UsageError("wrong timeout", expected="a positive number of seconds", got=repr(timeout))
    target = target_of(scenario)
    Scenario.parse(target)
    given = {"target": target, "repeat": repeat, "timeout": timeout, "seed": seed, "path": sys.path}
    told = _run(given)
    if "unloadable" in told:
        raise ScenarioError(f"cannot load the scenario {target}", got=told["unloadable"])
    failure = Failure(**told["failure"]) if told["failure"] is not None else None
    return Stressed(target, told["runs"], repeat, seed, told["seconds"], failure)


def _run(given: dict[str, Any]) -> dict[str, Any]:
    """What the process told. What the scenario prints goes nowhere, but for a crash."""
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-c", _CHILD, json.dumps({**given, "report": str(report)})]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)  # noqa: S603 - ourselves
        told: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    if not told["over"]:
        told["failure"] = _crash(done.returncode, done.stderr)
    return told


def _crash(code: int, said: str) -> dict[str, Any]:
    """A process that did not tell the end: C code crashed it, or kept the interpreter until faulthandler ended it."""
    hung = "Timeout (" in said
    message = "a call keeps all other threads from running" if hung else f"the process ended with exit code {code}"
    return {"kind": "hang" if hung else "crash", "message": message, "details": said[-10_000:]}
