"""Stable names: the same object has the same name in every execution that does the same.

A name is made of the kind of object, the task that creates it, the line of the program where it does, and a counter
there: `lock main@bank.py:12`, `lock main@bank.py:12#2`. Never `id`: addresses differ from run to run. The line is the
program's, not that of the standard library's code that it calls: frames of *hidden* files are passed over.

What is created while modules are loaded belongs to the task `import`.

`told` has the tasks that somebody could tell from others in this execution, because a number was asked that is made of
such a name: an address, a hash, a text. Only who counts on it that they are alike (`twins`) looks there.
"""

from __future__ import annotations

import sys
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

    from treadle.runtime.turns import Turns


Key = tuple[str, int, str, int]
"""Kind, task, file and line: what is counted together."""


class Names:
    """The names given so far in this execution, and the texts of all names ever given."""

    __slots__ = ("_loaded", "_short", "_texts", "_turns", "counts", "hidden", "latest", "told")

    hidden: set[str]  # files whose frames are passed over
    latest: tuple[Key, int]  # what the last name was counted under, and how many there are now
    counts: dict[Key, int]  # in this execution
    told: set[int]  # the tasks that were told from others in this execution
    _loaded: dict[Key, int]  # before every execution
    _texts: dict[Key, list[str]]  # in all
    _short: dict[str, str]  # by file

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self.hidden = {"<string>"}
        self.counts = {}
        self._loaded = {}
        self._texts = {}
        self._short = {}
        self.told = set()

    def forget(self) -> None:
        """The modules are loaded anew."""
        self.counts = {}
        self._loaded = {}

    def loaded(self) -> None:
        """The modules are loaded: what has a name by now keeps it in every execution."""
        self._loaded = self.counts

    def begin(self) -> None:
        """An execution starts: count anew."""
        self.told.clear()
        self.counts = self._loaded.copy()

    def new(self, kind: str, frame: FrameType | None) -> str:
        """The name of an object of this kind that is created where `frame` stands."""
        frame = self.visible(frame)
        if frame is None:
            key = (kind, self._turns.current, "?", 0)
        else:
            filename = frame.f_code.co_filename
            key = (kind, self._turns.current, self._short.get(filename) or self._shorten(filename), frame.f_lineno)
        count = self.counts.get(key, 0)
        self.counts[key] = count + 1
        self.latest = key, count + 1
        texts = self._texts.get(key)
        if texts is None:
            texts = self._texts[key] = []
        if count == len(texts):
            texts.append(self._text(key, count))
        return texts[count]

    def tell(self, task: int) -> None:
        """Somebody is shown something that is made of what this task is called."""
        if self._turns.live:  # who dies tells nobody
            self.told.add(task)

    def place(self) -> str:
        """Where the running task stands: "file:line"."""
        return self.place_of(sys._getframe(1))

    def place_of(self, frame: FrameType | None) -> str:
        """Where that is in the program."""
        frame = self.visible(frame)
        return "?" if frame is None else f"{PurePath(frame.f_code.co_filename).name}:{frame.f_lineno}"

    def visible(self, frame: FrameType | None) -> FrameType | None:
        """The frame, or the nearest of its callers, that belongs to the program.

        What a hidden module runs is hidden. Its code is asked for where that does not tell: it is announced to audit hooks,
        of which a world has one, and that costs more than all the rest.
        """
        hidden = self.hidden
        while frame is not None:
            file = frame.f_globals.get("__file__")
            if (type(file) is not str or file not in hidden) and frame.f_code.co_filename not in hidden:
                break
            frame = frame.f_back
        return frame

    def _shorten(self, filename: str) -> str:
        short = self._short[filename] = PurePath(filename).name
        return short

    def _text(self, key: Key, count: int) -> str:
        kind, task, file, line = key
        author = self._turns.execution.names[task] if task >= 0 else "import"
        again = f"#{count + 1}" if count else ""
        return f"{kind} {author}@{file}:{line}{again}"
