"""Each idea of the search is needed: with a deliberate fault in it, the law of the search is broken.

A fault replaces one function by one that is wrong in one way. It is caught when on some program of a fixed list the
faulty search misses a trace, invents one, repeats one, or ends asleep; or when it wants to take a step that cannot be
taken, or an invariant fails.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from tests.laws.brute_force import TooLargeError, traces
from tests.laws.generated import THEMES, RandomDice, author
from tests.laws.searched import Watched, searched
from treadle.errors import NondeterminismError
from treadle.model.operations import ENQUEUE, READ, RELEASE, WRITE, Operation, Outcome
from treadle.search import optimal, races, wakeup
from treadle.search.optimal import Node, Optimal
from treadle.search.races import Races
from treadle.search.reversals import Moved, Reversal
from treadle.semantics import cells, conditions, locks, semaphores, threads
from treadle.semantics.causality import rivals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.laws.brute_force import Trace
    from treadle.model.trace import Event
    from treadle.semantics.causality import Causality
    from treadle.semantics.execution import Execution

CLASSICS: list[dict[str, Any]] = [
    # Both orders of two sections; the deadlock needs the fall-through.
    {"threads": [[["lock", a], ["lock", b], ["unlock", b], ["unlock", a]] for a, b in ("xy", "yx")]},
    # Whoever comes second is blocked for good.
    {"threads": [[["lock", "m"], ["rmw", "x"]], [["lock", "m"], ["rmw", "x"]]]},
    # A reader that runs down an array, and two writers that read it: lastzero(2).
    {
        "threads": [
            [["let", "i", 2], ["r", "a{i}", "v"], ["while", "v!=0", [["let", "i", "i-1"], ["r", "a{i}", "v"]]]],
            [["r", "a0", "v"], ["w", "a1", "v+1"]],
            [["r", "a1", "v"], ["w", "a2", "v+1"]],
        ]
    },
    # What comes after a race decides whether a sleeping step covers it (the shape of Concuerror's depend_4).
    {
        "same_value_writes_commute": True,
        "threads": [
            [["w", "z", 1]],
            [["w", "x", 1]],
            [["w", "y", 1]],
            [["r", "x", "X"], ["if", "X==1", [["r", "y", "Y"], ["if", "Y==1", [["r", "z"]]]]]],
            [["r", "y", "Y"], ["if", "Y==1", [["r", "z"]]]],
            [["w", "x", 2]],
        ],
    },
    # Two equal writes, either of which blocks the await.
    {"same_value_writes_commute": True, "threads": [[["w", "y", 1]], [["await", "y", "old==0"]], [["w", "y", 1]]]},
    # A timed wait touches three objects.
    {"threads": [[["notify", "c"]], [["lock", "k"], ["timedwait", "c", "k", "a"], ["unlock", "k"]]]},
    # Two waiters that nothing but the queue orders.
    {"threads": [[["lock", m], ["wait", "c", m], ["unlock", m]] for m in "kl"] + [[["notify", "c"]]]},
    # Two waiters, and one notification that may wake either.
    {
        "cv_policy": "any",
        "threads": [[["lock", "m"], ["wait", "c", "m"], ["unlock", "m"]]] * 2
        + [[["lock", "m"], ["notify", "c"], ["unlock", "m"]]],
    },
    # The last of the semaphore's count.
    {"sem": {"s": 1}, "threads": [[["sem_acq", "s"]], [["sem_rel", "s"]], [["sem_acq", "s"]]]},
    {"deferred": [1], "threads": [[["spawn", 1], ["w", "x", 1], ["join", 1], ["r", "x"]], [["w", "x", 2]]]},
    {"threads": [[["cas", "x", 0, 1, "a"], ["if", "a", [["w", "y", 1]]]], [["cas", "x", 0, 2]], [["r", "y"]]]},
    # What the swaps do depends on where they stand, and so does what sleeps beside them.
    {"threads": [[["w", "y", 1]], [["cas", "y", 1, 2]], [["cas", "y", 1, 1]], [["r", "y"]]]},
    {"threads": [[["choose", 3, "k"], ["w", "x", "k"]], [["r", "x"]]]},
    # A thread that has ended from the beginning, and is spawned all the same; one that two others spawn.
    {"threads": [[["spawn", 1]], [], [["join", 1]]]},
    {"threads": [[["spawn", 1], ["w", "x", 1]], [["r", "x"]], [["join", 1], ["r", "x"]], [["spawn", 1]]]},
]


@cache
def programs() -> list[tuple[dict[str, Any], set[Trace]]]:
    """The classics, and some that are generated, each with its traces by brute force."""
    dice = RandomDice(random.Random(2))
    drawn = CLASSICS + [author(dice, theme) for theme in sorted(THEMES) for _ in range(12)]
    enumerated = []
    for program in drawn:
        try:
            enumerated.append((program, traces(program, merged=True, limit=1_500)))
        except TooLargeError:
            continue
    return enumerated


def caught() -> Counter[str]:
    """In how many programs, and how, the search as it is now breaks the law."""
    how: Counter[str] = Counter()
    for program, expected in programs():
        try:
            found, verdict = searched(program, Watched(), limit=len(expected) + 20)
        except (NondeterminismError, AssertionError) as error:
            how[type(error).__name__] += 1
            continue
        how["missed"] += bool(expected - set(found))
        how["invented"] += bool(set(found) - expected)
        how["repeated"] += len(found) > len(set(found))
        how["asleep"] += bool(verdict.redundant)
    return +how


@dataclass(frozen=True)
class Fault:
    """What is replaced by what; and in which ways it must be caught."""

    name: str
    place: Any
    attribute: str
    wrong: Any
    caught: set[str]


def remode(kind: type[Operation], mode: str, *, only: str = "") -> Callable[..., Outcome]:
    """The outcome of a kind of operation with its accesses (of objects so named) in another mode."""
    right = kind.outcome

    def outcome(self: Operation, task: int, alternative: Any, look: Any) -> Outcome:
        result, accesses = right(self, task, alternative, look)
        changed = [(n, mode if n.startswith(only) and m == WRITE else m, change) for n, m, change in accesses]
        return Outcome(result, tuple(changed))

    return outcome


def youngest_only(self: Races, *arguments: Any) -> Iterator[Reversal]:
    for reversal in RIGHT_REVERSALS(self, *arguments):
        yield reversal
        return


def shadow_of(moved: Event | Moved) -> list[int]:
    return [moved.previous.past if moved.previous is not None else 0]


def disabled_casts_shadow(self: Races, moved: Event | Moved) -> Iterator[Reversal]:
    shadow = shadow_of(moved)
    for older in rivals(self._causality, moved.accesses, moved.indexes, shadow):
        reversal = self._before(older, 1 << older.position, moved)
        shadow[0] |= older.past
        if reversal is not None:
            yield reversal


def alone_only(self: Races, moved: Event | Moved) -> Iterator[Reversal]:
    shadow = shadow_of(moved)
    for older in rivals(self._causality, moved.accesses, moved.indexes, shadow):
        reversal = self._before(older, 1 << older.position, moved)
        if reversal is not None:
            shadow[0] |= older.past
            yield reversal


def as_if_enabled(self: Races, older: Event, left_out: int, moved: Event | Moved) -> Reversal | None:
    step = (moved.task, moved.alternative, moved.accesses)
    return Reversal(self._causality, older, left_out, moved, step)


def stale_outcome(self: Races, older: Event, left_out: int, moved: Event | Moved) -> Reversal | None:
    reversal = RIGHT_BEFORE(self, older, left_out, moved)
    if reversal is None or moved.step is None or moved.alternative != reversal.step[1]:
        return reversal
    return Reversal(self._causality, older, left_out, moved, moved.step)


def is_shut(_self: Races, event: Event) -> bool:
    return event.operation.shut


def is_shut_and_second(_self: Races, event: Event) -> bool:
    return event.operation.shut and event.indexes == (1,)


def disabled_everywhere(self: Races, operation: Operation, task: int, _name: str, _state: int) -> None:
    self._disabled |= {(operation, task, state) for state in range(10)}


def unfiltered(_self: Optimal, parent: Node, current: Event) -> dict[Any, Any]:
    return {step[:2]: step for step in (*parent.sleep.values(), *parent.explored) if step[0] != current.task}


def first_branch_is_enough(branches: list[wakeup.Branch], sequence: wakeup.Sequence) -> bool:
    return all(wakeup.initial(b.step, sequence) < 0 for b in branches) and wakeup.insert(branches, sequence)


def head_once(self: Races, execution: Execution) -> None:
    """What follows the later step is not looked at, neither for covering nor for planning."""
    reversals, self._open = self._open, []
    for reversal in [*reversals, *[r for task in execution.blocked() for r in self._of_blocked(execution, task)]]:
        strategy = self._plan.__self__  # type: ignore[attr-defined]
        node = strategy._nodes[reversal.older.position]
        head = reversal.sequence()[: 1 + sum(not event.past & reversal.left_out for event in between(reversal))]
        if all(wakeup.initial(step, head) < 0 for step in (*node.explored, reversal.older.step, *node.sleep.values())):
            strategy._insert(reversal.older.position, head)


def between(reversal: Reversal) -> list[Event]:
    return reversal._causality.events[reversal.older.position + 1 : reversal.last]


def first_object_only(causality: Causality, accesses: Any, ends: Any, shadow: list[int]) -> Iterator[Event]:
    return RIGHT_RIVALS(causality, accesses[:1], ends[:1], shadow)


RIGHT_REVERSALS = Races._reversals
RIGHT_BEFORE = Races._before
RIGHT_RIVALS = rivals

FAULTS = [
    Fault("a write that counts as a read", cells.Write, "outcome", remode(cells.Write, READ), {"missed"}),
    Fault("an update that counts as a read", cells.Update, "outcome", remode(cells.Update, READ), {"missed"}),
    Fault("downs that commute", semaphores.Down, "outcome", remode(semaphores.Down, RELEASE), {"missed"}),
    Fault("ends that nobody sees", threads.Join, "alternatives", lambda *_: (None,), {"invented"}),
    Fault(
        "arrivals that commute under FIFO",
        conditions.Enqueue,
        "outcome",
        remode(conditions.Enqueue, ENQUEUE, only="condition"),
        {"missed"},
    ),
    Fault("acquisitions that commute", locks.Acquire, "outcome", remode(locks.Acquire, RELEASE), {"missed"}),
    Fault("only the youngest race is reversed", Races, "_reversals", youngest_only, {"missed"}),
    Fault("no fall-through", Races, "_reversals", disabled_casts_shadow, {"missed"}),
    Fault("no fall-through past several together", Races, "_reversals", alone_only, {"missed"}),
    Fault("an acquire treated as its release", Races, "_before", as_if_enabled, {"NondeterminismError"}),
    Fault("what is disabled once is disabled", Races, "_remember", disabled_everywhere, {"missed"}),
    Fault("blocked at the end ignored", Races, "_of_blocked", lambda *_: (), {"missed"}),
    Fault("a stale outcome", Races, "_before", stale_outcome, {"missed"}),
    Fault("a join that nothing comes before", Races, "_is_enabled_by_the_first", is_shut, {"missed"}),
    Fault("a join of what has ended always", Races, "_is_enabled_by_the_first", is_shut_and_second, {"missed"}),
    Fault("other alternatives ignored", Races, "_other_alternatives", lambda *_: (), {"missed"}),
    Fault("a sleep set not filtered", Optimal, "_asleep", unfiltered, {"missed"}),
    Fault("nothing ever sleeps", Optimal, "_asleep", lambda *_: {}, {"repeated"}),
    Fault("one branch is enough for a wakeup tree", optimal, "insert", first_branch_is_enough, {"missed"}),
    Fault("a reversal is its head, planned once", Races, "analyse", head_once, {"missed"}),
    Fault("only the first object is looked at", races, "rivals", first_object_only, {"missed"}),
]


@pytest.mark.pure
@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_in_the_search_is_caught(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    """The faulty search breaks the law on some program, in the way that the fault suggests."""
    monkeypatch.setattr(fault.place, fault.attribute, fault.wrong)
    assert fault.caught <= set(caught())


@pytest.mark.pure
@pytest.mark.slow
def test_without_a_fault_nothing_is_caught() -> None:
    """The search as it is keeps the law on all these programs."""
    assert caught() == {}
    assert len(programs()) > 100
