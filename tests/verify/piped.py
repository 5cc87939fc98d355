"""phalanx.Barrier as it is once it is used again and again: a pipe wakes the waiters from the first generation on.

The small client programs that the checker explores end before a barrier takes descriptors. This is the same class, and
takes them at once, so that the same programs run through the pipes.

A world's descriptors cost nothing, and when garbage is collected is no part of a schedule: so here they stay open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import phalanx
from phalanx.pipe import Pipe, PipeBell, new_bell

if TYPE_CHECKING:
    from phalanx.generation import Bell

del Pipe.__del__


class Piped(phalanx.Barrier):
    """A barrier that never wakes by gates."""

    def _bell(self, last: Bell | None, generations: int) -> Bell:
        bell = last.following() if isinstance(last, PipeBell) else new_bell(self._last)
        assert bell is not None, f"no pipe for generation {generations}"
        return bell
