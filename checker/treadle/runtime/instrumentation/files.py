"""Files: what lies on the disk is one more thing that tasks share, and the operating system keeps it.

A file's contents are the real ones, and every task is the same process, so nothing need be modelled; it must only be known
when the disk is read and when it is changed. All of it is one location, whatever the path: names of temporary files are
drawn at random, and a location must have the same name in every execution. (Two tasks that write two files conflict, which
costs executions, and no bug.)

How it is known:

- Python announces to audit hooks that a file is opened (and how), removed, renamed, locked, that a directory is made or
  listed. It does so before the system call, in whatever code makes it, foreign code included. So that is where the step is
  made, if there has to be one.
- Reads and writes through an open file are calls of its methods, or it is handed to foreign code.
- What asks whether a file is there (`os.path.exists`, `os.stat`, the methods of paths) announces nothing: a table
  has it (`knowledge`).

What is written is buffered, and reaches the disk when the file is flushed or closed. That happens in real calls, each
of which is an access here, the end of a `with` block included.

Not seen: descriptors from `os.open` once they are open; files that a shared module has open, such as a log's; databases.
(That a database is connected to makes the verdict incomplete, unless it is in memory.) The standard streams and
`os.devnull` are no files.

With granularity `sync` two accesses to the disk that nothing orders are no data race: system calls are atomic. They are
steps there, too.

Law: tests/quality/races/disk.py, each with a race that is found, and with a lock around it proved.
"""

from __future__ import annotations

import io
import os
import pathlib
import sys
from typing import TYPE_CHECKING, Any

from treadle.model.operations import READ, WRITE
from treadle.runtime.instrumentation.callees import Callees
from treadle.runtime.instrumentation.locations import WHOLE, Planned, Thing
from treadle.runtime.instrumentation.reckoning import ATOMIC
from treadle.runtime.turns import LOADING

if TYPE_CHECKING:
    from collections.abc import Sequence

_KEY = -1_000_000
"""Stands for the address of the disk among the things that were loaded: nothing lies there."""
_OPEN = frozenset({io.FileIO, io.BufferedReader, io.BufferedWriter, io.BufferedRandom, io.TextIOWrapper})
_PATHS = frozenset({pathlib.PosixPath, pathlib.WindowsPath})
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Files(Callees):
    """The hooks that know of files."""

    def touch_files(self, label: str, *, writes: bool) -> None:
        """The disk is about to be read, or changed."""
        if not self.crowded:
            return
        self.turns.deeds += 1
        disk = self.loaded.get(_KEY)
        if disk is None:
            disk = self.loaded[_KEY] = Thing("files", is_namespace=False)
            disk.task, disk.time, disk.met, disk.trusted, disk.referent = LOADING, 0, 0, set(), None
            disk.loads, disk.stores = Planned(self.plan_load, disk), Planned(self.plan_store, disk)
        mode = (WRITE if writes else READ) if self.stepping else ATOMIC
        plan = disk.plans.get((label, mode))
        if plan is None:
            plan = disk.plans[label, mode] = self.plan(label, (disk,), ((disk.location(WHOLE), mode),))
        if plan.segment < self.base + len(self.events):
            self.touch(plan)

    def announced(self, event: str, arguments: Sequence[Any]) -> None:
        """Python announces to audit hooks that it is going to do this to the disk."""
        if event == "open":
            path, mode, flags = arguments
            if path == os.devnull or isinstance(path, int):
                return
            letters = mode or ""
            self.touch_files("open", writes=bool(set("wax+") & set(letters)) if mode else bool(flags & _WRITING))
        else:
            self.touch_files(event.rpartition(".")[2], writes=event not in LOOKS)

    def look_at_files(self, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """A function that asks about a file."""
        self.touch_files(function.__name__, writes=False)
        return function(*args, **kwargs)

    def closing(self, manager: Any) -> Any:
        """What a `with` statement enters and leaves: an open file is closed when it is left."""
        return _Closing(self, manager) if self.crowded and _is_file(manager) else manager

    def hand_over(self, label: str, way: str, handed: tuple[Any, ...]) -> None:
        """An open file, or a path, stands for what lies on the disk."""
        if self.crowded:
            for value in handed:
                if type(value) in _PATHS:
                    self.touch_files(label, writes=False)
                elif _is_file(value):
                    self.touch_files(label, writes=_may_change(value))
        super().hand_over(label, way, handed)

    def iterate(self, source: Any) -> Any:
        """What a loop goes through: the lines of a file are read from the disk."""
        if self.crowded and _is_file(source):
            self.touch_files("next", writes=_may_change(source))
        return super().iterate(source)


class _Closing:
    """A file in a `with` statement."""

    __slots__ = ("_file", "_files")

    def __init__(self, files: Files, file: Any) -> None:
        self._files = files
        self._file = file

    def __enter__(self) -> Any:
        return self._file.__enter__()

    def __exit__(self, *raised: object) -> Any:
        try:
            self._files.touch_files("close", writes=_may_change(self._file))
        finally:  # also where the execution ends here
            result = self._file.__exit__(*raised)
        return result


def _is_file(value: Any) -> bool:
    """Whether it is an open file, and no standard stream."""
    return (
        type(value) in _OPEN
        and value not in (sys.stdout, sys.stderr, sys.stdin, sys.__stdout__, sys.__stderr__, sys.__stdin__)
        and getattr(value, "name", None) != os.devnull
    )


def _may_change(file: Any) -> bool:
    """Whether the disk may be another one after a call of a method; those of a closed file raise."""
    return not file.closed and bool(file.writable())


LOOKS = frozenset({"glob.glob", "os.listdir", "os.scandir"})
"""Announced events that change nothing."""
ANNOUNCED = LOOKS | {
    "fcntl.flock", "fcntl.lockf", "open", "os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.rename",
    "os.rmdir", "os.symlink", "os.truncate", "os.utime",
}  # fmt: skip
"""What Python announces of the disk, by its audit event. Source: the table of audit events in Python's documentation."""
