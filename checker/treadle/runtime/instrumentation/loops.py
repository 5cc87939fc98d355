"""Loops that go round in vain: which turns of a loop of real code left nothing behind.

What a task will do is decided by where it stands and by what it can reach. At the head of a loop, in one call of its
function, it stands where it stood a turn ago. The functions that called this one have not moved. So the turn was *idle*
if nothing that the task can reach is another one:

- its own variables: those that the loop binds and that are live at its head (`liveness`) have the same values: equal
  numbers and strings, or the very same object;
- everything else that can be reached: the task has written nothing. Each hook that writes, or calls what may write,
  counts it (`Turns.deeds`); so do the world's own objects, for what they keep about themselves. A call of foreign code
  counts unless it is known to look only. What was undone again before anybody saw it does not count (`lodgings`);
- its steps left nothing behind, and nobody saw them (`semantics.polling.idle_iteration`);
- the time: a turn that asked for it is not idle, because the answer changes by itself. But no clock moves while nobody
  waits. So the more such turns there are, the further the clock jumps, until the loop ends. A turn that slept, without
  asking for the time, is idle; who asks for the time later finds the verdict incomplete. Functions of the standard
  library that only measure how long they have waited do not ask, as far as loops of others are concerned (`clock`).

Whatever is not known to be so makes a turn count. That costs executions, never a bug.

*What the turn has looked at* must be known to the last bit, because the task is parked until some of it changes. What
is no step is no part of that. So a loop is watched in three passes of the exploration, which begin again like all that
`sharing` learns: in the first, a turn that looks idle makes the loop known (`idle`), also one in which a wait expired and
something was written, which may have been undone; in the second, all that such a
loop reads is gathered, and becomes steps (`raced`); in the last, every look is a step, and the task is parked (see
`semantics.polling`, with the argument that nothing is lost).

A turn that lets go the lock with which it began, and waits with a timeout, is idle in another sense: see `semantics.polling`,
"In the middle of a wait". It is judged at the head as well; but the task is parked when it comes to the wait again, if what led to it
there was the same as in the turn before. Turns that only go behind others who wait could go on for ever, though each leaves something
behind: the loop is given up, and the verdict is incomplete.

A thing that was first met in the turn itself is nobody else's: whoever shares a thing makes it met (see `ledger`).

With granularity "sync" no access becomes a step, so a loop that waits for one cannot be followed: its task stays where
it is, which shows the race if there is one, and the verdict is incomplete.

Law: tests/laws/test_spinning.py, against the same code with bounded loops.
"""

from __future__ import annotations

import sys
import weakref
from typing import TYPE_CHECKING, Any

from treadle.model.operations import READ
from treadle.runtime.clock import ASKED, MEASURED, MEASURING
from treadle.semantics.polling import Idle, Poll, Stuck, course, expired_wait, idle_iteration, lasting

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from types import FrameType

    from treadle.model.operations import Operation
    from treadle.model.trace import Event
    from treadle.runtime.instrumentation.ledger import Ledger
    from treadle.runtime.instrumentation.lodgings import Lodging
    from treadle.semantics.polling import Wait

_ATOMS = frozenset({int, bool, str, bytes, type(None)})
_MISSING = object()
_FOLLOWED = "granularity access follows it"
OFTEN = 2
"""After so many turns in which a loop has done nothing but go behind others who wait, it is taken to do so for ever."""
JUMP = 1.0
"""So many seconds the clock jumps after the first turn that only asked for the time; twice as many after the next."""


