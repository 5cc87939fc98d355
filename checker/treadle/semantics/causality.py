"""Who did happen before whom: the causal past of each event, and the history of each object.

The history of an object is the list of its accesses, latest last. Neighbours that commute form a *run*; because
modes that differ always conflict, every access of a run is ordered after all accesses of the run before it, and so
after all older runs. So the past of a new event is the join, over its accesses, of one number: the joined past of the
last run that it conflicts with. No scan of the history is needed, and removing the last event is a pop.

*In one go.* While an execution runs, nobody asks what was ordered before what. So its events are added when it is over
(or when somebody asks after all), many at once: one loop, instead of a call for each step.

Event digests name events independently of the order of execution: they are equal for the same event of two equivalent
executions, and (but for a collision of 64 bits) of no others. The digest of an execution is that of its trace. They are
computed when they are asked for, which only an audit does.
"""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from treadle.model.operations import ONE, WRITE, become

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from treadle.model.operations import Accesses, Change, Look
    from treadle.model.trace import Event

    Visit = tuple[Event, Hashable, Change | None, Any, int, int]

_MASK = (1 << 61) - 1

EVENT: Final = 0
MODE: Final = 1
AFTER: Final = 3
"""A *visit* is one access in the history of its object. It is a plain tuple, since each access of each step makes one:

- the event, the mode of the access, and its change;
- the state of the object after it;
- the joined past of all events of the runs before its own;
- the joined past of its run up to and including this visit, older runs included.
"""


class Causality:
    """The causal order of the execution that is being explored. Grows by `extend`, shrinks by `truncate`."""

    __slots__ = ("_digested", "_sums", "events", "histories", "initial", "steps")

    events: list[Event]  # the execution
    histories: dict[str, list[Visit]]  # by object
    initial: dict[str, Any]  # states of objects
    steps: dict[int, list[int]]  # by task: the positions of its events
    _digested: int  # so many events from the first one on have their digests
    _sums: dict[str, list[tuple[int, int]]]  # for each visit of each object: the sums of the digests of the run before
    # its own, and of its own up to and including it; what is behind those that have their digests means nothing

    def __init__(self) -> None:
        self.events = []
        self.histories = defaultdict(list)
        self.steps = defaultdict(list)
        self.initial = {}
        self._digested = 0
        self._sums = defaultdict(list)

    def begin(self, initial: dict[str, Any]) -> None:
        """Remember the states in which the objects of an execution start."""
        self.initial = initial

    def add(self, event: Event) -> None:
        """Fill in the causal fields of the next event of the execution, and append it."""
        for _ in self.extend((event,)):
            pass

    def extend(self, new: Iterable[Event]) -> Iterator[Event]:
        """Append the next events of the execution, and fill in their causal fields, one after the other.

        Gives each event that may go otherwise, before those that follow are in any history: what it touches orders it
        after more than its task had in its past (else it races with nothing), or it may have other alternatives. To be
        gone through to its end.
        """
        events, histories, steps, initial = self.events, self.histories, self.steps, self.initial
        first = len(events)
        events += new
        for event in events[first:]:
            position, own, accesses = event.position, steps[event.task], event.accesses
            if own:
                event.previous = previous = events[own[-1]]
                before = previous.past | 1 << position
            else:
                event.previous = None
                before = 1 << position
            own.append(position)
            if len(accesses) == 1:  # nearly always
                ((name, mode, change),) = accesses
                history = histories[name]
                if history:
                    _, last, _, state, base, run = history[-1]
                    if mode == WRITE or mode != last:
                        base = run
                    event.past = past = before | base
                    run |= past
                else:
                    state, base = initial.get(name), 0
                    event.past = past = run = before
                if change is not None:
                    state = change[1] if change[0] is become else change[0](state, change[1])
                event.indexes = (len(history),)
                history.append((event, mode, change, state, base, run))
            else:
                past = self._touch(event, before)
            if past != before or event.alternatives is not ONE:
                yield event

    def _touch(self, event: Event, past: int) -> int:
        """The same for any number of accesses: the past is known when all of them have been looked at. Returns it."""
        visits = []
        for name, mode, change in event.accesses:
            history = self.histories[name]
            base = run = 0
            if history:
                _, last, _, state, base, run = history[-1]
                if mode == WRITE or mode != last:
                    base = run
                past |= base
            else:
                state = self.initial.get(name)
            if change is not None:
                state = change[0](state, change[1])
            visits.append((history, mode, change, state, base, run))
        event.past = past
        event.indexes = tuple([len(history) for history, *_ in visits])
        for history, mode, change, state, base, run in visits:
            history.append((event, mode, change, state, base, run | past))
        return past

    def last(self, task: int) -> Event | None:
        """The last event of the task; None if it has none."""
        own = self.steps[task]
        return self.events[own[-1]] if own else None

    def truncate(self, length: int) -> None:
        """Forget all events from position `length` on."""
        self._digested = min(self._digested, length)
        events, histories, steps = self.events, self.histories, self.steps
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
        added = []
        for (name, mode, _), index in zip(event.accesses, event.indexes, strict=True):
            sums = self._sums[name]
            del sums[index:]
            base = run = 0
            if index:
                base, run = sums[-1]
                if mode == WRITE or mode != self.histories[name][index - 1][MODE]:
                    base, run = run, 0
            digest = hash((digest, name, mode, base))
            added.append((sums, base, run))
        event.digest = digest = digest & _MASK
        for sums, base, run in added:
            sums.append((base, run + digest))

    def without(self, event: Event, left_out: int) -> Look:
        """The states of the objects after all that happened but for some events and what happens after any of them.

        `left_out` is the set of their positions, and `event` the oldest. This is the state after the prefix before
        `event`, followed by everything later that is not ordered after them: a possible execution, because what was left
        out happens before nothing that is in it.
        """
        if len(event.accesses) == 1:  # nearly always
            ((name, mode, _),) = event.accesses
            if mode == WRITE:
                # What it writes conflicts with everything later that touches it, so all of that is left out.
                index = event.indexes[0]
                state = self.histories[name][index - 1][AFTER] if index else self.initial.get(name)
                return lambda asked: state if asked == name else self._state_without(event, left_out, asked)
        return partial(self._state_without, event, left_out)

    def _state_without(self, event: Event, left_out: int, name: str) -> Any:
        history = self.histories.get(name)
        if not history:
            return self.initial.get(name)
        for (touched, mode, _), index in zip(event.accesses, event.indexes):  # noqa: B905 - as long as each other
            if touched == name and mode == WRITE:  # as above
                return history[index - 1][AFTER] if index else self.initial.get(name)
        position, start = event.position, len(history)
        while start and history[start - 1][EVENT].position >= position:
            start -= 1
        state = history[start - 1][AFTER] if start else self.initial.get(name)
        for later, _, change, _, _, _ in history[start:]:
            if change is not None and not later.past & left_out:
                state = change[0](state, change[1])
        return state

    def _validate(self) -> None:
        """Check every invariant; tests call it at each step."""
        for position, event in enumerate(self.events):
            assert event.position == position, (event, position)
            assert event.past >> position == 1, event
            names = [name for name, _, _ in event.accesses]
            assert len(set(names)) == len(names), f"an object twice in one step: {names}"
            for (name, mode, _), index in zip(event.accesses, event.indexes, strict=True):
                visitor, how, _, _, base, run = self.histories[name][index]
                assert visitor is event, (visitor, event)
                assert how == mode, (how, mode)
                assert base | event.past == event.past, (base, event)
                assert run | event.past == run, (run, event)
        total = sum(len(event.accesses) for event in self.events)
        assert total == sum(map(len, self.histories.values())), "a visit without its event"


