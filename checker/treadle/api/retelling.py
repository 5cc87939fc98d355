"""One schedule once more: this time every operation carries its place, and the report is made."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from treadle.api.options import Chances
from treadle.errors import ScheduleError
from treadle.report.failure import tell as told
from treadle.report.race import Race
from treadle.runtime.scenario import Scenario
from treadle.runtime.world import World
from treadle.search.exploration import explore
from treadle.search.replay import Replay

if TYPE_CHECKING:
    from collections.abc import Iterable

    from treadle.model.schedule import Schedule
    from treadle.model.verdict import Verdict
    from treadle.semantics.execution import Execution


@dataclass(frozen=True, slots=True)
class Rerun:
    """A schedule that was run again."""

    execution: Execution
    verdict: Verdict
    report: str  # the text
    promises: tuple[str, ...] = ()  # of a specification, that are broken, by name


def rerun(schedule: Schedule) -> Rerun:
    """Run the schedule again, in a fresh world. ScheduleError if it does not fit the code any more."""
    options = dict(schedule.options)
    if set(options) - {"faults", "spurious"} != {"granularity", "learned"}:
        raise ScheduleError(
            "the schedule was not made by treadle check",
            expected='the options "granularity" and "learned"',
            got=f"options {options}",
        )
    chances = Chances.of(options.pop("faults", 0), options.pop("spurious", 0))
    world = World(Scenario.parse(schedule.target), detailed=True, **options, **chances.of_world())
    executions: list[Execution] = []
    titles: dict[int, str] = {}
    races: list[Race] = []

    def keep(execution: Execution, _verdict: Verdict) -> None:
        executions.append(execution)
        titles.update(world.threads.titles)
        if execution.failure is not None and execution.failure.kind == "race":
            races.extend(Race(*race) for race in world.hooks.races.values())

    verdict = explore(world, Replay(schedule), watch=keep)
    files = by_name(f for m in world.copies.modules.values() if (f := getattr(m, "__file__", None)))
    report = told(executions[0], schedule.target, files=files, titles=titles, races=races)
    return Rerun(executions[0], verdict, report)


def tell(schedule: Schedule) -> str:
    """The report of the execution that the schedule leads to, without a line break at its end."""
    return rerun(schedule).report


def by_name(files: Iterable[str | None]) -> dict[str, str]:
    """Where each file lies, by its name without folders; not of names that two files have."""
    paths: dict[str, set[str]] = defaultdict(set)
    for file in files:
        if file is not None:
            paths[Path(file).name].add(file)
    return {name: found.pop() for name, found in paths.items() if len(found) == 1}
