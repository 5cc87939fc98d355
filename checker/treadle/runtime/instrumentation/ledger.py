"""The ledger: who touched what, and when an access has to be a step.

`touch` is the only door: every hook that reads or writes shared memory plans what it is about to do (see `locations`),
calls `touch` with the plan, and then does the real access at once, with nothing in between. A plan with a location
that is raced for makes a step there, and the real access follows when the step was taken. Every other access is
written down, and compared with what others have done when the execution is over (see `reckoning`).

**Atomic methods.** Where accesses are no steps (granularity `sync`), two accesses that nothing orders are a data race. Not so two
calls of methods that Python documents as safe to be called by several threads (`ways.ATOMS`): they are synchronisation, as a lock
is, and become steps once two tasks are seen to call them. Any other access to the same container stays what it was, and
is a race with them unless something orders it: no read of a list is ordered by an `append`.

**What is known.** While an execution repeats the steps of the last one, it touches what that has touched, in the same order: the
code is the same, and nothing else decides (see `meetings`). That is written down already, and is kept (see `reckoning`). So there
only steps are made, each other plan is looked at once, and only the keys that come and go are noted.

**Quiet times.** While no second task was started, every access is ordered before everything that others will ever do.
So reading costs nothing then, and writing only makes things met.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from treadle.model.operations import READ, WRITE
from treadle.runtime.instrumentation.acquaintance import Acquaintance
from treadle.runtime.instrumentation.locations import WHOLE, Plan
from treadle.runtime.instrumentation.lodgings import Lodgings
from treadle.runtime.instrumentation.order import Order
from treadle.runtime.instrumentation.reckoning import ATOMIC, Reckoning
from treadle.runtime.instrumentation.spent import Spent
from treadle.runtime.turns import LOADING
from treadle.semantics.memory import Default, Load, Store, Touch

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from treadle.model.operations import Operation
    from treadle.runtime.clock import Clock
    from treadle.runtime.instrumentation.locations import Location, Thing
    from treadle.runtime.instrumentation.reckoning import Span
    from treadle.runtime.instrumentation.sharing import Sharing
    from treadle.runtime.names import Names
    from treadle.runtime.turns import Turns
    from treadle.semantics.execution import Execution


class Race(NamedTuple):
    """Two accesses that conflict and are not ordered."""

    location: str
    first: tuple[int, str, str]  # task, mode, place (empty where places were not recorded)
    second: tuple[int, str, str]


class Ledger(Acquaintance):
    """What happened to memory in the current execution. One for each world; `begin` for each execution."""

    def __init__(self, turns: Turns, names: Names, clock: Clock, sharing: Sharing, *, stepping: bool = True) -> None:
        super().__init__(turns, names)
        self.clock = clock
        self.sharing = sharing
        self.stepping = stepping  # raced locations are steps; else races are reported
        self.detailed = False  # marks carry places
        self.order = Order()
        self.events = self.order.events
        self.reckoning = Reckoning(self.order)
        self.inserting: dict[Location, set[int]] = {}  # by keys of a container: the tasks that have put some in or out
        self.base = 0  # the number of the first segment of this execution
        self.known = -1  # what is touched after no more steps than these was touched in the last execution as well
        self.epoch = 0  # the number of this execution
        self.crowded = False  # a second task was started
        self.workers = turns._workers
        self.watched: frozenset[str] = frozenset()  # names of attributes and variables that are not constant
        self.watching = True  # all of them are looked at
        self.reasons: dict[str, None] = {}  # why the verdict is incomplete, in the order of finding
        self.races: dict[str, Race] = {}  # by location
        self.aliases: list[Any] = []  # objects whose addresses stand for things of others
        self.calm: set[Any] = set()  # functions that were not rewritten, need no hook, and change nothing unseen
        self._lapped = 0  # so many events there were
        self._laps = 0  # so many turns of loops since then, or since the execution began
        self._managers: dict[type, bool] = {}  # by type: whether entering and leaving it is seen
        self._operations: dict[Hashable, Operation] = {}
        self.closely = False  # what is read and is no step is gathered: some loop goes round in vain
        self.attentive = False  # something is written down besides what was touched
        self._looked: dict[int, dict[Plan, int]] = {}  # by task: what it looked at, and in which turn
        self.lodgings = Lodgings()
        self.spent = Spent()
        self.deep: dict[Hashable, Plan] = {}  # what deep looks do, by label, way and things

    def begin(self, execution: Execution) -> None:
        """An execution starts; its strategy has begun it."""
        self.end()
        self.base += max(len(self.events), self.known) + 1
        self.epoch += 1
        self.order.begin(execution)
        self.events = execution.events
        self._meetings.begin()
        known = self.reckoning.begin(execution.script)
        self.inserting.clear()
        self.races.clear()
        self.watched = self.sharing.watched()
        self.watching = self.sharing.everything or bool(self.sharing.exposed)
        self.closely = bool(self.sharing.idle)
        self.attentive = self.closely or self.detailed
        self.known = -1 if self.attentive else known
        self._looked.clear()
        self.lodgings.begin()
        self.spent.begin()
        self._lapped = self._laps = 0

    def renew(self) -> None:
        """Another pass begins: what is a step is not what it was."""
        self._remembered.clear()
        self._meetings.forget()
        self.reckoning.forget()
        self.deep.clear()
        for thing in self.loaded.values():
            thing.locations.clear()
            thing.plans.clear()
            thing.loads.clear()
            thing.stores.clear()

    def end(self) -> None:
        """The execution is over; let its objects go. Those of modules stay known: what puts them back may be their own code.

        Things outlive it under their names, and must not keep what they stood for: its finalizers would run in the middle
        of the next execution, as steps of that.
        """
        while self.held:
            self.held.pop().referent = None
        self.things.clear()
        self.things.update(self.loaded)
        self.strangers.clear()
        self.aliases.clear()
        self.crowded = False

    def forget(self) -> None:
        """All modules are loaded anew: nothing that was met is there any more."""
        self.loaded.clear()
        self.end()
        self._remembered.clear()
        self._meetings.forget()
        self.reckoning.forget()
        self.deep.clear()
        self.namespaces.clear()
        self.calm.clear()
        self._managers.clear()
        self._kinds.clear()

    def crowd(self) -> None:
        """A second task was started."""
        self.crowded = True

    def expect_company(self) -> None:
        """A task is about to be started, perhaps the second one."""
        if not self.crowded and self.strangers:
            self.recognise([thing.referent for thing in self.strangers])

    def recognise(self, changed: Iterable[Any]) -> None:
        """Code that was not rewritten may have stored things in these: meet them before anybody else does."""
        raise NotImplementedError

    def is_quiet(self) -> bool:
        """Whether nobody else was ever started. Asked while `crowded` is False."""
        return not self.crowded

    # Planning.

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
            elif mode == ATOMIC and location.family in self.sharing.raced:
                steps.append((location.name, WRITE))
                records.append((location, mode))
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

    def defaulted(self, plan: Plan, thing: Thing, key: Hashable) -> Plan:
        """The plan of putting an item that may be there by then: its step finds that out."""
        item, whole = thing.location(key).name, thing.location(WHOLE).name
        operation = plan.operation
        if isinstance(operation, Touch) and any(name == item for name, _ in operation.modes):
            name = (plan.label, operation.modes, item)
            known = self._operations.get(name)
            if known is None:
                known = self._operations[name] = Default(plan.label, operation.modes, item, whole)
            plan.operation = known
        return plan

    # Touching them.

    def touch(self, plan: Plan) -> None:  # noqa: C901 - every access comes here, so that a call more is dear
        """Make the step, if it is one, and write the rest down. The real access must follow at once."""
        turns = self.turns
        current = turns.current
        if current == LOADING or not turns.live:
            return
        operation = plan.operation
        if operation is not None:
            turns.step(operation)
        elif not plan.records:
            return
        number = len(self.events)
        if number <= self.known and not plan.shapes:
            if operation is None:
                plan.segment = self.base + self.known
            return
        for thing in plan.things:
            if current not in thing.trusted:
                self._trust(thing, current)
        if plan.records:
            span = self.reckoning.latest
            if span.number != number:
                span = self.reckoning.span(number, current)
            span.plans.append(plan)
            if plan.shapes or self.attentive:
                self._attend(plan, span, current)
        if operation is None:
            plan.segment = self.base + number
        elif self.closely:
            self.lodgings.look(plan.things, current)

    def _attend(self, plan: Plan, span: Span, current: int) -> None:
        """Write down what is seldom needed."""
        if self.detailed:
            span.places.append(self.names.place())
        if self.closely:
            self._looked.setdefault(current, {})[plan] = self.serial
            self.lodgings.look(plan.things, current)
        for location, mode in plan.shapes:
            if mode == WRITE:
                self.inserting.pop(location, None)
            else:
                self.inserting.setdefault(location, set()).add(current)

    def reckon(self) -> None:
        """The execution is over: compare what was written down."""
        for location, first, second in self.reckoning.races():
            if self.stepping or first[1] == second[1] == ATOMIC:
                self.sharing.learn("raced", location.family)
            elif location.name not in self.races:
                self.races[location.name] = Race(location.name, first, second)

    # What a turn of a loop looked at, and was no step. See `loops`.

    def gather(self) -> int:
        """A turn begins: from now on everything is touched anew, and what is no step is gathered under this number."""
        self.base += 1
        self.serial += 1
        return self.serial

    def gathered(self, since: int) -> list[Location] | None:
        """What the running task has read of older things; None if it has written something after all."""
        found: dict[Location, None] = {}
        current = self.turns.current
        for plan, serial in self._looked.get(current, {}).items():
            if serial >= since:
                for location, mode in plan.records:
                    if mode != READ:
                        if location.thing.is_gone():
                            continue  # it makes no difference any more: see `spent`
                        return None
                    if location.thing.met < since or location.thing.task != current:
                        found[location] = None
        return list(found)

    def overlook(self, queue: Thing, label: str) -> None:
        """What the running task has just done to this queue counts elsewhere, if it counts. See `lodgings`."""
        looked = self._looked.get(self.turns.current, {})
        for plan in [plan for plan in looked if plan.label == label and plan.things == (queue,)]:
            del looked[plan]

    def _trust(self, thing: Thing, current: int) -> None:
        """The name of a thing holds for a task if the first meeting is ordered before what the task does."""
        if thing.task in (current, LOADING) or self.order.before(thing.task, thing.time, current):
            thing.trusted.add(current)
        else:
            self._unstable(thing)

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
