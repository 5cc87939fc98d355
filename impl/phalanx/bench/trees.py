"""Is a barrier that wakes by groups quicker than a flat one? For many threads, and groups of several sizes.

Beside `phalanx.Barrier` and `threading.Barrier` stand `phalanx.TreeBarrier` with some arities, and the operating system's
barrier.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from phalanx.bench.contenders import LIMIT, OURS, STANDARD, TREE, contenders
from phalanx.bench.overhead import Plan, measured, meetings
from phalanx.tree import TreeBarrier

if TYPE_CHECKING:
    from collections.abc import Callable

    from phalanx.bench.report import Report

PARTIES = (64, 256, 1024)
ARITIES = (4, 8, 32)


def measure(plan: Plan, progress: Callable[[str], None]) -> Report:
    """Microseconds a synchronisation for each number of parties and each arity."""
    family, notes = contenders()
    trees = {f"{TREE}, arity {arity}": partial(TreeBarrier, arity=arity) for arity in ARITIES}
    present = {name: family[name] for name in (STANDARD, OURS, LIMIT) if name in family} | trees
    ratios = [(STANDARD, name) for name in (OURS, *trees, LIMIT)] + [(name, OURS) for name in trees]
    title = "One synchronisation of a flat barrier and of trees, in microseconds"
    return measured("tree", title, meetings(present), ratios, [note for note in notes if LIMIT in note], plan, progress)
