"""The world's `itertools.count`, whose position can be put back.

A module's `numbers = itertools.count()` must start again in each execution, and nothing can set the position of the real
one. This one keeps it in a slot. It is an iterator of the interpreter to the program and to the instrumentation alike: its
class and its `__next__` say that they are of `itertools`, so each `next` is an access to the iterator.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from treadle.runtime.facades import face

if TYPE_CHECKING:
    from types import ModuleType


class count:  # noqa: N801 - the name that it has in itertools
    """Start, start + step, start + 2 * step, ..."""

    __slots__ = ("__weakref__", "_next", "_step")

    def __init__(self, start: Any = 0, step: Any = 1) -> None:
        self._next = start
        self._step = step

    def __iter__(self) -> count:
        return self

    def __next__(self) -> Any:
        found = self._next
        self._next = found + self._step
        return found

    def __repr__(self) -> str:
        step = f", {self._step!r}" if self._step != 1 else ""
        return f"count({self._next!r}{step})"


count.__module__ = count.__next__.__module__ = itertools.__name__


def countable_itertools() -> ModuleType:
    """The module `itertools` of one world."""
    return face(itertools, count=count)