def rivals(causality: Causality, accesses: Accesses, ends: Sequence[int], shadow: list[int]) -> Iterator[Event]:
    """The events that conflict with a step and are not ordered before it through something else, latest first.

    `ends`: so many visits of each of its objects are looked at. `shadow` has one item, the set of positions that are
    ordered before the step through something else. Whoever iterates may add to it on the way; what lies in it is passed
    over. An event that shares several objects with the step comes once.
    """
    histories = causality.histories
    if len(accesses) == 1:  # nearly always
        ((name, mode, _),) = accesses
        return _rivals_of_one(histories.get(name, []), mode, ends[0], shadow)
    return _rivals_of_several([(histories.get(name, []), mode) for name, mode, _ in accesses], [*ends], shadow)


def _rivals_of_one(history: list[Visit], mode: Hashable, end: int, shadow: list[int]) -> Iterator[Event]:
    while end:
        end -= 1
        event, other, _, _, _, run = history[end]
        if not run & ~shadow[0]:
            return  # neither it nor anything older of this object is outside the shadow
        if (mode == WRITE or mode != other) and not shadow[0] >> event.position & 1:
            yield event


def _rivals_of_several(
    objects: list[tuple[list[Visit], Hashable]], ends: list[int], shadow: list[int]
) -> Iterator[Event]:
    last = -1
    while True:
        latest, chosen = None, -1
        for k, (history, mode) in enumerate(objects):
            end = ends[k] = _next(history, mode, ends[k], shadow[0])
            if end and (latest is None or history[end - 1][EVENT].position > latest.position):
                latest, chosen = history[end - 1][EVENT], k
        if latest is None:
            return
        ends[chosen] -= 1
        if latest.position != last:
            last = latest.position
            yield latest


def _next(history: list[Visit], mode: Hashable, end: int, shadow: int) -> int:
    """Behind the youngest visit before `end` that conflicts and is not in the shadow; 0 if there is none."""
    while end:
        event, other, _, _, _, run = history[end - 1]
        if not run & ~shadow:
            return 0  # neither it nor anything older of this object is outside the shadow
        if (mode == WRITE or mode != other) and not shadow >> event.position & 1:
            return end
        end -= 1
    return 0
