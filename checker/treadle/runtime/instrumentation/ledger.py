"""The ledger: which things were met, who touched what, and when an access has to be a step.

`touch` is the only door: every hook that reads or writes shared memory plans what it is about to do (see `locations`),
calls `touch` with the plan, and then does the real access at once, with nothing in between. A plan with a location
that is raced for makes a step there, and the real access follows when the step was taken. Every other access is
recorded, and compared with what others have recorded.

**Names.** A thing is named by the task that meets it first, the line where, and a counter there. The same thing must
have the same name in every execution of the same trace, so the meeting must be ordered before every access by another
task. It is, because a thing is met at the latest when it is *published*: stored into an attribute, an item, a global or
captured variable, or handed to foreign code; and before that only its creator can reach it. What is published makes
everything met that can be reached through it. Should a thing come to a task in a way that was not seen, so that two
tasks meet it in no order, that is found here (its first meeting is not ordered before the access), and the verdict is
incomplete and says where.

**Quiet times.** While no second task was started, every access is ordered before everything that others will ever do.
So reading costs nothing then, and writing only makes things met.

A thing is held by a weak reference where its type allows one, so that it dies when it should; a list or a dictionary
has none, and what only a list refers to lives until the execution ends.
"""

from __future__ import annotations

import sys
import weakref
from functools import partial
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from treadle.model.operations import READ, WRITE
from treadle.runtime.instrumentation.books import NOTHING
from treadle.runtime.instrumentation.injected import GLOBALS
from treadle.runtime.instrumentation.locations import Plan, Planned, Thing
from treadle.runtime.instrumentation.meetings import Meeting, Meetings
from treadle.runtime.instrumentation.order import Order
from treadle.runtime.instrumentation.plain import (
    BEARERS,
    CARRIERS,
    NAMESPACES_OF_MODULES,
    PLAIN,
    address,
    carried,
    is_a,
    variables_of,
)
from treadle.runtime.turns import LOADING
from treadle.semantics.memory import Load, Store, Touch

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from treadle.model.operations import Operation
    from treadle.runtime.instrumentation.locations import Location, Mark
    from treadle.runtime.instrumentation.sharing import Sharing
    from treadle.runtime.names import Names
    from treadle.runtime.turns import Turns


SHARED = -2
"""The owner of a location that several tasks have touched in this execution. (No task has this number.)"""
MANY = 1_000
"""So many types are remembered."""


class Form(NamedTuple):
    """How things of one type are held."""

    is_namespace: bool
    weakly: bool  # they can be weakly referred to
    carries: bool  # something can be reached through them without an attribute


class Race(NamedTuple):
    """Two accesses that conflict and are not ordered."""

    location: str
    first: tuple[int, str, str]  # task, mode, place (empty where places were not recorded)
    second: tuple[int, str, str]


