"""Memory: what real code does to shared variables, attributes, items and containers, without a value that is modelled.

The values live in Python's own objects; the checker knows only *where* something was read or written. A location is a
stable name. Its state, for those who want to compare versions (has anything that I read been written since?), is a
fresh box after each write, and None before the first. What was read has a result for them: the versions, as they were.

Besides `READ` and `WRITE` three modes are used, for containers, whose parts are locations of their own:

- `UPDATE`: some item of the container was given a value. Two updates of different items commute, and each writes the
  item's own location too; whoever reads all contents at once conflicts with them.
- `INSERT`: some key came or went. Inserts of different keys commute as far as the size is concerned, and conflict with
  whoever reads it. (Where somebody looks at the *order* of the keys, `WRITE` is used instead.)
- `CLEAR`: everything was thrown away. Two that do so leave the same behind, and conflict with everybody else.

None of these operations ever blocks. Their accesses do not depend on the state, so that "what would it have done
earlier?" needs no answer; but for `Default`, which is a write only once. Law: tests/laws/test_accesses.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from treadle.model.operations import ONE, READ, WRITE, Operation, Outcome, become

if TYPE_CHECKING:
    from collections.abc import Hashable

    from treadle.model.operations import Access, Accesses, Alternative, Alternatives, Look

UPDATE = "update"
INSERT = "insert"
CLEAR = "clear"


class MemoryOperation(Operation):
    """An operation on locations; never blocked. Its result is no value, but which versions it has read."""

    __slots__ = ()

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Never blocked."""
        return ONE


class Load(MemoryOperation):
    """Read one location."""

    __slots__ = ("_accesses", "location")
    kind = "load"
    fixed = True

    def __init__(self, location: str, place: str | None = None) -> None:
        self.location = location
        self.place = place
        self._accesses: Accesses = ((location, READ, None),)

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """A read; which version it was."""
        return Outcome(look(self.location), self._accesses)

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002
        """To read it."""
        return self._accesses

    def objects(self) -> tuple[str, ...]:
        """The location."""
        return (self.location,)


class Store(MemoryOperation):
    """Write one location: a fresh box, which is equal to no other."""

    __slots__ = ("location",)
    kind = "store"
    fixed = True

    def __init__(self, location: str, place: str | None = None) -> None:
        self.location = location
        self.place = place

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """A write."""
        return Outcome(None, ((self.location, WRITE, (become, object())),))

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002
        """To write it."""
        return ((self.location, WRITE, None),)

    def objects(self) -> tuple[str, ...]:
        """The location."""
        return (self.location,)


class Touch(MemoryOperation):
    """Several locations at once, each in its mode: what one call into a container, or into C code, does.

    `label` says what it is, for the report: "append", "len", "json.dumps". No location may be given twice.
    """

    __slots__ = ("label", "modes")
    kind = "touch"
    fixed = True

    label: str
    modes: tuple[tuple[str, str], ...]  # location, mode

    def __init__(self, label: str, modes: tuple[tuple[str, str], ...], place: str | None = None) -> None:
        self.label = label
        self.modes = modes
        self.place = place

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """Its accesses, every one of which but a read changes what it touches; the versions of what is only read."""
        read = tuple([look(location) for location, mode in self.modes if mode == READ])
        return Outcome(read, tuple([_access(location, mode) for location, mode in self.modes]))

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002
        """Its accesses, without their changes."""
        return tuple([(location, mode, None) for location, mode in self.modes])

    def objects(self) -> tuple[str, ...]:
        """The locations."""
        return tuple([location for location, _ in self.modes])

    def signature(self) -> tuple[Hashable, ...]:
        """What is done, and where in which mode."""
        return (self.kind, self.label, *[f"{mode} {location}" for location, mode in self.modes])

    def __repr__(self) -> str:
        return f"{self.label}({', '.join(self.objects())})"


class Present:
    """The state of an item that was put where there was none: it is there as long as nothing happens to the whole."""

    __slots__ = ("whole",)

    def __init__(self, whole: Any) -> None:
        self.whole = whole  # the state of the container as a whole, then


class Default(Touch):
    """Put an item if there is none, else look at it: `dict.setdefault`, `set.add`; or take it away, if there is one.

    Which of the two it is may change while the task waits for its turn, and is another matter in another place. What is
    known of that is the state of the item:

    - If the last to touch it has put it there, and the container as a whole was not changed since, it is there. So those
      who come too late to put it only read, and commute with those who look.
    - If both are those that were `seen` when there was nothing to do, there is nothing to do. They are boxes, and a change of
      either makes a fresh one; so as long as they are the same, nothing has come, gone or been replaced. Moved before the
      step that put the item there, it finds another box, and puts it itself.

    Then this only reads. Where nothing is known it writes, as a `Touch`. (It may be known too well, where a change of the
    whole is no step of its own; whoever makes the real access afterwards sees what is there, and makes another step if
    more was done than that.)
    """

    __slots__ = ("item", "puts", "seen", "whole")
    fixed = False

    item: str  # which of the locations the item is
    whole: str | None  # and the container as a whole; None: it is none of them, as nobody changes it unseen
    seen: tuple[Any, Any] | None  # the states of both when there was nothing to do; None: there was something
    puts: bool  # whether it leaves an item that is there

    def __init__(
        self,
        label: str,
        modes: tuple[tuple[str, str], ...],
        item: str,
        whole: str,
        *,
        seen: tuple[Any, Any] | None = None,
        puts: bool = True,
    ) -> None:
        super().__init__(label, modes)
        self.item = item
        self.whole = whole if any(name == whole for name, _ in modes) else None
        self.seen = seen
        self.puts = puts

    def seeing(self, item: Any, whole: Any) -> Default:
        """The same, of who has seen these states, and had nothing to do."""
        name = self.whole if self.whole is not None else ""
        return Default(self.label, self.modes, self.item, name, seen=(item, whole), puts=self.puts)

    def states(self, look: Look) -> tuple[Any, Any]:
        """Those of the item and of the whole: what can be `seen`."""
        return look(self.item), look(self.whole) if self.whole is not None else None

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:
        """A read of the item and the whole, where it is known that there is nothing to do; else what a `Touch` does."""
        known, whole = self.states(look)
        if self._is_idle(known, whole):
            looked = (self.item,) if self.whole is None else (self.item, self.whole)
            return Outcome((known, whole), tuple([(name, READ, None) for name in looked]))
        result, accesses = super().outcome(task, alternative, look)
        if not self.puts:
            return Outcome(result, accesses)
        put = Present(whole)
        return Outcome(result, tuple([(n, m, (become, put) if n == self.item else c) for n, m, c in accesses]))

    def _is_idle(self, known: Any, whole: Any) -> bool:
        """Whether there is nothing to do, as far as is known."""
        if self.seen is not None and known is self.seen[0] and whole is self.seen[1]:
            return True
        return self.puts and type(known) is Present and known.whole is whole


def _access(location: str, mode: str) -> Access:
    return (location, mode, None if mode == READ else (become, object()))
