"""Raising, catching and calling methods of exceptions: what these do to attributes that nobody names. See `exceptions`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from treadle.model.operations import WRITE
from treadle.runtime.instrumentation.arrays import Arrays
from treadle.runtime.instrumentation.attributes import fact_of, target_of
from treadle.runtime.instrumentation.containers import ALL, CHANGE
from treadle.runtime.instrumentation.exceptions import GIVEN, RAISED, SAID, SAYING, TOLD
from treadle.runtime.instrumentation.locations import WHOLE
from treadle.runtime.instrumentation.plain import address, attributes_of, is_a
from treadle.runtime.instrumentation.reckoning import ATOMIC

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from treadle.runtime.instrumentation.locations import Location, Thing

_WRITING: dict[str, tuple[str, ...]] = {
    "__init__": SAID,
    "add_note": ("__notes__",),
    "with_traceback": ("__traceback__",),
}
"""By method, the attributes that it writes."""
_READING = frozenset(
    {"__str__", "__repr__", "__format__", "__reduce__", "__reduce_ex__", "split", "subgroup", "derive"}
)


class Raising(Arrays):
    """The hooks for exceptions."""

    def raised(self, value: Any) -> Any:
        """Before something is raised, once somebody looks at what that writes. Returns it.

        What was not met is no other task's.
        """
        thing = self.things.get(address(value)) if self.crowded else None
        if thing is not None and is_a(value, BaseException):
            plan = thing.plans.get(("raise",))
            if plan is None:
                plan = thing.plans["raise",] = self.plan("raise", (thing,), self._written(thing, RAISED))
            self.turns.deeds += 1
            self.touch(plan)
        return value

    def caught(self) -> None:
        """A handler begins, or an exception is raised again: its traceback has grown, or is about to."""
        self.raised(sys.exc_info()[1])

    def _written(self, thing: Thing, names: Iterable[str]) -> Iterator[tuple[Location, str]]:
        """What the interpreter does to attributes of these names; to those that `raise` writes only if somebody looks."""
        target = target_of(thing)
        for name in sorted(names):
            if name not in RAISED:
                self.sharing.learn("written", fact_of(thing, target, name))
                yield from self.stored_at(thing, target, name)
            elif f"{TOLD}.{name}" in self.sharing.written:
                yield thing.location(name), WRITE if self.stepping else ATOMIC

    def accesses(self, thing: Thing, way: str, key: Hashable = None) -> Iterator[tuple[Location, str]]:
        """What a way of touching is, location by location."""
        if way == SAYING:
            for name in SAID:
                yield from self.loaded_at(thing, target_of(thing), name)
        elif way == GIVEN:
            for name in RAISED:
                self.sharing.learn("written", f"{TOLD}.{name}")
            known = {fact.rpartition(".")[::2] for fact in self.sharing.written}
            names = {name for family, name in known if family in (thing.family, TOLD)}
            for name in sorted(names):
                yield thing.location(name), WRITE
        else:
            yield from super().accesses(thing, way, key)

    def call_of_exception(
        self, function: Any, owner: BaseException, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """A method in C of an exception."""
        if name not in _WRITING:
            return self._guarded(name, ALL if name in _READING else CHANGE, (owner, *args), function, args, kwargs)
        for value in args:
            self.publish(value)
        self.turns.deeds += 1
        if name == "add_note" and not kwargs and len(args) == 1 and is_a(args[0], str):
            self._note(owner)
        else:
            thing = self.things.get(address(owner))
            if thing is not None and self.crowded:
                self.touch(self.plan(name, (thing,), self._written(thing, _WRITING[name])))
        return function(*args, **kwargs)

    def _note(self, error: BaseException) -> None:
        """Before a note is added. The list of them is made here, where it is not there yet, so that it is met before the step.

        It may be there when the step is taken; then another step is made, which changes that list as well.
        """
        notes, thing = attributes_of(error).get("__notes__"), self.meet(error)
        made: list[str] = []
        if notes is None:
            self.publish(made)
        while thing is not None and self.crowded:
            accesses = [*self._written(thing, ("__notes__",))]
            known = self.meet(notes)
            if known is not None:
                accesses.append((known.location(WHOLE), WRITE))
            self.touch(self.plan("add_note", (thing,), accesses))
            found = attributes_of(error).get("__notes__")
            if found is notes:
                break
            notes = found
        if thing is not None and notes is None:
            error.__notes__ = made

    def _guarded(
        self,
        label: str,
        way: str,
        handed: tuple[Any, ...],
        function: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        """Touch what is handed over, then call foreign code."""
        raise NotImplementedError
