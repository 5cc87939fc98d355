"""A pipe as a bell: one system call wakes any number of sleepers.

Every sleeper reads one byte, and who rings writes as many bytes as there are sleepers. So the kernel does the waking,
one reader after the other, while the threads that are awake queue for the interpreter lock only; and it keeps who is
woken on the waker's processor, which it does not do for a lock. That is worth most for a few threads.

*Bytes, and not the end of the pipe.* Closing the writing end would wake all readers as well. But a process that was
forked meanwhile has that end open too, so closing it here would wake nobody; and a number that was closed is given to
the next file that anybody opens. Nothing is closed here while anybody could use it: a pipe is closed when it is garbage.

*Pipes are used again*, in every other generation, since making one costs more than all the rest. A pipe is fit for
that when each sleeper has left its mark that it will not read any more, and the bell was rung once. After anything unusual (a break, an
exception, a timeout that comes as it rings) one of that is not so; the pipe is left to those who still hold it, and another one is made.

*Who must not sleep for ever* reads no byte, since nothing can end a read but one. It sleeps at a gate beside the pipe, a lock that is
handed on from sleeper to sleeper (`phalanx.gates`): of all calls that have a time limit that one is the quickest. The gate
is made by the first who needs it, put where who rings looks for it, and slept at only if there is no verdict after that; who rings looks for
it when there is a verdict. One of the two sees the other. Such a sleeper says first that it takes no byte,
and where all do nothing is written. So a bell for sleepers of one kind costs one waking only.

*A byte is a hint.* A sleeper that has read one looks whether there is a verdict, and reads on if there is none: a byte
may be late, from a thread that was struck while it rang for an earlier generation. None is missing: what is written
after the verdict is enough for all who have not said that they take none, and each takes one byte at most after the verdict. (The gate
is no hint. It is of one generation only, and opened when that has its verdict.)

*Descriptors are short.* A barrier has two pipes while it is in use, four descriptors; at most `MOST` pipes are open at a
time. Beyond that, or when the system gives none, or where there is no hook for forks, barriers wake by gates.

*After a fork* parent and child would share the pipes, and read each other's bytes. So the child puts new ones under the
same numbers before it does anything else, and uses none of them in a further generation.

Atoms: one item of a list stored (`left[index] = HAS_READ`) and loaded, `list.append`, `list.pop`, `len` of a list or a dictionary, `acquire` and
`release` of a lock; `read` and `write` of at most PIPE_BUF bytes are atomic by POSIX. Specified in `spec/Pipe.tla`.
"""

from __future__ import annotations

import os
import select
import weakref
from collections import deque
from itertools import chain, starmap
from typing import TYPE_CHECKING, Final

from phalanx.gates import closed_gate, open_gate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from threading import Lock

MOST: Final = 64
"""So many pipes are open at a time, in the whole process."""
AVAILABLE: Final = hasattr(os, "register_at_fork") and hasattr(os, "set_blocking")
"""Whether the platform has what is needed."""
MOST_SLEEPERS: Final = getattr(select, "PIPE_BUF", 512)
"""So many bytes are written at once or not at all; 512 is what POSIX promises."""

STAYS: Final = 0
HAS_READ: Final = 1
TAKES_NONE: Final = 2


class Pipe:
    """A pipe of the operating system: bytes that are written are read once each. Closed when nobody refers to it."""

    __slots__ = ("__weakref__", "ends", "forked", "reader", "some", "writer")

    def __init__(self, sleepers: int) -> None:
        # The ends for reading and for writing, once it is open. The call is made and its result kept inside of one call,
        # so that an exception from outside can not come between the two, and lose descriptors.
        self.ends: list[tuple[int, int]] = []
        self.ends.extend(starmap(os.pipe, ((),)))
        self.reader, self.writer = self.ends[0]
        # A byte for each sleeper.
        self.some = bytes(sleepers)
        # Whether this process was forked meanwhile: the bytes that are due here are in the pipe of the parent.
        self.forked = False
        # Full of bytes that nobody took, it has enough for everybody: then writing more must not wait.
        os.set_blocking(self.writer, False)
        _open.add(self)

    def renew(self) -> None:
        """Put a new pipe under the same numbers."""
        self.forked = True
        for numbers in self.ends:
            for fresh, number in zip(os.pipe(), numbers, strict=True):
                os.dup2(fresh, number, inheritable=False)
                os.close(fresh)
            os.set_blocking(numbers[1], False)

    def __del__(self) -> None:
        # One call, for the same reason. It has no ends if it was struck before it had any.
        deque(map(os.close, chain.from_iterable(getattr(self, "ends", ()))), 0)


