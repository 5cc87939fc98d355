"""Cells: shared variables of abstract programs, whose state is a value that has a meaning to the checker.

A cell that was never written holds 0. Modes go by outcome: what leaves the cell as it was reads it, a failed
compare-and-swap and a blocking read included; what sets it writes it. Where a program declares that equal writes
commute, a plain write of a value has the mode of that value, so that two writes of the same value do not conflict.

(Real code's accesses are in `memory`: there the values live in Python's own objects, and only the places matter.)

Law: tests/laws/test_conflicts.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from treadle.model.operations import BLOCKED, ONE, READ, WRITE, Operation, Outcome, become

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from treadle.model.operations import Accesses, Alternative, Alternatives, Look


class CellOperation(Operation):
    """An operation on one cell; never blocked, unless a subclass says so."""

    __slots__ = ("_read", "cell")

    cell: str
    _read: Accesses  # made once, since most operations need it at every execution

    def __init__(self, cell: str, place: str | None = None) -> None:
        self.cell = cell
        self.place = place
        self._read = ((cell, READ, None),)

    def value(self, look: Look) -> Any:
        """What the cell holds."""
        value = look(self.cell)
        return 0 if value is None else value

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Never blocked."""
        return ONE

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002 - whoever waits, it waits for the same
        """To read the cell."""
        return self._read

    def objects(self) -> tuple[str, ...]:
        """The cell."""
        return (self.cell,)

    def written(self, value: Any, mode: Hashable = WRITE) -> Accesses:
        """The accesses of a step that leaves `value` in the cell."""
        return ((self.cell, mode, (become, value)),)


class Read(CellOperation):
    """Read the cell; the result is its value."""

    __slots__ = ()
    kind = "read"
    fixed = True

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """The value."""
        return Outcome(self.value(look), self._read)


class Write(CellOperation):
    """Set the cell. `by_value`: writes of equal values commute with each other."""

    __slots__ = ("_outcome",)
    kind = "write"
    fixed = True

    def __init__(self, cell: str, value: Any, place: str | None = None, *, by_value: bool = False) -> None:
        super().__init__(cell, place)
        self._outcome = Outcome(None, self.written(value, ("write", value) if by_value else WRITE))

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """Always the same."""
        return self._outcome


class Update(CellOperation):
    """Read the cell and set it to a function of its value, in one step; the result is the old value."""

    __slots__ = ("_function",)
    kind = "update"

    def __init__(self, cell: str, function: Callable[[Any], Any], place: str | None = None) -> None:
        super().__init__(cell, place)
        self._function = function

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """The old value; always a write, even of the same value."""
        old = self.value(look)
        return Outcome(old, self.written(self._function(old)))


class CompareAndSwap(CellOperation):
    """Set the cell to `new` if it holds `expected`; the result is 1, or 0 where it does not."""

    __slots__ = ("_expected", "_new")
    kind = "compare_and_swap"

    def __init__(self, cell: str, expected: Any, new: Callable[[], Any], place: str | None = None) -> None:
        super().__init__(cell, place)
        self._expected = expected
        self._new = new

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """A success writes, a failure only reads."""
        if self.value(look) == self._expected:
            return Outcome(1, self.written(self._new()))
        return Outcome(0, self._read)


class Await(CellOperation):
    """A read that is blocked until the value passes a test; the result is the value."""

    __slots__ = ("_test",)
    kind = "await"

    def __init__(self, cell: str, test: Callable[[Any], bool], place: str | None = None) -> None:
        super().__init__(cell, place)
        self._test = test

    def alternatives(self, task: int, look: Look) -> Alternatives:  # noqa: ARG002
        """Enabled while the value passes."""
        return ONE if self._test(self.value(look)) else BLOCKED

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """The value."""
        return Outcome(self.value(look), self._read)


class AwaitExchange(Await):
    """The same, and the cell is set in the same step; the result is the old value."""

    __slots__ = ("_new",)
    kind = "await_exchange"

    def __init__(
        self, cell: str, new: Callable[[], Any], test: Callable[[Any], bool], place: str | None = None
    ) -> None:
        super().__init__(cell, test, place)
        self._new = new

    def outcome(self, task: int, alternative: Alternative, look: Look) -> Outcome:  # noqa: ARG002
        """The old value."""
        return Outcome(self.value(look), self.written(self._new()))

    def attempt(self, task: int) -> Accesses:  # noqa: ARG002
        """To write the cell."""
        return ((self.cell, WRITE, None),)
