"""The automaton of a temporal formula, made as it is walked.

A state of the automaton is the set of formulas that must hold from now on. `alternatives` says what that means for the
present step and for the rest: `[]f` is f now and `[]f` afterwards; `<>f` is f now, or `<>f` afterwards, *postponed*. A
run is accepted if nothing is postponed for ever. This is the tableau of Gerth, Peled, Vardi and Wolper (1995), with
acceptance on the steps; TLA+ has no "until", so two rules are enough.
"""

from __future__ import annotations

from typing import NamedTuple

from treadle.tla.temporal import Tree

Obligations = frozenset[Tree]


class Alternative(NamedTuple):
    """One way to meet obligations: what the present step must be, what remains, and what is put off."""

    needs: frozenset[tuple[int, bool]]  # atoms with their truth
    rest: Obligations
    postponed: frozenset[Tree]


class Tableau:
    """The automaton of one formula in normal form."""

    def __init__(self, formula: Tree) -> None:
        self.start: Obligations = frozenset([formula])
        self._known: dict[Obligations, list[Alternative]] = {}

    def alternatives(self, obligations: Obligations) -> list[Alternative]:
        """Return every minimal way to meet the obligations."""
        found = self._known.get(obligations)
        if found is None:
            found = self._known[obligations] = self._expanded(obligations)
        return found

    def _expanded(self, obligations: Obligations) -> list[Alternative]:
        open_branches = [(sorted(obligations, key=repr), Alternative(frozenset(), frozenset(), frozenset()))]
        closed: dict[Alternative, None] = {}
        while open_branches:
            todo, so_far = open_branches.pop()
            if not todo:
                closed[so_far] = None
                continue
            first, rest = todo[0], todo[1:]
            open_branches += _step(first, rest, so_far)
        return [one for one in closed if not any(_easier(other, one) for other in closed if other is not one)]


def _easier(one: Alternative, other: Alternative) -> bool:
    return one.needs <= other.needs and one.rest <= other.rest and one.postponed <= other.postponed


def _step(first: Tree, rest: list[Tree], so_far: Alternative) -> list[tuple[list[Tree], Alternative]]:
    """Apply the rule of one formula; return the branches that remain."""
    needs, later, postponed = so_far
    kind = first[0]
    if kind == "true":
        return [(rest, so_far)]
    if kind == "false":
        return []
    if kind == "lit":
        if (first[1], not first[2]) in needs:
            return []
        return [(rest, Alternative(needs | {(first[1], first[2])}, later, postponed))]
    if kind == "and":
        return [([*first[1], *rest], so_far)]
    if kind == "or":
        return [([part, *rest], so_far) for part in first[1]]
    if kind == "always":
        return [([first[1], *rest], Alternative(needs, later | {first}, postponed))]
    put_off = Alternative(needs, later | {first}, postponed | {first})
    return [([first[1], *rest], so_far), (rest, put_off)]
