"""Presence: accesses to one item that do more or less, depending on whether it is there.

`setdefault` puts a key that is not there, and only looks at one that is; `pop(key, None)` and `discard` take away what is there,
and only look where nothing is; `d[key]` of a `defaultdict` puts what it does not find; `d[key] = value` changes the set of
keys only if the key is new. Which of the two it is may change while the task waits for its turn:

- *More may become less.* Who was about to put a key finds that it has come. Where a key is put only if it is not there the
  step itself finds that out, and only reads (`memory.Default`): else everybody who comes too late would conflict with all who
  look. Everywhere else the way is found anew after the step; if something else was done than was announced, another step is
  made, and the first one was one access too many, which is harmless.
- *Less may become more*, while the task waits; and in another place. The search asks what a step would do before an older one
  that it conflicts with. A look that was announced as a look would be one there, too; but the task, run to that place, finds
  no key, and changes the container. It would come to a step that nobody has planned: one that conflicts with more, and
  that may have to wait for its turn among interchangeable tasks (`semantics.symmetry`). So who has nothing to do announces
  what it would do otherwise, and the versions of the item and of the whole that it saw; the step only reads exactly while
  those are the versions. Where an item is no step there are no versions, and nothing need be known: no two accesses to it
  conflict that something else does not order, so no reversal moves one of them.

Locations beside the item (`SHAPE`, `CONTENTS`) that are no steps are written down as touched only if they were: two looks are no
data race. They are known when the step was taken.

Law: tests/laws/test_accesses.py and tests/laws/test_twins.py, against every interleaving.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from treadle.model.operations import READ
from treadle.runtime.instrumentation.containers import DEFAULT, GET, PUT, SET, Containers
from treadle.runtime.instrumentation.locations import WHOLE, Plan
from treadle.runtime.instrumentation.plain import address, is_a
from treadle.semantics.memory import Default

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from treadle.runtime.instrumentation.locations import Thing

REMOVE = "remove"
IDLE = "idle"
"""Among the plans of a thing: of a task that finds nothing to do."""


class Presence(Containers):
    """The hooks for what depends on whether a key is there, and for what may have moved."""

    def settle(self, owner: Any, label: str, way: str, key: Any, part: Hashable) -> None:
        """Touch one key of a dictionary or set, as it is when the step is taken."""
        now = keyed_way(owner, key, way)
        while True:
            before = len(self.events)
            idle = now == GET and self._finds_idle(owner, label, way, part)
            if not idle:
                self.access(owner, label, now, part)
            if len(self.events) == before:
                return
            found = keyed_way(owner, key, way)
            if idle:
                if found != GET and self._has_changed():
                    self._write_change_down(owner, label, found, part)
                elif found != GET:
                    now = PUT
                    continue
                return
            if now == DEFAULT:
                if found == GET or self._has_changed():
                    return
                now = PUT
            elif found == now or (found == DEFAULT and now == PUT):
                return
            else:
                now = found

    def settle_index(self, owner: Any, label: str, find: Callable[[], tuple[str, int]]) -> None:
        """Touch the item of a list that `find` gives, found anew if others ran meanwhile."""
        way, index = find()
        while True:
            before = len(self.events)
            self.access(owner, label, way, index)
            if len(self.events) == before:
                return
            found = find()
            if found == (way, index):
                return
            way, index = found

    def _finds_idle(self, owner: Any, label: str, way: str, part: Hashable) -> bool:
        """Make the step of a task that finds nothing to do; False if there is no such step."""
        thing = self.things.get(address(owner)) or self.meet(owner) if self.crowded else None
        if thing is None:
            return False
        plan = thing.plans.get((label, IDLE, way, part))
        if plan is None:
            plan = thing.plans[label, IDLE, way, part] = self._plan_idle(thing, label, way, part)
        operation = plan.operation
        if type(operation) is not Default:
            return False
        seen = operation.states(self.turns.execution.state.get)
        if operation.seen is None or operation.seen[0] is not seen[0] or operation.seen[1] is not seen[1]:
            plan.operation = operation.seeing(*seen)
        self.touch(plan)
        return True

    def _plan_idle(self, thing: Thing, label: str, way: str, part: Hashable) -> Plan:
        """What is written down is what a look touches; the step, if the item is one, is what there might be to do."""
        looked = self.planned(thing, label, GET, part)
        more = self.planned(thing, label, DEFAULT if way == DEFAULT else PUT, part)
        modes = more.operation.attempt(0) if more.operation is not None else ()
        item, whole = thing.location(part).name, thing.location(WHOLE).name
        if item not in [name for name, _, _ in modes]:
            return looked
        steps = tuple([(name, str(mode)) for name, mode, _ in modes])
        return Plan(label, (thing,), looked.records, Default(label, steps, item, whole, puts=way != REMOVE))

    def _write_change_down(self, owner: Any, label: str, way: str, part: Hashable) -> None:
        """There was something to do after all: what was touched beside the item, and is no step, was changed."""
        self.turns.deeds += 1
        thing = self.things.get(address(owner)) or self.meet(owner)
        if thing is not None:
            self.touch(Plan(label, (thing,), self.planned(thing, label, way, part).records, None))

    def _has_changed(self) -> bool:
        """Whether the last step, which may have found nothing to do, has found something, as far as the search knows."""
        event = self.events[-1]
        operation = getattr(event.operation, "operation", event.operation)
        return not isinstance(operation, Default) or (operation.item, READ) not in [each[:2] for each in event.accesses]


def keyed_way(owner: Any, key: Any, way: str) -> str:
    """What is done to one key of a dictionary or set, as it is now."""
    there = set.__contains__(owner, key) if is_a(owner, set) else dict.__contains__(owner, key)
    if way == GET:
        return GET if there else PUT
    if way == DEFAULT:
        return GET if there else DEFAULT
    if way == REMOVE:
        return PUT if there else GET
    return SET if there else PUT
