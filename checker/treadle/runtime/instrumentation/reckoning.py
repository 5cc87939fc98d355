"""The reckoning: what was touched is only written down, and compared when the execution is over.

A *span* is what one task does between two of its steps. Two spans of different tasks are ordered or they are not, with
all that was touched in them. So accesses need not be compared one by one. It is enough to ask of each two spans that
nothing orders whether they have a location in common that one of them changes. There are few such pairs, and since
tasks do the same things over and over, the answers are remembered by what was touched in each (its `Total`).

*What is repeated is not asked again.* An execution that begins with the events of the last one has the same spans up to
there, ordered in the same way: whether two spans are ordered is decided by the events before the younger one,
and no later event changes it. (Events are the same if they are the same objects, as in `meetings`.) So a pair
is asked about once, in the first execution that has both. That the answer was yes is kept.

*If two spans conflict*, everything that was touched is gone through once more, access by access: each location carries
marks, who touched it last in which mode and when. A write that is ordered after everything forgets what was before it,
because what is ordered after the write is ordered after that too. This finds a race on each location that has one (the
first one), and no others. It is also done where there are too many pairs, because it takes time in proportion to what
was touched.

Law: tests/laws/test_reckoning.py compares the two.
"""

from __future__ import annotations

from collections import defaultdict
from operator import is_
from typing import TYPE_CHECKING, NamedTuple

from treadle.model.operations import READ, WRITE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from treadle.model.trace import Event
    from treadle.runtime.instrumentation.locations import Location, Plan
    from treadle.runtime.instrumentation.order import Order

    Access = tuple[int, str, str]
    Marks = dict[str, dict[int, tuple[int, str]]]

ATOMIC = "atomic"
"""How an atomic method changes a container, where accesses are no steps: two of these are synchronisation, not a race."""
ALWAYS = frozenset({WRITE, ATOMIC})
"""Modes that conflict with themselves."""
MANY = 20
"""So many older spans of one task are looked at for each span; for more, going through all accesses is quicker."""
REMEMBERED = 10_000
"""So many totals are remembered."""


class Pair(NamedTuple):
    """Two accesses that conflict and are not ordered. Each is told by its task, its mode and its place."""

    location: Location
    first: Access
    second: Access


class Total:
    """All that some plans touch."""

    __slots__ = ("_answers", "_changed", "_touched")

    _touched: dict[Location, str]  # in which mode; `WRITE` where there are several, since these conflict with any
    _changed: set[Location]  # those that are not only read
    _answers: dict[Total, bool]  # which others it conflicts with, as far as that was asked

    def __init__(self, plans: Iterable[Plan]) -> None:
        self._touched = {}
        self._answers = {}
        for plan in plans:
            for location, mode in plan.records:
                if self._touched.setdefault(location, mode) != mode:
                    self._touched[location] = WRITE
        self._changed = {location for location, mode in self._touched.items() if mode != READ}

    def conflicts(self, other: Total) -> bool:
        """Whether some location is touched by both in modes that conflict."""
        answer = self._answers.get(other)
        if answer is None:
            mine, theirs = self._touched, other._touched
            common = (
                [] if self._changed.isdisjoint(theirs) and other._changed.isdisjoint(mine) else mine.keys() & theirs
            )
            answer = any(mine[part] != theirs[part] or mine[part] in ALWAYS for part in common)
            self._answers[other] = answer
        return answer


class Span:
    """What one task touches between two steps."""

    __slots__ = ("number", "places", "plans", "task", "total")

    number: int  # so many steps of anybody there were before it
    task: int
    plans: list[Plan]  # as they were touched
    places: list[str]  # where each was touched ("file:line"), if that is recorded
    total: Total  # of the plans, once the execution is over

    def __init__(self, number: int, task: int) -> None:
        self.number = number
        self.task = task
        self.plans = []
        self.places = []


