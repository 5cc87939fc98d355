"""Pipes: bytes go in at one end and come out at the other, and when nobody can write any more all readers are told.

A pipe is three objects: what is in it, and how many descriptors name its reading and its writing end (the counters of
`treadle.semantics.descriptors`). Each step touches just those that decide what it does:

- a read that finds bytes takes them: it writes the contents, and does not care who could write more;
- a read that finds none, and no writer, is at the end of the file. It only reads, so that all readers of a pipe that was
  closed commute with one another: one closing that wakes N readers is one trace, not N!;
- a read that finds none while somebody could write is blocked, or (not blocking) would block, which only reads;
- a write puts bytes in, if there is room and anybody could read them. Nobody: a broken pipe, whatever is in it;
- a question (`Question`, what `poll` and `select` do; `Watch`, what `epoll` does) only reads.

Room: `CAPACITY` bytes, as Linux has it. Up to `ATOMIC` bytes go in together or not at all; of more, as many as there is
room for. (Linux counts room in pages, so it may find less of it after many short writes.)

A question with a timeout has the outcomes of a question: something is ready, or it expires; it is put before and after
each step that it could see, so no timer is needed.

The numbers of the events are those of Linux. Source: pipe(7), poll(2), select(2) of the Linux manual pages.
Law: tests/laws/test_conflicts.py; tests/quality/test_world_system_calls.py compares with the kernel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from treadle.model.operations import BLOCKED, ONE, READ, WRITE, Operation, Outcome, become
from treadle.semantics.descriptors import End, flags_of, is_open, openings_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from treadle.model.operations import Access, Accesses, Alternative, Alternatives, Look

CAPACITY = 65_536
"""So many bytes fit into a pipe."""
ATOMIC = 4_096
"""So many bytes go in together."""
READING = "reading"
WRITING = "writing"
COUNTING = "counting"
"""The only side of a counter (eventfd)."""
LARGEST = (1 << 64) - 2
"""What a counter counts to."""

POLLIN, POLLOUT, POLLERR, POLLHUP, POLLNVAL = 0x001, 0x004, 0x008, 0x010, 0x020
POLLRDNORM, POLLWRNORM = 0x040, 0x100
WOULD_BLOCK = "would block"
BROKEN = "broken pipe"
"""What a read or a write comes to that gets nothing done."""


def _take(contents: bytes | None, count: int) -> bytes:
    return (contents or b"")[count:]


def _put(contents: bytes | None, more: bytes) -> bytes:
    return (contents or b"") + more


def _add(count: int | None, amount: int) -> int:
    return (count or 0) + amount


class PipeOperation(Operation):
    """An operation on one pipe, through one of its ends."""

    __slots__ = ("end", "other")

    end: End
    other: End

    def __init__(self, pipe: str, side: str, place: str | None = None) -> None:
        self.end = End(pipe, side)
        self.other = End(pipe, WRITING if side == READING else READING)
        self.place = place

    def objects(self) -> tuple[str, ...]:
        """The pipe."""
        return (self.end.file,)

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002 - whoever waits, it waits for the same
        """To change the contents, or to find that the other end is closed, or not to wait."""
        return ((self.end.file, WRITE, None), *self._looks())

    def _looks(self) -> Accesses:
        return ((openings_of(self.other), READ, None), (flags_of(self.end), READ, None))


class Read(PipeOperation):
    """Take up to `count` bytes out. No bytes: the end of the file. `WOULD_BLOCK` if it is not to wait."""

    __slots__ = ("count",)
    kind = "read_pipe"

    def __init__(self, pipe: str, count: int, place: str | None = None) -> None:
        super().__init__(pipe, READING, place)
        self.count = count

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Blocked while nothing is there and somebody could write, unless it is not to wait."""
        return ONE if look(self.end.file) or not is_open(self.other, look) or look(flags_of(self.end)) else BLOCKED

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """The first bytes; or the end; or neither."""
        contents = look(self.end.file) or b""
        if contents:
            taken = contents[: self.count]
            return Outcome(taken, ((self.end.file, WRITE, (_take, len(taken))),))
        closed = (self.end.file, READ, None), (openings_of(self.other), READ, None)
        if not is_open(self.other, look):
            return Outcome(b"", closed)
        return Outcome(WOULD_BLOCK, (*closed, (flags_of(self.end), READ, None)))

    def signature(self) -> tuple[Hashable, ...]:
        """The kind, the pipe, and how many bytes at most."""
        return (self.kind, *self.objects(), f"{self.count} bytes")


