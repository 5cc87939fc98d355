"""Scenarios of pipes and polls, small enough for their executions to be counted by hand; and what one thread sees.

What `alone_*` return must be what they return in an ordinary run, where the kernel answers.
"""

from __future__ import annotations

import os
import select
import selectors
import time
from typing import TYPE_CHECKING, Any

from tests.quality.rounds import together

if TYPE_CHECKING:
    from collections.abc import Callable


def everybody_is_told() -> list[bytes]:
    """One closing wakes three readers, whose order nobody can see."""
    reading, writing = os.pipe()
    got = [b"?"] * 3

    def listen(index: int) -> None:
        got[index] = os.read(reading, 1)

    together(*(lambda i=i: listen(i) for i in range(3)), lambda: os.close(writing))
    os.close(reading)
    return got


def one_byte_each() -> list[bytes]:
    """Two readers of two bytes: each gets one."""
    reading, writing = os.pipe()
    got = [b"?"] * 2

    def take(index: int) -> None:
        got[index] = os.read(reading, 1)

    os.write(writing, b"ab")
    together(*(lambda i=i: take(i) for i in range(2)))
    return got


def two_writers() -> bytes:
    """The bytes of two writers come out in either order."""
    reading, writing = os.pipe()
    together(lambda: os.write(writing, b"ab"), lambda: os.write(writing, b"c"))
    return os.read(reading, 10)


def impatient_poll() -> list[tuple[str, float]]:
    """A poll with a timeout: the pipe was closed, or the poll expires, half a second later."""
    reading, writing = os.pipe()
    found: list[tuple[str, float]] = []

    def ask() -> None:
        poll = select.poll()
        poll.register(reading, select.POLLIN)
        ready = poll.poll(500)
        found.append(("closed" if ready else "expired", round(time.monotonic() - 1000, 3)))

    together(ask, lambda: os.close(writing))
    return found


def patient_poll() -> list[int]:
    """A poll without a timeout waits for the end, which is all that it can see."""
    reading, writing = os.pipe()
    found: list[int] = []

    def ask() -> None:
        poll = select.poll()
        poll.register(reading, select.POLLIN)
        ((_, events),) = poll.poll()
        found.append(events)

    together(ask, lambda: os.close(writing))
    return found


def impatient_select() -> int:
    """`select.select` with a timeout."""
    reading, writing = os.pipe()
    found: list[int] = []
    together(lambda: found.append(len(select.select([reading], [], [], 1)[0])), lambda: os.write(writing, b"a"))
    return found[0]


def chosen_by_selectors() -> int:
    """`selectors` stands on the controlled `select`."""
    reading, writing = os.pipe()
    found: list[int] = []

    def ask() -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(reading, selectors.EVENT_READ)
            found.append(len(selector.select(1)))

    together(ask, lambda: os.write(writing, b"a"))
    return found[0]


def closed_too_early() -> str:
    """A reader whose number is closed meanwhile: it finds none, or goes on until there is nothing to wait for."""
    reading, writing = os.pipe()
    found: list[str] = []

    def listen() -> None:
        try:
            found.append(str(os.read(reading, 1)))
        except OSError as error:
            found.append(error.strerror or "")

    def close() -> None:
        os.close(reading)
        os.close(writing)

    together(listen, close)
    return found[0]


def reads_a_stranger() -> str:
    """A number that is closed and given away: somebody reads what is not meant for him."""
    reading, writing = os.pipe()
    found: list[str] = []

    def listen() -> None:
        try:
            found.append(os.read(reading, 1).decode())
        except OSError as error:
            found.append(error.strerror or "")

    def replace() -> None:
        os.close(reading)
        _, other = os.pipe()
        os.write(other, b"S")
        os.close(writing)

    together(listen, replace)
    return found[0]


def full() -> list[int]:
    """A writer of more than fits waits for a reader."""
    reading, writing = os.pipe()
    sizes: list[int] = []
    together(
        lambda: sizes.append(os.write(writing, b"x" * 70_000)),
        lambda: sizes.append(len(os.read(reading, 66_000))),
    )
    return sorted(sizes)


def nobody_writes() -> None:
    """A reader of what nobody will write."""
    reading, _ = os.pipe()
    os.read(reading, 1)


def counted() -> list[int]:
    """Two that add to a counter, and one that takes what is there."""
    counter = os.eventfd(0)
    found: list[int] = []
    together(
        lambda: os.eventfd_write(counter, 1),
        lambda: os.eventfd_write(counter, 2),
        lambda: found.append(os.eventfd_read(counter)),
    )
    return found