class Reckoning:
    """The spans of one execution after another, but for those in which nothing was touched."""

    __slots__ = ("_events", "_order", "_positions", "_racing", "_spans", "_tasks", "_totals", "latest", "written")

    written: list[Span]  # of this execution
    latest: Span  # the last of them
    _order: Order  # of this execution
    _events: list[Event] | None  # of the last one that was reckoned up; None: there was none
    _spans: list[Span]  # of it
    _tasks: dict[int, list[Span]]  # the same by task
    _racing: list[int]  # numbers of those that conflict with an older one that is not ordered before it, or may do so
    _positions: dict[int, int]  # by task: bit p is set if the event at position p is one of its
    _totals: dict[tuple[Plan, ...], Total]  # of spans of any execution

    def __init__(self, order: Order) -> None:
        self._order = order
        self.forget()

    def forget(self) -> None:
        """Nothing that was touched is what it was."""
        self._events = None
        self._spans = []
        self._tasks = defaultdict(list)
        self._racing = []
        self._positions = defaultdict(int)
        self._totals = {}
        self.begin([])

    def begin(self, script: list[Event]) -> int:
        """An execution starts, with the steps of this script. After how many of them nothing new is touched; -1: there is.

        What is touched up to there need not be written down.
        """
        self.written = []
        self.latest = Span(-1, -1)
        return _shared(self._events, script) if self._events is not None else -1

    def span(self, number: int, task: int) -> Span:
        """The one that the running task is in, after so many steps; it has touched nothing yet."""
        span = self.latest = Span(number, task)
        self.written.append(span)
        return span

    def races(self) -> list[Pair]:
        """The execution is over: the pairs that race; on each location that has any, the first one is among them."""
        if not self.written and not self._spans:
            return []
        self._order.fill()
        kept = self._keep()
        for span in self.written:
            if span.number > kept:
                span.total = self._total(span)
                if self._conflicts(span):
                    self._racing.append(span.number)
                self._spans.append(span)
                self._tasks[span.task].append(span)
        return [*self._pairs()] if self._racing else []

    def _keep(self) -> int:
        """Forget what this execution does not share with the last one; how many events it shares. -1: not even its start."""
        events, before = self._order.events, self._events
        self._events = [*events]
        kept = _shared(events, before or [])
        spans, positions = self._spans, self._positions
        while spans and spans[-1].number > kept:  # the one after the last shared event is the same, too
            self._tasks[spans.pop().task].pop()
        while self._racing and self._racing[-1] > kept:
            self._racing.pop()
        for task in positions:
            positions[task] &= (1 << kept) - 1
        for event in events[kept:]:
            positions[event.task] |= 1 << event.position
        return kept if before is not None else -1

    def _total(self, span: Span) -> Total:
        key = tuple(span.plans)
        total = self._totals.get(key)
        if total is None:
            if len(self._totals) > REMEMBERED:
                self._totals.clear()
            total = self._totals[key] = Total(key)
        return total

    def _conflicts(self, span: Span) -> bool:
        """Whether an older span of another task conflicts with it and is not ordered before it; or may do so."""
        past, total, positions = self._past(span.number), span.total, self._positions
        for task, theirs in self._tasks.items():
            if task != span.task:
                seen = past & positions[task]
                for index, older in enumerate(reversed(theirs)):
                    if seen >> older.number:
                        break  # its task has made its next step, and that is in the past: so is everything older of it
                    if index >= MANY or older.total.conflicts(total):
                        return True
        return False

    def _past(self, number: int) -> int:
        """Of what is done after so many steps."""
        return self._order.events[number - 1].past if number else 0

    def _pairs(self) -> Iterator[Pair]:
        """All accesses, one by one."""
        marked: dict[Location, Marks] = {}
        for span in self._spans:
            now, task, past = span.number, span.task, self._past(span.number)
            for index, plan in enumerate(span.plans):
                place = span.places[index] if span.places else ""
                for location, mode in plan.records:
                    marks = marked.setdefault(location, {})
                    for other, tasks in marks.items():
                        if other != mode or mode in ALWAYS:
                            for whose, (then, where) in tasks.items():
                                if whose != task and not (past & self._positions[whose]) >> then:
                                    yield Pair(location, (whose, other, where), (task, mode, place))
                    if mode == WRITE:
                        marks.clear()
                    marks.setdefault(mode, {})[task] = (now, place)


def _shared(events: list[Event], before: list[Event]) -> int:
    """With how many events of the other list one begins."""
    same = [*map(is_, events, before)]
    return same.index(False) if False in same else len(same)
