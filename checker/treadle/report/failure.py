"""The report of a failure: the product.

A verdict in a line; why, in a sentence; the story in one column for each task; who waits for whom in a deadlock; the
end of the traceback of an exception. It is made of the one execution that was run again and of the program's source,
and of nothing else (no counts, no seconds, no file of ours), so whoever runs the same schedule gets the same text.
"""

from __future__ import annotations

from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from treadle.model.verdict import Ending
from treadle.report import deadlock, race
from treadle.report.columns import WIDTH, columns
from treadle.report.names import Names
from treadle.report.story import FRAME, story

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from treadle.report.deadlock import Wait
    from treadle.report.race import Race
    from treadle.semantics.execution import Execution

LONGEST = 40
"""So many beats are told at most; of a longer story the last ones."""
STUCK = frozenset({Ending.DEADLOCK, Ending.LIVELOCK})
"""The endings in which nobody can go on."""
DEEPEST = 16
"""So many lines of a traceback are told at most; of a longer one the last ones."""


def tell(
    execution: Execution,
    target: str,
    *,
    files: Mapping[str, str] | None = None,
    titles: Mapping[int, str] | None = None,
    races: Sequence[Race] = (),
) -> str:
    """The report of a failing execution, without a line break at its end.

    `files` says where each file lies whose name occurs in a place; `titles` what the program calls its tasks, by
    number; `races` are the data races, if that is how it failed.
    """
    names = Names(execution, files or {}, titles or {}, [one.location for one in races])
    waits = deadlock.waits(execution, names) if execution.ending in STUCK else []
    parts = [
        _headline(execution, target, names),
        wrap(race.sentence(races, names) if races else _sentence(execution, waits, names), WIDTH),
        told(execution, names, races),
        [f"  {wait.sentence(names)}" for wait in waits],
        _traceback(execution),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _headline(execution: Execution, target: str, names: Names) -> list[str]:
    failure = execution.failure
    if failure is None:
        return [f"{target} does not fail"]
    where = f" in {names.task(failure.task)}" if failure.task is not None else ""
    return wrap(f"{target} fails: {failure.kind}{where}", WIDTH, break_on_hyphens=False)


def _sentence(execution: Execution, waits: Sequence[Wait], names: Names) -> str:
    if waits:
        return deadlock.sentence(waits, names)
    return execution.failure.message if execution.failure is not None else "Nothing went wrong."


def told(execution: Execution, names: Names, races: Sequence[Race] = (), *, without: Sequence[int] = ()) -> list[str]:
    """The story of an execution in columns; only of tasks that have a beat, in the order of their numbers.

    Nothing is told of the tasks in `without`.
    """
    beats = [beat for beat in story(execution, names, races) if beat.task not in without]
    tasks = sorted({beat.task for beat in beats})
    rows = [beat.row(tasks.index(beat.task), names) for beat in beats[-LONGEST:]]
    lines = columns([names.task(task) for task in tasks], rows)
    left_out = len(beats) - LONGEST
    return [f"({left_out} earlier places are left out)", "", *lines] if left_out > 0 else lines


def _traceback(execution: Execution) -> list[str]:
    """The end of the traceback; files are called by their names, since where they lie differs between machines."""
    failure = execution.failure
    if failure is None or failure.task is None:
        return []
    lines = FRAME.sub(lambda frame: f"{frame[1]}{Path(frame[2]).name}:{frame[3]} in {frame[4]}", failure.details)
    return [f"  {line}" for line in lines.splitlines()[-DEEPEST:]]
