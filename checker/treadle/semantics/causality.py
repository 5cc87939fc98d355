"""Who did happen before whom: the causal past of each event, and the history of each object.

The history of an object is the list of its accesses, latest last. Neighbours that commute form a *run*; because
modes that differ always conflict, every access of a run is ordered after all accesses of the run before it, and so
after all older runs. So the past of a new event is the join, over its accesses, of one number: the joined past of the
last run that it conflicts with. No scan of the history is needed, and removing the last event is a pop.

Event digests name events independently of the order of execution: they are equal for the same event of two equivalent
executions, and (but for a collision of 64 bits) of no others. The digest of an execution is that of its trace. They are
computed when they are asked for, which only an audit does.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from treadle.model.operations import WRITE, become

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from treadle.model.operations import Accesses, Change, Look
    from treadle.model.trace import Event

_MASK = (1 << 61) - 1


class Visit:
    """One access in the history of its object."""

    __slots__ = ("after", "base_digest", "base_past", "change", "event", "mode", "run_digest", "run_past")

    event: Event
    mode: Hashable
    change: Change | None
    after: Any  # the state of the object after it
    base_past: int  # joined past of all events of the runs before this one
    base_digest: int  # sum of the digests of the run before this one
    run_past: int  # joined past of this run up to and including this visit, older runs included
    run_digest: int  # sum of the digests of this run up to and including this visit


class Causality:
    """The causal order of the execution that is being explored. Grows by `add`, shrinks by `truncate`."""

    __slots__ = ("_digested", "events", "histories", "initial", "steps")

    events: list[Event]  # the execution
    histories: dict[str, list[Visit]]  # by object
    initial: dict[str, Any]  # states of objects
    steps: dict[int, list[int]]  # by task: the positions of its events
    _digested: int  # so many events from the first one on have their digests

    def __init__(self) -> None:
        self.events = []
        self.histories = defaultdict(list)
        self.steps = defaultdict(list)
        self._digested = 0
        self.initial = {}

    def begin(self, initial: dict[str, Any]) -> None:
        """Remember the states in which the objects of an execution start."""
        self.initial = initial

    def add(self, event: Event) -> bool:
        """Fill in the causal fields of the next event of the execution, and append it.

        Whether what it touches orders it after more than its task had in its past: else it races with nothing.
        """
        task, position = event.task, event.position
        events, own = self.events, self.steps[task]
        if own:
            event.previous = previous = events[own[-1]]
            own_past = previous.past | 1 << position
        else:
            event.previous = None
            own_past = 1 << position
        if len(event.accesses) == 1:  # nearly always
            ((name, mode, change),) = event.accesses
            history = self.histories[name]
            visit = Visit()
            visit.event = event
            visit.mode = mode
            visit.change = change
            if history:
                latest = history[-1]
                visit.base_past = base = latest.base_past if mode == latest.mode and mode != WRITE else latest.run_past
                event.past = past = own_past | base
                visit.run_past = latest.run_past | past
                state = latest.after
            else:
                visit.base_past = 0
                event.past = visit.run_past = past = own_past
                state = self.initial.get(name)
            if change is not None:
                state = change[1] if change[0] is become else change[0](state, change[1])
            visit.after = state
            event.indexes = (len(history),)
            history.append(visit)
        else:
            past = self._add_several(event, own_past)
        own.append(position)
        events.append(event)
        return past != own_past

    def last(self, task: int) -> Event | None:
        """The last event of the task; None if it has none."""
        own = self.steps[task]
        return self.events[own[-1]] if own else None

    def _add_several(self, event: Event, past: int) -> int:
        """The same for any number of accesses: the past is known when all of them have been looked at. Returns it."""
        histories = self.histories
        visits: list[Visit] = []
        indexes: list[int] = []
        for name, mode, change in event.accesses:
            history = histories[name]
            visit = Visit()
            visit.event = event
            visit.mode = mode
            visit.change = change
            if history:
                latest = history[-1]
                commutes = mode == latest.mode and mode != WRITE
                visit.base_past = base = latest.base_past if commutes else latest.run_past
                visit.run_past = latest.run_past
                past |= base
                state = latest.after
            else:
                visit.base_past = visit.run_past = 0
                state = self.initial.get(name)
            visit.after = change[0](state, change[1]) if change is not None else state
            indexes.append(len(history))
            history.append(visit)
            visits.append(visit)
        event.past = past
        event.indexes = tuple(indexes)
        for visit in visits:
            visit.run_past |= past
        return past

    def truncate(self, length: int) -> None:
        """Forget all events from position `length` on."""
        events, histories, steps = self.events, self.histories, self.steps
        self._digested = min(self._digested, length)
        for event in events[length:]:
            for access in event.accesses:
                histories[access[0]].pop()
            steps[event.task].pop()
        del events[length:]

    def digest(self) -> int:
        """Names the trace of the execution: equal for equivalent executions."""
        for event in self.events[self._digested :]:
            self._digest(event)
        self._digested = len(self.events)
        return hash(tuple(sorted((task, self.events[own[-1]].digest) for task, own in self.steps.items() if own)))

    def _digest(self, event: Event) -> None:
        """Fill in the digest of an event, and what the later ones of its objects need of it."""
        preceding = event.previous.digest if event.previous is not None else event.task + 1
        digest = hash((preceding, event.alternative, event.operation.kind))
        if len(event.accesses) == 1:  # nearly always
            ((name, mode, _),), (index,) = event.accesses, event.indexes
            history = self.histories[name]
            visit = history[index]
            earlier = 0
            visit.base_digest = 0
            if index:
                latest = history[index - 1]
                if mode == latest.mode and mode != WRITE:
                    visit.base_digest, earlier = latest.base_digest, latest.run_digest
                else:
                    visit.base_digest = latest.run_digest
            event.digest = digest = hash((digest, name, mode, visit.base_digest)) & _MASK
            visit.run_digest = earlier + digest
            return
        visits = [
            self.histories[name][index] for (name, _, _), index in zip(event.accesses, event.indexes, strict=True)
        ]
        for (name, mode, _), index, visit in zip(event.accesses, event.indexes, visits, strict=True):
            if index == 0:
                visit.base_digest = visit.run_digest = 0
            else:
                latest = self.histories[name][index - 1]
                commutes = mode == latest.mode and mode != WRITE
                visit.base_digest = latest.base_digest if commutes else latest.run_digest
                visit.run_digest = latest.run_digest if commutes else 0
            digest = hash((digest, name, mode, visit.base_digest))
        event.digest = digest = digest & _MASK
        for visit in visits:
            visit.run_digest += digest

    def without(self, event: Event, left_out: int) -> Look:
        """The states of the objects after all that happened but for some events and what happens after any of them.

        `left_out` is the set of their positions, and `event` the oldest. This is the state after the prefix before
        `event`, followed by everything later that is not ordered after them: a possible execution, because what was left
        out happens before nothing that is in it.
        """
        position = event.position
        initial, histories = self.initial, self.histories

        def look(name: str) -> Any:
            history = histories.get(name)
            if not history:
                return initial.get(name)
            for (touched, mode, _), index in zip(event.accesses, event.indexes):  # noqa: B905 - as long as each other
                # What the event writes conflicts with everything later that touches it, so all of that is left out.
                if touched == name and mode == WRITE:
                    return history[index - 1].after if index else initial.get(name)
            start = len(history) - 1
            while start >= 0 and history[start].event.position >= position:
                start -= 1
            state = history[start].after if start >= 0 else initial.get(name)
            for visit in history[start + 1 :]:
                change = visit.change
                if change is not None and not visit.event.past & left_out:
                    state = change[0](state, change[1])
            return state

        return look

    def _validate(self) -> None:
        """Check every invariant; tests call it at each step."""
        for position, event in enumerate(self.events):
            assert event.position == position, (event, position)
            assert event.past >> position == 1, event
            names = [name for name, _, _ in event.accesses]
            assert len(set(names)) == len(names), f"an object twice in one step: {names}"
            for (name, mode, _), index in zip(event.accesses, event.indexes, strict=True):
                visit = self.histories[name][index]
                assert visit.event is event, (visit.event, event)
                assert visit.mode == mode, (visit.mode, mode)
        total = sum(len(event.accesses) for event in self.events)
        assert total == sum(map(len, self.histories.values())), "a visit without its event"


class Rivals:
    """The events that conflict with a step and are not ordered before it through something else, latest first.

    `shadow` is the set of positions that are ordered before the step through something else. Whoever iterates may add
    to it on the way; what lies in it is passed over. An event that shares several objects with the step comes once.
    """

    __slots__ = ("_ends", "_histories", "_modes", "shadow")

    shadow: int
    _histories: list[list[Visit]]  # of each object that the step touches
    _modes: list[Hashable]  # how it touches it
    _ends: list[int]  # so many visits of each are left to look at

    def __init__(self, causality: Causality, accesses: Accesses, ends: Iterable[int], shadow: int) -> None:
        self.shadow = shadow
        histories = causality.histories
        if len(accesses) == 1:  # nearly always
            self._histories = [histories.get(accesses[0][0], [])]
            self._modes = [accesses[0][1]]
        else:
            self._histories = [histories.get(name, []) for name, _, _ in accesses]
            self._modes = [mode for _, mode, _ in accesses]
        self._ends = [*ends]

    def __iter__(self) -> Iterator[Event]:
        return self._of_one() if len(self._histories) == 1 else self._of_several()

    def _of_one(self) -> Iterator[Event]:
        """The events where the step touches one object only, as nearly all do."""
        history, mode, end = self._histories[0], self._modes[0], self._ends[0]
        while end:
            visit = history[end - 1]
            if not visit.run_past & ~self.shadow:
                return  # neither it nor anything older of this object is outside the shadow
            end -= 1
            if (visit.mode != mode or mode == WRITE) and not self.shadow >> visit.event.position & 1:
                yield visit.event

    def _of_several(self) -> Iterator[Event]:
        last = -1
        while True:
            latest, chosen = None, -1
            for k, history in enumerate(self._histories):
                end = self._ends[k] = self._next(history, self._modes[k], self._ends[k])
                if end and (latest is None or history[end - 1].event.position > latest.position):
                    latest, chosen = history[end - 1].event, k
            if latest is None:
                return
            self._ends[chosen] -= 1
            if latest.position != last:
                last = latest.position
                yield latest

    def _next(self, history: list[Visit], mode: Hashable, end: int) -> int:
        """Behind the youngest visit before `end` that conflicts and is not in the shadow; 0 if there is none."""
        shadow = self.shadow
        while end:
            visit = history[end - 1]
            if not visit.run_past & ~shadow:
                return 0  # neither it nor anything older of this object is outside the shadow
            if (visit.mode != mode or mode == WRITE) and not shadow >> visit.event.position & 1:
                return end
            end -= 1
        return 0
