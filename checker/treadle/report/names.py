"""What a reader calls the tasks and the objects of one execution.

The checker needs names that are the same in every execution: "lock main@bank.py:12" is the lock that main made in line
12, "lock main@bank.py:12#2" the second one made there, "Account main@bank.py:9.balance" the attribute of an account
that main was the first to meet in line 9. A reader knows them as what the program calls them:

- a lock by the name that it was given: `self.lock`, because that is what the line says that made it;
- an attribute by the class of its owner, an item by the name that its list or dictionary was given;
- a variable by itself.

Where the source gives no name, the place is the name. Two things never get the same name in one report; those that
would are numbered, in the order of their stable names.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from treadle.report.sources import assigned, block_of, describe, line_of, making

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from treadle.report.sources import Making
    from treadle.semantics.execution import Execution

Name = TypeVar("Name")

_MADE = re.compile(
    r"(?P<kind>.+?) (?P<task>[\w.?]+)@(?P<file>[^:@]+):(?P<line>\d+)(?:#(?P<number>\d+))?(?P<part>\D.*)?"
)
_INNER = re.compile(r" \(\w+\)")
_LOCKS = frozenset({"lock", "rlock"})


class Made(NamedTuple):
    """A stable name taken apart: what was made or met, by which task, where, and the how manieth it is there."""

    kind: str
    task: str
    place: str
    number: int
    part: str  # which part of it: ".attribute", "[item]", " (keys)"; empty: it as a whole


def made(name: str) -> Made | None:
    """The parts of a stable name; None for a name of another form."""
    found = _MADE.fullmatch(name)
    if found is None:
        return None
    place = f"{found['file']}:{found['line']}"
    return Made(found["kind"], found["task"], place, int(found["number"] or 1), found["part"] or "")


class Names:
    """The names in one execution. The same execution always gets the same names."""

    def __init__(
        self, execution: Execution, files: Mapping[str, str], titles: Mapping[int, str], more: Iterable[str] = ()
    ) -> None:
        """`files`: where each file lies whose name occurs in a place; `titles`: what the program calls its tasks.

        `more` are objects that no operation of the execution is about.
        """
        self._files = files
        self._stable = execution.names
        self._born = execution.initial
        self._tasks = _distinct({name: titles.get(task, name) for task, name in enumerate(execution.names)})
        operations = [event.operation for event in execution.events] + [p for p in execution.pending if p is not None]
        objects = {*more, *(name for operation in operations for name in operation.objects())}
        wholes = {parts._replace(part="") for name in objects if (parts := made(name)) is not None}
        self._wholes = _distinct({whole: self._wanted(whole) for whole in sorted(wholes)})

    def task(self, task: int) -> str:
        """A task, by its number."""
        return self._tasks[self._stable[task]]

    def thing(self, name: str) -> str:
        """An object or a task, by its stable name."""
        parts = made(name)
        if parts is None:
            return self._tasks.get(name, name)
        return _joined(self._wholes.get(parts._replace(part=""), parts.kind), parts)

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

    def is_born_taken(self, lock: str) -> bool:
        """Whether a lock was made as one that its maker has."""
        return self._born.get(lock) is not None

    def _making(self, parts: Made) -> Making | None:
        path, line = self._path(parts.place)
        return making(path, line, parts.number)

    def _wanted(self, whole: Made) -> str:
        """What a thing would be called if it were the only one."""
        kind, _, rest = whole.kind.partition(" ")
        if kind in {"module", "class", "function", "variables"}:
            return rest.removeprefix("of ")
        if whole.kind[:1].isupper():
            return whole.kind
        if whole.kind in _LOCKS:
            return describe(whole.kind, whole.place, self._making(whole))
        path, line = self._path(whole.place)
        return assigned(path, line) or f"the {whole.kind} of {whole.place}"

    def _path(self, place: str) -> tuple[str, int]:
        file, _, line = place.rpartition(":")
        return self._files.get(file, file), int(line) if line.isdigit() else 0


def _joined(whole: str, parts: Made) -> str:
    """A thing and its part; whether it is the keys or the contents of a container that matter, the source line tells."""
    if _INNER.fullmatch(parts.part):
        return whole
    variable = parts.part.removeprefix(".")
    if parts.kind.startswith("variables of ") and variable:
        return f"{variable} of {whole}"
    return whole + parts.part


def _distinct(wanted: Mapping[Name, str]) -> dict[Name, str]:
    """The wanted name of each; numbered, in the order given, where several want the same."""
    shared = Counter(wanted.values())
    so_far: Counter[str] = Counter()
    names = {}
    for name, want in wanted.items():
        so_far[want] += 1
        names[name] = f"{want} #{so_far[want]}" if shared[want] > 1 else want
    return names
