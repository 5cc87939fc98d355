"""Each execution starts from the state that loading the modules left behind.

Running the modules again would do it, and costs milliseconds. So what can be reached from the copied modules is
written down once: the variables of modules, classes and instances, the items of lists, dicts, sets and the like, the
cells of closures that are written to. Before each execution what is there is compared with what was written down, and
if anything differs, everything is put back. Nearly always nothing differs, so the comparison is what costs.

Lists of values are compared by `==`, which is quick because it asks for identity first. It may call two different
objects equal, though, so where what was written down has an `==` of its own, or is a number, identity is asked for as
well. (One hole: an object that claims to equal the None, function or class that it has replaced.)

What cannot be put back (the position of an iterator, the inside of an object from C) is *unrestorable*: the world then
loads its modules anew before each execution. Correct first, quick where possible.

What is not written down: what shared modules hold, because it is not the world's. A scenario that changes it is likely
to be found out when an execution is repeated.

Law: tests/laws/test_freshness.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from treadle.runtime.reach import Reach

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import ModuleType

    from treadle.runtime.reach import Part

Entry = tuple[Any, list[Any], list[int]]
"""A live view of what an object holds, what it held, and for which of them identity is asked for."""


_IDENTITY: Any = object.__eq__


class Snapshot:
    """The state of some modules, written down."""

    __slots__ = ("_always", "_entries", "_parts", "unrestorable")

    unrestorable: list[str]  # what could not be written down, in words
    _parts: list[Part]  # what is looked at, and put back when anything differs
    _always: list[Callable[[], object]]  # puts back what cannot be looked at
    _entries: list[Entry]  # of the parts

    def __init__(self, modules: Iterable[ModuleType]) -> None:
        reach = Reach(modules)
        self.unrestorable = reach.unrestorable
        self._parts = [part for part in reach.parts if part[0]]
        self._always = [put_back for views, put_back in reach.parts if not views]
        self._write_down()

    def restore(self) -> None:
        """Put everything back."""
        for put_back in self._always:
            put_back()
        if self._has_changed():
            for _, put_back in self._parts:
                put_back()
            self._write_down()

    def _has_changed(self) -> bool:
        try:
            for view, then, identical in self._entries:
                now = [*view]
                if now != then:
                    return True
                for index in identical:
                    if now[index] is not then[index]:
                        return True
        except Exception:
            return True  # somebody's `==` raised, so it was not what had been there
        return False

    def _write_down(self) -> None:
        views = [view for views, _ in self._parts for view in views]
        self._entries = [(view, [*view], [i for i, value in enumerate(view) if _may_lie(value)]) for view in views]


def _may_lie(value: Any) -> bool:
    """Whether something else may be equal to it, and yet make a difference."""
    return not isinstance(value, (str, bytes)) and type(value).__eq__ is not _IDENTITY
