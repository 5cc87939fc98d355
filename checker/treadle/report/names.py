"""What a reader calls the tasks and the objects of one execution.

The checker needs names that are the same in every execution: "lock main@bank.py:12" is the lock that main made in line
12, "lock main@bank.py:12#2" the second one made there. A reader knows it as `self.lock`, because that is what the line
says. So the given name is looked up in the source; where the line gives none, the place is the name. Two objects
never get the same name in one report.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from treadle.report.sources import block_of, describe, line_of, making

if TYPE_CHECKING:
    from collections.abc import Mapping

    from treadle.report.sources import Making
    from treadle.semantics.execution import Execution

_MADE = re.compile(r"(?P<kind>\S+) (?P<task>.+)@(?P<file>.+):(?P<line>\d+)(?:#(?P<count>\d+))?")


class Made(NamedTuple):
    """A stable name taken apart: what was made, by which task, where, and the how manieth it is there."""

    kind: str
    task: str
    place: str
    number: int


def made(name: str) -> Made | None:
    """The parts of a stable name; None for a name of another form."""
    found = _MADE.fullmatch(name)
    if found is None:
        return None
    return Made(found["kind"], found["task"], f"{found['file']}:{found['line']}", int(found["count"] or 1))


class Names:
    """The names in one execution. The same execution always gets the same names."""

    def __init__(self, execution: Execution, files: Mapping[str, str], titles: Mapping[int, str]) -> None:
        """`files`: where each file lies whose name occurs in a place; `titles`: what the program calls its tasks."""
        self._files = files
        self._tasks = _distinct({name: titles.get(task, name) for task, name in enumerate(execution.names)})
        operations = [event.operation for event in execution.events] + [p for p in execution.pending if p is not None]
        objects = dict.fromkeys(name for operation in operations for name in operation.objects())
        self._things = _distinct({name: self._wanted(name) for name in objects if name not in self._tasks})
        self._stable = execution.names

    def task(self, task: int) -> str:
        """A task, by its number."""
        return self._tasks[self._stable[task]]

    def thing(self, name: str) -> str:
        """An object or a task, by its stable name."""
        return self._tasks.get(name) or self._things.get(name, name)

    def source(self, place: str, *, block: bool = False) -> str:
        """The source line at a place, "file:line", if wanted with the short block that it opens; empty if there is none."""
        path, line = self._path(place)
        return block_of(path, line) if block else line_of(path, line)

    def wakeup_of(self, name: str) -> str | None:
        """Whose private wakeup a lock is: it was made in passing, by a call that waits. None for any other object."""
        parts = made(name)
        if parts is None or parts.kind != "lock" or not self.source(parts.place) or self._making(parts) is not None:
            return None
        return parts.task

    def _making(self, parts: Made) -> Making | None:
        path, line = self._path(parts.place)
        return making(path, line, parts.number)

    def _wanted(self, name: str) -> str:
        parts = made(name)
        return name if parts is None else describe(parts.kind, parts.place, self._making(parts))

    def _path(self, place: str) -> tuple[str, int]:
        file, _, line = place.rpartition(":")
        return self._files.get(file, file), int(line) if line.isdigit() else 0


def _distinct(wanted: Mapping[str, str]) -> dict[str, str]:
    """The wanted name of each stable one, or the stable one itself where two want the same.

    Who has a second beside it is called the first.
    """
    shared = Counter(wanted.values())
    numbered = {name: f"{want} #1" if f"{want} #2" in shared else want for name, want in wanted.items()}
    return {name: numbered[name] if shared[want] == 1 else name for name, want in wanted.items()}
