"""Walks: random executions, for what is too large to be explored. The only place where dice are thrown.

A walk proves nothing: its verdict without a violation is always incomplete. What it finds is replayed like anything
else, and the seed alone makes the whole walk again.

- *Uniform*: at each step one of the enabled (task, alternative) pairs, each equally likely.
- *PCT*: each task gets a random priority when it appears, the highest enabled one always runs, and at d - 1 random
  steps the running task drops below all others. A failure that needs d ordering constraints among k steps of n tasks
  is hit by one execution with probability at least 1 / (n * k^(d-1)). Source: Burckhardt, Kothari, Musuvathi,
  Nagarakatte, "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs", ASPLOS 2010. The number of
  steps k is the largest seen so far in the walk.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.model.operations import Alternatives
    from treadle.model.trace import Event
    from treadle.semantics.execution import Execution


def dice(seed: str) -> Callable[[int], int]:
    """Dice of this seed: called with a number of sides, they show 0, 1, ... or the number less one."""
    return random.Random(seed).randrange  # noqa: S311 - schedules, not secrets


class _Walk:
    """So many executions with dice of one seed."""

    __slots__ = ("_dice", "_done", "_executions", "_longest", "_seed")

    name: ClassVar[str]

    def __init__(self, seed: int, executions: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - schedules, not secrets
        self._seed = seed
        self._executions = executions
        self._done = 0
        self._longest = 0  # steps of the longest execution so far

    def _likely(self, execution: Execution, task: int) -> Alternatives:
        """The alternatives to choose from; what is rare comes up about once in an execution, and not at all in the first one.

        How long executions are is known after that. One that an exception has ended early would not tell.
        """
        possible = execution.alternatives(task)
        operation = execution.pending[task]
        if len(possible) == 1 or operation is None or not operation.rare:
            return possible
        return possible[1:] if self._longest and self._dice.randrange(self._longest) == 0 else possible[:1]

    def end(self, execution: Execution) -> bool:
        """Whether executions are left."""
        self._longest = max(self._longest, len(execution.events))
        self._done += 1
        return self._done < self._executions

    def left_out(self) -> str:
        """A walk never covers anything for certain."""
        return f"a {self.name} walk of {self._done:,} executions with seed {self._seed} proves nothing"


class Uniform(_Walk):
    """The strategy that picks any enabled step, each equally likely, for so many executions."""

    __slots__ = ()

    name = "uniform"

    def begin(self, execution: Execution) -> None:
        """Nothing to prepare."""

    def step(self, execution: Execution) -> Event | None:
        """Any enabled step."""
        choices = [(task, a) for task in execution.enabled() for a in self._likely(execution, task)]
        if not choices:
            return None
        task, alternative = self._dice.choice(choices)
        return execution.take(task, alternative, execution.alternatives(task))


class Pct(_Walk):
    """The strategy with random priorities and `depth - 1` random points of change, for so many executions."""

    __slots__ = ("_changes", "_depth", "_priority")

    name = "pct"

    def __init__(self, seed: int, executions: int, *, depth: int = 3) -> None:
        super().__init__(seed, executions)
        self._depth = depth
        self._priority: dict[int, float] = {}  # by task; a task that was lowered has a negative one
        self._changes: dict[int, int] = {}  # step: how far below all others

    def begin(self, execution: Execution) -> None:  # noqa: ARG002 - every strategy is told
        """Throw new priorities and points of change."""
        self._priority = {}
        self._changes = {self._dice.randrange(self._longest or 1): -1 - index for index in range(self._depth - 1)}

    def step(self, execution: Execution) -> Event | None:
        """A step of the enabled task with the highest priority."""
        enabled = execution.enabled()
        if not enabled:
            return None
        for task in enabled:
            if task not in self._priority:
                self._priority[task] = self._dice.random()
        task = max(enabled, key=self._priority.__getitem__)
        lowered = self._changes.get(len(execution.events))
        if lowered is not None:
            self._priority[task] = lowered
            task = max(enabled, key=self._priority.__getitem__)
        possible = execution.alternatives(task)
        return execution.take(task, self._dice.choice(self._likely(execution, task)), possible)
