"""Iterators over containers that a program makes by name, and may hand to anybody: `iter(xs)`, `reversed(xs)`, `xs.__iter__()`.

A loop of rewritten code makes an access before each item. But a class whose `__iter__` returns `iter(self.items)` is iterated
by whatever comes: a `for` over its instances, `sum`, `list`, code that was not rewritten. None of them would make an
access of the list's, because the object in their hands is the program's own. So the iterator makes them itself.

It is no generator: two threads may ask it for the next item at once.

Law: tests/quality/races/given.py, tests/quality/races/test_given.py.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class Walker:
    """An iterator of the interpreter, with an access before each item. It says that it is of its class."""

    __slots__ = ("__weakref__", "_advance", "_look", "inner")

    def __init__(self, inner: Any, advance: Callable[[Any], object], look: Callable[[Any], object]) -> None:
        """`advance` is called before each item, `look` before its position is asked for."""
        self.inner = inner
        self._advance = advance
        self._look = look

    def __iter__(self) -> Walker:
        return self

    def __next__(self) -> Any:
        self._advance(self.inner)
        return next(self.inner)

    def __length_hint__(self) -> int:
        self._look(self.inner)
        return operator.length_hint(self.inner)

    def __reduce__(self) -> Any:
        self._look(self.inner)
        return self.inner.__reduce__()

    @property  # type: ignore[misc]
    def __class__(self) -> Any:  # what `isinstance` asks
        return type(self.inner)
