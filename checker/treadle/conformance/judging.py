"""Judging executions: a world whose executions fail where the specification does not allow what was observed.

Two subjects, for the same executions:

- `Looser`: observations are no steps; at the end of an execution all their orders are followed (`orders`). For the
  search: quick, and it leaves no order out. The strategy must fill in the causal fields of events. An execution in
  which the world learned that something is raced for is not judged: what was not known to conflict was not ordered,
  so not every order that is worked out from it need exist. The exploration starts again in any case.
- `Stricter`: observations are steps, and the execution ends at the first that is not allowed. For one particular
  order: a schedule that is kept, made small, and told.

Where threads are interchangeable, one execution stands for all those in which they have changed places, and is judged as
each of them (`renaming`). If somebody tells them apart after all, `apart` says so, and nothing was judged.

An execution that comes to its end is judged there too, whether anybody is stuck or not: some state that agrees with all
that was observed must be one in which a behaviour may end (`stillness`). If so, a deadlock is none: the clients ask for
it, as a lone thread does that waits for a partner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from treadle.conformance.following import NOTHING
from treadle.conformance.orders import Chains, Sighting, Walk, chains
from treadle.conformance.renaming import Renaming, renamings
from treadle.errors import ScenarioError
from treadle.model.verdict import Ending, Failure
from treadle.semantics.observations import Observe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from treadle.conformance.client import Client
    from treadle.conformance.coverage import Coverage
    from treadle.conformance.following import Follower
    from treadle.conformance.promises import Promises
    from treadle.conformance.stillness import Stillness
    from treadle.conformance.words import Observation
    from treadle.runtime.world import World
    from treadle.semantics.execution import Chooser, Execution

REFUSED = "conformance"
STUCK = "stuck"
OVER = frozenset({Ending.COMPLETE, Ending.DEADLOCK, Ending.LIVELOCK})
"""The endings after which nobody will ever move again."""


@dataclass(frozen=True, slots=True)
class Model:
    """What looks on: a specification under the constants of a program."""

    follower: Follower
    stillness: Stillness
    coverage: Coverage
    promises: Promises
    without: Callable[[frozenset[str]], Model]  # the model in which these threads have stopped for ever

    def at_rest(self, states: int) -> bool:
        """Whether a behaviour may end in some state of a set."""
        follower = self.follower
        return any(not self.stillness.demands(follower.states[state]) for state in follower.sets[states])

    def owing(self, order: Chains, stopped: tuple[str, ...]) -> tuple[int, ...] | None:
        """An order of observations after which nothing may happen any more, and somebody is owed something: the threads.

        When a thread has stopped by itself, the fairness of the specification demands too much: what others do may need
        it, as a generation needs all its parties. Then what is demanded is what is promised to the others all the same.
        """
        other = self.without(frozenset(stopped))
        seen = [other.follower.observation(observation) for observation in self.follower.observations]
        debts = other.promises.debts(stopped)
        walk = Walk(debts, tuple(tuple((seen[number], needs) for number, needs in chain) for chain in order))
        return next((tuple(walk.path(place)) for place in walk.ends if debts.owed(place[1])), None)


@dataclass(frozen=True, slots=True)
class Violation:
    """What is not allowed: an observation after others, or that it ends there."""

    order: tuple[int, ...]  # observations by number, as they were made; the last is refused, unless somebody is stuck
    threads: tuple[int, ...]  # who made each
    states: int  # the set before the observation that is refused; at the end, if somebody is stuck
    stuck: tuple[int, ...] = ()  # threads that are in a call for ever
    stopped: tuple[str, ...] = ()  # threads that had stopped by themselves, by name


class Looser:
    """Executions without observations among their steps; every order of them is judged at the end."""

    __slots__ = ("_client", "_known", "_renamings", "_world", "apart", "model", "sightings", "stuck", "violation")

    model: Model  # of the program that runs
    violation: Violation | None  # of the last execution
    stuck: int  # executions in which somebody was stuck, as is allowed
    sightings: list[Sighting]  # what was observed in the last execution
    apart: str | None  # who tells interchangeable threads apart
    _renamings: list[Renaming]  # the ways in which they can change places
    _known: set[tuple[Chains, bool, tuple[str, ...]]]  # what was judged before, and is allowed

    def __init__(self, world: World, client: Client, model: Model, *, groups: Sequence[Sequence[int]] = ()) -> None:
        """`groups` are the threads that are interchangeable, as the client was told."""
        self._world = world
        self._client = client
        self.model = model
        names = client.program.names
        self._renamings = [Renaming(places, names, model.follower) for places in renamings(groups, len(names))]
        self.apart = None
        self.begin()

    def begin(self) -> None:
        """From the beginning again."""
        self.sightings = []
        self.violation = None
        self.stuck = 0
        self._known = set()

    def run(self, chooser: Chooser) -> Execution:
        """One execution, judged."""
        self.sightings = sightings = []
        self.violation = None
        follower, turns = self.model.follower, self._world.turns

        def record(thread: int, seen: Observation) -> None:
            sightings.append(Sighting(thread, follower.observation(seen), len(turns.execution.events) - 1))

        self._client.record = record
        execution = self._world.run(chooser)
        _refuse_broken(execution, self._client)
        alikes = self._client.alikes
        if alikes is not None and alikes.apart:
            self.apart = f"{self._client.target.name} tells threads apart by what they are called"
        if self._world.outgrown or self.apart is not None:
            execution.ending, execution.failure = Ending.CUT, None
        else:
            self._judge(execution)
        return execution

    def _judge(self, execution: Execution) -> None:
        execution.fill()
        order = chains(self.sightings, execution.events, len(self._client.program.threads))
        over = execution.ending in OVER
        stopped = self._client.stopped_names()
        if (order, over, stopped) not in self._known:
            self.violation = self._judged(order, stopped, over=over)
            if self.violation is None and not self._judged_renamed(order, stopped, over=over):
                self.apart = f"{self.model.follower.spec.name} tells threads apart"
                execution.ending, execution.failure = Ending.CUT, None
                return
        _conclude(execution, self._client, self.violation, self.model.follower)
        if self.violation is None and over and self._client.stuck():
            self.stuck += 1

    def _judged_renamed(self, order: Chains, stopped: tuple[str, ...], *, over: bool) -> bool:
        """Whether it is allowed, too, in each way in which interchangeable threads can change places."""
        return all(
            self._judged(renaming.chains(order), renaming.thread_names(stopped), over=over) is None
            for renaming in self._renamings
        )

    def _judged(self, order: Chains, stopped: tuple[str, ...], *, over: bool) -> Violation | None:
        """What is not allowed about these observations."""
        if (order, over, stopped) in self._known:
            return None
        walk = Walk(self.model.follower, order)
        violation = self._refused(walk, order) or (self._stuck(walk, order, stopped) if over else None)
        if violation is None:
            self._known.add((order, over, stopped))
            if over and not stopped:
                self.model.coverage.add(walk, self.model.stillness)
        return violation

    def _refused(self, walk: Walk, order: Chains) -> Violation | None:
        if walk.refused is None:
            return None
        place, thread = walk.refused
        threads = (*walk.path(place), thread)
        return Violation(_numbers(order, threads), threads, place[1])

    def _stuck(self, walk: Walk, order: Chains, stopped: tuple[str, ...]) -> Violation | None:
        if stopped:
            threads = self.model.owing(order, stopped)
        else:
            left = (place for place in walk.ends if not self.model.at_rest(place[1]))
            threads = next((tuple(walk.path(place)) for place in left), None)
        if threads is None:
            return None
        numbers = _numbers(order, threads)
        states = self.model.follower.start
        for number in numbers:
            states = self.model.follower.after(states, number)
        return Violation(numbers, threads, states, tuple(self._client.stuck()), stopped)


def _numbers(order: Chains, threads: Sequence[int]) -> tuple[int, ...]:
    """The observations that the threads make, one after the other."""
    made = [0] * len(order)
    numbers = []
    for thread in threads:
        numbers.append(order[thread][made[thread]][0])
        made[thread] += 1
    return tuple(numbers)


class Stricter:
    """Executions with observations among their steps, followed one by one.

    `keep_going`: an execution goes on after a violation, so that a search of all orders is complete.
    """

    __slots__ = ("_keep_going", "client", "model", "path", "threads", "violation", "world")

    world: World
    client: Client
    model: Model
    path: list[tuple[int, int]]  # each observation of the last execution by number, with the set before it
    threads: list[int]  # who made it
    violation: Violation | None

    def __init__(self, world: World, client: Client, model: Model, *, keep_going: bool = False) -> None:
        self.world = world
        self.client = client
        self.model = model
        self._keep_going = keep_going

    def run(self, chooser: Chooser) -> Execution:
        """One execution, judged."""
        self._begin()
        follower, turns, world = self.model.follower, self.world.turns, self.world
        states = follower.start

        def record(thread: int, seen: Observation) -> None:
            nonlocal states
            turns.step(Observe(seen.text))
            number = follower.observation(seen)
            self.path.append((number, states))
            self.threads.append(thread)
            reached = follower.after(states, number)
            if reached == NOTHING and self.violation is None:
                self.violation = self._violation(states)
                if not self._keep_going:
                    turns.leave()
            states = reached

        self.client.record = record
        execution = world.run(chooser)
        _refuse_broken(execution, self.client)
        if self.violation is None and execution.ending in OVER:
            stopped = self.client.stopped_names()
            if not self._may_end(states, stopped):
                self.violation = self._violation(states, tuple(self.client.stuck()), stopped)
        _conclude(execution, self.client, self.violation, follower)
        return execution

    def _may_end(self, states: int, stopped: tuple[str, ...]) -> bool:
        """Whether nothing more need happen after what was observed, in this one order."""
        if not stopped:
            return self.model.at_rest(states)
        other = self.model.without(frozenset(stopped))
        seen = [other.follower.observation(self.model.follower.observations[number]) for number, _ in self.path]
        return not other.promises.left_by(seen, stopped)

    def _begin(self) -> None:
        self.path, self.threads, self.violation = [], [], None

    def _violation(self, states: int, stuck: tuple[int, ...] = (), stopped: tuple[str, ...] = ()) -> Violation:
        return Violation(tuple(number for number, _ in self.path), tuple(self.threads), states, stuck, stopped)


def _conclude(execution: Execution, client: Client, violation: Violation | None, follower: Follower) -> None:
    """Give the execution the ending that its verdict asks for."""
    if violation is not None:
        execution.ending = Ending.FAILED
        if violation.stuck:
            names = [client.program.names[thread] for thread in violation.stuck]
            execution.failure = Failure(STUCK, f"stuck: {', '.join(names)}")
        else:
            refused = follower.observations[violation.order[-1]]
            task = client.task_of(violation.threads[-1])
            execution.failure = Failure(REFUSED, f"not allowed: {refused.text}", task)
    elif execution.ending in OVER:
        execution.ending = Ending.COMPLETE
        execution.failure = None


def _refuse_broken(execution: Execution, client: Client) -> None:
    """What fails before any thread was started is not the object's conduct, but how it is made."""
    failure = execution.failure
    if execution.ending is Ending.FAILED and failure is not None and failure.kind == "exception":
        raise ScenarioError(
            f"{client.target.text} cannot be used as {type(client.kit).__name__} does",
            expected="a class that is made, and called, as the kit does it",
            got=failure.message,
            probably=failure.details.strip().splitlines()[-2].strip() if failure.details.count("\n") > 1 else None,
        )
