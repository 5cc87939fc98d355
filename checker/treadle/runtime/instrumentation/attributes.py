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

An attribute that no instance of its class is given while tasks run is constant (`Sharing.written` has those that are):
reading it costs one look-up. How a type treats a name is found once for each thing, when it is first asked for.
"""

from __future__ import annotations

import functools
import types
import weakref
from typing import TYPE_CHECKING, Any

from treadle.model.operations import READ, WRITE
from treadle.runtime.instrumentation.exceptions import RAISED, TOLD, Belongings
from treadle.runtime.instrumentation.ledger import Ledger
from treadle.runtime.instrumentation.locations import CONTENTS, SHAPE, WHOLE
from treadle.runtime.instrumentation.plain import BUILTIN, LEAVES, PLAIN, PROXIES, address, behind, is_a
from treadle.runtime.instrumentation.ways import under
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
REPLACED = frozenset({"__class__", "__dict__", "__bases__", "__code__", "cell_contents"})
"""Attributes of which a write changes what others mean. Nothing follows that."""
_TOLD = frozenset(
    {"__doc__", "__module__", "__name__", "__qualname__", "__annotations__", "__slots__", "__match_args__"}
)
"""Attributes of classes that the interpreter does not act upon, unlike on special methods."""
INDIRECT = PROXIES | {functools.partial}
"""Plain types whose objects have attributes, their own or another one's."""
_CACHE = "_lru_cache_wrapper"
"""The name of the type of what `functools.lru_cache` makes, which the world makes itself."""


