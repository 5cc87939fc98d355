"""Conformance: every client program of a kit, every interleaving of each, against a specification.

Here the search, the world and the specification meet. `conform` explores one program after the other, smallest first,
and stops at the first violation, which is then made small. All programs run in one world, so that the modules are
loaded once, and what is learned about their memory in one program is known in the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from treadle.api.learning import Learning
from treadle.api.options import STEPS
from treadle.api.selection import kit_of, selected
from treadle.api.tally import Part, Tally
from treadle.conformance.catalogue import address
from treadle.conformance.client import Client
from treadle.conformance.judging import Looser, Stricter
from treadle.conformance.met import Reader
from treadle.conformance.modelling import Models
from treadle.conformance.scheduling import choices
from treadle.conformance.target import Target
from treadle.conformance.words import Program
from treadle.errors import NondeterminismError, ScheduleError
from treadle.model.faults import Faults
from treadle.model.schedule import Schedule
from treadle.runtime.world import World
from treadle.search.exploration import Limits
from treadle.search.exploration import explore as search_all
from treadle.search.optimal import Optimal
from treadle.search.shrink import shrink

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from pathlib import Path

    from treadle.api.tally import Progress
    from treadle.conformance.kit import Kit
    from treadle.conformance.words import Bounds
    from treadle.model.verdict import Verdict
    from treadle.semantics.execution import Execution

Groups = Sequence[Sequence[int]]
"""Threads that are interchangeable, by number: those of each group."""


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
    symmetry: bool = True,
    watch: Callable[[Progress], object] | None = None,
) -> Verdict:
    """Hold a class against a specification: every interleaving of every client program within the bounds.

    `target` is the class, "package.module:Class" or "path/to/file.py:Class". `spec` is the name of a specification or
    the path of its file. `kit` says how such an object is used; without one it is that of the specification. `programs`
    takes the place of those that the kit makes within the `bounds`; `where` keeps only those whose setup has one of the
    values that it gives, as text: `{"action": ["none", "works"]}`.

    Threads of a program that make the same calls are explored in one of their orders, which is judged as all of them; all
    orders are explored where somebody tells them apart, and without `symmetry`.

    `max_executions` and `seconds` limit all programs together; `max_steps` one execution. One that is met makes the
    verdict incomplete. `watch` is called after each execution; Ctrl-C ends the check with what was found so far.

    The verdict's `notes` say how many programs were explored, how many were left out and why, how many states of the
    specification were met, and which of its actions the code has taken. Raises a TreadleError for what cannot be run.
    """
    used = kit_of(spec, kit)
    check = Check(Target.parse(target), used, Models(str(spec), used), max_steps, symmetry=symmetry)
    chosen = selected(used, bounds, where, programs)
    return check.all(chosen, Limits(max_executions, seconds, max_steps), watch)


class Check:
    """One class against one specification: the world and the models, kept from program to program."""

    def __init__(
        self, target: Target, kit: Kit, models: Models, max_steps: int = STEPS, *, symmetry: bool = True
    ) -> None:
        self.kit = kit
        self.models = models
        self.max_steps = max_steps
        self.symmetry = symmetry
        self._clients: dict[str, Client] = {}
        self.client = self._client(Program((), {}), target)
        self.reader = Reader()

    @property
    def world(self) -> World:
        """The world of the programs that are explored now."""
        return self.client.world

    @property
    def about(self) -> dict[str, Any]:
        """What is checked."""
        return {"target": self.client.target.text, "spec": self.models.name, "kit": address(self.kit)}

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
        tally = Tally(programs, **self.about)
        for program in programs:
            reason = self.skips(program)
            left = _left(limits, tally.total)
            if reason is None and left is None:
                break
            part = (
                Part(skipped=reason)
                if left is None or reason is not None
                else self.one(program, left, _told(tally, watch))
            )
            tally.add(part)
            if part.is_last:
                break
        tally.met += self.reader.new(self.models.items())
        self.close()
        return tally.verdict()

    def skips(self, program: Program) -> str | None:
        """Why the program need not be explored, or cannot be."""
        return self.kit.lacks(self.client.kind, program) or self.kit.implied(program)

    def close(self) -> None:
        """Let go of what only executions need."""
        for client in self._clients.values():
            client.world.close()

    def one(self, program: Program, limits: Limits, watch: Callable[[Verdict], object]) -> Part:
        """Every interleaving of one program, up to which of its interchangeable threads is which."""
        self.client = self._client(program, self.client.target)
        groups = program.alike if self.symmetry else ()
        verdict, apart = self._interleavings(program, groups, limits, watch)
        if apart is not None:
            spent = verdict.seconds
            limits = replace(limits, spent=limits.spent + spent)
            verdict, _ = self._interleavings(program, (), limits, watch)
            verdict.seconds += spent
        return Part(verdict=verdict, merged=bool(groups) and apart is None, apart=apart)

    def _interleavings(
        self, program: Program, groups: Groups, limits: Limits, watch: Callable[[Verdict], object]
    ) -> tuple[Verdict, str | None]:
        """Every interleaving; from the beginning again whenever the world has learned something.

        The threads of each group are interchangeable. If somebody tells them apart, who does; then the verdict counts for
        nothing but its seconds.
        """
        self.client.merge(groups)
        judge = Looser(self.world, self.client, self.models.of(program), groups=groups)
        found: list[Schedule] = []

        def seen(execution: Execution, verdict: Verdict) -> None:
            if judge.violation is not None and not found:
                found.append(self._schedule(judge, execution))
            watch(verdict)

        spent = 0.0
        while True:
            judge.begin()
            strategy = Learning(Optimal(), self.world, lambda: judge.apart is not None)
            verdict = search_all(judge, strategy, limits=replace(limits, spent=limits.spent + spent), watch=seen)
            verdict.seconds = spent = spent + verdict.seconds
            if judge.apart is not None and not verdict.reasons:
                return verdict, judge.apart
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
        return verdict, None

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


def _left(limits: Limits, total: Verdict) -> Limits | None:
    """What is left of the limits; None if nothing is."""
    executions = None if limits.executions is None else limits.executions - total.executions
    spent = limits.spent + total.seconds
    if (executions is not None and executions <= 0) or (limits.seconds is not None and spent >= limits.seconds):
        return None
    return replace(limits, executions=executions, spent=spent)


def _told(tally: Tally, watch: Callable[[Progress], object] | None) -> Callable[[Verdict], object]:
    return lambda verdict: watch(tally.so_far(verdict)) if watch is not None else None


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