def polled_twice_at_once() -> str:
    """Two threads and one poll object: CPython forbids it, if they meet."""
    reading, writing = os.pipe()
    poll = select.poll()
    poll.register(reading, select.POLLIN)
    found: list[str] = []

    def ask() -> None:
        try:
            poll.poll()
        except RuntimeError as error:
            found.append(str(error))

    together(ask, ask, lambda: os.close(writing))
    return ", ".join(found)


def told_together() -> list[str]:
    """Two threads at one epoll object, one of which would not wait for ever: what is written is seen by both, and stays."""
    reading, writing = os.pipe()
    epoll = select.epoll()
    epoll.register(reading, select.EPOLLIN)
    found = ["", ""]

    def ask(place: int, seconds: float | None) -> None:
        found[place] = "told" if epoll.poll(seconds, 1) else "expired"

    together(lambda: ask(0, None), lambda: ask(1, 0.5), lambda: os.write(writing, b"a"))
    return [*found, os.read(reading, 9).decode()]


def told_in_any_order() -> list[int]:
    """Two pipes are ready, and one of them is told of: which, the kernel does not promise."""
    pipes = [os.pipe(), os.pipe()]
    epoll = select.epoll()
    for reading, writing in pipes:
        epoll.register(reading, select.EPOLLIN)
        os.write(writing, b"a")
    return [number - pipes[0][0] for number, _ in epoll.poll(0, 1)]


def told_of_nothing_closed() -> list[int]:
    """Closed in time, nothing is told of it any more; else its last byte was."""
    reading, writing = os.pipe()
    os.write(writing, b"a")
    epoll = select.epoll()
    epoll.register(reading, select.EPOLLIN)
    found: list[int] = []
    together(lambda: found.append(len(epoll.poll(0))), lambda: os.close(reading))
    return found


def registered_too_late() -> int:
    """A thread waits at an epoll object while another one registers a pipe, which the kernel would tell it of."""
    reading, writing = os.pipe()
    os.write(writing, b"a")
    epoll = select.epoll()
    found: list[int] = []
    together(lambda: found.append(len(epoll.poll())), lambda: epoll.register(reading, select.EPOLLIN))
    return len(found)