class Loop:
    """One activation of one loop: from its beginning to its end, in one call of its function."""

    __slots__ = (
        "_begun",
        "_closely",
        "_deeds",
        "_expired",
        "_jump",
        "_key",
        "_ledger",
        "_made",
        "_passed",
        "_serial",
        "_turned",
        "_values",
    )

    _begun: int  # so many events there were when this turn began; -1: no turn has
    _deeds: int  # what was counted by then
    _expired: int  # and so many waits had expired
    _passed: int  # so many turns up to the last one have gone behind others who wait, and done nothing else
    _made: int  # and so many locks were made
    _values: tuple[Any, ...]  # of the variables, then
    _closely: bool  # everything that is read in a turn is gathered
    _serial: int  # what was gathered in this turn has this number, or a later one

    def __init__(self, ledger: Ledger, key: str, turned: Callable[[], bool]) -> None:
        """`key` says which loop of the program it is; `turned` is told of each turn without a step, and is True."""
        self._ledger = ledger
        self._turned = turned
        self._begun = -1
        self._passed = 0
        self._jump = JUMP
        self._key = key
        self._closely = key in ledger.sharing.idle

    def lap(self, *values: Any) -> bool:
        """Another turn begins, with these values of the variables. True."""
        if not self._ledger.crowded:  # nobody else is there to wait for
            self._begun = -1
            return self._turned()
        for value in values:
            if type(value) not in _ATOMS:
                values = tuple(map(_token, values))
                break
        return self._lap(values)

    def look(self, *names: str) -> bool:
        """The same, with the names of variables that may have no value."""
        shown = sys._getframe(1).f_locals
        values = [shown.get(name, _MISSING) for name in names]
        if type(shown) is dict:
            shown.clear()  # else the frame would keep them alive
        return self._lap(tuple(map(_token, values)))

    def _lap(self, values: tuple[Any, ...]) -> bool:
        ledger = self._ledger
        events = len(ledger.events)
        if ledger.crowded:
            deeds = ledger.turns.deeds
            if self._begun >= 0 and values == self._values:
                self._compare(values, deeds - self._deeds)
            else:
                self._passed = 0
            self._deeds = deeds
            self._values = values
            self._expired = ledger.clock.expired
            self._made = len(ledger.turns.made)
            if self._closely:
                self._serial = ledger.gather()
        if events == self._begun or not ledger.crowded:
            self._turned()
        self._begun = len(ledger.events) if ledger.crowded else -1
        return True

    def _compare(self, values: tuple[Any, ...], done: int) -> None:
        """The task stands where it stood, and has done so many deeds. Was that all?"""
        ledger = self._ledger
        passed, self._passed = self._passed, 0
        left, undone = self._left(done % MEASURED)
        if left and (self._closely or ledger.clock.expired == self._expired):
            return
        if not ledger.turns.live or [*map(type, values)] != [*map(type, self._values)]:  # True is equal to 1
            return
        fresh = self._fresh()
        events, task = ledger.events[self._begun :], ledger.turns.current
        iteration = idle_iteration(events, task, fresh, undone)
        wait = expired_wait(events, task, fresh, undone) if iteration is None else None
        if iteration is None and wait is None:
            return
        if not left and done >= (MEASURED if _measures() else ASKED):
            ledger.clock.advance(self._jump)
            self._jump *= 2
        elif not self._closely:
            self._begin_again("idle", self._key)
        elif iteration is not None:
            self._park(iteration, fresh)
        elif wait is not None:
            self._park_within(wait, fresh, passed)

    def _left(self, deeds: int) -> tuple[int, list[Event]]:
        """How many of so many deeds have come to something, and the steps of the others."""
        ledger = self._ledger
        undone: list[Event] = []
        deeds -= ledger.spent.gone(ledger.turns.current, self._deeds) if deeds else 0
        if deeds and not self._closely:  # perhaps that came to nothing; it will be looked at
            undone = [event for event in ledger.events[self._begun :] if _may_lodge(event)]
        elif deeds:
            for lodging in ledger.lodgings.undone(ledger.turns.current, self._deeds):
                deeds -= len(lodging.deeds)
                undone += lodging.events
        return deeds, undone

    def _fresh(self) -> frozenset[str]:
        """The locks that the task has made in this turn."""
        turns = self._ledger.turns
        found = []
        for name, (number, maker) in reversed(turns.made.items()):
            if number < self._made:
                break
            if maker == turns.current:
                found.append(name)
        return frozenset(found)

    def _park(self, iteration: tuple[Idle, ...], fresh: frozenset[str]) -> None:
        ledger = self._ledger
        read = ledger.gathered(self._serial)
        if read is None:
            return
        if read and ledger.stepping:
            self._begin_again("raced", *[location.family for location in read])
        elif read or not lasting(iteration, fresh):
            looked = tuple(sorted({location.name for location in read}))
            if looked:
                ledger.incomplete(f"a loop waits for {', '.join(looked)}; {_FOLLOWED}")
            ledger.turns.step(Stuck(looked))
        else:
            if any(_sleeps(idle.operation) for idle in iteration):
                ledger.clock.lose_count()
            ledger.turns.park(iteration, fresh)

    def _park_within(self, wait: Wait, fresh: frozenset[str], passed: int) -> None:
        """The turn went round from wait to wait, but for what leads to the next one: see then.

        So many turns before it were alike, and have gone behind others who wait.
        """
        ledger, task = self._ledger, self._ledger.turns.current
        read = ledger.gathered(self._serial)
        lodged = [*ledger.lodgings.undone(task, self._deeds)]
        if read and ledger.stepping:
            self._begin_again("raced", *[location.family for location in read])
        elif read:
            self._give_up(f"a loop waits for {', '.join(sorted({location.name for location in read}))}; {_FOLLOWED}")
        elif read == [] and len(lodged) == 1:
            self._passed = passed + 1 if lodged[0].left is lodged[0] else 0
            if self._passed > OFTEN:
                self._give_up("loops that wait with a timeout for one condition go behind each other, again and again")
            taken = self._begun + wait.taken
            ledger.clock.waits[task] = lambda asked: self._waiting(asked, wait.before, taken, lodged[0], fresh)

    def _give_up(self, reason: str) -> None:
        """Nobody can say what the loop will come to: not to be parked, and to follow it would not end."""
        self._ledger.incomplete(reason)
        self._ledger.turns.cut()

    def _waiting(
        self, asked: Operation, before: tuple[Hashable, ...], taken: int, lodged: Lodging, made: frozenset[str]
    ) -> Operation:
        """What a wait with a timeout is as a step: a poll, if it is where it was a turn ago, and nothing else was done.

        `before` is what led to it then, `taken` which event took the lock again, `lodged` what it waited for, and `made` its locks.
        """
        ledger, task = self._ledger, self._ledger.turns.current
        lodging = ledger.lodgings.inside(lodged.queue, asked.objects()[0])
        done = ledger.turns.deeds - self._deeds
        left = done % MEASURED - ledger.spent.gone(task, self._deeds)
        if lodging is None or lodging.before is not lodged.left or done >= ASKED or left != len(lodging.deeds):
            return asked
        fresh, undone = made | self._fresh(), [*lodged.events, *lodging.events]
        iteration = idle_iteration(ledger.events[taken:], task, fresh, undone)
        led = course(ledger.events[self._begun :], task, fresh, undone)
        if iteration is None or led != before or ledger.gathered(self._serial):
            return asked
        ledger.clock.lose_count()
        expires = Idle(asked, False, tuple([(name, READ) for name in asked.objects()]))  # noqa: FBT003 - it does
        return Poll(asked, (expires, *lasting(iteration, fresh)))

    def _begin_again(self, kind: str, *facts: str) -> None:
        """Give up this pass, in which nobody counts on these facts; if all of them are known, go on."""
        sharing = self._ledger.sharing
        for fact in facts:
            sharing.learn(kind, fact)
        if sharing.grew:
            self._ledger.turns.cut()


