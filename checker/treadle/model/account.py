"""An account of a violation of a specification: what has to be told of it, as frozen data.

`treadle.conformance` makes it, `treadle.report` tells it; neither knows the other.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Promise:
    """A property of a specification, in the words that stand above it."""

    name: str  # P3
    sentence: str  # "one verdict: all of a generation learn the same verdict, and nobody takes it back."
    place: str  # file:line


@dataclass(frozen=True, slots=True)
class Moment:
    """One observation, and where the specification was afterwards."""

    thread: int
    text: str  # what was observed: Return <<"index", 0>>
    states: int  # how many states of the specification agree with all that was observed so far
    changed: tuple[str, ...]  # variables that have one value in all of them, where that is another one than before


@dataclass(frozen=True, slots=True)
class Account:
    """What was observed, and why it is not allowed."""

    target: str  # the class
    spec: str  # the name of the specification
    program: str  # what the clients do, in one line
    names: tuple[str, ...]  # of the threads
    start: tuple[str, ...]  # the values of the variables before anything was observed
    moments: tuple[Moment, ...]  # up to the last observation that is allowed
    refused: Moment | None  # the observation that is not; None if somebody is stuck
    stuck: tuple[tuple[str, str], ...]  # the threads that are in a call for ever, and the call of each
    stopped: tuple[str, ...]  # the threads that had stopped by themselves, as they may
    demands: tuple[str, ...]  # what the specification demands of them
    nearest: tuple[tuple[str, str], ...]  # for what would be allowed instead, or is refused: an action, what is false
    promises: tuple[Promise, ...]  # that it breaks; none if no property of the specification speaks of it
