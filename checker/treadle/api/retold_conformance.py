"""One schedule of a client program once more, to the report of the violation that it leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.api.conforming import strict
from treadle.api.retelling import Rerun, by_name
from treadle.conformance.accounts import account
from treadle.conformance.catalogue import load_kit
from treadle.conformance.modelling import Models
from treadle.conformance.target import Target
from treadle.errors import ScheduleError
from treadle.report.conformance import tell as told
from treadle.search.exploration import explore
from treadle.search.replay import Replay

if TYPE_CHECKING:
    from treadle.model.schedule import Schedule
    from treadle.model.verdict import Verdict
    from treadle.semantics.execution import Execution


def rerun(schedule: Schedule) -> Rerun:
    """Run the schedule again, in a fresh world. ScheduleError if it does not fit the code any more."""
    about = schedule.options["conformance"]
    if set(schedule.options) != {"granularity", "learned", "conformance"} or set(about) != {"kit", "spec", "program"}:
        raise ScheduleError(
            "the schedule was not made by treadle conform",
            expected='the options "granularity", "learned" and "conformance", this with a kit, a spec and a program',
            got=f"options {schedule.options}",
        )
    kit = load_kit(about["kit"])
    subject = strict(Target.parse(schedule.target), kit, Models(about["spec"], kit), schedule, detailed=True)
    executions: list[Execution] = []
    titles: dict[int, str] = {}

    def keep(execution: Execution, _verdict: Verdict) -> None:
        executions.append(execution)
        titles.update(subject.world.threads.titles)

    verdict = explore(subject, Replay(schedule), watch=keep)
    if subject.violation is None:
        return Rerun(executions[0], verdict, f"{schedule.target} does not fail")
    files = by_name(f for m in subject.world.copies.modules.values() if (f := getattr(m, "__file__", None)))
    found = account(subject.violation, subject.client, subject.model)
    report = told(found, executions[0], files=files, titles=titles)
    return Rerun(executions[0], verdict, report, tuple(promise.name for promise in found.promises))
