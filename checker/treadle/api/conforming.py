"""Conformance: every client program of a kit, every interleaving of each, against a specification.

Here the search, the world and the specification meet. `conform` explores one program after the other, smallest first,
and stops at the first violation, which is then made small. All programs run in one world, so that the modules are
loaded once, and what is learned about their memory in one program is known in the next.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from treadle.api.options import STEPS
from treadle.conformance.catalogue import address, load_kit
from treadle.conformance.client import Client
from treadle.conformance.judging import Looser, Stricter
from treadle.conformance.modelling import Models, find
from treadle.conformance.scheduling import choices
from treadle.conformance.target import Target
from treadle.conformance.words import Bounds, Program, setting
from treadle.errors import NondeterminismError, ScheduleError, UsageError
from treadle.model.faults import Faults
from treadle.model.schedule import Schedule
from treadle.model.verdict import Verdict
from treadle.runtime.world import World
from treadle.search.exploration import Limits
from treadle.search.exploration import explore as search_all
from treadle.search.optimal import Optimal
from treadle.search.shrink import shrink

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from pathlib import Path

    from treadle.conformance.kit import Kit
    from treadle.semantics.execution import Execution

COUNTS = ("executions", "blocked", "redundant", "steps", "failures")


class Progress(NamedTuple):
    """How far a check of many programs has come."""

    done: int  # programs
    programs: int  # all of them
    program: Program  # the one that is explored
    verdict: Verdict  # of all so far


def conform(  # noqa: PLR0913 - each is an option of its own, by name
    target: str,
    spec: str | Path = "Barrier",
    *,
    kit: str | Kit | None = None,
    bounds: Bounds | None = None,
    where: Mapping[str, Collection[str]] | None = None,
    programs: Iterable[Program] | None = None,
    max_executions: int | None = None,
    seconds: float | None = None,
    max_steps: int = STEPS,
    watch: Callable[[Progress], object] | None = None,
) -> Verdict:
    """Hold a class against a specification: every interleaving of every client program within the bounds.

    `target` is the class, "package.module:Class" or "path/to/file.py:Class". `spec` is the name of a specification or
    the path of its file. `kit` says how such an object is used; without one it is that of the specification. `programs`
    takes the place of those that the kit makes within the `bounds`; `where` keeps only those whose setup has one of the
    values that it gives, as text: `{"action": ["none", "works"]}`.

    `max_executions` and `seconds` limit all programs together; `max_steps` one execution. One that is met makes the
    verdict incomplete. `watch` is called after each execution; Ctrl-C ends the check with what was found so far.

    The verdict's `notes` say how many programs were explored, how many were left out and why, how many states of the
    specification were met, and which of its actions the code has taken. Raises a TreadleError for what cannot be run.
    """
    path = find(str(spec))
    used = kit if kit is not None and not isinstance(kit, str) else load_kit(kit or path.stem)
    check = Check(Target.parse(target), used, Models(str(spec), used), max_steps)
    bounds = bounds if bounds is not None else Bounds()
    _check_calls(used, bounds)
    chosen = list(programs if programs is not None else used.programs(bounds))
    chosen = [program for program in chosen if _wanted(program, where or {})]
    return check.all(chosen, Limits(max_executions, seconds, max_steps), watch)


def _wanted(program: Program, where: Mapping[str, Collection[str]]) -> bool:
    return all(setting(program, name) in values for name, values in where.items())


def _check_calls(kit: Kit, bounds: Bounds) -> None:
    known = (*kit.calls, *kit.known)
    unknown = [call for call in bounds.calls if call not in known]
    if unknown:
        raise UsageError(
            f"the kit {type(kit).__name__} knows no call {unknown[0]}", expected=f"some of {', '.join(known)}"
        )


class Check:
    """One class against one specification: the world and the models, kept from program to program."""

    def __init__(self, target: Target, kit: Kit, models: Models, max_steps: int = STEPS) -> None:
        self.kit = kit
        self.models = models
        self.max_steps = max_steps
        self._clients: dict[str, Client] = {}
        self.client = self._client(Program((), {}), target)
        self.skipped: Counter[str] = Counter()
        self.explored = 0

    @property
    def world(self) -> World:
        """The world of the programs that are explored now."""
        return self.client.world

    def _client(self, program: Program, target: Target) -> Client:
        """The client for a program: there is one world for each number of faults, since their code differs."""
        found = self._clients.get(program.faults)
        if found is None:
            found = self._clients[program.faults] = made(target, self.kit, program)
        found.program = program
        return found

    def all(
        self, programs: list[Program], limits: Limits, watch: Callable[[Progress], object] | None = None
    ) -> Verdict:
        """One program after the other, up to the first violation."""
        total = Verdict()
        for program in programs:
            reason = self.kit.lacks(self.client.kind, program) or self.kit.implied(program)
            if reason is not None:
                self.skipped[reason] += 1
                continue
            left = self._left(limits, total)
            if left is not None:
                self._add(total, self.one(program, left, self._watching(programs, program, total, watch)))
            if left is None or any(reason.startswith("interrupted") for reason in total.reasons):
                total.reasons.append(f"{len(programs) - self._past} of {len(programs)} programs were not explored")
                break
            if total.failure is not None:
                break
        total.notes |= self._notes()
        for client in self._clients.values():
            client.world.close()
        if not self.explored and not total.reasons:
            raise self._nothing(programs)
        return total

    def _nothing(self, programs: list[Program]) -> UsageError:
        """The error for a check that explores nothing, and so would prove nothing."""
        return UsageError(
            "there is no client program to explore",
            expected="bounds that some program is within, and a class that has what it needs",
            got="; ".join(self.skipped) or f"{len(programs)} programs",
            probably="--calls, --where, --threads or --rounds leave nothing",
        )

    @property
    def _past(self) -> int:
        return self.explored + self.skipped.total()

    def _left(self, limits: Limits, total: Verdict) -> Limits | None:
        """What is left of the limits; None if nothing is."""
        executions = None if limits.executions is None else limits.executions - total.executions
        seconds = None if limits.seconds is None else limits.seconds - total.seconds
        if (executions is not None and executions <= 0) or (seconds is not None and seconds <= 0):
            return None
        return replace(limits, executions=executions, seconds=seconds)

    def _add(self, total: Verdict, one: Verdict) -> None:
        self.explored += 1
        for name in (*COUNTS, "seconds"):
            setattr(total, name, getattr(total, name) + getattr(one, name))
        total.reasons += [reason for reason in one.reasons if reason not in total.reasons]
        total.failure, total.stopped = one.failure, one.failure is not None

    def _watching(
        self, programs: list[Program], program: Program, total: Verdict, watch: Callable[[Progress], object] | None
    ) -> Callable[[Execution, Verdict], None]:
        def told(_execution: Execution, verdict: Verdict) -> None:
            if watch is not None:
                sums = {name: getattr(total, name) + getattr(verdict, name) for name in (*COUNTS, "seconds")}
                watch(Progress(self._past, len(programs), program, Verdict(**sums)))

        return told

    def one(self, program: Program, limits: Limits, watch: Callable[[Execution, Verdict], None]) -> Verdict:
        """Every interleaving of one program; from the beginning again whenever the world has learned something."""
        self.client = self._client(program, self.client.target)
        judge = Looser(self.world, self.client, self.models.of(program))
        found: list[Schedule] = []

        def seen(execution: Execution, verdict: Verdict) -> None:
            if judge.violation is not None and not found:
                found.append(self._schedule(judge, execution))
            watch(execution, verdict)

        spent = 0.0
        while True:
            judge.begin()
            verdict = search_all(judge, _Learning(Optimal(), self.world), limits=limits, watch=seen)
            verdict.seconds = spent = spent + verdict.seconds
            if not self.world.outgrown:
                break
            if verdict.reasons:  # a limit was met, or Ctrl-C
                verdict.reasons.append("what was explored did not count on what was learned on the way")
                break
            self.world.renew()
        verdict.blocked += judge.stuck
        verdict.reasons += self.world.reasons
        if verdict.failure is not None and found:
            verdict.failure = replace(verdict.failure, schedule=self._small(found[0]))
        return verdict

    def _schedule(self, judge: Looser, execution: Execution) -> Schedule:
        assert judge.violation is not None
        made = choices(execution, self.client, judge.sightings, judge.violation, judge.model.follower.observations)
        options = {"granularity": "access", "learned": self.world.learned, "conformance": self._about()}
        failure = execution.failure
        return Schedule(self.client.target.text, made, options, failure.kind if failure is not None else "")

    def _about(self) -> dict[str, Any]:
        """What a schedule has to say so that it can be run again."""
        return {
            "kit": address(self.kit),
            "spec": self.models.name,
            "program": self.client.program.as_json(),
        }

    def _small(self, schedule: Schedule) -> Schedule:
        """The schedule made small, in a world in which observations are steps."""
        subject = strict(self.client.target, self.kit, self.models, schedule)
        try:
            return shrink(subject, schedule)
        except ScheduleError as error:
            raise NondeterminismError(
                "the violation that was found did not happen again when the same schedule was run again",
                got=str(error),
                probably="the class depends on something besides the schedule: files, the environment, the clock",
            ) from error

    def _notes(self) -> dict[str, Any]:
        followers = [model.follower for model in self.models]
        taken: Counter[str] = Counter()
        for model in self.models:
            taken.update(step.action for step in model.coverage.steps())
        disjuncts: Counter[str] = Counter()
        for model in self.models:
            disjuncts.update(model.coverage.disjuncts())
        actions = [action.name for follower in followers[:1] for action in follower.spec.program.actions]
        return {
            "target": self.client.target.text,
            "spec": self.models.name,
            "kit": address(self.kit),
            "programs": self.explored,
            "skipped": dict(self.skipped),
            "spec_states": sum(len(follower.states) for follower in followers),
            "coverage": {action: taken[action] for action in dict.fromkeys(actions)},
            "never": [disjunct for disjunct, count in disjuncts.items() if not count],
        }


def strict(target: Target, kit: Kit, models: Models, schedule: Schedule, *, detailed: bool = False) -> Stricter:
    """The subject that a schedule is run on: one program, observations among its steps."""
    program = Program.from_json(schedule.options["conformance"]["program"])
    client = made(target, kit, program, learned=schedule.options["learned"], detailed=detailed)
    return Stricter(client.world, client, models.of(program))


def made(target: Target, kit: Kit, program: Program, **options: Any) -> Client:
    """A client with a world of its own, which is given the options."""
    client = Client(target, kit, program)
    faults = Faults.of(program.faults) if program.faults else None
    client.world = World(client, faults=faults, **options)
    return client


class _Learning:
    """A strategy that ends when its world has learned something."""

    __slots__ = ("_strategy", "_world", "begin", "step")

    def __init__(self, strategy: Optimal, world: World) -> None:
        self._strategy = strategy
        self._world = world
        self.begin = strategy.begin
        self.step = strategy.step

    def end(self, execution: Execution) -> bool:
        """Whether another execution is needed, and would mean anything."""
        return self._strategy.end(execution) and not self._world.outgrown
