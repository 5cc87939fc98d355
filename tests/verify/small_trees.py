"""Trees as small as trees are, with the code of `phalanx.TreeBarrier`, made as `threading.Barrier` is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import phalanx
from phalanx.tree import Groups

if TYPE_CHECKING:
    from collections.abc import Callable


class TreeOfPairs(phalanx.TreeBarrier):
    """Groups of two. With four parties there are two groups; with three there is one, and no leader."""

    def __init__(self, parties: int, action: Callable[[], object] | None = None, timeout: float | None = None) -> None:
        super().__init__(parties, 2, action, timeout)


class LedPairs(TreeOfPairs):
    """The same, with a leader also where there is one group, so that three parties are a tree."""

    def _bell(self, _last: object, _generations: int) -> Groups:
        return Groups(self._last, self.arity)
