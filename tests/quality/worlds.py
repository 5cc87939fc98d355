"""Exploring the scenarios beside this module."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from treadle.runtime.scenario import Scenario
from treadle.runtime.world import World
from treadle.search.exhaustive import Exhaustive
from treadle.search.exploration import Limits, explore
from treadle.search.optimal import Optimal

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.model.trace import Event
    from treadle.model.verdict import Verdict
    from treadle.search.exploration import Strategy
    from treadle.semantics.execution import Execution

SCENARIOS = Path(__file__).parent / "scenarios.py"
FILES = (SCENARIOS, SCENARIOS.with_name("endings.py"), SCENARIOS.with_name("rounds.py"))


class Found(NamedTuple):
    """What an exploration came to."""

    verdict: Verdict
    outcomes: set[str]  # what the scenario returned, or how it ended
    reasons: list[str]


def world(name: str, *, file: Path | None = None, kind: type[World] = World, **options: Any) -> World:
    """The world of one scenario, in which accesses are not recorded: these tests are about everything else."""
    if file is None:
        file = next(file for file in FILES if f"def {name}(" in file.read_text(encoding="utf-8"))
    return kind(Scenario.parse(f"{file}::{name}"), **{"granularity": "sync", "recorded": False, **options})


def explored(name: str, strategy: Callable[[], Strategy] = Optimal, **options: Any) -> Found:
    """Every execution that the strategy asks for; by default every trace once."""
    subject = world(name, keep_going=True, **options)
    outcomes: set[str] = set()
    while True:
        outcomes.clear()
        verdict = explore(
            subject,
            strategy(),
            limits=Limits(steps=2_000),
            stop_at_failure=False,
            watch=lambda e, _: outcomes.add(str(e.failure.message if e.failure else subject.result)),
        )
        if not subject.outgrown:
            break
        subject.renew()
    subject.close()
    reasons = [reason for reason in subject.reasons + verdict.reasons if "were not recorded" not in reason]
    return Found(verdict, outcomes, reasons)


def brute(name: str, **options: Any) -> Found:
    """Every interleaving."""
    return explored(name, Exhaustive, **options)


class First:
    """The chooser that takes whoever can move first."""

    def begin(self, execution: Execution) -> None:
        """Nothing to prepare."""

    def step(self, execution: Execution) -> Event | None:
        """The next step of the first task that has one."""
        for task in execution.enabled():
            possible = execution.alternatives(task)
            return execution.take(task, possible[0], possible)
        return None
