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

- an attribute or a variable is not written once tasks run (`written`: those that are, for all instances of a class);
- attributes of a class are not written once tasks run (`assigned`: names of attributes that are);
- a function found in a class is not hidden by an attribute of the instance (`hidden`);
- nobody looks at all attributes of an instance at once, as `vars(x)` does (`exposed`: classes where somebody does);
- nobody looks at the order of keys (`ordered`: containers where somebody does, while others insert);
- nobody empties a list that holds more than numbers and texts (`dropping`: lists of which somebody does, see `clearing`);
- nobody looks at what raising an exception writes (`written`, for all exceptions together: see `exceptions`);
- a lock is released by the task that has it (`handed`: locks for which that is not so, see `treadle.runtime.ownership`);
- nobody waits for the end of the main thread (`awaited`: if somebody does, see `treadle.runtime.threads`);
- no loop goes round in vain (`idle`: loops that do, by function and line; what they read is raced for, see `loops`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.runtime.instrumentation.exceptions import RAISED, TOLD, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


KINDS = (
    "raced",
    "written",
    "assigned",
    "hidden",
    "exposed",
    "ordered",
    "dropping",
    "handed",
    "awaited",
    "idle",
    "spun",
)
"""The sets of facts."""


class Sharing:
    """What was learned. A fact counts from the next pass on, so that all executions of one pass agree."""

    __slots__ = (*KINDS, "_fresh", "_watched", "everything")

    raced: set[str]  # S: locations, by family (see `locations.Thing.family`)
    written: set[str]  # attributes and variables
    assigned: set[str]  # names of attributes that some class has and that are written while tasks run
    hidden: set[str]  # names of functions of classes that some instance hides
    exposed: set[str]  # names of classes
    ordered: set[str]  # names of containers
    dropping: set[str]  # lists, by family
    handed: set[str]  # locks that somebody let go who did not have them
    awaited: set[str]  # the main thread, if somebody waits for its end
    idle: set[str]  # loops that went round in vain
    spun: set[str]  # places of loops that turn without a step: every access has to be one
    everything: bool  # every access is a step: the full search
    _fresh: dict[str, set[str]]  # learned in this pass
    _watched: frozenset[str] | None  # in this pass, once it was asked for

    def __init__(self, known: Mapping[str, Iterable[str]] | None = None, *, everything: bool = False) -> None:
        known = known if known is not None else {}
        for kind in KINDS:
            setattr(self, kind, set(known.get(kind, ())))
        self.everything = everything or bool(known.get("spun"))
        self._fresh = {}
        self._watched = None

    @property
    def grew(self) -> bool:
        """Whether an assumption of the current pass is wrong."""
        return bool(self._fresh)

    def learn(self, kind: str, fact: str) -> None:
        """It will be known in the next pass."""
        if fact not in getattr(self, kind):
            self._fresh.setdefault(kind, set()).add(fact)

    def renew(self) -> None:
        """The next pass begins."""
        for kind, facts in self._fresh.items():
            getattr(self, kind).update(facts)
        self._fresh = {}
        self._watched = None
        self.everything = self.everything or bool(self.spun)

    def watched(self) -> frozenset[str]:
        """The names of all attributes and variables that are not constant. Each execution asks for them."""
        if self._watched is None:
            self._watched = frozenset(self._names())
        return self._watched

    def _names(self) -> set[str]:
        written = {fact.rpartition(".")[2] for fact in self.written} | RAISED
        raising = WORDS if any(fact.startswith(f"{TOLD}.") for fact in self.written) else set()
        return written | raising | self.assigned | self.hidden | {"__dict__"}

    def loads(self) -> frozenset[str] | None:
        """The names of attributes whose loads are recorded in this pass; None: of all."""
        return None if self.everything or self.exposed else self.watched()

    def as_json(self) -> dict[str, list[str]]:
        """What a schedule depends on; the constructor reads it back."""
        return {kind: sorted(getattr(self, kind)) for kind in KINDS if getattr(self, kind)}
