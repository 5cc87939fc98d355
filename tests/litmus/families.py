"""Families of programs whose number of traces has a closed form, each made by a function of its size.

The forms are published with the papers and model checkers that use these programs as benchmarks (readers, lastzero and
the file system: Abdulla, Aronis, Jonsson, Sagonas, POPL 2014 and JACM 2017, the last after Flanagan and Godefroid, POPL
2005); the others can be counted by hand, as the docstrings do.
"""

from __future__ import annotations

from math import factorial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

Program = dict[str, Any]


def readers(n: int) -> Program:
    """A writer, and n readers each of which reads before or after the write."""
    return {"threads": [[["w", "x", 1]], *[[["r", "x"]] for _ in range(n)]], "traces": 2**n, "complete": 2**n}


def writers(n: int) -> Program:
    """N writers of one variable, in any order."""
    return {"threads": [[["w", "x", t]] for t in range(n)], "traces": factorial(n), "complete": factorial(n)}


def lastzero(n: int) -> Program:
    """N threads each write one element of an array after reading the one before; a reader runs down to the last 0."""
    run_down = [["let", "i", n], ["r", "a{i}", "v"], ["while", "v!=0", [["let", "i", "i-1"], ["r", "a{i}", "v"]]]]
    steps = [[["r", f"a{i - 1}", "v"], ["w", f"a{i}", "v+1"]] for i in range(1, n + 1)]
    return {"threads": [run_down, *steps], "traces": (n + 3) * 2**n // 4}


def increments(n: int) -> Program:
    """N threads each read and then write one variable: any order of the reads in any order of the writes that fits."""
    return {"threads": [[["r", "x", "a"], ["w", "x", "a+1"]] for _ in range(n)], "traces": factorial(n) ** 2}


def locked(n: int) -> Program:
    """N threads each increment under a lock: the orders of the sections."""
    section = [["lock", "m"], ["r", "x", "a"], ["w", "x", "a+1"], ["unlock", "m"]]
    return {"threads": [section] * n, "traces": factorial(n), "complete": factorial(n), "deadlock": 0}


def never_unlocked(n: int) -> Program:
    """N threads lock and never unlock: one of them gets through, all others are blocked for good."""
    return {"threads": [[["lock", "m"], ["rmw", "x"]]] * n, "traces": n, "deadlock": n if n > 1 else 0}


def philosophers(n: int) -> Program:
    """Each fork is taken by one of its two neighbours first; the orders are free but for the cyclic one: a deadlock.

    Were each fork's order free, there would be 2^n; of the two in which each philosopher is first at one fork, one is
    the deadlock, and the other (each gets the second fork first) cannot be.
    """
    forks = [(f"f{i}", f"f{(i + 1) % n}") for i in range(n)]
    eat = [[["lock", a], ["lock", b], ["unlock", a], ["unlock", b]] for a, b in forks]
    return {"threads": eat, "traces": 2**n - 1, "complete": 2**n - 2, "deadlock": 1}


def filesystem(n: int) -> Program:
    """N threads take blocks for their inodes; only those more than 13 apart look at the same block."""

    def thread(i: int) -> list[Any]:
        taken = [["w", "busy{b}", 1], ["w", f"inode{i}", "b+1"], ["unlock", "block{b}"], ["break"]]
        other = [["unlock", "block{b}"], ["let", "b", "(b+1)%26"]]
        search = [["lock", "block{b}"], ["r", "busy{b}", "u"], ["if", "u==0", taken, other]]
        free = [["let", "b", 2 * i % 26], ["while", "1", search]]
        return [["lock", f"i{i}"], ["r", f"inode{i}", "v"], ["if", "v==0", free], ["unlock", f"i{i}"]]

    return {"threads": [thread(i) for i in range(n)], "traces": 2 ** max(n - 13, 0)}


def semaphore_sections(n: int) -> Program:
    """N threads pass a semaphore of count 1, as a lock."""
    section = [["sem_acq", "s"], ["rmw", "x"], ["sem_rel", "s"]]
    return {"threads": [section] * n, "sem": {"s": 1}, "traces": factorial(n)}


def posts(n: int) -> Program:
    """N releases commute; one acquisition waits for the first, whichever: it is ordered after k of them, 1 <= k <= n.

    A trace says which releases came before it: any set but the empty one.
    """
    return {"threads": [[["sem_acq", "s"]], *[[["sem_rel", "s"]] for _ in range(n)]], "traces": 2**n - 1}


def choices(n: int) -> Program:
    """A number below n is chosen and written; a reader reads before or after."""
    return {"threads": [[["choose", n, "k"], ["w", "x", "k"]], [["r", "x"]]], "traces": 2 * n, "complete": 2 * n}


def equal_writers(n: int) -> Program:
    """N writers of the same value, which commute where a program says so."""
    return {"threads": [[["w", "x", 7]]] * n, "same_value_writes_commute": True, "traces": 1}


def mpat(n: int) -> Program:
    """N messages: each sender takes a ticket, in any order, and fills its own slot; a receiver looks before or after.

    The name and the form, 2^n n!, are those of a benchmark of Nidhugg; the program is made after them.
    """
    send: list[Any] = [[["rmw", "ticket"], ["w", f"slot{i}", 1]] for i in range(n)]
    look: list[Any] = [[["r", f"slot{i}"]] for i in range(n)]
    return {"threads": send + look, "traces": 2**n * factorial(n), "complete": 2**n * factorial(n), "deadlock": 0}


def joined(n: int) -> Program:
    """A parent spawns n children that write a variable, and joins them all: the orders of the writes."""
    parent = [["spawn", t] for t in range(1, n + 1)] + [["join", t] for t in range(1, n + 1)] + [["r", "x"]]
    children = [[["w", "x", t]] for t in range(1, n + 1)]
    return {"threads": [parent, *children], "deferred": list(range(1, n + 1)), "traces": factorial(n), "deadlock": 0}


FAMILIES: dict[str, tuple[Callable[[int], Program], tuple[int, ...]]] = {
    "readers": (readers, (0, 1, 2, 5, 8)),
    "writers": (writers, (1, 2, 3, 4, 5)),
    "lastzero": (lastzero, (1, 2, 3, 5, 7)),
    "increments": (increments, (1, 2, 3, 4)),
    "locked": (locked, (1, 2, 3, 4, 5)),
    "never_unlocked": (never_unlocked, (1, 2, 3, 5)),
    "philosophers": (philosophers, (2, 3, 4, 5, 6)),
    "filesystem": (filesystem, (12, 14, 16, 18)),
    "semaphore_sections": (semaphore_sections, (1, 2, 3, 4)),
    "posts": (posts, (1, 2, 3, 6)),
    "choices": (choices, (1, 2, 5)),
    "equal_writers": (equal_writers, (1, 3, 6)),
    "joined": (joined, (1, 2, 3, 4)),
    "mpat": (mpat, (1, 2, 3, 4)),
}
"""By name: the function, and the sizes that are counted in every run."""
