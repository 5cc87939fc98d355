"""Descriptors: the small numbers by which a process names what it has open.

The kernel gives the *lowest free* number to whatever is opened next, and so gives a number that was closed to somebody
else. Code that closes a descriptor which another thread still uses is therefore wrong in two ways: the other one finds
nothing under the number (EBADF), or something of a stranger. Both are found, because the table is modelled as it is:

- each number is an object of its own. Its state is the `End` that it names, or None while it is free;
- to open reads every number below the one that it gets, which are all taken, and writes that one. So two openings
  conflict, an opening conflicts with the closing of a lower number, and closing a higher one changes nothing for it;
- a system call looks its number up first (`Resolve`, which only reads), and from then on holds what it has found, as
  the kernel does. Closing the number later does not wake it, nor stop it.

How many numbers name an end is a counter. Closings commute there: each takes one off and looks at nothing. What the
last closing means is for those who read the counter to see (`treadle.semantics.pipes`).

Simplified: an end is closed with its last number, also where a system call that has looked the number up goes on.
(The kernel waits for that call.) No opening ever fails; EMFILE would be another alternative of `Open`.

Numbers of the process itself lie below `FIRST`, and are none of the world's.

Law: tests/laws/test_conflicts.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from treadle.model.operations import ONE, READ, RELEASE, WRITE, Operation, Outcome, become

if TYPE_CHECKING:
    from collections.abc import Hashable

    from treadle.model.operations import Access, Accesses, Alternative, Alternatives, Look

FIRST = 10_000
"""The lowest number that a world gives. No process that is tested has so many files of its own open."""


class End(NamedTuple):
    """What a number names: a file, and by which side."""

    file: str
    side: str


def number_of(descriptor: int) -> str:
    """The name of the object that is the entry of a number in the table."""
    return f"descriptor {descriptor}"


def openings_of(end: End) -> str:
    """The name of the counter of the numbers that name an end; one that was never counted is named once."""
    return f"{end.side} openings of {end.file}"


def flags_of(end: End) -> str:
    """The name of the object that is True once system calls on an end do not block."""
    return f"{end.side} flags of {end.file}"


def is_open(end: End, look: Look) -> bool:
    """Whether any number names the end."""
    return bool(_counted(look(openings_of(end))))


def _counted(count: int | None) -> int:
    return 1 if count is None else count


def _more(count: int | None, amount: int) -> int:
    return _counted(count) + amount


class DescriptorOperation(Operation):
    """An operation on the table; never blocked."""

    __slots__ = ("descriptor",)

    def __init__(self, descriptor: int, place: str | None = None) -> None:
        self.descriptor = descriptor
        self.place = place

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Never blocked."""
        return ONE

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002
        """It is never blocked."""
        return ()

    def objects(self) -> tuple[str, ...]:
        """The entry."""
        return (number_of(self.descriptor),)


class Open(Operation):
    """Make a file, and give a number to each of its sides; the result is the numbers, in the order of the sides."""

    __slots__ = ("file", "sides")
    kind = "open"

    def __init__(self, file: str, sides: tuple[str, ...], place: str | None = None) -> None:
        self.file = file
        self.sides = sides
        self.place = place

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Never blocked, and it never fails."""
        return ONE

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """The lowest free numbers name its sides."""
        accesses, given = _lowest([End(self.file, side) for side in self.sides], look)
        return Outcome(given, accesses)

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002
        """It is never blocked."""
        return ()

    def objects(self) -> tuple[str, ...]:
        """The file."""
        return (self.file,)


class Duplicate(DescriptorOperation):
    """Another number for what this one names; None if it names nothing."""

    __slots__ = ()
    kind = "duplicate"

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """The lowest free number names the same, which is counted."""
        own: Access = (number_of(self.descriptor), READ, None)
        end: End | None = look(number_of(self.descriptor))
        if end is None:
            return Outcome(None, (own,))
        accesses, (given,) = _lowest([end], look)
        others = tuple(access for access in accesses if access[0] != own[0])
        return Outcome(given, (own, *others, (openings_of(end), RELEASE, (_more, 1))))


class Resolve(DescriptorOperation):
    """The beginning of a system call: what the number names; None if it names nothing."""

    __slots__ = ()
    kind = "resolve"

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """A look."""
        name = number_of(self.descriptor)
        return Outcome(look(name), ((name, READ, None),))


class Close(DescriptorOperation):
    """Free the number; False if it names nothing."""

    __slots__ = ()
    kind = "close"

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """The number is free, and its end is named once less."""
        name = number_of(self.descriptor)
        end: End | None = look(name)
        if end is None:
            return Outcome(False, ((name, READ, None),))  # noqa: FBT003
        return Outcome(True, ((name, WRITE, (become, None)), (openings_of(end), RELEASE, (_more, -1))))  # noqa: FBT003


class SetBlocking(Operation):
    """Say whether system calls on an end block, from now on."""

    __slots__ = ("blocking", "end")
    kind = "set_blocking"

    def __init__(self, end: End, place: str | None = None, *, blocking: bool) -> None:
        self.end = end
        self.blocking = blocking
        self.place = place

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Never blocked."""
        return ONE

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """The flags are set."""
        return Outcome(None, ((flags_of(self.end), WRITE, (become, not self.blocking)),))

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002
        """It is never blocked."""
        return ()

    def objects(self) -> tuple[str, ...]:
        """The flags."""
        return (flags_of(self.end),)

    def signature(self) -> tuple[Hashable, ...]:
        """The kind, of what, and which."""
        return (self.kind, *self.objects(), str(self.blocking))


class GetBlocking(Operation):
    """Ask whether system calls on an end block."""

    __slots__ = ("end",)
    kind = "get_blocking"

    def __init__(self, end: End, place: str | None = None) -> None:
        self.end = end
        self.place = place

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Never blocked."""
        return ONE

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """A look at the flags."""
        return Outcome(not look(flags_of(self.end)), ((flags_of(self.end), READ, None),))

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002
        """It is never blocked."""
        return ()

    def objects(self) -> tuple[str, ...]:
        """The flags."""
        return (flags_of(self.end),)


def _lowest(ends: list[End], look: Look) -> tuple[Accesses, tuple[int, ...]]:
    """The accesses that give the lowest free numbers to some ends, and the numbers."""
    accesses: list[Access] = []
    given: list[int] = []
    descriptor = FIRST
    while len(given) < len(ends):
        name = number_of(descriptor)
        if look(name) is None:
            accesses.append((name, WRITE, (become, ends[len(given)])))
            given.append(descriptor)
        else:
            accesses.append((name, READ, None))
        descriptor += 1
    return tuple(accesses), tuple(given)
