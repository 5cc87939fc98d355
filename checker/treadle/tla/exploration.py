"""Breadth first through all reachable states.

States are visited level by level, so the first violation that is met is reached by a shortest behaviour. What is
counted, and when a property is looked at, follows TLC, so that the numbers can be compared: a state outside a
CONSTRAINT is not counted and not gone on from, but its invariants are looked at; a step that is found twice is
generated twice; a state is deadlocked if it has no next state at all.
"""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from treadle.tla.explanation import explained
from treadle.tla.outcome import Counterexample, Moment
from treadle.tla.program import Step
from treadle.tla.registers import facts

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.tla.outcome import Outcome
    from treadle.tla.program import Program, State
    from treadle.tla.symmetry import Symmetry
    from treadle.tla.values import Value

_PROGRESS_EVERY = 1.0


@dataclass(slots=True)
class Watch:
    """What is looked at during exploration: names with Python functions."""

    invariants: list[tuple[str, Callable[[State], bool]]] = field(default_factory=list)
    initial: list[tuple[str, Callable[[State], bool]]] = field(default_factory=list)
    steps: list[tuple[str, Callable[[State, State], bool]]] = field(default_factory=list)
    every_invariant: Callable[[State], bool] | None = None  # all of them at once, if they can be asked together
    every_step: list[Callable[[State, State], bool]] = field(default_factory=list)  # together, all of `steps`
    constraints: list[Callable[[State], bool]] = field(default_factory=list)
    step_constraints: list[Callable[[State, State], bool]] = field(default_factory=list)
    view: Callable[[State], Any] | None = None
    symmetry: Symmetry | None = None
    deadlock: bool = True


@dataclass(slots=True)
class Limits:
    """Where an exploration stops by itself."""

    states: int | None = None
    seconds: float | None = None


@dataclass(slots=True)
class Graph:
    """The states that were found, and how.

    `came_from` has the state from which each was first reached, None for initial ones; it is in order of discovery.
    `edges` has the distinct successors of each state that was gone on from, if they were asked for.
    """

    came_from: dict[State, State | None] = field(default_factory=dict)
    initial: list[State] = field(default_factory=list)
    edges: dict[State, list[State]] = field(default_factory=dict)
    keep_edges: bool = False


class Stopped(Exception):  # noqa: N818  (not an error: the search has its answer)
    """The exploration has found a counterexample, or was cut off."""