def _may_lodge(event: Event) -> bool:
    """Whether a step may be one of those that `lodgings` takes for undone, if it looks."""
    return getattr(event.operation, "label", "") in ("append", "remove")


def _measures() -> bool:
    """Whether the loop that turns belongs to a function that asks for lengths of time. Asked late, as few turns are judged."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_globals is globals():
        frame = frame.f_back
    return frame is not None and frame.f_code.co_filename in MEASURING


def _sleeps(operation: Any) -> bool:
    """Whether a step takes time; it may be one that is put in its place in an order of tasks."""
    inner = getattr(operation, "operation", operation)
    return getattr(inner, "timed", False) or getattr(inner, "seconds", 0) > 0


def _token(value: Any) -> Any:
    """Equal to the token of another value if nobody can tell the two apart; keeps nothing alive that would die."""
    kind = type(value)
    if kind in _ATOMS:
        return kind, value
    if kind is float:
        return kind, value.hex()
    if kind is tuple:
        return kind, tuple(map(_token, value))
    if value is _MISSING:
        return value
    try:
        return _Same(weakref.ref(value))
    except TypeError:
        return object()


class _Same:
    """The token of an object: there is one weak reference to each, as long as somebody holds it."""

    __slots__ = ("_reference",)

    def __init__(self, reference: weakref.ref[Any]) -> None:
        self._reference = reference

    def __eq__(self, other: object) -> bool:
        return type(other) is _Same and self._reference is other._reference

    def __hash__(self) -> int:
        return id(self._reference)
