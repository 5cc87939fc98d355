"""The controlled `select`: which descriptors of the world are ready.

It has `select`, `poll` and, where the real module has it, `epoll`; it has no `kqueue` and its like, so that `selectors`
falls back on `poll` there. A wait is two steps, as any system call is (see `descriptors`): the numbers are looked up, and
then the question waits for an answer. With a timeout it expires at any moment at which nothing is ready, which moves the
clock of its task on.

A poll object is shared memory like anything else: registering writes its list, polling reads it, and two threads that
poll the same object at once get the error that they get in CPython. An epoll object may be asked by many at once; it holds
what a number named when it was registered, and several that are ready are told of in any order, each of which is tried.

Descriptors of the process go to the real module if there are no others among them; a mixture is refused.
"""

from __future__ import annotations

import errno
import math
import os
import select
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self

from treadle.runtime.descriptors import is_of_world
from treadle.semantics.choices import Choose
from treadle.semantics.descriptors import number_of
from treadle.semantics.memory import Load, Store
from treadle.semantics.pipes import (
    POLLERR,
    POLLHUP,
    POLLIN,
    POLLNVAL,
    POLLOUT,
    POLLRDNORM,
    POLLWRNORM,
    Enter,
    Interest,
    Question,
    Watch,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from treadle.runtime.clock import Clock
    from treadle.runtime.descriptors import Descriptors
    from treadle.semantics.descriptors import End

_ABSENT = ("kqueue", "kevent", "devpoll")
_LEVEL = POLLIN | POLLOUT | POLLERR | POLLHUP | select.POLLPRI | POLLRDNORM | POLLWRNORM
"""Events that an epoll object tells of as long as they last."""
_READABLE = POLLIN | POLLHUP | POLLERR
_WRITABLE = POLLOUT | POLLERR

Ready = tuple[tuple[int, int], ...]
"""Descriptors, and what is ready about each."""


class Waits:
    """What all waits of a world stand on."""

    __slots__ = ("_clock", "descriptors")

    def __init__(self, descriptors: Descriptors, clock: Clock) -> None:
        self.descriptors = descriptors
        self._clock = clock

    def ask(self, asker: str, wanted: dict[int, int], seconds: float | None) -> Ready:
        """Wait until something is ready, or so long; what is ready. RuntimeError if the asker is asking already."""
        step = self.descriptors.step
        names = tuple(map(number_of, wanted))
        ends = step(Enter, asker, names)
        if ends is None:
            return ()
        if ends is False:
            raise RuntimeError("concurrent poll() invocation")
        interests = tuple(map(Interest, wanted, ends, wanted.values()))
        return self.wait(Question, asker, interests, seconds)

    def wait(self, kind: type[Question], asker: str, interests: tuple[Interest, ...], seconds: float | None) -> Ready:
        """What is ready of these, now or within so long."""
        timed = seconds is not None and seconds > 0
        if seconds is None or timed:
            self.descriptors.interruption(kind, asker, interests)
        ready: Ready = self.descriptors.step(kind, asker, interests, patient=seconds is None, timed=timed) or ()
        if not ready and timed:
            self._clock.expire(seconds or 0.0)
        return ready

    def select(
        self, rlist: Iterable[Any], wlist: Iterable[Any], xlist: Iterable[Any], timeout: float | None = None, /
    ) -> tuple[list[Any], list[Any], list[Any]]:
        """`select.select`."""
        lists = [*rlist], [*wlist], [*xlist]
        numbers = [[_number(file) for file in files] for files in lists]
        if not _is_ours(self.descriptors, [number for some in numbers for number in some], "select.select"):
            return select.select(*lists, timeout)
        wanted: dict[int, int] = {}
        for some, events in zip(numbers, (POLLIN, POLLOUT, 0), strict=True):
            for number in some:
                wanted[number] = wanted.get(number, 0) | events
        asker = f"select of task {self.descriptors.turns.current}"
        found = dict(self.ask(asker, wanted, _checked(timeout, "timeout must be non-negative")))
        if any(events & POLLNVAL for events in found.values()):
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        pairs = zip(lists, numbers, (_READABLE, _WRITABLE, 0), strict=True)
        read, write, special = (
            [file for file, number in zip(files, some, strict=True) if found.get(number, 0) & events]
            for files, some, events in pairs
        )
        return read, write, special


class Poll:
    """A poll object."""

    __slots__ = ("_name", "_wanted")

    _waits: ClassVar[Waits]  # of each world's own subclass
    _wanted: dict[int, int]  # by descriptor: the events

    def __init__(self) -> None:
        self._name = self._waits.descriptors.name("poll")
        self._wanted = {}

    def register(self, fd: Any, eventmask: int = select.POLLIN | select.POLLPRI | select.POLLOUT, /) -> None:
        """From now on ask for these events of the descriptor."""
        number = _number(fd)
        self._waits.descriptors.step(Store, self._list())
        self._wanted[number] = eventmask

    def modify(self, fd: Any, eventmask: int, /) -> None:
        """Ask for other events."""
        number = _number(fd)
        self._waits.descriptors.step(Store, self._list())
        if number not in self._wanted:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        self._wanted[number] = eventmask

    def unregister(self, fd: Any, /) -> None:
        """Ask no more."""
        number = _number(fd)
        self._waits.descriptors.step(Store, self._list())
        del self._wanted[number]

    def poll(self, timeout: float | None = None, /) -> list[tuple[int, int]]:
        """The descriptors for which something is ready, with the events; at most so many milliseconds."""
        self._waits.descriptors.step(Load, self._list())
        wanted = dict(self._wanted)
        seconds = None if timeout is None or timeout < 0 else math.ceil(timeout) / 1000
        if not _is_ours(self._waits.descriptors, wanted, "select.poll"):
            real = select.poll()
            for number, events in wanted.items():
                real.register(number, events)
            return real.poll(timeout)
        return [*self._waits.ask(self._name, wanted, seconds)]

    def _list(self) -> str:
        return f"{self._name} (registered)"


class Epoll:
    """An epoll object. It takes no number of its own."""

    __slots__ = ("_asking", "_interests", "_name", "_real", "closed")

    _waits: ClassVar[Waits]  # of each world's own subclass
    _interests: dict[tuple[int, End | None], Interest]  # by number and what that named, as the kernel keeps them
    _asking: int  # so many wait, or are about to
    _real: Any  # for files of the process

    def __init__(self, sizehint: int = -1, flags: int = 0) -> None:
        if sizehint < 1 and sizehint != -1:
            raise ValueError("negative sizehint")
        if flags & ~select.EPOLL_CLOEXEC:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        self._name = f"{self._waits.descriptors.name('epoll')} (registered)"
        self._interests = {}
        self._asking = 0
        self._real = None
        self.closed = False

    def register(self, fd: Any, eventmask: int = POLLIN | select.POLLPRI | POLLOUT) -> None:
        """From now on tell of these events of what the descriptor names."""
        self._change(fd, eventmask, known=False)

    def modify(self, fd: Any, eventmask: int) -> None:
        """Tell of other events."""
        self._change(fd, eventmask, known=True)

    def unregister(self, fd: Any) -> None:
        """Tell no more."""
        self._change(fd, None, known=True)

    def poll(self, timeout: float | None = None, maxevents: int = -1) -> list[tuple[int, int]]:
        """The descriptors for which something is ready, with the events; within so many seconds."""
        if maxevents < 1 and maxevents != -1:
            message = f"maxevents must be greater than 0, got {maxevents}"
            raise ValueError(message)
        step = self._waits.descriptors.step
        step(Load, self._name)
        self._refuse_closed()
        if self._real is not None:
            return [*self._real.poll(timeout, maxevents)]
        seconds = None if timeout is None or timeout < 0 else math.ceil(timeout * 1000) / 1000
        self._asking += 1
        try:
            ready = [*self._waits.wait(Watch, self._name, tuple(self._interests.values()), seconds)]
        finally:
            self._asking -= 1
        found: list[tuple[int, int]] = []
        while ready and len(found) != maxevents:
            found.append(ready.pop((step(Choose, len(ready)) or 0) if len(ready) > 1 else 0))
        return found

    def close(self) -> None:
        """Ask no more."""
        self._alter()
        self._interests = {}
        self._real = None
        self.closed = True

    def fileno(self) -> NoReturn:
        """Its number, which it has not."""
        self._waits.descriptors.refuse("the number of an epoll object that is asked about a pipe, as fileno")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _change(self, fd: Any, events: int | None, *, known: bool) -> None:
        number = _number(fd)
        self._refuse_closed()
        if not is_of_world(number):
            self._change_real(number, events, known=known)
            return
        descriptors = self._waits.descriptors
        if events is not None and events & ~_LEVEL:
            descriptors.refuse("EPOLLET, EPOLLONESHOT or EPOLLEXCLUSIVE")
        if self._real is not None:
            descriptors.refuse("epoll of real files and")
        key = number, descriptors.resolve(number)
        self._alter()
        if (key in self._interests) != known:
            code = errno.ENOENT if known else errno.EEXIST
            raise OSError(code, os.strerror(code))
        kept = {**self._interests, key: Interest(*key, events or 0)}
        if events is None:
            del kept[key]
        self._interests = kept

    def _change_real(self, number: int, events: int | None, *, known: bool) -> None:
        if self._interests:
            self._waits.descriptors.refuse("epoll of real files and")
        self._real = self._real or select.epoll()
        if events is None:
            self._real.unregister(number)
        else:
            (self._real.modify if known else self._real.register)(number, events)

    def _alter(self) -> None:
        self._waits.descriptors.step(Store, self._name)
        if self._asking:
            # The kernel would tell those who wait already.
            self._waits.descriptors.refuse("registering at an epoll object while somebody waits there for news")

    def _refuse_closed(self) -> None:
        if self.closed:
            raise ValueError("I/O operation on closed epoll object")


def controlled_select(descriptors: Descriptors, clock: Clock) -> ModuleType:
    """The module `select` of one world."""
    module = ModuleType("select", select.__doc__)
    module.__spec__ = select.__spec__
    for name, value in vars(select).items():
        if not name.startswith(("__", "KQ_")) and name not in _ABSENT:
            setattr(module, name, value)
    waits = Waits(descriptors, clock)
    # A class, as it is no method of whoever keeps it in a class of his own.
    poll = type("poll", (Poll,), {"__slots__": (), "__module__": "select", "_waits": waits})
    vars(module).update({"select": waits.select, "poll": poll})
    if hasattr(select, "epoll"):
        module.epoll = type("epoll", (Epoll,), {"__slots__": (), "__module__": "select", "_waits": waits})  # type: ignore[attr-defined]
    return module


def _number(file: Any) -> int:
    """The descriptor of a file, or the number itself."""
    number = file if isinstance(file, int) else getattr(file, "fileno", lambda: None)()
    if not isinstance(number, int):
        raise TypeError("argument must be an int, or have a fileno() method.")
    if number < 0:
        message = f"file descriptor cannot be a negative integer ({number})"
        raise ValueError(message)
    return number


def _is_ours(descriptors: Descriptors, numbers: Iterable[int], name: str) -> bool:
    """Whether the world answers; False if it is for the real module to do. Refused if it is for both."""
    ours = {is_of_world(number) for number in numbers}
    if len(ours) > 1:
        descriptors.refuse(f"{name} of real files and")
    return ours != {False}


def _checked(timeout: float | None, message: str) -> float | None:
    if timeout is not None and timeout < 0:
        raise ValueError(message)
    return timeout
