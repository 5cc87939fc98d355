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


def initial(step: Step, sequence: Sequence, start: int = 0) -> int:
    """Where in the sequence, from `start` on, the step is as a weak initial of it; -1 if it is none.

    A step is a weak initial if it occurs in the sequence and conflicts with nothing before it there, or if it does
    not occur and conflicts with nothing: then the answer is the length of the sequence. (A step of the same task with
    another alternative is a conflict.)
    """
    task, alternative, accesses = step
    if len(accesses) != 1:
        return _initial_of_several(step, sequence, start)
    ((name, mode, _),) = accesses
    for index in range(start, len(sequence)):
        other, other_alternative, other_accesses = sequence[index]
        if other == task:
            return index if other_alternative == alternative else -1
        for other_name, other_mode, _ in other_accesses:
            if other_name == name and (mode != other_mode or mode == WRITE):
                return -1
    return len(sequence)


def _initial_of_several(step: Step, sequence: Sequence, start: int) -> int:
    """The same where the step touches any number of objects, not one as nearly always."""
    task, alternative, accesses = step
    for index in range(start, len(sequence)):
        other, other_alternative, other_accesses = sequence[index]
        if other == task:
            return index if other_alternative == alternative else -1
        if dependent(accesses, other_accesses):
            return -1
    return len(sequence)


def insert(branches: list[Branch], sequence: Sequence) -> bool:
    """Insert the sequence into the ordered tree; False if a path of the tree already leads there.

    Follows the first branch whose step is a weak initial of what is left of the sequence. A leaf on the way covers
    everything below it, so nothing is to be done; otherwise the rest becomes a new path, last in order.
    """
    start = 0  # what is left of the sequence begins here
    while True:
        task, alternative, _ = sequence[start]
        for branch in branches:
            step = branch.step
            same = step[0] == task  # nearly always: the path is that of the sequence
            index = (start if step[1] == alternative else -1) if same else initial(step, sequence, start)
            if index >= 0:
                break
        else:
            _append(branches, sequence[start:])
            return True
        if index == start:
            start += 1
        elif index < len(sequence):
            sequence, start = sequence[start:index] + sequence[index + 1 :], 0
        if not branch.branches or start == len(sequence):
            return False
        branches = branch.branches


def _append(branches: list[Branch], sequence: Sequence) -> None:
    for step in sequence:
        branch = Branch(step)
        branches.append(branch)
        branches = branch.branches


def size(branches: list[Branch]) -> int:
    """The number of steps in the tree."""
    total, rest = 0, list(branches)
    while rest:
        branch = rest.pop()
        total += 1
        rest += branch.branches
    return total
