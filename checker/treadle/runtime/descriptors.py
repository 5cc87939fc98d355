"""The system calls of `os` on descriptors of the world: pipes and counters that no kernel knows of.

What the world has opened has a number from `FIRST` on; what these functions are asked of it is an operation of
`treadle.semantics`. Any lower number is the process's own, and goes to the real function. A real call can wait, and
nobody else would run meanwhile; that is the program's risk, as it is with any other real I/O.

A system call is two steps: the number is looked up, and then what it named is used. So a descriptor that one thread
closes while another one is about to use it is found, as EBADF or as a stranger's bytes, and one that is in use already
goes on being used.

What is not modelled (`fdopen`, `fstat`, `dup2`, ... of such a number) is refused: no verdict is complete then.
"""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from treadle.errors import ScenarioError
from treadle.model.operations import WRITE, become
from treadle.semantics.descriptors import FIRST, Close, Duplicate, End, GetBlocking, Open, Resolve, SetBlocking
from treadle.semantics.faults import StrikeWait
from treadle.semantics.pipes import (
    ATOMIC,
    BROKEN,
    COUNTING,
    LARGEST,
    READING,
    WOULD_BLOCK,
    WRITING,
    CounterRead,
    CounterWrite,
    Question,
    Read,
    Write,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.model.operations import Operation
    from treadle.runtime.names import Names
    from treadle.runtime.turns import Turns
    from treadle.semantics.pipes import Interest

_REFUSED = (
    *(
        "dup2",
        "fchdir",
        "fchmod",
        "fchown",
        "fdatasync",
        "fdopen",
        "fpathconf",
        "fstat",
        "fstatvfs",
        "fsync",
        "ftruncate",
    ),
    *(
        "get_terminal_size",
        "lockf",
        "lseek",
        "posix_fadvise",
        "posix_fallocate",
        "pread",
        "preadv",
        "pwrite",
        "pwritev",
    ),
    *("readv", "sendfile", "set_handle_inheritable", "splice", "tcgetpgrp", "tcsetpgrp", "ttyname", "writev"),
)
"""Functions whose first argument is a descriptor, and that know nothing of the world's."""

_WAITING = frozenset({CounterRead, CounterWrite, Read, Write})
"""Operations that may wait, in which a task can be interrupted."""


class Descriptors:
    """The files of a world."""

    __slots__ = ("_names", "_note", "_operations", "interruptible", "turns")

    interruptible: Callable[[Operation], None] | None  # told of a wait, with what an interruption of it is

    _operations: dict[tuple[Any, ...], Operation]  # the same object for the same operation, in all executions

    def __init__(self, turns: Turns, names: Names, note: Callable[[str], None]) -> None:
        self.turns = turns
        self._names = names
        self._note = note
        self._operations = {}
        self.interruptible = None

    def functions(self) -> dict[str, Any]:
        """What the world's `os` has in place of the real functions; only names that the real one has."""
        own = ("pipe", "pipe2", "read", "write", "close", "dup", "set_blocking", "get_blocking", "isatty")
        counters = ("eventfd", "eventfd_read", "eventfd_write")
        inheritance = ("get_inheritable", "set_inheritable")
        found = {name: getattr(self, name) for name in (*own, *counters, *inheritance) if hasattr(os, name)}
        return found | {name: self.refusing(os, name) for name in _REFUSED if hasattr(os, name)}

    def step(self, kind: type[Operation], *arguments: Any, **options: Any) -> Any:
        """Make the step; None in a task that dies, where nothing happens any more."""
        operation = self._operation(kind, *arguments, **options)
        if self.interruptible is not None and kind in _WAITING:
            self.interruptible(self._operation(StrikeWait, operation))
        result = self.turns.step(operation)
        return None if self.turns.dying else result

    def interruption(self, kind: type[Question], asker: str, interests: tuple[Interest, ...]) -> None:
        """The running task is about to wait for one of these; it is no longer asking if that is interrupted."""
        if self.interruptible is not None:
            question = self._operation(kind, asker, interests, patient=True, timed=False)
            leaving = ((asker, WRITE, (become, None)),) if kind is Question else ()
            self.interruptible(self._operation(StrikeWait, question, leaving))

    def _operation(self, kind: type[Operation], *arguments: Any, **options: Any) -> Operation:
        key = (kind, *arguments, *options.items())
        operation = self._operations.get(key)
        if operation is None:
            operation = self._operations[key] = kind(*arguments, **options)
        return operation

    def name(self, kind: str) -> str:
        """The name of what the program makes here."""
        return self._names.new(kind, sys._getframe(1))

    def refusing(self, module: Any, name: str) -> Callable[..., Any]:
        """The real function, but for descriptors of the world."""
        real = getattr(module, name)

        def call(descriptor: Any, *args: Any, **kwargs: Any) -> Any:
            return self.refuse(name) if is_of_world(descriptor) else real(descriptor, *args, **kwargs)

        call.__name__ = call.__qualname__ = name
        call.__doc__ = real.__doc__
        return call

    def refuse(self, name: str) -> NoReturn:
        """This is not modelled."""
        message = f"{name} of a pipe cannot be controlled"
        self._note(message)
        raise ScenarioError(message, expected="os.read, os.write, os.close, select.epoll, select.poll or select.select")

    # The functions of `os`.

    def pipe(self) -> tuple[int, int]:
        """Two numbers: what is written to the second can be read from the first."""
        name = self.name("pipe")
        return self.step(Open, name, (READING, WRITING)) or (FIRST, FIRST + 1)

    def pipe2(self, flags: int) -> tuple[int, int]:
        """The same; with `os.O_NONBLOCK` nothing about it ever waits."""
        name = self.name("pipe")
        given = self.step(Open, name, (READING, WRITING)) or (FIRST, FIRST + 1)
        if flags & os.O_NONBLOCK:
            # Nobody else knows the numbers yet, so that these are steps of their own makes no difference.
            for side in (READING, WRITING):
                self.step(SetBlocking, End(name, side), blocking=False)
        return given

    def dup(self, fd: int) -> int:
        """Another number for the same."""
        if not is_of_world(fd):
            return os.dup(fd)
        given: int | None = self.step(Duplicate, fd)
        if given is None:
            self._unnamed()
        return fd if given is None else given

    def close(self, fd: int) -> None:
        """Free the number."""
        if not is_of_world(fd):
            os.close(fd)
        elif self.step(Close, fd) is False:
            raise _bad()

    def read(self, fd: int, length: int) -> bytes:
        """Up to so many bytes; none at the end of the file."""
        if not is_of_world(fd):
            return os.read(fd, length)
        if length < 0:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        end = self.resolve(fd)
        if end is None:
            return b""
        if end.side == COUNTING:
            if length < 8:  # noqa: PLR2004 - eight bytes are a counter
                raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
            return self._take(end).to_bytes(8, sys.byteorder)
        if end.side != READING:
            raise _bad()
        if not length:
            return b""
        taken = self.step(Read, end.file, length)
        return _unless_blocking(taken) or b""

    def write(self, fd: int, data: Any) -> int:
        """Put bytes in; so many."""
        if not is_of_world(fd):
            return os.write(fd, data)
        if type(data) is not bytes:
            data = self._copied(data)
        end = self.resolve(fd)
        if end is None:
            return len(data)
        if end.side == COUNTING:
            return self._write_counter(end, data)
        if end.side != WRITING:
            raise _bad()
        return self._write_all(end, data)

    def set_blocking(self, fd: int, blocking: bool, /) -> None:
        """Whether reads and writes wait."""
        if not is_of_world(fd):
            os.set_blocking(fd, blocking)
            return
        end = self.resolve(fd)
        if end is not None:
            self.step(SetBlocking, end, blocking=bool(blocking))

    def get_blocking(self, fd: int, /) -> bool:
        """Whether reads and writes wait."""
        if not is_of_world(fd):
            return os.get_blocking(fd)
        end = self.resolve(fd)
        return end is None or bool(self.step(GetBlocking, end))

    def isatty(self, fd: int, /) -> bool:
        """No pipe is a terminal."""
        return not is_of_world(fd) and os.isatty(fd)

    def get_inheritable(self, fd: int, /) -> bool:
        """No world has children."""
        return False if is_of_world(fd) else os.get_inheritable(fd)

    def set_inheritable(self, fd: int, inheritable: bool, /) -> None:
        """No world has children."""
        if not is_of_world(fd):
            os.set_inheritable(fd, inheritable)

    def eventfd(self, initval: int, flags: int | None = None) -> int:
        """A counter."""
        flags = os.EFD_CLOEXEC if flags is None else flags
        name = self.name("semaphore counter" if flags & os.EFD_SEMAPHORE else "counter")
        (given,) = self.step(Open, name, (COUNTING,)) or (FIRST,)
        if initval:
            self.step(CounterWrite, name, initval)
        if flags & os.EFD_NONBLOCK:
            self.step(SetBlocking, End(name, COUNTING), blocking=False)
        return given

    def eventfd_read(self, fd: int) -> int:
        """What the counter has, taken off."""
        if not is_of_world(fd):
            return os.eventfd_read(fd)
        end = self.resolve(fd)
        if end is not None and end.side != COUNTING:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        return self._take(end) if end is not None else 0

    def eventfd_write(self, fd: int, value: int) -> None:
        """Add to the counter."""
        if not is_of_world(fd):
            os.eventfd_write(fd, value)
            return
        end = self.resolve(fd)
        if end is not None and end.side != COUNTING:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        if end is not None:
            self._give(end, value)

    # Steps of them.

    def resolve(self, fd: int) -> End | None:
        """What the number names; None in a task that dies. OSError if it names nothing."""
        end: End | None = self.step(Resolve, fd)
        if end is None:
            self._unnamed()
        return end

    def _unnamed(self) -> None:
        """The number names nothing. Whoever dies is not told."""
        if not self.turns.dying:
            raise _bad()

    def _write_all(self, end: End, data: bytes) -> int:
        written = 0
        while written < len(data):
            result = self.step(Write, end.file, data[written:])
            if result is None:
                return len(data)
            if type(result) is str:
                if written:
                    break
                return int(_unless_blocking(result))
            written += result
            if len(data) <= ATOMIC:
                break
        return written

    def _take(self, end: End) -> int:
        taken = self.step(CounterRead, end.file, single=end.file.startswith("semaphore"))
        return int(_unless_blocking(taken) or 0)

    def _give(self, end: End, value: int) -> None:
        if not 0 <= value <= LARGEST:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        _unless_blocking(self.step(CounterWrite, end.file, value))

    def _write_counter(self, end: End, data: bytes) -> int:
        if len(data) < 8:  # noqa: PLR2004 - eight bytes are a counter
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        self._give(end, int.from_bytes(data[:8], sys.byteorder))
        return 8

    def _copied(self, data: Any) -> bytes:
        """What is in a buffer, at this moment; that it is read is not seen."""
        if self.turns.live:
            self._note("os.write of a buffer that can change, which is read without being seen; write bytes")
        return bytes(data)


def is_of_world(descriptor: Any) -> bool:
    """Whether this is a number that a world gives."""
    return isinstance(descriptor, int) and descriptor >= FIRST


def _bad() -> OSError:
    return OSError(errno.EBADF, os.strerror(errno.EBADF))


def _unless_blocking(result: Any) -> Any:
    """The result of a read or a write; raises what the system call would, if it did nothing."""
    if result == WOULD_BLOCK:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
    if result == BROKEN:
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
    return result
