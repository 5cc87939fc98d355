"""The stage: where the actions of a barrier run, one at a time.

While an action runs its generation is full and has no verdict. Three kinds of threads may have to wait for that, beside
those who have a ticket: *onlookers*, who come without a ticket and wait for the verdict; a *leader* of a later
generation, whose action must not overlap with one that still runs although its generation is broken; and the action's
own thread, which must not wait at all, since it would wait for itself.

Whose turn it is stands in a dictionary with one key. `setdefault` takes the turn if it is free and tells who has it if
not, in one step; and whoever is stopped by an exception can see whether it had taken it. A leader that finds it taken
puts its gate into the list of the one who has it, looks again, and sleeps. Who passes the turn on gives it up first and
then opens the gates in his list: one of the two sees the other.

The key is the number of forks that made this process. Who had the turn when a process was forked has no thread in the child
and would never give it up there; under the child's own key it is free.

Atoms: `dict.setdefault`, `dict.get`, `dict.pop`, `list.append`, `list.copy`, `acquire` and `release` of a lock.
"""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

from phalanx.gates import Gates, closed_gate, open_gate

if TYPE_CHECKING:
    from collections.abc import Mapping

# How many forks there are between the first process and this one.
_forks = 0


def _count_fork() -> None:
    """In a child that was forked."""
    global _forks  # noqa: PLW0603 - it is the process's
    _forks += 1


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_count_fork)


class Stage:
    """What a generation with an action has for it."""

    __slots__ = ("leader", "onlookers", "prompt", "waiting")

    def __init__(self) -> None:
        # The thread that arrived last and runs the action; None before there is one.
        self.leader: int | None = None
        # What those sleep on who come when it is full, however many they are.
        self.onlookers = Gates(2, chains=1)
        # What the leader sleeps on until it may be its turn: taken each time, opened again by whoever has news.
        self.prompt = closed_gate()
        # The prompts of leaders who wait for the end of this one's action.
        self.waiting: list[threading.Lock] = []

    def open(self) -> None:
        """Wake all who wait for the verdict."""
        self.onlookers.open()
        open_gate(self.prompt)


class Turns:
    """Who may run an action."""

    def __init__(self) -> None:
        # The stage on which an action runs, under the key of this process.
        self._taken: dict[int, Stage] = {}

    def refuse_actor(self, barrier: object) -> None:
        """Raise RuntimeError if the caller is inside an action."""
        stage = self._taken.get(_forks)
        if stage is not None and stage.leader == threading.get_ident():
            raise RuntimeError(
                f"{barrier!r}: wait() was called by the barrier's own action, which everybody is waiting for; "
                "it may call abort() or reset(), but not wait()"
            )

    def take(self, stage: Stage, fate: Mapping[str, object], seconds: float) -> bool:
        """Wait for the turn, at most that many seconds (-1: for ever); whether it came.

        It does not if time is up, or if there is a verdict while it waits: `fate` is empty as long as there is none.
        """
        stage.leader = threading.get_ident()
        taken = self._taken
        if taken.setdefault(_forks, stage) is stage:
            return True
        limit = time.monotonic() + seconds
        while not fate:
            holder = taken.setdefault(_forks, stage)
            if holder is stage:
                return True
            holder.waiting.append(stage.prompt)
            rest = seconds if seconds < 0 else max(0.0, limit - time.monotonic())
            if taken.get(_forks) is holder and not stage.prompt.acquire(timeout=rest):
                return False
        return False

    def give_up(self, stage: Stage) -> None:
        """Pass the turn on, if it is this stage's. Calling it again completes it."""
        if self._taken.get(_forks) is stage:
            self._taken.pop(_forks)
        for prompt in stage.waiting.copy():
            open_gate(prompt)