# The pipes that are open, to count them, and to renew them after a fork.
_open: weakref.WeakSet[Pipe] = weakref.WeakSet()


def _renew_all() -> None:
    """In a child that was forked: share nothing with the parent."""
    for pipe in tuple(_open):
        pipe.renew()


if AVAILABLE:
    os.register_at_fork(after_in_child=_renew_all)


class PipeBell:
    """What the sleepers of one generation sleep on: a pipe that is its own for so long."""

    __slots__ = ("earlier", "gates", "left", "pipe", "rung", "written")

    # Whoever makes one fills it in (`bell_on`): all wait for it, and a constructor would take as long again.

    # It stays open as long as this refers to it.
    pipe: Pipe
    # The first of these is what those sleep at who have a time limit; none, if there was nobody yet.
    gates: list[Lock]
    # By ticket, whether that sleeper has read its byte, or takes none, and so will not read any more.
    left: list[int]
    # As often as it was rung, or begun to be.
    rung: list[None]
    # How many bytes were written when it was rung, once they were. None as well where there is no gate: then everybody reads.
    written: int | None
    # The bell of the generation before, whose pipe the generation after this one may use: who pops it, and no other.
    earlier: list[PipeBell]

    def sleep(self, index: int, seconds: float, fate: Mapping[str, object], /) -> bool:
        """Sleep until it rings, for at most that many seconds (-1: for ever); whether it has rung."""
        if seconds < 0:
            reader = self.pipe.reader
            os.read(reader, 1)
            while not fate:
                os.read(reader, 1)
            self.left[index] = HAS_READ
            return True
        gates = self.gates
        if not gates:
            # Two may do so: the first one counts.
            gates.append(closed_gate())
        self.left[index] = TAKES_NONE
        if not fate:
            gate = gates[0]
            if not gate.acquire(True, seconds):  # noqa: FBT003 - by position, since names cost a tenth of a call
                return False
            try:  # noqa: SIM105 - what `open_gate` does, without a call
                gate.release()
            except RuntimeError:
                pass
        return True

    def open(self) -> None:
        """Wake all."""
        self.rung.append(None)
        gates = self.gates
        # Who says only now that it takes none leaves its byte there.
        some = bytes(self.left.count(STAYS)) if gates else self.pipe.some
        if some:
            try:  # noqa: SIM105 - a context manager takes as long as the rest
                os.write(self.pipe.writer, some)
            except BlockingIOError:
                # Bytes for everybody are waiting there.
                pass
        if gates:
            self.written = len(some)
            open_gate(gates[0])

    def open_all(self) -> None:
        """Wake all: more bytes do no harm."""
        self.open()

    def following(self) -> PipeBell | None:
        """A bell for the next generation; None if no pipe is to be had."""
        try:
            pipe = self.earlier.pop().emptied()
        except IndexError:
            pipe = None
        if pipe is None:
            pipe = new_pipe(len(self.left))
        return None if pipe is None else bell_on(pipe, self)

    def emptied(self) -> Pipe | None:
        """The pipe, if it can be used again: all have left, no more bytes came than were due, and none is in it now.

        After a fork it can not: whoever had left a byte has left it in the pipe of the parent.

        Called by one thread, once.
        """
        if len(self.rung) != 1 or STAYS in self.left or self.pipe.forked:
            return None
        if self.gates:
            written = self.written
            if written is None:
                # Who rings is slow, and its bytes are still to come: nobody waits for them.
                return None
            unread = written - self.left.count(HAS_READ)
            if unread > 0:
                os.read(self.pipe.reader, unread)
        return self.pipe


def bell_on(pipe: Pipe, *earlier: PipeBell) -> PipeBell:
    """A bell that has this pipe to itself, and may let the one after it use that of the `earlier` one."""
    bell = PipeBell()
    bell.pipe = pipe
    bell.gates = []
    bell.left = [STAYS] * len(pipe.some)
    bell.rung = []
    bell.written = None
    bell.earlier = [*earlier]
    return bell


def new_pipe(sleepers: int) -> Pipe | None:
    """A pipe for so many sleepers; None if there is none to be had."""
    if not AVAILABLE or sleepers > MOST_SLEEPERS or len(_open) >= MOST:
        return None
    try:
        return Pipe(sleepers)
    except OSError:
        return None


def new_bell(sleepers: int) -> PipeBell | None:
    """A bell with a pipe of its own; None if there is none to be had."""
    pipe = new_pipe(sleepers)
    return None if pipe is None else bell_on(pipe)