class Attributes(Ledger):
    """The hooks for attributes of anything."""

    def load(self, owner: Any, name: str) -> Any:
        """`owner.name`, which may be written, and is not `__dict__`."""
        if self.crowded:
            thing = self.things.get(address(owner))
            if thing is None and type(owner) not in PLAIN:
                thing = self.meet(owner)
            elif thing is None and type(owner) in INDIRECT:
                thing = self._receiver(owner)
            if thing is not None:
                plan = thing.loads[name]
                if plan is not None and plan.segment < self.base + len(self.events):
                    self.touch(plan)
        return getattr(owner, name)

    def load_any(self, owner: Any, name: str) -> Any:
        """`owner.name`, whatever it is."""
        if name == "__dict__":
            return self.dictionary(owner)
        return self.load(owner, name) if name in self.watched or self.watching else getattr(owner, name)

    def store(self, value: Any, owner: Any, name: str) -> None:
        """`owner.name = value`."""
        self.turns.deeds += 1
        if name in REPLACED and not (name == "__dict__" and self._takes(owner, value)):
            self._replace(owner, name)
        kind = type(value)
        if kind not in LEAVES:
            self.publish(value)
            if kind is BUILTIN:
                value = self.kept(value)
        thing = self.things.get(address(owner))  # as `before_store`, without the call
        if thing is None:
            thing = self._receiver(owner)
        if self.crowded and thing is not None:
            plan = thing.stores[name]
            if plan is not None and plan.segment < self.base + len(self.events):
                self.touch(plan)
        setattr(owner, name, value)

    def _replace(self, owner: Any, name: str) -> None:
        """A write of what decides where attributes are found. Two objects may have one dictionary for good."""
        if self.crowded or name == "__dict__":
            self.incomplete(f"{name} of {type(owner).__name__} is replaced")

    def _takes(self, owner: Any, value: Any) -> bool:
        """Whether an object that nobody else has is given a dictionary that nobody else has: as `copied.__dict__ = one.__dict__.copy()`.

        It is another way to the object's attributes from then on. Who has it was met, or is its maker, who may still give
        it to another object: it will have been met by then.
        """
        alone = not self.crowded or address(owner) not in self.things
        if not alone or type(value) is not dict or address(value) in self.things:
            return False
        thing = self.meet(owner)
        if thing is not None and thing.is_namespace:
            self.alias(value, thing)
            self.expose(thing)
        return thing is not None

    def kept(self, method: Any) -> Any:
        """A function in C that is kept for later: a container's own method goes on making accesses."""
        raise NotImplementedError

    def delete(self, owner: Any, name: str) -> None:
        """`del owner.name`."""
        self.before_store(owner, name)
        delattr(owner, name)

    def before_store(self, owner: Any, name: str) -> None:
        """The step before a write of an attribute. Whoever writes first has met the owner, in quiet times too."""
        self.turns.deeds += 1
        if name in REPLACED:
            self._replace(owner, name)
        thing = self.things.get(address(owner))
        if thing is None:
            thing = self._receiver(owner)
        if self.crowded and thing is not None:
            plan = thing.stores[name]
            if plan is not None and plan.segment < self.base + len(self.events):
                self.touch(plan)

    def _receiver(self, owner: Any) -> Thing | None:
        """The thing of an object whose attribute is touched for the first time, be it plain otherwise.

        What reads some objects of the interpreter is not followed.
        """
        kind = type(owner)
        if kind in PROXIES:
            return self.meet(behind(owner))
        thing = self.meet(owner) if kind not in PLAIN else None
        if kind is functools.partial:
            return self.things.get(address(owner)) or self._met(owner, kind, address(owner))
        if thing is None and self.crowded and (_CACHE in kind.__name__ or (kind in PLAIN and kind.__dictoffset__)):
            self.incomplete(f"an attribute of a {kind.__name__} is written")
        return thing

    def dictionary(self, owner: Any) -> Any:
        """`owner.__dict__`: another way to the same locations, and to all of them at once."""
        thing = self.meet(owner)
        found = owner.__dict__
        shown = under(found)  # of a class there is only a view
        kind = type(shown)
        if (kind is dict or kind is Belongings) and thing is not None and self.things.get(address(shown)) is not thing:
            self.alias(shown, thing)
            if kind is Belongings:
                self.aliases.append(owner)
            if not is_a(owner, (types.ModuleType, type)):
                self.expose(thing)
        return found

    def alias(self, target: Any, thing: Thing) -> None:
        """Another object through which the parts of `thing` are reached; it lives as long as the execution."""
        self.things[address(target)] = thing
        self.aliases.append(target)

    def expose(self, thing: Thing) -> None:
        """Somebody may look at all attributes of this instance: its class is one where writes tell of that."""
        kind = type(target_of(thing))
        if kind.__dictoffset__ or isinstance(getattr(kind, "__slots__", None), tuple):
            self.sharing.learn("exposed", _class_name(kind))

    # What an attribute touches.

    def plan_load(self, thing: Thing, name: str) -> Plan | None:
        """What reading this attribute or variable does; None: nothing."""
        if name in ("__class__", "__dict__"):
            return None
        if name in RAISED:
            self.sharing.learn("written", f"{TOLD}.{name}")
        accesses = list(self.loaded_at(thing, target_of(thing), name))
        return self.plan("load", (thing,), accesses) if accesses else None

    def plan_store(self, thing: Thing, name: str) -> Plan | None:
        """What writing this attribute or variable does; None: nothing."""
        target = target_of(thing)
        self.sharing.learn("written", fact_of(thing, target, name))
        if is_a(target, type):
            self.sharing.learn("assigned", name)
            if self.crowded and name.startswith("__") and name.endswith("__") and name not in _TOLD:
                self.incomplete(f"{name} of class {target.__name__} is replaced")
        elif type(target) is dict and self._is_constant_of(target, name):
            self.incomplete(f"{name} of the module {target['__name__']} is replaced")
        if not _is_variable(target):
            found = _in_classes(type(target), name)
            if _is_data_descriptor(found):
                return None
            if is_a(found, _METHODS):
                self.sharing.learn("hidden", name)
        return self.plan("store", (thing,), list(self.stored_at(thing, target, name)))

    def _is_constant_of(self, namespace: dict[str, Any], name: str) -> bool:
        """Whether code of a module reads this name as a constant, be it built in, or one that only definitions bind."""
        module = str(namespace.get("__name__"))
        return self.crowded and self.namespaces.get(module) is namespace and name in self.constants[module]

    def stored_at(self, thing: Thing, target: Any, name: str) -> Iterator[tuple[Location, str]]:
        """What writing it touches."""
        yield thing.location(name), WRITE
        if _class_name(type(target)) in self.sharing.exposed:
            yield thing.location(WHOLE), READ
            yield thing.location(CONTENTS), UPDATE
            yield thing.location(SHAPE), INSERT

    def loaded_at(self, thing: Thing, target: Any, name: str) -> Iterator[tuple[Location, str]]:
        """What reading it touches."""
        sharing = self.sharing
        exposed = _class_name(type(target)) in sharing.exposed
        assigned = name in sharing.assigned
        if not (exposed or assigned or sharing.everything or fact_of(thing, target, name) in sharing.written):
            return
        if _is_variable(target):
            yield thing.location(name), READ
            if exposed:
                yield thing.location(WHOLE), READ
        elif is_a(target, type):
            yield from self._of_classes(target, name)
        else:
            found = _in_classes(type(target), name)
            if assigned or name in sharing.hidden or not (is_a(found, _METHODS) or _is_data_descriptor(found)):
                yield thing.location(name), READ
                if exposed:
                    yield thing.location(WHOLE), READ
            if assigned:
                yield from self._of_classes(type(target), name)

    def _of_classes(self, cls: type, name: str) -> Iterator[tuple[Location, str]]:
        """Reading `name` through the classes of `cls`; of all of them, because which one has it may change."""
        for base in cls.__mro__:
            thing = self.meet(base)
            if thing is not None:
                yield thing.location(name), READ


def target_of(thing: Thing) -> Any:
    """The object; of an exception that nobody can refer to weakly, its attributes; None for variables of a function."""
    referent = thing.referent
    return referent() if type(referent) is weakref.ref else referent


def _is_variable(target: Any) -> bool:
    """Whether a thing is the globals of a module, the variables of a function, or the attributes of an exception."""
    return target is None or is_a(target, dict)


def fact_of(thing: Thing, target: Any, name: str) -> str:
    """What is learned of an attribute is learned for all instances of its class, and of a variable for all calls."""
    if name in RAISED:
        return f"{TOLD}.{name}"
    return f"{thing.family if _is_variable(target) else _class_name(type(target))}.{name}"


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