def _said(call: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return call(*arguments)
    except Exception as error:
        return type(error).__name__, getattr(error, "errno", None)


def _numbers() -> int:
    """The lowest free number."""
    reading, writing = os.pipe()
    os.close(writing)
    os.close(reading)
    return reading


def alone_with_a_pipe() -> list[Any]:
    """Reads, writes, closings and their errors."""
    lowest = _numbers()
    reading, writing = os.pipe()
    said: list[Any] = [
        reading - lowest,
        writing - lowest,
        os.get_blocking(reading),
        os.isatty(reading),
        os.get_inheritable(reading),
    ]
    said += [os.write(writing, b""), os.read(reading, 0), os.write(writing, b"abc"), os.read(reading, 2)]
    said += [
        os.read(reading, 5),
        _said(os.write, reading, b"a"),
        _said(os.read, writing, 1),
        _said(os.read, reading, -1),
    ]
    os.set_blocking(reading, False)
    said += [os.get_blocking(reading), _said(os.read, reading, 1)]
    os.close(writing)
    said += [os.read(reading, 1), _said(os.write, writing, b"a"), _said(os.close, writing), _said(os.dup, writing)]
    os.close(reading)
    return [*said, _said(os.read, reading, 1), _said(os.set_blocking, reading, True), _said(os.get_blocking, reading)]


def alone_with_numbers() -> list[Any]:
    """Which numbers are given, and what a second number for an end keeps open."""
    lowest = _numbers()
    reading, writing = os.pipe()
    other = os.dup(writing)
    os.close(writing)
    again = os.pipe()
    said: list[Any] = [
        other - lowest,
        *(number - lowest for number in again),
        os.write(other, b"a"),
        os.read(reading, 9),
    ]
    os.close(other)
    said.append(os.read(reading, 1))
    os.close(reading)
    third = os.pipe()
    said += [number - lowest for number in third]
    for number in (*again, *third):
        os.close(number)
    return said


def alone_with_a_full_pipe() -> list[Any]:
    """Room, for short and for long writes; a pipe that nobody reads."""
    reading, writing = os.pipe2(os.O_NONBLOCK)
    said: list[Any] = [os.write(writing, b"x" * 100_000), _said(os.write, writing, b"y"), len(os.read(reading, 4096))]
    said += [os.write(writing, b"y" * 4096), _said(os.write, writing, b"z" * 5000), len(os.read(reading, 100_000))]
    os.close(reading)
    said += [_said(os.write, writing, b"a")]
    os.close(writing)
    return said


def alone_with_polls() -> list[Any]:
    """Which events `poll` and `select` report, in which order."""
    lowest = _numbers()
    reading, writing = os.pipe()
    poll = select.poll()

    def ask() -> list[tuple[int, int]]:
        return [(number - lowest, events) for number, events in poll.poll(0)]

    poll.register(writing)
    poll.register(reading, select.POLLIN)
    said: list[Any] = [ask()]
    os.write(writing, b"a")
    said += [ask(), [len(some) for some in select.select([reading], [writing], [reading], 0)]]
    poll.modify(writing, 0)
    said += [ask()]
    os.close(writing)
    said += [ask(), os.read(reading, 1), ask(), [len(some) for some in select.select([reading], [], [reading], 0)]]
    said += [_said(poll.modify, 999_999, 1), _said(poll.unregister, 999_999), _said(poll.register, -1)]
    poll.unregister(writing)
    said += [ask(), _said(select.select, [writing], [], [], 0), _said(select.select, [], [], [], -1)]
    os.close(reading)
    said += [ask(), select.select([], [], [], 0)]
    reading, writing = os.pipe()
    os.close(reading)
    said += [[len(some) for some in select.select([], [writing], [], 0)]]
    poll = select.poll()
    poll.register(writing, select.POLLIN)
    said += [ask(), isinstance(poll.poll(0), list)]
    os.close(writing)
    return said


def alone_with_epoll() -> list[Any]:
    """What `epoll` reports, by level, and what it refuses."""
    lowest = _numbers()
    reading, writing = os.pipe()
    epoll = select.epoll()

    def ask() -> list[tuple[int, int]]:
        return [(number - lowest, events) for number, events in epoll.poll(0)]

    epoll.register(reading, select.EPOLLIN)
    said: list[Any] = [ask(), epoll.poll(0.001), epoll.closed]
    os.write(writing, b"ab")
    said += [ask(), ask(), len(epoll.poll(-1, 1)), _said(epoll.poll, 0, 0), _said(epoll.register, reading)]
    epoll.modify(reading, 0)
    said += [ask(), _said(epoll.modify, writing, 1), _said(epoll.unregister, writing), _said(epoll.register, -1)]
    epoll.unregister(reading)
    said += [ask(), _said(epoll.unregister, reading), _said(epoll.register, writing, select.EPOLLOUT), ask()]
    os.close(writing)
    epoll.register(reading)
    said += [ask(), os.read(reading, 9), ask(), _said(epoll.register, writing), _said(select.epoll, 0)]
    os.close(reading)
    said += [ask(), _said(epoll.modify, reading, 1)]
    with epoll:
        pass
    return [*said, epoll.closed, _said(epoll.poll, 0), _said(epoll.register, 0)]


def alone_with_a_counter() -> list[Any]:
    """`eventfd`."""
    counter = os.eventfd(3, os.EFD_NONBLOCK)
    said: list[Any] = [os.eventfd_read(counter), _said(os.eventfd_read, counter), _said(os.read, counter, 4)]
    os.eventfd_write(counter, 2)
    said += [os.read(counter, 8), os.write(counter, (5).to_bytes(8, "little")), os.eventfd_read(counter)]
    said += [_said(os.eventfd_write, counter, 2**64 - 1), _said(os.eventfd_write, counter, 2**64 - 2)]
    said += [_said(os.eventfd_write, counter, 1), _said(os.write, counter, b"abc")]
    os.close(counter)
    several = os.eventfd(2, os.EFD_NONBLOCK | os.EFD_SEMAPHORE)
    said += [os.eventfd_read(several), os.eventfd_read(several), _said(os.eventfd_read, several)]
    os.close(several)
    return said


def refused() -> None:
    """What no world knows of."""
    reading, _ = os.pipe()
    os.fstat(reading)


def reads_what_is_closed() -> None:
    """One closes what another one is about to read."""
    reading, writing = os.pipe()
    os.write(writing, b"a")
    together(lambda: os.read(reading, 1), lambda: os.close(reading))
