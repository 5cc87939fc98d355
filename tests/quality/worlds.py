"""Exploring the scenarios beside this module."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from treadle.api.learning import Learning
from treadle.runtime.scenario import Scenario
from treadle.runtime.world import World
from treadle.search.exhaustive import Exhaustive
from treadle.search.exploration import Limits, explore
from treadle.search.optimal import Optimal
from treadle.semantics.locks import TryAcquire
from treadle.semantics.threads import TryJoin
from treadle.semantics.timers import Sleep

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.model.trace import Event
    from treadle.model.verdict import Verdict
    from treadle.search.exploration import Strategy
    from treadle.semantics.execution import Execution, Subject

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


def settled(
    subject: World,
    strategy: Callable[[], Strategy] = Optimal,
    *,
    judge: Subject | None = None,
    anew: Callable[[], object] = list,
    **options: Any,
) -> Verdict:
    """Explore until nothing new is learned; the verdict of the last pass. `anew` is called before each.

    `judge` is explored in place of the world, if the world is only a part of it. The options are those of `explore`.
    """
    while True:
        anew()
        verdict = explore(judge or subject, strategy(), stop_at_failure=False, **options)
        if not subject.outgrown:
            return verdict
        subject.renew()


def made(subject: World) -> list[list[tuple[object, ...]]]:
    """The steps that each execution of the last pass made, in words."""
    told: list[list[tuple[object, ...]]] = []

    def tell(execution: Execution) -> None:
        told.append([(event.task, *event.operation.signature()) for event in execution.events])

    settled(subject, anew=told.clear, watch=lambda execution, _: tell(execution))
    return told


def explored(name: str, strategy: Callable[[], Strategy] = Optimal, **options: Any) -> Found:
    """Every execution that the strategy asks for; by default every trace once."""
    subject = world(name, keep_going=True, **options)
    outcomes: set[str] = set()
    verdict = settled(
        subject,
        lambda: Learning(strategy(), subject),
        anew=outcomes.clear,
        limits=Limits(steps=2_000),
        watch=lambda e, _: outcomes.add(str(e.failure.message if e.failure else subject.result)),
    )
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


class Fair:
    """The chooser for code that counts on time: nobody's wait expires, or sleep ends, while anybody has work to do.

    Among those that have, the first, or any (with a seed); then whoever moved longest ago.
    """

    def __init__(self, seed: int | None = None) -> None:
        self._dice = random.Random(seed) if seed is not None else None
        self._moved: dict[int, int] = {}

    def begin(self, execution: Execution) -> None:  # noqa: ARG002 - as every chooser
        """Nobody has moved."""
        self._moved.clear()

    def step(self, execution: Execution) -> Event | None:
        """The next step; none after very many."""
        enabled = execution.enabled()
        if not enabled or len(execution.events) > 50_000:
            return None
        busy = [task for task in enabled if not _idle(execution, task)]
        if busy:
            task = self._dice.choice(busy) if self._dice is not None else busy[0]
        else:
            task = min(enabled, key=lambda task: self._moved.get(task, -1))
        self._moved[task] = len(execution.events)
        possible = execution.alternatives(task)
        return execution.take(task, possible[0], possible)


def _idle(execution: Execution, task: int) -> bool:
    """Whether the task's next step is the end of a wait that nobody has ended."""
    operation = execution.pending[task]
    if isinstance(operation, TryAcquire):
        return operation.timed and execution.state.get(operation.lock) is not None
    return isinstance(operation, Sleep) or (isinstance(operation, TryJoin) and operation.timed)
