"""Wakeup trees: the initial pieces of executions that must still be explored from one node.

A branch is one step and an ordered list of branches below it; a path from the node to a leaf is a sequence of steps
after which the search is free again. A sequence is inserted only if no path of the tree already leads to a trace that
it leads to; the question is always the same: is a step a *weak initial* of the sequence, that is, can some execution
that begins with the step be equivalent to one that begins with the sequence?

Source: Abdulla, Aronis, Jonsson, Sagonas, "Source Sets: A Foundation for Optimal Dynamic Partial Order Reduction",
JACM 64(4), 2017, section 6 (definitions 6.1 to 6.6).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.model.operations import WRITE, dependent

if TYPE_CHECKING:
    from treadle.model.trace import Step

Sequence = list["Step"]


class Branch:
    """One step to take, and what to take after it. No branches below: the search is free from there."""

    __slots__ = ("branches", "step")

    step: Step
    branches: list[Branch]

    def __init__(self, step: Step) -> None:
        self.step = step
        self.branches = []


def after_initial(step: Step, sequence: Sequence) -> Sequence | None:
    """What remains of the sequence when it is begun with `step`; None if `step` is not a weak initial of it.

    A step is a weak initial if it occurs in the sequence and conflicts with nothing before it there, or if it does
    not occur and conflicts with nothing. (A step of the same task with another alternative is a conflict.)
    """
    task, alternative, accesses = step
    if len(accesses) == 1:
        return _after_single(task, alternative, accesses[0][0], accesses[0][1], sequence)
    for index, (other, other_alternative, other_accesses) in enumerate(sequence):
        if other == task:
            return sequence[:index] + sequence[index + 1 :] if other_alternative == alternative else None
        if dependent(accesses, other_accesses):
            return None
    return sequence


def _after_single(task: int, alternative: object, name: str, mode: object, sequence: Sequence) -> Sequence | None:
    """The same for a step that touches one object, which is nearly every step: without a call for each element."""
    for index, (other, other_alternative, other_accesses) in enumerate(sequence):
        if other == task:
            return sequence[:index] + sequence[index + 1 :] if other_alternative == alternative else None
        for other_name, other_mode, _ in other_accesses:
            if other_name == name and (mode != other_mode or mode == WRITE):
                return None
    return sequence


def insert(branches: list[Branch], sequence: Sequence) -> bool:
    """Insert the sequence into the ordered tree; False if a path of the tree already leads there.

    Follows the first branch whose step is a weak initial of what is left of the sequence. A leaf on the way covers
    everything below it, so nothing is to be done; otherwise the rest becomes a new path, last in order.
    """
    while True:
        for branch in branches:
            rest = after_initial(branch.step, sequence)
            if rest is not None:
                if not branch.branches or not rest:
                    return False
                branches, sequence = branch.branches, rest
                break
        else:
            for step in sequence:
                branch = Branch(step)
                branches.append(branch)
                branches = branch.branches
            return True


def size(branches: list[Branch]) -> int:
    """The number of steps in the tree."""
    total, rest = 0, list(branches)
    while rest:
        branch = rest.pop()
        total += 1
        rest += branch.branches
    return total
