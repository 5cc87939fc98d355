"""What an exploration has learned about the program's memory, and keeps from one execution to the next.

An access is a step, with a scheduling point before it, only where it has to be: where its location is *raced for*. At
first no location is. When two accesses to a location conflict and are not ordered by the steps of an execution, the
location is learned, and the exploration starts again from scratch, with it among the steps. The pass in which nothing
new is learned is complete.

Why that is enough. Call S the set of learned locations, and take the search in which every access is a step (the full
search). Assume that some execution of it has a conflicting pair outside S that is not ordered by its other steps; take
a shortest prefix that has one. But for its last access it has no such pair, so between two steps its tasks touch
nothing outside S that another one touches in between in a conflicting way: each access can be moved forward to just
after the last step of its own task, and nobody reads anything else than before. The result is an execution of the
search in which only S is a step, up to the order of commuting steps; and that search is exhaustive, so it has seen an
equivalent execution, found the pair unordered, and learned the location. So in the last pass there is no such pair in
any execution of the full search either; all conflicting accesses outside S are ordered by the steps; and the full
search has the same traces, one for one. (It is the theorem that data-race-free programs may be understood at their
synchronisation alone, with S as synchronisation.) It needs a search that visits every trace: under a bound, or a
random walk, what was not visited was not learned either, and the verdict is incomplete anyway.

Law: tests/laws/test_accesses.py compares with the search in which every access is a step.

A few cheaper assumptions are learned in the same way. Each is made for whole classes of accesses that are hardly ever
raced for, so that they cost nothing; as soon as one is seen to be wrong, it is dropped and the exploration starts again:

- attributes of a class are not written once tasks run (`assigned`: names of attributes that are);
- a function found in a class is not hidden by an attribute of the instance (`hidden`);
- nobody looks at all attributes of an instance at once, as `vars(x)` does (`exposed`: classes where somebody does);
- nobody looks at the order of keys (`ordered`: containers where somebody does, while others insert).
"""

from __future__ import annotations


class Sharing:
    """What was learned. `grew` says that an assumption of the current pass is wrong."""

    __slots__ = ("assigned", "everything", "exposed", "grew", "hidden", "ordered", "raced")

    raced: set[str]  # S: names of locations
    assigned: set[str]  # names of attributes that some class has and that are written while tasks run
    hidden: set[str]  # names of functions of classes that some instance hides
    exposed: set[str]  # names of classes
    ordered: set[str]  # names of containers
    everything: bool  # every access is a step: the full search, for comparison
    grew: bool

    def __init__(self, *, everything: bool = False) -> None:
        self.raced = set()
        self.assigned = set()
        self.hidden = set()
        self.exposed = set()
        self.ordered = set()
        self.everything = everything
        self.grew = False

    def learn(self, fact: str, about: set[str]) -> bool:
        """Add it; whether it is new. `about` is one of the sets of this object."""
        if fact in about:
            return False
        about.add(fact)
        self.grew = True
        return True
