"""Executions that are made by hand, of any operations, for reports of what no program needs to be found for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.semantics.execution import Execution

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from treadle.model.operations import Operation


def execution_of(
    names: Sequence[str], steps: Iterable[tuple[int, Operation]], pending: Mapping[int, Operation] | None = None
) -> Execution:
    """An execution of tasks with these names that took these steps; `pending` is what some of them still want."""
    execution = Execution()
    for name in names:
        execution.add_task(name)
    for task, operation in steps:
        execution.pending[task] = operation
        possible = execution.alternatives(task)
        execution.take(task, possible[0], possible)
    for task, operation in (pending or {}).items():
        execution.pending[task] = operation
    return execution
