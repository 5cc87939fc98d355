"""Learning: a search that ends when its world has learned something that what was explored did not count on.

A world finds out while it runs which places in memory are raced for, and who asks who is alive. What was explored before
did not count on that, so it proves nothing; the search begins again, in a world that knows better.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.model.trace import Event
    from treadle.runtime.world import World
    from treadle.search.exploration import Strategy
    from treadle.semantics.execution import Execution


class Learning:
    """A strategy, up to the end of the execution in which its world has learned something.

    `enough` is another reason to end there.
    """

    __slots__ = ("_enough", "_strategy", "_world", "begin")

    @property
    def step(self) -> Callable[[Execution], Event | None]:
        """What the strategy does, in this execution."""
        return self._strategy.step

    @property
    def aside(self) -> bool:
        """Whether the current execution is none of the search itself."""
        return bool(getattr(self._strategy, "aside", False))

    def __init__(self, strategy: Strategy, world: World, enough: Callable[[], bool] | None = None) -> None:
        self._strategy = strategy
        self._world = world
        self._enough = enough
        self.begin = strategy.begin

    def end(self, execution: Execution) -> bool:
        """Whether another execution is needed, and would mean anything."""
        more = self._strategy.end(execution) and not self._world.outgrown
        return more and not (self._enough is not None and self._enough())
