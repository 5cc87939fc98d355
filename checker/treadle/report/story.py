"""A failing execution as a story: what each task did, in time order, without what does not matter.

An execution has a hundred steps, a story ten. Steps that cannot have mattered to anybody else are left out
(`relevance`), and so are those that have no meaning to a reader (`deeds`). Neighbouring steps of one task at one place
become one *beat*: a place, its source line, and the deeds that were done there. A task that goes to sleep
until it is woken says so there and then. The end is a beat too: the exception that was raised; the two accesses of a
data race; in a deadlock, what everybody waits for, who moved last coming first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from treadle.model.verdict import Ending
from treadle.report.columns import Row
from treadle.report.deeds import Deed, awaited, done
from treadle.report.race import verb
from treadle.report.relevance import relevant

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from treadle.model.operations import Operation
    from treadle.report.names import Names
    from treadle.report.race import Race
    from treadle.semantics.execution import Execution


@dataclass(slots=True)
class Beat:
    """What one task did at one place, before another task did anything that is told."""

    task: int
    place: str | None  # file:line
    deeds: list[Deed]

    def row(self, column: int, names: Names) -> Row:
        """The place with its source, and what was done there. A block that was entered and left is shown whole."""
        if self.place is None:
            return Row(column, "", _joined(self.deeds))
        verbs = [deed.verb for deed in self.deeds]
        source = names.source(self.place, block=verbs[0] == "takes" and verbs[-1] == "releases")
        return Row(column, f"{self.place}  {source}".rstrip(), _joined(self.deeds))


def _joined(deeds: Sequence[Deed]) -> str:
    """Deeds in one line: neighbours with the same verb share it, and so do neighbours with the same object."""
    by_verb = [
        (verb, ", ".join(dict.fromkeys(deed.what for deed in group)))
        for verb, group in groupby(deeds, key=lambda deed: deed.verb)
    ]
    shared = [list(group) for _, group in groupby(by_verb, key=lambda told: told[1] or told[0])]
    return ", ".join(f"{' and '.join(dict(group))} {group[0][1]}".rstrip() for group in shared)


def story(execution: Execution, names: Names, races: Sequence[Race] = ()) -> list[Beat]:
    """The beats of an execution, in time order."""
    beats: list[Beat] = []
    sleeps = _sleeps(execution)
    for event in relevant(execution):
        deed = done(event, names)
        if deed is not None:
            _add(beats, event.task, event.operation.place, deed)
        waking = sleeps.get(event.position)
        if waking is not None:
            _add(beats, event.task, waking.place, awaited(waking, names))
    failure = execution.failure
    if execution.ending in {Ending.DEADLOCK, Ending.LIVELOCK}:
        _add_waits(beats, execution, names, sleeps.values())
    elif failure is not None and failure.task is not None and failure.kind == "exception":
        _add(beats, failure.task, raised_at(failure.details), Deed("raises", failure.message.partition(":")[0]))
    for race in races[:1]:
        for task, mode, place in (race.first, race.second):
            _add(beats, task, place or None, Deed(verb(mode), names.thing(race.location)))
    return beats


def _sleeps(execution: Execution) -> dict[int, Operation]:
    """Where a task goes to sleep: the position of its last step before it, and the operation that it sleeps in.

    To take a lock that one holds oneself is to sleep until somebody else releases it.
    """
    following = dict(enumerate(execution.pending))
    wanted: list[Operation | None] = []
    for event in reversed(execution.events):
        wanted.append(following[event.task])
        following[event.task] = event.operation
    holders = execution.initial.copy()  # of locks that were made taken, those who made them
    sleeps = {}
    for event, operation in zip(execution.events, reversed(wanted), strict=True):
        for name in event.operation.objects():
            if event.operation.kind.endswith("acquire") and event.result:
                holders[name] = event.task
            elif event.operation.kind == "release":
                holders.pop(name, None)
        if operation is not None and operation.kind == "acquire" and holders.get(operation.objects()[0]) == event.task:
            sleeps[event.position] = operation
    return sleeps


def _add_waits(beats: list[Beat], execution: Execution, names: Names, sleeping: Collection[Operation]) -> None:
    """What everybody waits for at the end; who sleeps was told when it went to sleep."""
    for task in _latest_first(execution):
        operation = execution.pending[task]
        if operation is not None and operation not in sleeping:
            _add(beats, task, operation.place, awaited(operation, names))


def _latest_first(execution: Execution) -> list[int]:
    """The blocked tasks, who moved last coming first."""
    last = {event.task: event.position for event in execution.events}
    return sorted(execution.blocked(), key=lambda task: -last.get(task, -1))


def raised_at(traceback: str) -> str | None:
    """The place of the last frame of a traceback."""
    frames = FRAME.findall(traceback)
    return f"{Path(frames[-1][1]).name}:{frames[-1][2]}" if frames else None


FRAME = re.compile(r'^( *)File "(.+)", line (\d+), in (.+)$', re.MULTILINE)
"""A frame as tracebacks show it."""
NOWHERE = "?"
"""The place of what no line of the program did."""


def _add(beats: list[Beat], task: int, place: str | None, deed: Deed) -> None:
    if place == NOWHERE:
        place = None
    if beats and (beats[-1].task, beats[-1].place) == (task, place):
        beats[-1].deeds.append(deed)
    else:
        beats.append(Beat(task, place, [deed]))