class Explorer:
    """One exploration. `run` fills the outcome; `graph` is then what was found."""

    def __init__(
        self,
        program: Program,
        watch: Watch,
        outcome: Outcome,
        limits: Limits | None = None,
        progress: Callable[[int, int, int], None] | None = None,
        *,
        keep_edges: bool = False,
    ) -> None:
        self.program, self.watch, self.outcome = program, watch, outcome
        self.limits = limits or Limits()
        self.progress = progress
        self.graph = Graph(keep_edges=keep_edges)
        self.count = [0] * len(program.sites)
        self._outside: set[State] = set()
        self._keys: set[Any] | None = set() if watch.view or watch.symmetry else None
        self._started = self._told = time.monotonic()
        self._waiting = 0  # states of the level that is looked at that were not gone on from
        program.translator.registers.ask = self._facts

    def run(self) -> None:
        """Visit every reachable state, or stop at the first counterexample or limit."""
        try:
            level = self._initial_states()
            while level:
                self.outcome.depth += 1
                level = self._next_level(level)
        except Stopped:
            pass
        except KeyboardInterrupt:
            self.outcome.cut("interrupted")
        self.outcome.distinct = len(self.graph.came_from)
        if self._outside:
            self.outcome.notes.append(f"{len(self._outside):,} states outside the CONSTRAINT were not gone on from")

    def _initial_states(self) -> list[State]:
        found: list[State] = []
        try:
            self.program.initial_states(found.append)
        except Exception as error:  # noqa: BLE001  (whatever generated code raises is told)
            self._stop("evaluation", str(explained(self.program, error, None, None)), None, [])
        self.outcome.generated += len(found)
        level = []
        for state in found:
            self._check_initial(state)
            if self._is_new(state, None):
                level.append(state)
                self.graph.initial.append(state)
        return level

    def _check_initial(self, state: State) -> None:
        for name, predicate in self.watch.initial:
            if not self._asked(predicate, state):
                self._stop("initial", f"{name} does not hold initially", name, [Moment("Initial predicate", state)])

    def _next_level(self, level: list[State]) -> list[State]:
        found: list[State] = []
        following: list[State] = []
        add, count = following.append, self.count
        enumerations = [action.enumerate for action in self.program.actions]
        came_from, new, watched = self.graph.came_from, found.append, bool(self.watch.steps or self._filters())
        for number, state in enumerate(level):
            self._waiting = len(level) - number - 1 + len(found)
            try:
                for enumeration in enumerations:
                    enumeration(state, add, count)
            except Exception as error:  # noqa: BLE001  (whatever generated code raises is told below)
                self._evaluation_failed(error, state)
            self.outcome.generated += len(following)
            if not following and self.watch.deadlock:
                self._stop("deadlock", "no step is possible", None, self.trace(state))
            if watched or self.graph.keep_edges:
                self._look_at_steps(state, following)
            for successor in following:
                if successor not in came_from and self._is_new(successor, state):
                    new(successor)
            following.clear()
            if not number % 256:
                self._pause()
        return found

    def _facts(self) -> dict[str, Value]:
        """Say what TLCGet may ask for by name."""
        return facts(
            level=self.outcome.depth,
            distinct=len(self.graph.came_from),
            generated=self.outcome.generated,
            queue=self._waiting,
            seconds=int(time.monotonic() - self._started),
            deadlock=self.watch.deadlock,
        )

    def _filters(self) -> bool:
        return bool(self.watch.step_constraints or self.watch.constraints)

    def _look_at_steps(self, state: State, following: list[State]) -> None:
        """Check action properties on the steps, drop those that an action constraint forbids, keep the edges."""
        distinct = list(dict.fromkeys(following))
        try:
            for predicate in self.watch.every_step:
                for number, successor in enumerate(distinct):
                    if not predicate(state, successor):
                        self._find_earlier_invariant(state, distinct[: number + 1])
                        self._find_step(state, successor)
        except Stopped:
            raise
        except Exception:  # noqa: BLE001  (the slow way tells which property it was)
            for successor in distinct:
                self._find_step(state, successor)
        for constraint in self.watch.step_constraints:
            following[:] = [successor for successor in following if self._asked(constraint, state, successor)]
            distinct = list(dict.fromkeys(following))
        if self.graph.keep_edges:
            self.graph.edges[state] = [successor for successor in distinct if self._inside(successor)]

    def _find_earlier_invariant(self, state: State, successors: list[State]) -> None:
        """A state is looked at before the step that leads to it, as TLC does it: stop at an invariant, if one fails."""
        for successor in successors:
            if successor not in self.graph.came_from and not self._all_invariants_hold(successor):
                self._find_invariant(successor, state)

    def _find_step(self, state: State, successor: State) -> None:
        """Stop at the action property that a step violates."""
        for name, predicate in self.watch.steps:
            if not self._asked(predicate, state, successor):
                trace = [*self.trace(state), self._moment(state, successor)]
                self._stop("step", f"the step is not allowed by {name}", name, trace)

    def _inside(self, state: State) -> bool:
        """Tell whether a state satisfies the constraints."""
        if not self.watch.constraints or state in self.graph.came_from:
            return True
        return state not in self._outside and all(self._asked(one, state) for one in self.watch.constraints)

    def _is_new(self, state: State, origin: State | None) -> bool:
        """Enter a state that was not met before; check it. False if it was met, or is outside a constraint."""
        if state in self.graph.came_from or state in self._outside:
            return False
        if self._keys is not None and not self._first_of_its_kind(state):
            return False
        inside = self._inside(state)
        if inside:
            self.graph.came_from[state] = origin
        else:
            self._outside.add(state)
        if not self._all_invariants_hold(state):
            self._find_invariant(state, origin)
        return inside

    def _all_invariants_hold(self, state: State) -> bool:
        try:
            return self.watch.every_invariant is not None and bool(self.watch.every_invariant(state))
        except Exception:  # noqa: BLE001  (the slow way tells which invariant it was)
            return False

    def _find_invariant(self, state: State, origin: State | None) -> None:
        """Stop at the invariant that a state violates, if one does."""
        for name, predicate in self.watch.invariants:
            if not self._asked(predicate, state, origin=origin):
                self._stop("invariant", f"{name} is violated", name, self._trace_to(state, origin))

    def _first_of_its_kind(self, state: State) -> bool:
        """Tell whether no state with the same view, or symmetric to this one, was met; note it if so."""
        keys: set[Any] = self._keys if self._keys is not None else set()
        key = self.watch.view(state) if self.watch.view is not None else state
        if key in keys:
            return False
        if not self._inside(state):
            return True
        keys.add(key)
        if self.watch.symmetry is not None:
            for image in self.watch.symmetry.images(state):
                keys.add(self.watch.view(image) if self.watch.view is not None else image)
        return True

    def _asked(self, predicate: Callable[..., bool], *states: State, origin: State | None = None) -> bool:
        try:
            return bool(predicate(*states))
        except Exception as error:  # noqa: BLE001  (whatever generated code raises is told)
            self._evaluation_failed(error, states[0], origin)
            return False

    def _evaluation_failed(self, error: Exception, state: State, origin: State | None = None) -> None:
        trace = self._trace_to(state, origin) if state not in self.graph.came_from else self.trace(state)
        problem = explained(self.program, error, state, None)
        self._stop("evaluation", str(problem), None, trace)

    def _stop(self, kind: str, message: str, name: str | None, trace: list[Moment]) -> None:
        self.outcome.fail(Counterexample(kind, message, name, trace))
        self.outcome.complete = False
        raise Stopped

    def _pause(self) -> None:
        """Tell the progress, and stop at a limit."""
        now = time.monotonic()
        found = len(self.graph.came_from)
        if self.limits.states is not None and found > self.limits.states:
            self.outcome.cut(f"stopped after {found} states (the limit was {self.limits.states})")
            raise Stopped
        if self.limits.seconds is not None and now - self._started > self.limits.seconds:
            self.outcome.cut(f"stopped after {self.limits.seconds} seconds")
            raise Stopped
        if self.progress is not None and now - self._told > _PROGRESS_EVERY:
            self._told = now
            self.progress(self.outcome.generated, found, self.outcome.depth)

    def trace(self, state: State) -> list[Moment]:
        """Return a shortest behaviour from an initial state to this one."""
        states = [state]
        while (origin := self.graph.came_from[states[-1]]) is not None:
            states.append(origin)
        states.reverse()
        moments = [Moment("Initial predicate", states[0])]
        return moments + [self._moment(before, after) for before, after in itertools.pairwise(states)]

    def _trace_to(self, state: State, origin: State | None) -> list[Moment]:
        if origin is None:
            return [Moment("Initial predicate", state)]
        return [*self.trace(origin), self._moment(origin, state)]

    def _moment(self, before: State, after: State) -> Moment:
        return Moment(name_of_step(self.program, before, after), after)


def name_of_step(program: Program, before: State, after: State) -> str:
    """Return the action (with arguments) that leads from one state to the next; "Stuttering" if none does."""
    for action in program.actions:
        found: list[tuple[Any, ...]] = []
        try:
            action.label(before, found.append, [])
        except Exception:  # noqa: BLE001, S112  (another action may be the one)
            continue
        for arguments, site, state in found:
            if state == after:
                return Step(action.name, arguments, state, site).text
    return "Stuttering"
