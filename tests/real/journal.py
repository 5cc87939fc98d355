"""What the threads of a crew did at a barrier, and when.

Each thread writes down when a call began and when it had ended, on one clock, and what came of it. Whatever a call did
to the barrier it did at some moment between the two. That is little, but it is certain, and enough to tell of every
generation whether the promises were kept: `tests/real/judge.py` does that afterwards.

A generation is known by its number: how many had tripped when it had. Where every generation needs all threads
nothing can trip between a thread's release and its next arrival, so the thread reads its number off the barrier.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Wait(NamedTuple):
    """One arrival, and the wait for its generation."""

    worker: int
    began: int
    """When it was called; nanoseconds, like all times here."""
    arrived: int
    """When it had arrived for certain: the end of `arrive`, or of the whole wait."""
    slept: int
    """When the call began that has the timeout: `wait`, with a token or without."""
    ended: int
    timeout: float | None
    """Seconds."""
    place: int
    """In the order of arrival, from 0; -1 if it was not released."""
    number: int
    """Of its generation, from 1; 0 if it was not released."""
    why: str
    """Why its generation is broken; nothing if it was released."""


class Call(NamedTuple):
    """An abort or a reset."""

    what: str
    began: int
    ended: int


class Run(NamedTuple):
    """A run of the action."""

    worker: int
    number: int
    """Of the generation that it is for."""
    began: int
    ended: int
    how: str
    """What it did besides; nothing, if that lets the generation trip."""


class Reading(NamedTuple):
    """What the barrier said about itself."""

    began: int
    ended: int
    tripped: int
    waiting: int


class Stay(NamedTuple):
    """How long a thread was a member of an elastic barrier: surely from `joined` to `leaving`."""

    worker: int
    joined: int
    leaving: int


@dataclass
class Journal:
    """Everything that one crew wrote down, in no order. Lists are appended to by all threads."""

    parties: int | None
    """How many make a generation; None if that changes, and `stays` tells."""
    has_action: bool = False
    waits: list[Wait] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    tripped: int = 0
    """How many generations tripped, as the barrier says in the end."""
