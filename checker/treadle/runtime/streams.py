"""The world's `sys`, whose streams are those of the process while code of the world runs.

`print` writes to what `sys.stdout` is, and so does all that is in C, or not copied. A program that puts another file there
(`contextlib.redirect_stdout` does) means all of them. So what it stores in its `sys` under one of the names below is stored in the
process's, and taken back whenever code of the world has run; what stood there when its modules had been loaded is there again when
an execution begins. Whatever else it stores stays in the world.

What threads write to the streams of the process itself is no access: in which order it comes out is nothing that a program can see.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

NAMES = ("stdin", "stdout", "stderr")


def streams_of_the_process() -> list[Any]:
    """Its streams, with what lies under them. What is written there is no data of the program's: nobody reads it back."""
    found = []
    for name in NAMES:
        for stream in (getattr(sys, name), getattr(sys, f"__{name}__")):
            buffer = getattr(stream, "buffer", None)
            found += [stream, buffer, getattr(buffer, "raw", None)]
    return [stream for stream in found if stream is not None]


class System(ModuleType):
    """The module `sys` of one world."""

    _own: dict[str, Any]  # what the program has put there, when its modules were loaded
    _theirs: dict[str, Any]  # what the process has there; empty while no code of the world runs

    def __init__(self, **names: Any) -> None:
        super().__init__("sys", sys.__doc__)
        self.__spec__ = sys.__spec__
        vars(self).update(names, __getattr__=lambda name: getattr(sys, name), _own={}, _theirs={})

    def __setattr__(self, name: str, value: Any) -> None:
        if name in NAMES:
            setattr(sys, name, value)
        else:
            super().__setattr__(name, value)

    def begin(self) -> None:
        """Code of the world is going to run."""
        vars(self)["_theirs"] = {name: getattr(sys, name) for name in NAMES}
        for name, value in self._own.items():
            setattr(sys, name, value)

    def end(self) -> None:
        """It has run."""
        for name, value in self._theirs.items():
            setattr(sys, name, value)

    def keep(self) -> None:
        """Modules were loaded: what they have put there belongs to the world."""
        vars(self)["_own"] = {
            name: getattr(sys, name) for name in NAMES if getattr(sys, name) is not self._theirs[name]
        }

    def is_redirected(self, name: str) -> bool:
        """Whether the program has put something there."""
        return bool(self._theirs) and getattr(sys, name) is not self._theirs[name]
