"""A quick look beside a long search: schedules with few preemptions, which is where most bugs are.

A search of all traces goes through them in its own order: what the last steps of an execution race for comes first, and a
bug that needs one change of task near the beginning may come after millions of executions. So beside a search that has
become long, one execution of `SHARE` is spent on schedules with at most one preemption, then with at most two, until these
are exhausted or `MOST` have been tried. The two searches do not know of each other: each replays its own prefixes. What the
search of all traces does, in which order, is what it does without the look; so its counts stay what they are, and what
the look executes is counted apart (`aside`).

It begins after `AFTER` executions, so that a small scenario, which is proved by then, costs nothing more.

An execution of the look that becomes much longer than any of the search is given up, and the look with it: a loop that
waits for others turns for ever where they are not to run.

Source: Musuvathi, Qadeer, "Iterative Context Bounding for Systematic Testing of Multithreaded Programs", PLDI 2007: nine of
the bugs that they found in real programs need at most two preemptions.
Law: tests/laws/test_look.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.model.verdict import Ending
from treadle.search.bounded import Bounded

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.model.trace import Event
    from treadle.search.exploration import Strategy
    from treadle.semantics.execution import Execution

AFTER = 64
"""So many executions does the search make before the look begins."""
SHARE = 8
"""One execution of the look for so many of the search."""
MOST = 1_000
"""So many executions does the look make."""
PATIENCE = 10
"""So many times as long as the longest execution of the search may one of the look be."""


class Look:
    """A strategy, and a look beside it."""

    __slots__ = ("_bounded", "_longest", "_own", "_search", "_turn", "aside", "looked", "step")

    step: Callable[[Execution], Event | None]  # what the one whose turn it is does, in this execution
    aside: bool  # whether the current execution is one of the look
    looked: int  # so many were
    _search: Strategy
    _bounded: list[Bounded]  # the one that looks now, and those that follow
    _turn: Strategy  # whose execution the current one is
    _own: int  # executions of the search
    _longest: int  # steps of the longest of them

    def __init__(self, search: Strategy) -> None:
        self._search = self._turn = search
        self._bounded = [Bounded(1), Bounded(2)]
        self.step = search.step
        self._own = self._longest = self.looked = 0
        self.aside = False

    def begin(self, execution: Execution) -> None:
        """Start an execution of the search, or of the look where that has its turn."""
        self.aside = self._is_due()
        self._turn = self._bounded[0] if self.aside else self._search
        self.step = self._patiently if self.aside else self._search.step
        self._turn.begin(execution)

    def _patiently(self, execution: Execution) -> Event | None:
        """What the look does, unless that takes too long."""
        if len(execution.events) > PATIENCE * self._longest:
            execution.ending = Ending.CUT
            return None
        return self._turn.step(execution)

    def end(self, execution: Execution) -> bool:
        """Whether the search needs another execution; the look never does, and has its turn only while that does."""
        if not self.aside:
            self._own += 1
            self._longest = max(self._longest, len(execution.events))
            return self._search.end(execution)
        self.looked += 1
        if execution.ending is Ending.CUT:
            self._bounded.clear()
        elif not self._turn.end(execution):
            del self._bounded[0]
        return True

    def _is_due(self) -> bool:
        return bool(self._bounded) and self.looked < min(MOST, max(self._own - AFTER, 0) / SHARE)
