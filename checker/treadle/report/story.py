"""A failing execution as a story: what each task did, in time order, without what does not matter.

An execution has a hundred steps, a story ten. Steps that cannot have mattered to anybody else are left out
(`relevance`), and so are those that have no meaning to a reader (`deeds`). Neighbouring steps of one task at one place
become one *beat*: a place, its source line, and the deeds that were done there. At the end everybody who is blocked
gets a beat of what it waits for.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from treadle.report.deeds import awaited, done
from treadle.report.relevance import relevant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from treadle.report.deeds import Deed
    from treadle.report.names import Names
    from treadle.semantics.execution import Execution


@dataclass(slots=True)
class Beat:
    """What one task did at one place, before another task did anything that is told."""

    task: int
    place: str | None  # file:line
    deeds: list[Deed]

    def lines(self, names: Names) -> list[str]:
        """The place with its source line, and what was done there."""
        where = [f"{self.place}  {names.source(self.place)}".rstrip()] if self.place else []
        return [*where, f"  {_joined(self.deeds)}"]


def _joined(deeds: Sequence[Deed]) -> str:
    """Deeds in one line; neighbours with the same verb share it."""
    return ", ".join(
        f"{verb} {', '.join(dict.fromkeys(deed.what for deed in group))}".rstrip()
        for verb, group in groupby(deeds, key=lambda deed: deed.verb)
    )


def story(execution: Execution, names: Names) -> list[Beat]:
    """The beats of an execution, in time order."""
    beats: list[Beat] = []
    for event in relevant(execution):
        deed = done(event, names)
        if deed is not None:
            _add(beats, event.task, event.operation.place, deed)
    for task in execution.blocked():
        operation = execution.pending[task]
        if operation is not None:
            _add(beats, task, operation.place, awaited(operation, names))
    return beats


def _add(beats: list[Beat], task: int, place: str | None, deed: Deed) -> None:
    if beats and (beats[-1].task, beats[-1].place) == (task, place):
        beats[-1].deeds.append(deed)
    else:
        beats.append(Beat(task, place, [deed]))
