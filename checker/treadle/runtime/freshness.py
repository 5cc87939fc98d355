"""Each execution starts from the state that loading the modules left behind.

Running the modules again would do it, and costs milliseconds. So what can be reached from the copied modules is
written down once: the variables of modules, classes and instances, the items of lists, dicts, sets and the like, the
cells of closures that are written to. Before each execution what is there is compared with what was written down, and
what differs is put back. Nearly always nothing differs, so the comparison is what costs: first everything is
compared as one list, and how many items each object has; only if that differs each object is looked at by itself.

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

from itertools import chain
from operator import is_, itemgetter
from typing import TYPE_CHECKING, Any

from treadle.runtime.instrumentation.plain import is_a
from treadle.runtime.reach import Reach

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import ModuleType

_IDENTITY: Any = object.__eq__


class _Entry:
    """What one object held, as one of its views shows it."""

    __slots__ = ("identical", "put_back", "then", "view")

    view: Any  # live
    then: list[Any]  # what it showed
    identical: list[int]  # for which of that identity is asked for
    put_back: Callable[[], object]

    def __init__(self, view: Any, put_back: Callable[[], object]) -> None:
        self.view = view
        self.put_back = put_back
        self.write_down()

    def write_down(self) -> None:
        """It is as it should be."""
        self.then = [*self.view]
        self.identical = [index for index, value in enumerate(self.then) if _may_lie(value)]


class Snapshot:
    """The state of some modules, written down."""

    __slots__ = ("_always", "_entries", "_identical", "_picked", "_sizes", "_then", "_views", "unrestorable")

    unrestorable: list[str]  # what could not be written down, in words
    _entries: list[_Entry]  # what is looked at, and put back where it differs
    _always: list[Callable[[], object]]  # puts back what cannot be looked at
    _views: list[Any]  # of all entries
    _sizes: list[int]  # how many items each showed
    _then: list[Any]  # all that they showed, one after the other
    _picked: Callable[[list[Any]], Iterable[Any]]  # gives those of them for which identity is asked for
    _identical: list[Any]  # what they are

    def __init__(self, modules: Iterable[ModuleType]) -> None:
        reach = Reach(modules)
        self.unrestorable = reach.unrestorable
        self._entries = [_Entry(view, put_back) for views, put_back in reach.parts for view in views]
        self._always = [put_back for views, put_back in reach.parts if not views]
        self._views = [entry.view for entry in self._entries]
        self._write_down()

    def restore(self) -> None:
        """Put everything back."""
        for put_back in self._always:
            put_back()
        if self._is_as_it_was():
            return
        changed = self._changed()
        for entry in changed:
            entry.put_back()
        for entry in changed:
            # A set that was filled again may show its items in another order.
            entry.write_down()
        if changed and not self._is_as_it_was():
            self._write_down()

    def _write_down(self) -> None:
        """Everything as one list. The sizes tell an item that has moved from one object to the next."""
        self._then = [*chain.from_iterable(entry.then for entry in self._entries)]
        self._sizes = [len(entry.then) for entry in self._entries]
        places = [index for index, value in enumerate(self._then) if _may_lie(value)]
        self._picked = itemgetter(0, 0, *places)  # two at least, or it would give no tuple
        self._identical = [*self._picked(self._then)]

    def _is_as_it_was(self) -> bool:
        """Whether all entries together show what they showed. No: some may, and each is to be looked at."""
        if [*map(len, self._views)] != self._sizes:
            return False
        now = [*chain.from_iterable(self._views)]
        try:
            if now != self._then:
                return False
        except Exception:  # somebody's `==` raised
            return False
        return all(map(is_, self._picked(now), self._identical))

    def _changed(self) -> list[_Entry]:
        changed = []
        for entry in self._entries:
            then = entry.then
            now = [*entry.view]
            if len(now) == len(then) and all(map(is_, now, then)):
                continue  # nearly always
            try:
                if now != then:
                    changed.append(entry)
                    continue
            except Exception:  # somebody's `==` raised, so it was not what had been there
                changed.append(entry)
                continue
            for index in entry.identical:
                if now[index] is not then[index]:
                    changed.append(entry)
                    break
        return changed


def _may_lie(value: Any) -> bool:
    """Whether something else may be equal to it, and yet make a difference."""
    return not is_a(value, (str, bytes)) and type(value).__eq__ is not _IDENTITY
