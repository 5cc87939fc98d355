"""`collections.defaultdict`: reading a key that is missing makes a value and stores it.

Python does that in C, in three pieces: it looks for the key, calls the factory, stores what that returned. Where the factory
is code in C (`list`, `set`, `int`, a lock), nobody else runs in between, so it is one access, which changes the
dictionary only where the key is missing. What it made was met by nobody yet, and others come to it through the item alone, so
it is met as of the step that stored it.

Where the factory is code of the program, others may run while it does, and may store a value of their own, which is
then lost. So the three pieces are made here, each with its own accesses.
Source: `defdict_missing` in CPython's Modules/_collectionsmodule.c.
"""

from __future__ import annotations

import functools
import types
from typing import Any

from treadle.runtime.instrumentation.containers import ALL, GET, is_own
from treadle.runtime.instrumentation.files import Files
from treadle.runtime.instrumentation.plain import PLAIN, address, is_a
from treadle.runtime.instrumentation.ways import item_key


class Defaults(Files):
    """The hook for an item that may be made by being read."""

    def made_item(self, owner: Any, key: Any) -> Any:
        """`owner[key]` of a `defaultdict`."""
        factory = owner.default_factory
        if factory is None or is_in_c(factory):
            self.before_item(owner, key, "load", "__getitem__")
            found = owner[key]
            if type(found) not in PLAIN and address(found) not in self.things:
                self._meet_made(found)
            return found
        part = item_key(key, self)
        self.access(owner, "load", ALL if part is None else GET, part)
        if key in owner:
            return owner[key]
        made = self.callee(factory)()
        self.set_item(made, owner, key)
        return made

    def _meet_made(self, value: Any) -> None:
        """Meet what the running task's latest step has made, as of that step.

        (If storing it was no step, others come to it by an access that races with the one that stored it, or that is
        ordered after the task's next event: in the first case nothing of this pass counts.)
        """
        self.publish(value)
        thing = self.things.get(address(value))
        if thing is not None and self.events and self.events[-1].task == self.turns.current:
            thing.time = len(self.events) - 1


def is_in_c(factory: Any) -> bool:
    """Whether calling it runs no code of the program."""
    if type(factory) is functools.partial:
        return is_in_c(factory.func)
    if not is_a(factory, type):
        return type(factory) is types.BuiltinFunctionType
    made_by = (factory.__init__, factory.__new__, type(factory).__call__)
    return not any(type(method) is types.FunctionType and is_own(method) for method in made_by)