class Ledger:
    """What happened to memory in the current execution. One for each world; `begin` for each execution."""

    _kinds: dict[type, Form | None]  # by type; None: plain

    def __init__(self, turns: Turns, names: Names, sharing: Sharing, *, stepping: bool = True) -> None:
        self.turns = turns
        self.names = names
        self.sharing = sharing
        self.stepping = stepping  # raced locations are steps; else races are reported
        self.detailed = False  # marks carry places
        self.things: dict[int, Thing] = {}
        self.loaded: dict[int, Thing] = {}  # met while modules were loaded
        self.order = Order()
        self.events = self.order.events
        self.base = 0  # the number of the first segment of this execution
        self.epoch = 0  # the number of this execution
        self._remembered: dict[str, Thing] = {}  # by name: of all executions of this pass
        self._meetings = Meetings()
        self.crowded = False  # a second task was started
        self.workers = turns._workers
        self.watched: set[str] = set()  # names of attributes and variables that are not constant
        self.watching = True  # all of them are looked at
        self.reasons: dict[str, None] = {}  # why the verdict is incomplete, in the order of finding
        self.races: dict[str, Race] = {}  # by location
        self.aliases: list[Any] = []  # objects whose addresses stand for things of others
        self._kinds = {}
        self.furniture: dict[int, Any] = {
            address(NOTHING): NOTHING
        }  # by address: objects of the world's own that no program changes
        self.passing: set[Any] = set()  # functions that were not rewritten, and need no hook
        self.namespaces: dict[str, dict[str, Any]] = {}  # the globals of rewritten modules
        self._lapped = self._laps = 0  # in which segment, how many turns of loops
        self._operations: dict[Hashable, Operation] = {}

    def begin(self, events: list[Any]) -> None:
        """An execution starts, whose events will be these."""
        self.end()
        self.things.update(self.loaded)
        self.base += len(self.events) + 1
        self.epoch += 1
        self.order.begin(events)
        self.events = events
        self._meetings.begin()
        self.races.clear()
        self.watched = self.sharing.watched()
        self.watching = self.sharing.everything or bool(self.sharing.exposed)
        if len(self._kinds) > MANY:
            self._kinds.clear()

    def renew(self) -> None:
        """Another pass begins: what is a step is not what it was."""
        self._remembered.clear()
        self._meetings.forget()
        for thing in self.loaded.values():
            thing.locations.clear()
            thing.plans.clear()
            thing.loads.clear()
            thing.stores.clear()

    def end(self) -> None:
        """The execution is over; let its objects go."""
        self.things.clear()
        self.aliases.clear()
        self.crowded = False

    def forget(self) -> None:
        """All modules are loaded anew: nothing that was met is there any more."""
        self.end()
        self.loaded.clear()
        self._remembered.clear()
        self._meetings.forget()
        self.namespaces.clear()
        self.passing.clear()
        self._kinds.clear()

    def furnish(self, *targets: Any) -> None:
        """These are the world's own, and do not change."""
        self.furniture.update({address(target): target for target in targets})

    def crowd(self) -> None:
        """A second task was started."""
        self.crowded = True

    def is_quiet(self) -> bool:
        """Whether nobody else was ever started. Asked while `crowded` is False."""
        return not self.crowded

    # Meeting things.

    def meet(self, target: Any) -> Thing | None:
        """The thing for an object; None if it has no parts that could change, or parts that only one task sees."""
        key = address(target)
        thing = self.things.get(key)
        if thing is not None:
            return thing
        kind = type(target)
        return None if kind in PLAIN else self._met(target, kind, key)

    def _met(self, target: Any, kind: type, key: int) -> Thing | None:
        """The same, for an object that is not plain and has no thing yet."""
        try:
            form = self._kinds[kind]
        except KeyError:
            form = self._kinds[kind] = _form(kind)
        if form is None or key in self.furniture:
            return None
        if kind is ModuleType:
            namespace = address(vars(target))
            return self.things.get(namespace) or self.loaded.get(namespace)
        if is_a(target, type) and target.__module__ in NAMESPACES_OF_MODULES:
            return None
        return self._register(target, kind, key, form)

    def _register(self, target: Any, kind: type, key: int, form: Form) -> Thing:
        is_namespace, weakly, carries = form
        meeting = self._meetings.again(kind, self.events) if self.turns.current != LOADING else None
        if meeting is not None:
            thing = self._met_again(meeting, key, target)
        else:
            defined = self._definition(target)
            thing = self.add(defined or self._name(target), key, target, is_namespace=is_namespace)
            if defined:
                thing.task = LOADING
            self._write_down(kind, thing, counted=not defined)
        if weakly:
            thing.referent = weakref.ref(target, partial(self._gone, key))
        if carries:
            own = kind is FunctionType and GLOBALS in target.__globals__
            for part in variables_of(target) if own else carried(target):
                self.publish(part)
        return thing

    def _met_again(self, meeting: Meeting, key: int, target: Any) -> Thing:
        """The thing, where this execution does what the last one did. See `meetings`."""
        _, _, time, thing, task, counted, so_far = meeting
        if counted is not None:
            self.names.counts[counted] = so_far
        thing.referent = target
        thing.task = task
        thing.time = time
        thing.trusted = {task}
        if key:
            self.things[key] = thing
        return thing

    def _write_down(self, kind: object, thing: Thing, *, counted: bool) -> None:
        if self.turns.current != LOADING:
            events = self.events
            under, count = self.names.latest if counted else (None, 0)
            last = events[-1] if events else None
            self._meetings.write_down(Meeting(kind, last, len(events), thing, thing.task, under, count))

    def _definition(self, target: Any) -> str:
        """The name of a function or class that a module's top level defines: it is the same whoever meets it."""
        if not is_a(target, (type, FunctionType)):
            return ""
        found: Any = self.namespaces.get(target.__module__)
        for part in target.__qualname__.split("."):
            found = (found if is_a(found, dict) else getattr(found, "__dict__", {})).get(part)
        kind = "class" if is_a(target, type) else "function"
        return f"{kind} {target.__module__}.{target.__qualname__}" if found is target else ""

    def add(self, name: str, key: int, referent: Any, *, is_namespace: bool) -> Thing:
        """A new thing under this name, for the object with the address `key`; 0: for none."""
        task = self.turns.current
        thing = self._remembered.get(name)
        if thing is None:
            thing = self._remembered[name] = Thing(name, is_namespace=is_namespace)
            thing.loads = Planned(self.plan_load, thing)
            thing.stores = Planned(self.plan_store, thing)
        thing.referent = referent
        thing.task = task
        thing.time = len(self.events)
        thing.trusted = {task}
        if key:
            self.things[key] = thing
        if task == LOADING:
            self.loaded[key or -len(self.loaded) - 1] = thing
        return thing

    def _name(self, target: Any) -> str:
        kind = type(target).__name__
        if is_a(target, (type, FunctionType)):
            kind = f"{'class' if is_a(target, type) else 'function'} {target.__qualname__}"
        return self.names.new(kind, sys._getframe(2))

    def _gone(self, key: int, reference: object) -> None:
        for things in (self.things, self.loaded):
            thing = things.get(key)
            if thing is not None and thing.referent is reference:
                del things[key]

    def publish(self, value: Any) -> None:
        """Meet everything that becomes reachable when others can reach `value`."""
        kind = type(value)
        if kind not in PLAIN:
            key = address(value)
            if key not in self.things:
                self._met(value, kind, key)
        elif kind in CARRIERS:
            for part in carried(value):
                self.publish(part)

    # Planning: how attributes are found is the business of `attributes`.

    def plan_load(self, thing: Thing, name: str) -> Plan | None:
        """What reading this attribute does."""
        raise NotImplementedError

    def plan_store(self, thing: Thing, name: str) -> Plan | None:
        """What writing this attribute does."""
        raise NotImplementedError

    def plan(self, label: str, things: tuple[Thing, ...], accesses: Iterable[tuple[Location, str]]) -> Plan:
        """A plan of these accesses; locations that are raced for become one step."""
        merged: dict[Location, str] = {}
        for location, mode in accesses:
            known = merged.setdefault(location, mode)
            if known != mode:
                merged[location] = WRITE
        records = []
        steps = []
        for location, mode in merged.items():
            if self.is_step(location):
                steps.append((location.name, mode))
            else:
                records.append((location, mode))
        return Plan(label, things, records, self._operation(label, tuple(steps)) if steps else None)

    def is_step(self, location: Location) -> bool:
        """Whether an access to it is a step."""
        sharing = self.sharing
        return self.stepping and (sharing.everything or location.family in sharing.raced)

    def _operation(self, label: str, steps: tuple[tuple[str, str], ...]) -> Operation:
        """The same object for the same step, in all executions."""
        operation = self._operations.get((label, steps))
        if operation is None:
            operation = self._operations[label, steps] = _operation(label, steps)
        return operation

    # Touching them.

    def touch(self, plan: Plan) -> None:
        """Make the step, if it is one, and record the rest. The real access must follow at once."""
        turns = self.turns
        current = turns.current
        if current == LOADING or not turns.live:
            return
        operation = plan.operation
        if operation is not None:
            turns.step(operation)
            for thing in plan.things:
                if current not in thing.trusted:
                    self._trust(thing, current)
        if plan.records:
            self._record(plan, current)
        if operation is None:
            plan.segment = self.base + len(self.events)

    def _record(self, plan: Plan, current: int) -> None:
        mark = (len(self.events), self.names.place() if self.detailed else "")
        epoch = self.epoch
        for thing in plan.things:
            if current not in thing.trusted:
                self._trust(thing, current)
        for location, mode in plan.records:
            if location.epoch != epoch:
                location.epoch = epoch
                location.owner = current
                location.marks = {mode: {current: mark}}
            elif location.owner != current:
                self._compare(location, mode, current, mark)
            elif mode == WRITE:
                location.marks = {mode: {current: mark}}
            else:
                location.marks[mode] = {current: mark}

    def _trust(self, thing: Thing, current: int) -> None:
        """The name of a thing holds for a task if the first meeting is ordered before what the task does."""
        if thing.task in (current, LOADING) or self.order.before(thing.task, thing.time, current):
            thing.trusted.add(current)
        else:
            self._unstable(thing)

    def _compare(self, location: Location, mode: str, current: int, mark: Mark) -> None:
        """Record an access to what others have touched as well, and compare it with theirs."""
        location.owner = SHARED
        marks = location.marks
        before = self.order.before
        for other, tasks in marks.items():
            if other != mode or mode == WRITE:
                for task, (time, place) in tasks.items():
                    if task != current and not before(task, time, current):
                        self._raced(location, (task, other, place), (current, mode, mark[1]))
        if mode == WRITE:
            location.marks = {mode: {current: mark}}
        elif mode in marks:
            marks[mode][current] = mark
        else:
            marks[mode] = {current: mark}

    def _raced(self, location: Location, first: tuple[int, str, str], second: tuple[int, str, str]) -> None:
        if self.stepping:
            self.sharing.learn("raced", location.family)
        elif location.name not in self.races:
            self.races[location.name] = Race(location.name, first, second)

    # What cannot be followed.

    def _unstable(self, thing: Thing) -> None:
        self.incomplete(f"{thing.name} reached another task in a way that was not seen")

    def unseen(self, what: str) -> bool:
        """Something that cannot be followed is about to happen. True."""
        if self.crowded or not self.is_quiet():
            self.incomplete(what)
        return True

    def incomplete(self, reason: str) -> None:
        """Something that could not be attributed was met, here: no verdict is complete any more."""
        self.reasons[f"{self.names.place()}: {reason}"] = None


def _operation(label: str, steps: tuple[tuple[str, str], ...]) -> Operation:
    if len(steps) == 1 and label in ("load", "store"):
        ((location, mode),) = steps
        if mode in (READ, WRITE):
            return Load(location) if mode == READ else Store(location)
    return Touch(label, steps)


def _form(kind: type) -> Form | None:
    """How things of this type are held; None: it is plain."""
    if any(base.__module__.startswith("treadle.") for base in kind.__mro__):
        return None  # the world's own objects: they make their own steps
    weakly = kind.__weakrefoffset__ != 0 or kind is type
    if issubclass(kind, BaseException) and not weakly:
        return None  # would keep its traceback alive, and with it every frame
    contents = (list, dict, set, bytearray)
    carries = kind is FunctionType or issubclass(kind, BEARERS)
    return Form(not issubclass(kind, contents), weakly, carries)
