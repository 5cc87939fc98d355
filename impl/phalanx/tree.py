"""The hierarchical barrier: groups of threads, whose leaders are woken first and wake the others.

Trees of this kind were made for machines on which a counter that all processors write to is slow, and a flag that all
read is too: threads meet in small groups, one of each group goes on, and on the way back it releases its group. Here the
way up is one step in any case: to arrive is to pop a ticket, and no tree of several steps can be cheaper than the one
step that each of its nodes would need as well. Nor could it tell the order of arrival. So the tickets make the groups,
`arity` tickets in a row, and the first of each group leads it; what is left of the tree is the way down.

                        last arriver
               .-----------'|'-----------.            wakes the leaders, by a few gates that are handed on
            leader       leader        leader
           .---'---.    .---'---.     .---'---.       each opens the gate of its group, which is handed on
           members       members       members

No thread wakes more than a few others by itself. What that is worth, and that it is worth little where one lock keeps
all but one thread from running, is told with numbers in `docs/reference/tree.md`.

A leader that leaves by an exception or too late does not leave its group asleep: whoever leaves so opens all gates.

Source: Yew, Tzeng and Lawrie, "Distributing hot-spot addressing in large-scale multiprocessors", IEEE Transactions on
Computers C-36 (1987). Refines `spec/Tree.tla`. Everything but the bell is in `phalanx.cyclic`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, SupportsFloat, SupportsIndex

from phalanx.arguments import checked_count
from phalanx.cyclic import CyclicBarrier
from phalanx.gates import Gates, closed_gate, open_gate

if TYPE_CHECKING:
    from collections.abc import Callable


class Groups:
    """What the sleepers of one generation sleep on: leaders at the root, members at the gate of their group."""

    __slots__ = ("_arity", "_gates", "_root")

    def __init__(self, sleepers: int, arity: int) -> None:
        groups = -(-sleepers // arity)
        self._arity = arity
        self._root = Gates(groups)
        self._gates = [closed_gate() for _ in range(groups)]

    def sleep(self, index: int, seconds: float, _fate: object = None, /) -> bool:
        """Sleep until it rings, for at most that many seconds (-1: for ever); whether it has rung."""
        group, place = divmod(index, self._arity)
        gate = self._gates[group]
        woken = gate.acquire(timeout=seconds) if place else self._root.sleep(group, seconds)
        if woken:
            open_gate(gate)
        return woken

    def open(self) -> None:
        """Wake the leaders; they wake the others."""
        self._root.open()

    def open_all(self) -> None:
        """Wake all, whoever is still there to do it."""
        self._root.open()
        for gate in self._gates:
            open_gate(gate)


class TreeBarrier(CyclicBarrier):
    """Lets `parties` threads wait for each other, again and again, and wakes them by groups of `arity`.

    It does whatever `Barrier` does: `action`, `timeout`, the context manager, and every promise are the same.

    Raises:
        TypeError: `parties` or `arity` is not an int, `action` is not callable, or `timeout` is not a number.
        ValueError: `parties` is less than 1, `arity` less than 2, or `timeout` is negative or NaN.
    """

    def __init__(
        self,
        parties: SupportsIndex,
        arity: SupportsIndex = 8,
        action: Callable[[], object] | None = None,
        timeout: SupportsFloat | None = None,
    ) -> None:
        self._arity = checked_count("arity", arity, least=2)
        super().__init__(parties, action, timeout)

    @property
    def arity(self) -> int:
        """How many threads make a group."""
        return self._arity

    def _bell(self, _last: object, _generations: int) -> Gates | Groups:
        # Where there is one group it needs no leader.
        return Gates(self._last) if self._last <= self._arity else Groups(self._last, self._arity)
