"""What a step did, in a few words: a verb and what it was done to.

One entry for each kind of operation: what a step of it is called that got what it wanted, and one that did not. A kind
without an entry is told by its own name, so that a new kind is never silent by accident; those that mean nothing to a
reader are silent by name. (That a join came to its end is seen from what its task does next.)

A lock that a call makes in passing, as `Condition.wait` does, is a *wakeup*: its maker takes it at once, which means
nothing (and is nearly always no step, see `treadle.runtime.locks`), and then again, which means to wait until somebody else
releases it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from treadle.model.operations import READ
from treadle.semantics.faults import Point, Wake
from treadle.semantics.pipes import BROKEN, WOULD_BLOCK
from treadle.semantics.polling import Poll, Stuck

if TYPE_CHECKING:
    from collections.abc import Iterable

    from treadle.model.operations import Operation
    from treadle.model.trace import Event
    from treadle.report.names import Names


SOUGHT = {
    "read_pipe": "bytes from, or the end of,",
    "write_pipe": "room in",
    "read_counter": "a count in",
    "write_counter": "room in",
    "poll": "anything from",
}
"""By kind: what a system call that waits, waits for."""


class Deed(NamedTuple):
    """A verb in the present tense, and its object."""

    verb: str
    what: str = ""


_DONE = {
    "acquire": ("takes", "takes"),
    "try_acquire": ("takes", "does not get"),
    "release": ("releases", "releases, though nobody holds it,"),
    "locked": ("finds taken:", "finds free:"),
    "start": ("starts", "starts"),
    "started": ("finds started:", "finds not started yet:"),
    "try_join": ("finds ended:", "finds still running:"),
    "strike": ("is interrupted waiting for", "is interrupted waiting for"),
    "strike_wait": ("is interrupted waiting for", "is interrupted waiting for"),
    "strike_join": ("is interrupted waiting for the end of", "is interrupted waiting for the end of"),
    "load": ("reads", "reads"),
    "store": ("writes", "writes"),
    "open": ("opens", "opens"),
    "close": ("closes", "finds nothing open as"),
    "resolve": ("uses", "finds nothing open as"),
    "read_pipe": ("reads bytes from", "finds the end of"),
    "write_pipe": ("writes bytes to", "writes bytes to"),
    "read_counter": ("takes from", "takes from"),
    "write_counter": ("adds to", "adds to"),
    "poll": ("finds ready:", "finds not ready:"),
}
"""By kind: the verb for a result that is true, and for one that is not."""
_UNDONE = {WOULD_BLOCK: "would have to wait for", BROKEN: "finds nobody at the other end of"}
"""By result of a system call that did nothing."""
_EXPIRED = {
    "try_acquire": "gives up waiting for",
    "try_join": "gives up waiting for the end of",
    "poll": "gives up waiting for",
}
_AWAITED = {"acquire": "waits for", "join": "waits for the end of"} | {
    kind: f"waits for {what}" for kind, what in SOUGHT.items()
}
_SILENT = frozenset({"begin", "end", "join", "enter_poll"})


def done(event: Event, names: Names) -> Deed | None:
    """What the step did; None if that means nothing to a reader. The causal fields of the event must be filled in."""
    operation = event.operation
    if operation.kind in _SILENT or (operation.kind == "resolve" and event.result):
        return None
    if operation.kind == "sleep":
        return Deed("sleeps", str(operation.signature()[1]))
    if operation.kind == "pause":
        return Deed("stops for ever") if event.result else None
    if operation.kind == "observe":
        return Deed("observes", repr(operation))
    if operation.kind == "choose":
        return Deed("chooses", f"option {event.alternatives.index(event.alternative) + 1} of {len(event.alternatives)}")
    if isinstance(operation, Wake):
        return Deed("wakes up for no reason") if event.result else None
    if isinstance(operation, Point):
        return Deed("is hit by", _hit(operation)) if event.result else None
    objects = operation.objects()
    if operation.kind == "touch":
        return _touched(event, names)
    sleeper = names.wakeup_of(objects[0]) if objects else None
    if sleeper is not None:
        return _wakeup(event, sleeper, names)
    return Deed(_verb(event), ", ".join(map(names.thing, objects)))


def _hit(point: Point) -> str:
    """The exception, and where that was if the line of the story is a caller's."""
    return point.exception if point.at.startswith(f"{point.place} ") else f"{point.exception} at {point.at}"


def _verb(event: Event) -> str:
    operation = event.operation
    if not event.result and getattr(operation, "timed", False):
        return _EXPIRED[operation.kind]
    if type(event.result) is str and event.result in _UNDONE:
        return _UNDONE[event.result]
    succeeded, failed = _DONE.get(operation.kind, (operation.kind, operation.kind))
    return succeeded if event.result else failed


def _touched(event: Event, names: Names) -> Deed:
    """A call into a container, or into foreign code: what was touched, and by what call."""
    objects = event.operation.objects()
    touched = {name: mode for name, mode, _ in event.accesses if name in objects}
    reads = all(mode == READ for mode in touched.values())
    label = event.operation.signature()[1]
    return Deed("reads" if reads else "changes", f"{_parts(touched, names)} ({label})")


def _parts(objects: Iterable[str], names: Names) -> str:
    """The objects; of a container of which an item is among them, only that item."""
    told = [names.thing(name) for name in objects]
    return ", ".join(dict.fromkeys(name for name in told if not any(other.startswith(f"{name}[") for other in told)))


def _wakeup(event: Event, sleeper: str, names: Names) -> Deed | None:
    """A step on the private wakeup of `sleeper`."""
    if event.operation.kind == "strike":
        return Deed("is interrupted in its wait")
    if event.operation.kind == "release":
        return Deed("wakes", names.thing(sleeper))
    if event.indexes[0] == 0 and not names.is_born_taken(event.operation.objects()[0]):
        return None
    return Deed("is awake" if event.result else "gives up waiting")


def looking(operation: Poll | Stuck, names: Names) -> str:
    """What a task does that goes round in a loop."""
    seen = operation.looked() if isinstance(operation, Poll) else operation.looked
    return f"that looks at {_parts(seen, names)}" if seen else "that looks at nothing another task has changed"


def awaited(operation: Operation, names: Names) -> Deed:
    """What a task waits for that cannot go on."""
    objects = operation.objects()
    if isinstance(operation, (Poll, Stuck)):
        return Deed("goes round for ever", f"in a loop {looking(operation, names)}")
    if objects and names.wakeup_of(objects[0]) is not None:
        return Deed("waits to be woken")
    return Deed(_AWAITED.get(operation.kind, f"waits for {operation.kind}"), ", ".join(map(names.thing, objects)))
