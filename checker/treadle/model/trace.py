"""What happened: the steps of an execution, in order.

The happens-before relation of a Mazurkiewicz trace is kept as a bit set in each event: bit p of `past` is set when
the event at position p happens before it, or is it. So `e happens before f` is one shift and one mask, the join of
two clocks is one `|`, and no width has to be known in advance. (Against tuples of clocks, see
docs/explanation/defence-of-design.md.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from treadle.model.operations import Accesses, Alternative, Alternatives, Operation

Step = tuple[int, "Alternative", "Accesses"]
"""A task, the alternative that it took, the accesses that it made: an event without its place in an execution."""


class Event:
    """One step of an execution. Its identity in a trace is `digest`; everything else hangs on the execution."""

    __slots__ = (
        "accesses",
        "alternative",
        "alternatives",
        "digest",
        "indexes",
        "operation",
        "past",
        "position",
        "previous",
        "result",
        "step",
        "task",
    )

    position: int  # index in the execution
    task: int  # who
    operation: Operation  # what it wanted to do
    alternatives: Alternatives  # in which ways it could
    alternative: Alternative  # in which way it did
    result: Any  # what its task was given
    accesses: Accesses  # what it touched
    step: Step  # (task, alternative, accesses)
    previous: Event | None  # the event of the same task before it
    past: int  # bit p: the event at position p happens before this one or is it
    digest: int  # equal for the same event of two equivalent executions; filled in when it is asked for
    indexes: tuple[int, ...]  # for each access, its index in the history of its object

    def __repr__(self) -> str:
        return f"#{self.position} task {self.task}: {self.operation!r} -> {self.result!r}"

    def happens_before(self, other: Event) -> bool:
        """Whether it is ordered before `other` in every equivalent execution (or is it)."""
        return bool(other.past >> self.position & 1)
