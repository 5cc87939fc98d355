"""Symmetry: states that differ by a permutation of model values count as one.

The configuration names a set of permutations; the group that they generate is taken. When a state is new, all its
images are noted as seen, so that whichever of them is met later is known by one look-up. That keeps the first state of
an orbit that was met as its representative, and needs no order among values.

It is right if the specification does not tell the permuted values apart, which is for its author to know, as in TLC;
`tests/spec/test_engine_exploration.py` compares with the search without it. Temporal properties are checked without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.tla.sets import DescribedSet
from treadle.tla.values import ModelValue, Value, domain_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from treadle.tla.program import State

Permutation = dict[Value, Value]


def group_of(functions: Iterable[Value]) -> list[Permutation]:
    """Return all products of the permutations, without the identity."""
    generators = [dict(zip(function[0], function[1:], strict=True)) for function in functions]
    moved = sorted({key for one in generators for key in one}, key=str)
    identity = tuple(moved)
    found, fresh = {identity}, [identity]
    while fresh:
        image = fresh.pop()
        for one in generators:
            product = tuple(one.get(value, value) for value in image)
            if product not in found:
                found.add(product)
                fresh.append(product)
    found.discard(identity)
    return [dict(zip(moved, image, strict=True)) for image in sorted(found, key=str)]


class Symmetry:
    """The group, and the images of values under it."""

    def __init__(self, functions: Iterable[Value]) -> None:
        self.group = group_of(functions)
        self._known: list[dict[Value, Value]] = [{} for _ in self.group]

    def images(self, state: State) -> list[State]:
        """Return the state under each permutation but the identity."""
        return [
            tuple(self._image(value, permutation, known) for value in state)
            for permutation, known in zip(self.group, self._known, strict=True)
        ]

    def _image(self, value: Value, permutation: Permutation, known: dict[Value, Value]) -> Value:
        kind = type(value)
        if kind is ModelValue:
            return permutation.get(value, value)
        if kind is not tuple and kind is not frozenset:
            return value
        found = known.get(value)
        if found is None:
            found = known[value] = self._moved(value, permutation, known)
        return found

    def _moved(self, value: Value, permutation: Permutation, known: dict[Value, Value]) -> Value:
        if type(value) is frozenset or isinstance(value, DescribedSet):
            return frozenset(self._image(item, permutation, known) for item in value)
        keys = value[0]
        if keys.length >= 0:
            return (keys, *[self._image(item, permutation, known) for item in value[1:]])
        pairs = {
            self._image(key, permutation, known): self._image(item, permutation, known)
            for key, item in zip(keys, value[1:], strict=True)
        }
        found = domain_of(frozenset(pairs))
        return (found, *[pairs[key] for key in found])
