"""Iterators over containers that a program makes by name, and may hand to anybody: `iter(xs)`, `reversed(xs)`, `xs.__iter__()`.

A loop of rewritten code makes an access before each item. But a class whose `__iter__` returns `iter(self.items)` is iterated
by whatever comes: a `for` over its instances, `sum`, `list`, code that was not rewritten. None of them would make an
access of the list's, because the object in their hands is the program's own. So the iterator makes them itself.

It is no generator: two threads may ask it for the next item at once.

**`itertools.tee`** keeps what one of its iterators has taken for the others, and may not be entered again while it takes an item: that is
an error. An iterator that lets others run in the middle would make it one, and the interpreter's own never do. So `tee` is
given the interpreter's, and each of its iterators (`Branch`) makes the accesses before it asks: to itself, to what all of them
go through, and to the container, as if nothing were kept. That is more than happens where something is, so it may add executions.

Law: tests/quality/races/given.py, tests/quality/races/test_given.py.
"""

from __future__ import annotations

import copy
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


class Held(Walker):
    """An iterator over a container that another one of the interpreter goes through, as `zip` and `itertools.cycle` do; nobody else has it.

    Where it is has no location: who asks has asked the other one, which is a step if several tasks do. But if the
    container is raced for, too, a task may come in while another one is on its way; that is noted.
    """

    __slots__ = ("_asked", "_note")

    def __init__(
        self, inner: Any, advance: Callable[[Any], object], look: Callable[[Any], object], note: Callable[[], object]
    ) -> None:
        """`note` is called where two tasks ask at once."""
        super().__init__(inner, advance, look)
        self._note = note
        self._asked = False

    def __next__(self) -> Any:
        if self._asked:
            self._note()
        self._asked = True
        try:
            return super().__next__()
        finally:
            self._asked = False


class Branch(Walker):
    """An iterator of `itertools.tee`, over an iterator of the interpreter. Copies of it go on from where it is."""

    __slots__ = ("root",)

    def __init__(
        self, inner: Any, root: Any, advance: Callable[[Any, Any], object], look: Callable[[Any], object]
    ) -> None:
        """`advance` is called with the iterator and its root before each item."""
        super().__init__(inner, lambda branch: advance(branch, root), look)
        self.root = root

    def __copy__(self) -> Branch:
        self._look(self.inner)
        copied = object.__new__(Branch)
        copied.inner, copied.root = copy.copy(self.inner), self.root
        copied._advance, copied._look = self._advance, self._look
        return copied
