"""Renaming: what interchangeable threads would have observed in each other's place.

Of the executions of a program that differ only in which of several threads with the same calls is which, one is executed.
What the others observe is what this one observes, with the threads renamed: in each observation the name of its thread,
and of any thread among the other arguments. So each execution is judged as all of them.

Nothing is assumed of the specification. It may well tell threads apart, by `CHOOSE` or by its constants: then the
sequences that are judged are those that it is asked about without symmetry, name by name, and its states and transitions
that count as met are the same. If it refuses one renaming and not the one that was executed, somebody tells the threads
apart, and the program is explored in all orders, so that what is refused can be shown.
"""

from __future__ import annotations

from itertools import permutations, product
from typing import TYPE_CHECKING, Any

from treadle.conformance.words import Observation
from treadle.tla.values import ModelValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from treadle.conformance.following import Follower
    from treadle.conformance.orders import Chains, Counts

Places = tuple[int, ...]
"""By thread: whose place it takes."""


def renamings(groups: Iterable[Sequence[int]], threads: int) -> list[Places]:
    """Every way to exchange the threads of each group, but that in which each keeps its place."""
    groups = list(groups)
    found = []
    for images in product(*(permutations(group) for group in groups)):
        places = list(range(threads))
        for group, image in zip(groups, images, strict=True):
            for thread, place in zip(group, image, strict=True):
                places[thread] = place
        found.append(tuple(places))
    found.remove(tuple(range(threads)))
    return found


class Renaming:
    """One way to rename the threads of a program, by name and by number."""

    __slots__ = ("_follower", "_known", "_names", "_places")

    _known: dict[int, int]  # by the number of an observation: that of the renamed one

    def __init__(self, places: Places, names: Sequence[str], follower: Follower) -> None:
        self._places = places
        self._names = {name: names[place] for name, place in zip(names, places, strict=True)}
        self._follower = follower
        self._known = {}

    def chains(self, chains: Chains) -> Chains:
        """What is observed, and in which order, when each thread does what another did."""
        renamed = list(chains)
        for thread, chain in enumerate(chains):
            links = [(self.observation(number), self._counts(needs)) for number, needs in chain]
            renamed[self._places[thread]] = tuple(links)
        return tuple(renamed)

    def thread_names(self, names: Iterable[str]) -> tuple[str, ...]:
        """The names of these threads."""
        return tuple(self._names[name] for name in names)

    def observation(self, number: int) -> int:
        """What is observed in the place of this, both by their numbers."""
        found = self._known.get(number)
        if found is None:
            action, (thread, *rest) = self._follower.observations[number]
            renamed = Observation(action, (self._names[str(thread)], *self._values(rest)))
            found = self._known[number] = self._follower.observation(renamed)
        return found

    def _counts(self, counts: Counts) -> Counts:
        renamed = list(counts)
        for thread, count in enumerate(counts):
            renamed[self._places[thread]] = count
        return tuple(renamed)

    def _values(self, values: Iterable[Any]) -> Iterator[Any]:
        return map(self._value, values)

    def _value(self, value: Any) -> Any:
        """A thread among the other arguments is a model value of its name."""
        if isinstance(value, ModelValue):
            return ModelValue.named(self._names.get(value.name, value.name))
        if isinstance(value, tuple):
            return tuple(self._values(value))
        if isinstance(value, (set, frozenset)):
            return frozenset(self._values(value))
        if isinstance(value, dict):
            return {self._value(key): self._value(item) for key, item in value.items()}
        return value