class Write(PipeOperation):
    """Put bytes in; how many there was room for. `BROKEN` if nobody could read, `WOULD_BLOCK` if it is not to wait."""

    __slots__ = ("content",)
    kind = "write_pipe"

    def __init__(self, pipe: str, content: bytes, place: str | None = None) -> None:
        super().__init__(pipe, WRITING, place)
        self.content = content

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Blocked while there is no room and somebody could read, unless it is not to wait."""
        return ONE if not is_open(self.other, look) or self._fitting(look) or look(flags_of(self.end)) else BLOCKED

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """The bytes are in; or some; or none."""
        heard = (openings_of(self.other), READ, None)
        if not is_open(self.other, look):
            return Outcome(BROKEN, (heard,))
        fitting = self._fitting(look)
        if fitting:
            return Outcome(fitting, ((self.end.file, WRITE, (_put, self.content[:fitting])), heard))
        return Outcome(WOULD_BLOCK, ((self.end.file, READ, None), heard, (flags_of(self.end), READ, None)))

    def _fitting(self, look: Look) -> int:
        room = CAPACITY - len(look(self.end.file) or b"")
        size = len(self.content)
        return min(size, room) if size > ATOMIC or size <= room else 0

    def signature(self) -> tuple[Hashable, ...]:
        """The kind, the pipe, and what is written."""
        short = len(self.content) <= 16  # noqa: PLR2004 - as much as a reader wants to see
        content = repr(self.content) if short else f"{len(self.content)} bytes {crc32(self.content):08x}"
        return (self.kind, *self.objects(), content)


class Counter(Operation):
    """An operation on a counter (eventfd)."""

    __slots__ = ("end",)

    def __init__(self, counter: str, place: str | None = None) -> None:
        self.end = End(counter, COUNTING)
        self.place = place

    def objects(self) -> tuple[str, ...]:
        """The counter."""
        return (self.end.file,)

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002
        """To change it, or not to wait."""
        return ((self.end.file, WRITE, None), (flags_of(self.end), READ, None))


class CounterRead(Counter):
    """Take everything off the counter, or one (`single`); how much. `WOULD_BLOCK` if it is not to wait."""

    __slots__ = ("single",)
    kind = "read_counter"

    def __init__(self, counter: str, place: str | None = None, *, single: bool = False) -> None:
        super().__init__(counter, place)
        self.single = single

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Blocked at 0, unless it is not to wait."""
        return ONE if look(self.end.file) or look(flags_of(self.end)) else BLOCKED

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """What was taken."""
        count = look(self.end.file) or 0
        if not count:
            return Outcome(WOULD_BLOCK, ((self.end.file, READ, None), (flags_of(self.end), READ, None)))
        taken = 1 if self.single else count
        return Outcome(taken, ((self.end.file, WRITE, (_add, -taken)),))


class CounterWrite(Counter):
    """Add to the counter; True. `WOULD_BLOCK` if it is not to wait.

    Two additions do not commute: near the largest value one of them may block the other.
    """

    __slots__ = ("amount",)
    kind = "write_counter"

    def __init__(self, counter: str, amount: int, place: str | None = None) -> None:
        super().__init__(counter, place)
        self.amount = amount

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Blocked while it would be too large, unless it is not to wait."""
        return ONE if self._sum(look) <= LARGEST or look(flags_of(self.end)) else BLOCKED

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """It is larger."""
        total = self._sum(look)
        if total > LARGEST:
            return Outcome(WOULD_BLOCK, ((self.end.file, READ, None), (flags_of(self.end), READ, None)))
        return Outcome(True, ((self.end.file, WRITE, (_add, self.amount)),))  # noqa: FBT003

    def _sum(self, look: Look) -> int:
        return (look(self.end.file) or 0) + self.amount

    def signature(self) -> tuple[Hashable, ...]:
        """The kind, the counter, and how much."""
        return (self.kind, *self.objects(), str(self.amount))


class Interest(NamedTuple):
    """What somebody wants to know of one descriptor: which events of what it names; None: it named nothing."""

    descriptor: int
    end: End | None
    events: int


class Enter(Operation):
    """A question begins: what do the numbers name? False if the asker's own list is in use by another question.

    `asker` is the list of interests (a poll object), or None for one that nobody else can have.
    """

    __slots__ = ("asker", "descriptors")
    kind = "enter_poll"

    def __init__(self, asker: str, descriptors: tuple[str, ...], place: str | None = None) -> None:
        self.asker = asker
        self.descriptors = descriptors
        self.place = place

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Never blocked."""
        return ONE

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """What each number names; the list is in use."""
        if look(self.asker):
            return Outcome(False, ((self.asker, READ, None),))  # noqa: FBT003
        reads: list[Access] = [(name, READ, None) for name in self.descriptors]
        return Outcome(tuple(look(name) for name in self.descriptors), ((self.asker, WRITE, (become, True)), *reads))

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002
        """It is never blocked."""
        return ()

    def objects(self) -> tuple[str, ...]:
        """The list, and the entries."""
        return (self.asker, *self.descriptors)


