"""The orders in which the observations of one execution may have been made, and whether all of them are allowed.

A search executes one interleaving of each trace; the others differ in the order of steps that have nothing to do with
each other. To the code that makes no difference. To its clients it does: whether one call had returned before another
began is all that a specification of concurrent objects speaks of. Making a return conflict with a call would have the
search execute every such order, which multiplies the executions. It is not needed, because an observation touches
nothing: its place between two steps of its own thread does not change what the code does. So observations are not steps
at all. Each is written down with the step of its thread that came before, and of one execution *all* orders are
followed at once:

    Observation x of one thread comes before observation y of another in every interleaving of the trace if and only if
    the first step of x's thread after x happens before the last step of y's thread before y (or is it).
    Proof. If so, x < that step <= the other < y in each of them. If not, let U be the step of y's thread before y
    with all that happens before it. That is a beginning of the trace, and no step of x's thread after x is in it. So
    the trace has an interleaving that makes the steps of U first: then y can be observed, and x not yet.

The same argument, with the union of the beginnings that its members need, shows that every set of observations that is
closed under this order is what has been seen at some moment of some interleaving; so every linear extension of the
order is the sequence of observations of some interleaving, and nothing else is. No property of the specification is
used: that calls commute with calls, for instance, may be true of it or not.

The extensions are not listed. Two that have made the same observations and lead to the same set of states need be told
apart no more, so the walk goes over pairs (how many observations of each thread, set of states), by the number of
observations: the violation that is found first is one with the fewest.

Law: tests/laws/test_conformance.py compares with the search in which all observations are steps that conflict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from treadle.conformance.following import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from treadle.model.trace import Event

Counts = tuple[int, ...]
Link = tuple[int, Counts]
"""An observation by its number, and how many observations of each thread come before it."""
Chains = tuple[tuple[Link, ...], ...]
"""By thread: what it observed. Equal for executions that observed the same in the same partial order."""
Place = tuple[Counts, int]
"""How many observations of each thread were made, and the set of states that agree with them."""


class Sighting(NamedTuple):
    """An observation as it was written down."""

    thread: int
    observation: int  # its number
    position: int  # of the last step of its thread before it


def chains(sightings: Iterable[Sighting], events: Sequence[Event], threads: int) -> Chains:
    """The partial order. The causal fields of the events must be filled in."""
    own: list[list[Sighting]] = [[] for _ in range(threads)]
    for sighting in sightings:
        own[sighting.thread].append(sighting)
    following = {}
    for event in events:
        if event.previous is not None:
            following[event.previous.position] = event.position
    # By thread and observation: the first step of the thread after it; -1 if there is none.
    nexts = [[following.get(sighting.position, -1) for sighting in mine] for mine in own]
    found = []
    for thread, mine in enumerate(own):
        links = []
        needs = [0] * threads
        for index, sighting in enumerate(mine):
            past = events[sighting.position].past
            for other, positions in enumerate(nexts):
                if other == thread:
                    needs[other] = index
                    continue
                # What a thread has observed before only grows.
                count = needs[other]
                while count < len(positions) and positions[count] >= 0 and past >> positions[count] & 1:
                    count += 1
                needs[other] = count
            links.append((sighting.observation, tuple(needs)))
        found.append(tuple(links))
    return tuple(found)


class Followed(Protocol):
    """What all orders are followed on: sets by number, and where an observation leads from each. NOTHING: nowhere."""

    start: int

    def after(self, states: int, observation: int, /) -> int:
        """The set after an observation."""


class Walk:
    """All orders of one execution, followed. `ends` are the sets of states at its end; none if it is not allowed."""

    __slots__ = ("_came", "_chains", "_follower", "edges", "ends", "refused")

    edges: dict[Place, list[tuple[int, Place]]]  # by place: each observation that may follow, and where it leads
    ends: list[Place]
    refused: tuple[Place, int] | None  # where an observation is not allowed, and which thread makes it

    def __init__(self, follower: Followed, chains: Chains) -> None:
        self._follower = follower
        self._chains = chains
        self._came: dict[Place, tuple[Place, int] | None] = {}
        self.edges = {}
        self.ends = []
        self.refused = None
        self._walk()

    def _walk(self) -> None:
        layer: list[Place] = [((0,) * len(self._chains), self._follower.start)]
        self._came[layer[0]] = None
        for _ in range(sum(map(len, self._chains))):
            following: dict[Place, None] = {}
            for place in layer:
                for thread in range(len(self._chains)):
                    if not self._step(place, thread, following):
                        return
            layer = list(following)
        self.ends = layer

    def _step(self, place: Place, thread: int, following: dict[Place, None]) -> bool:
        """Let one thread make its next observation, if it may come next. Whether that is allowed."""
        counts, states = place
        chain, made = self._chains[thread], counts[thread]
        if made == len(chain):
            return True
        observation, needs = chain[made]
        for have, need in zip(counts, needs, strict=True):
            if have < need:
                return True
        reached = self._follower.after(states, observation)
        if reached == NOTHING:
            self.refused = (place, thread)
            return False
        target = ((*counts[:thread], made + 1, *counts[thread + 1 :]), reached)
        self.edges.setdefault(place, []).append((observation, target))
        if target not in self._came:
            self._came[target] = (place, thread)
            following[target] = None
        return True

    def path(self, place: Place) -> list[int]:
        """One order that leads to a place: the threads, as they observe one after the other."""
        threads = []
        came = self._came[place]
        while came is not None:
            place, thread = came
            threads.append(thread)
            came = self._came[place]
        return threads[::-1]
