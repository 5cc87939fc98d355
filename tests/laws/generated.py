"""Programs of every shape, small enough for brute force, over every operation of the format.

A program is drawn from a `Dice`, so that hypothesis can draw it (and shrink it), and a plain generator of random
numbers too (which is quicker when many thousands are wanted). Every program has a theme, the kinds of operations that
it mixes; nearly half of them block somewhere.

Waits are generated only inside lock and unlock of a mutex that is used for nothing else, since a wait without the lock
is an error and not a trace.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from hypothesis import strategies as st

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

T = TypeVar("T")
Operations = list[list[Any]]


class Dice(Protocol):
    """Where a program's choices come from."""

    def pick(self, options: Sequence[T]) -> T: ...


class DrawnDice:
    """Choices drawn by hypothesis."""

    def __init__(self, draw: Any) -> None:
        self._draw = draw

    def pick(self, options: Sequence[T]) -> T:
        found: T = self._draw(st.sampled_from(options))
        return found


class RandomDice:
    """Choices thrown by a seeded generator."""

    def __init__(self, generator: random.Random) -> None:
        self._generator = generator

    def pick(self, options: Sequence[T]) -> T:
        return self._generator.choice(options)


THEMES = {
    "cells": ["read", "write", "update", "swap", "read", "write"],
    "flow": ["read", "write", "if", "while", "let", "swap", "assert", "assume"],
    "indexed": ["read", "write_at", "read_at", "write", "if"],
    "waiting": ["await", "write", "update", "exchange", "read"],
    "locks": ["lock", "unlock", "locked", "trylock", "write", "read"],
    "semaphores": ["acquire", "release", "update", "read"],
    "conditions": ["wait", "timedwait", "notify", "notify_all", "write"],
    "threads": ["join", "write", "read", "spawn"],
    "choices": ["choose", "write", "read", "if", "trylock"],
}
THEMES["everything"] = sorted({kind for kinds in THEMES.values() for kind in kinds})


class Author:
    """Writes one program."""

    def __init__(self, dice: Dice, theme: str | None) -> None:
        self.dice = dice
        self.pick = dice.pick
        self.kinds = THEMES[theme if theme is not None else self.pick(sorted(THEMES))]
        self.count = self.pick([2, 2, 3, 3, 4])
        self.loops = 0
        self.budget = self.pick([5, 6, 8, 10, 12])

    def program(self) -> dict[str, Any]:
        lengths = [self.pick([1, 2, 2, 3, 4, 5]) for _ in range(self.count)]
        threads = [self.thread(number, length) for number, length in enumerate(lengths)]
        data: dict[str, Any] = {"name": "generated", "threads": threads}
        data["cv_policy"] = self.pick(["fifo", "any"])
        for option in ("coarse_trylock", "same_value_writes_commute"):
            if self.pick([False, True]):
                data[option] = True
        if self.pick([False, False, True]):
            data["init"] = {"x": 1}
        data["sem"] = {"s": self.pick([0, 1, 1, 2])}
        spawned = {op[1] for thread in threads for op in thread if op[0] == "spawn"}
        data["deferred"] = sorted(spawned)
        return data

    def thread(self, number: int, length: int) -> Operations:
        operations: Operations = []
        for _ in range(length):
            if self.budget <= 0:
                break
            operations += self.some(number)
        return operations

    def some(self, number: int) -> Operations:
        """One operation, or a few that belong together."""
        kind = self.pick(self.kinds)
        self.budget -= 1
        if kind in {"if", "while"}:
            return self.compound(kind, number)
        if kind in {"join", "spawn"}:
            return self.on_thread(kind, number)
        return self.simple(kind)

    def simple(self, kind: str) -> Operations:
        x, m, value = self.pick(["x", "x", "y"]), self.pick(["m", "m", "n"]), self.pick([0, 1, 1, 2, "a+1"])
        fragments: dict[str, Operations] = {
            "read": [["r", x, "a"]],
            "write": [["w", x, value]],
            "update": [["rmw", x, "old+1", "a"]],
            "swap": [["cas", x, self.pick([0, 1]), self.pick([1, 2]), "a"]],
            "read_at": [["r", "x{a%2}", "a"]],
            "write_at": [["w", "x{a%2}", value]],
            "let": [["let", "a", "1-a"]],
            "assert": [["assert", "a!=1"]],
            "assume": [["assume", self.pick(["a==0", "a!=2"])]],
            "await": [["await", x, self.pick(["old>0", "old==1", "old==a"]), "a"]],
            "exchange": [["xchg_await", x, self.pick([0, 1]), self.pick(["old==0", "old>0"]), "a"]],
            "lock": [["lock", m]],
            "unlock": [["unlock", m]],
            "locked": [["lock", m], ["rmw", x], ["unlock", m]],
            "trylock": [["trylock", m, "a"]] + [["if", "a", [["unlock", m]]]] * (value == 1),
            "acquire": [["sem_acq", "s"]],
            "release": [["sem_rel", "s"]],
            "wait": [["lock", "k"], ["wait", "c", "k"], ["unlock", "k"]],
            "timedwait": [["lock", "k"], ["timedwait", "c", "k", "a"], ["unlock", "k"]],
            "notify": [["notify", "c"]],
            "notify_all": [["notify_all", "c"]],
            "choose": [["choose", self.pick([2, 2, 3]), "a"]],
        }
        self.budget -= len(fragments[kind]) // 2
        return [["let", "a", 0]] + fragments[kind] if "a" in str(fragments[kind]) and self.fresh() else fragments[kind]

    def fresh(self) -> bool:
        """Whether to set the register anew before it is used."""
        return self.pick([False, False, True])

    def compound(self, kind: str, number: int) -> Operations:
        condition = self.pick(["a==0", "a!=0", "a==1"])
        if kind == "if":
            orelse = self.some(number) if self.pick([False, True]) else []
            return [["if", condition, self.some(number), orelse]]
        leave: Operations = [["if", condition, [self.pick([["break"], ["exit"]])]]]
        self.loops += 1
        i = f"i{self.loops}"  # of its own, or a loop in a loop would never end
        return [["let", i, 0], ["while", f"{i}<2", [["let", i, f"{i}+1"], *self.some(number), *leave]]]

    def on_thread(self, kind: str, number: int) -> Operations:
        """Threads are spawned by earlier ones, and joined by whoever likes: some joins never return."""
        later = [other for other in range(self.count) if other > number]
        if kind == "spawn":
            return [["spawn", self.pick(later)]] if later else [["w", "x", 1]]
        others = [other for other in range(self.count) if other != number]
        return [["join", self.pick(others)]]


def author(dice: Dice, theme: str | None = None) -> dict[str, Any]:
    """A program. Every thread starts with a value in its register."""
    program = Author(dice, theme).program()
    program["threads"] = [[["let", "a", 0], *thread] if "a" in str(thread) else thread for thread in program["threads"]]
    return program


@st.composite
def programs(draw: Any) -> dict[str, Any]:
    """Programs drawn by hypothesis."""
    return author(DrawnDice(draw))
