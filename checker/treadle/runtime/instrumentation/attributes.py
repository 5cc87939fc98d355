"""Attributes: which locations reading or writing one touches.

Python looks an attribute up in the classes of the instance's type, in order, and in the instance itself. What is
touched depends on what the class says about the name:

- nothing, or a slot: the instance's own location;
- a function, or anything else that makes a method: the code of a program, not its data. No access, unless some
  instance hides it (`Sharing.hidden`) or some class is given another one while tasks run (`Sharing.assigned`);
- a property, or any descriptor with a setter: its getter is code of the program, which makes its own accesses;
- any other value: the instance's own location, since it would be found first; and the classes', if they are written.

A class is an instance too: `C.count += 1` reads and writes the location of `C`, and an instance that reads `count`
through its class reads it too. A module's attributes are the locations of its globals. A `__getattr__` or
`__getattribute__` of the program is code that makes its own accesses.

How a type treats a name is found once for each thing, when it is first asked for, and forgotten with it.
"""

from __future__ import annotations

import types
import weakref
from typing import TYPE_CHECKING, Any

from treadle.model.operations import READ, WRITE
from treadle.runtime.instrumentation.ledger import Ledger
from treadle.runtime.instrumentation.locations import CONTENTS, SHAPE, WHOLE
from treadle.runtime.instrumentation.plain import PLAIN
from treadle.semantics.memory import INSERT, UPDATE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treadle.runtime.instrumentation.locations import Location, Plan, Thing

_METHODS = (
    types.FunctionType,
    staticmethod,
    classmethod,
    types.BuiltinFunctionType,
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
    types.ClassMethodDescriptorType,
)
_NOTHING = object()


class Attributes(Ledger):
    """The hooks for attributes of anything."""

    def load(self, owner: Any, name: str) -> Any:
        """`owner.name`."""
        if self.crowded or not self.is_quiet():
            thing = self.things.get(id(owner))
            if thing is None and type(owner) not in PLAIN:
                thing = self.meet(owner)
            if thing is not None:
                plan = thing.loads[name]
                if plan is not None and plan.segment != self.base + len(self.events):
                    self.touch(plan)
        if name == "__dict__":
            return self.dictionary(owner)
        return getattr(owner, name)

    def store(self, value: Any, owner: Any, name: str) -> None:
        """`owner.name = value`."""
        self.publish(value)
        self.before_store(owner, name)
        setattr(owner, name, value)

    def delete(self, owner: Any, name: str) -> None:
        """`del owner.name`."""
        self.before_store(owner, name)
        delattr(owner, name)

    def before_store(self, owner: Any, name: str) -> None:
        """The step before a write of an attribute."""
        thing = self.things.get(id(owner))
        if thing is None and type(owner) not in PLAIN:
            thing = self.meet(owner)
        if thing is not None and (self.crowded or not self.is_quiet()):
            plan = thing.stores[name]
            if plan is not None and plan.segment != self.base + len(self.events):
                self.touch(plan)

    def dictionary(self, owner: Any) -> Any:
        """`owner.__dict__`: another way to the same locations, and to all of them at once."""
        found = owner.__dict__
        thing = self.meet(owner)
        if type(found) is dict and thing is not None and self.things.get(id(found)) is not thing:
            self.alias(found, thing)
            if not isinstance(owner, types.ModuleType):
                self.expose(thing)
        return found

    def alias(self, target: Any, thing: Thing) -> None:
        """Another object through which the parts of `thing` are reached; it lives as long as the execution."""
        self.things[id(target)] = thing
        self.aliases.append(target)

    def expose(self, thing: Thing) -> None:
        """Somebody may look at all attributes of this instance: its class is one where writes tell of that."""
        kind = type(_target(thing))
        if kind.__dictoffset__ or isinstance(getattr(kind, "__slots__", None), tuple):
            self.sharing.learn("exposed", _class_name(kind))

    # What an attribute touches.

    def plan_load(self, thing: Thing, name: str) -> Plan | None:
        """What reading this attribute does; None: nothing."""
        if name in ("__class__", "__dict__"):
            return None
        accesses = list(self._loaded(thing, _target(thing), name))
        return self.plan("load", (thing,), accesses) if accesses else None

    def plan_store(self, thing: Thing, name: str) -> Plan | None:
        """What writing this attribute does; None: nothing."""
        target = _target(thing)
        if isinstance(target, dict):  # a module's globals
            return self.plan("store", (thing,), [(thing.location(name), WRITE)])
        if isinstance(target, type):
            self.sharing.learn("assigned", name)
        found = _in_classes(type(target), name)
        if _is_data_descriptor(found):
            return None
        if isinstance(found, _METHODS):
            self.sharing.learn("hidden", name)
        return self.plan("store", (thing,), list(self._stored(thing, target, name)))

    def _stored(self, thing: Thing, target: Any, name: str) -> Iterator[tuple[Location, str]]:
        yield thing.location(name), WRITE
        if _class_name(type(target)) in self.sharing.exposed:
            yield thing.location(WHOLE), READ
            yield thing.location(CONTENTS), UPDATE
            yield thing.location(SHAPE), INSERT

    def _loaded(self, thing: Thing, target: Any, name: str) -> Iterator[tuple[Location, str]]:
        if isinstance(target, dict):  # a module's globals
            yield thing.location(name), READ
        elif isinstance(target, type):
            yield from self._of_classes(target, name, always=True)
        else:
            found = _in_classes(type(target), name)
            assigned = name in self.sharing.assigned
            if _is_data_descriptor(found) and not assigned:
                return
            if not isinstance(found, _METHODS) or assigned or name in self.sharing.hidden:
                yield thing.location(name), READ
                if _class_name(type(target)) in self.sharing.exposed:
                    yield thing.location(WHOLE), READ
            if assigned:
                yield from self._of_classes(type(target), name, always=False)

    def _of_classes(self, cls: type, name: str, *, always: bool) -> Iterator[tuple[Location, str]]:
        """Reading `name` through the classes of `cls`."""
        written = name in self.sharing.assigned
        if not written and (not always or isinstance(_in_classes(cls, name), _METHODS)):
            return
        # All of them: which one has the name may differ in another execution, and the plan is kept for that.
        for base in cls.__mro__:
            thing = self.meet(base)
            if thing is not None:
                yield thing.location(name), READ


def _target(thing: Thing) -> Any:
    referent = thing.referent
    return referent() if type(referent) is weakref.ref else referent


def _class_name(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"


def _in_classes(cls: type, name: str) -> Any:
    for base in cls.__mro__:
        found = vars(base).get(name, _NOTHING)
        if found is not _NOTHING:
            return found
    return _NOTHING


def _is_data_descriptor(found: Any) -> bool:
    """Whether it decides alone, by code of the program: a property, or a class with a setter. A slot is data."""
    kind = type(found)
    if found is _NOTHING or kind is types.MemberDescriptorType:
        return False
    return kind is not types.GetSetDescriptorType and hasattr(kind, "__set__")