class Question(Operation):
    """Which of these are ready? Descriptors with their events; none of them if it need not wait, or expires.

    `patient`: it waits until something is ready. `timed`: it expires, at any moment at which nothing is.
    """

    __slots__ = ("asker", "interests", "patient", "timed")
    kind = "poll"

    def __init__(
        self, asker: str, interests: tuple[Interest, ...], place: str | None = None, *, patient: bool, timed: bool
    ) -> None:
        self.asker = asker
        self.interests = interests
        self.patient = patient
        self.timed = timed
        self.place = place

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Blocked while nothing is ready, if it is patient."""
        return ONE if not self.patient or self._ready(look) else BLOCKED

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """What is ready; the list is free again."""
        return Outcome(self._ready(look), ((self.asker, WRITE, (become, None)), *self._looks()))

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002
        """To see that something is ready."""
        return ((self.asker, WRITE, None), *self._looks())

    def objects(self) -> tuple[str, ...]:
        """The files."""
        return tuple(dict.fromkeys(interest.end.file for interest in self.interests if interest.end is not None))

    def signature(self) -> tuple[Hashable, ...]:
        """The kind, and what is asked of which descriptor."""
        return (self.kind, *[f"{interest.descriptor}: {interest.events}" for interest in self.interests])

    def _looks(self) -> Accesses:
        names = (name for interest in self.interests for name in _looked_at(interest))
        return tuple([(name, READ, None) for name in dict.fromkeys(names)])

    def _ready(self, look: Look) -> tuple[tuple[int, int], ...]:
        found = ((interest.descriptor, _events(interest, look)) for interest in self._open(look))
        return tuple([(descriptor, events) for descriptor, events in found if events])

    def _open(self, look: Look) -> Iterable[Interest]:  # noqa: ARG002
        """Those that something can be told about."""
        return self.interests


class Watch(Question):
    """The same of a list that several may ask about at once (an epoll object), with what its numbers named when they came in.

    Nothing is ready about what no number names any more. It reads the list, so it conflicts with every change of it.
    """

    __slots__ = ()

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """What is ready."""
        return Outcome(self._ready(look), self._looks())

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002
        """To see that something is ready."""
        return self._looks()

    def _looks(self) -> Accesses:
        own = [openings_of(interest.end) for interest in self.interests if interest.end is not None]
        return ((self.asker, READ, None), *[(name, READ, None) for name in dict.fromkeys(own)], *super()._looks())

    def _open(self, look: Look) -> Iterable[Interest]:
        return [each for each in self.interests if each.end is not None and is_open(each.end, look)]


def _looked_at(interest: Interest) -> tuple[str, ...]:
    end = interest.end
    if end is None:
        return ()
    if end.side == COUNTING:
        return (end.file,)
    return (end.file, openings_of(_other(end)))


def _events(interest: Interest, look: Look) -> int:
    end = interest.end
    if end is None:
        return POLLNVAL
    if end.side == COUNTING:
        count = look(end.file) or 0
        return interest.events & ((POLLIN if count else 0) | (POLLOUT if count < LARGEST else 0))
    contents = len(look(end.file) or b"")
    closed = not is_open(_other(end), look)
    if end.side == READING:
        return interest.events & (POLLIN | POLLRDNORM if contents else 0) | (POLLHUP if closed else 0)
    room = CAPACITY - contents >= ATOMIC
    return interest.events & (POLLOUT | POLLWRNORM if room else 0) | (POLLERR if closed else 0)


def _other(end: End) -> End:
    return End(end.file, WRITING if end.side == READING else READING)
