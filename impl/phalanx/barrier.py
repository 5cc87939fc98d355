"""A barrier for threads: `parties` threads wait for each other, are released together, and may do so again.

The algorithm is that of `phalanx.cyclic`: tickets, and a verdict that is settled once. What is decided here is how the
waiters are woken.

The names and errors are those of `threading.Barrier`; the idea of one object per generation is that of Java's
`CyclicBarrier`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from phalanx.cyclic import CyclicBarrier
from phalanx.gates import Gates
from phalanx.pipe import PipeBell, new_bell

if TYPE_CHECKING:
    from phalanx.generation import Bell

AFTER: Final = 16
"""A barrier takes descriptors only when so many sleeps show that it is used again and again, and by how many threads."""


class Barrier(CyclicBarrier):
    """Lets `parties` threads wait for each other, again and again. A drop-in for `threading.Barrier`.

    `action`, if given, is called without arguments by the last thread to arrive, before anybody is released.
    `timeout`, in seconds, is the default of `wait`.

    Used as a context manager it aborts if the body raises, so that a worker that fails before it arrives does not
    leave the others waiting for ever.

    Raises:
        TypeError: `parties` is not an int, `action` is not callable, or `timeout` is not a number.
        ValueError: `parties` is less than 1, or `timeout` is negative or NaN.
    """

    def _bell(self, last: Bell | None, generations: int) -> Bell:
        bell = None
        if generations * self._last >= AFTER and self._last:
            bell = last.following() if type(last) is PipeBell else new_bell(self._last)
        return Gates(self._last) if bell is None else bell
