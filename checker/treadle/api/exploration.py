"""A scenario to its verdict: load it into a world, let a strategy explore it, make the failure small."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from treadle.api.learning import Learning
from treadle.api.options import STEPS, Chances, Granularity, Search, Walk, require
from treadle.api.strategies import Way
from treadle.api.targets import target_of
from treadle.errors import NondeterminismError, ScheduleError
from treadle.runtime.scenario import Scenario
from treadle.runtime.standstill import Standstill
from treadle.runtime.world import World
from treadle.search.exploration import Enough, Limits, Partial
from treadle.search.exploration import explore as search_all
from treadle.search.look import Look
from treadle.search.shrink import shrink

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.model.faults import Faults
    from treadle.model.schedule import Schedule
    from treadle.model.verdict import Failure, Verdict
    from treadle.semantics.execution import Execution


def explore(  # noqa: PLR0913 - each is an option of its own, by name
    scenario: str | Callable[[], object],
    *,
    granularity: Granularity = "access",
    search: Search = "optimal",
    bound: int | None = None,
    walk: Walk | None = None,
    seed: int | None = None,
    executions: int | None = None,
    symmetry: bool = False,
    faults: Faults | int | str = 0,
    spurious: int = 0,
    max_executions: int | None = None,
    seconds: float | None = None,
    max_steps: int = STEPS,
    watch: Callable[[Verdict], object] | None = None,
) -> Verdict:
    """Explore every interleaving of a scenario; stop at the first failure, which is then made small.

    `scenario` is a function without arguments at the top level of a module, or its target as text. The limits are on
    the number of executions, on the seconds for all of them, and on the steps of each; one that is met makes the
    verdict incomplete.

    For what is too large: `bound` explores only the schedules with at most so many preemptions, which is incomplete if
    it left anything out; `walk` takes `executions` schedules at random (1000, if it is not said), which are the same
    for the same `seed`, and is always incomplete.

    A search of all traces that becomes long is accompanied by a quick look at schedules with few preemptions, which is
    where most bugs are. It changes none of the counts; how many executions it took is in `verdict.looked`. There is none
    where `max_executions` says how many there are to be.

    `symmetry` declares that threads with the same function and the same arguments, started one after the other, are
    interchangeable: no property depends on which is which. Then only one of their orders is explored.

    `faults` delivers exceptions into threads, at most so many in an execution, at every point where CPython does; as text,
    `N[:EXCEPTION][@THREAD,...][%CODE,...]`. A thread that ends by one that was delivered is no failure by itself.

    `spurious` lets at most so many waits for a condition end in an execution though nobody has notified. Python's own
    conditions never do that; code that asks its question again after each wait does not mind.

    `watch` is called after each execution. Ctrl-C ends the search with what it found so far.

    The schedule of a failure is in `verdict.failure.schedule`; `tell` makes a report of it. Raises ScenarioError for
    what cannot be run, NondeterminismError if it does not depend on the schedule alone.
    """
    require("granularity", granularity, Granularity)
    way = Way(search, bound, walk, seed, executions)
    target = target_of(scenario)
    chances = Chances.of(faults, spurious, symmetry=symmetry)
    world = World(Scenario.parse(target), granularity=granularity, symmetry=symmetry, **chances.of_world())
    options = {"granularity": granularity, **chances.notes()}
    found: list[Schedule] = []

    def seen(execution: Execution, verdict: Verdict) -> None:
        if execution.failure is not None and not found:
            found.append(execution.schedule(target, **options, learned=world.learned))
        if standstill.found is not None:
            raise Enough(f"{standstill.found}: a call waits for something real, and meanwhile no thread can run")
        if watch is not None:
            watch(verdict)

    limits = Limits(executions=max_executions, seconds=seconds, steps=max_steps)
    with Standstill(world.turns, world.names.place_of) as standstill:
        verdict = _explored(world, way, limits, seen)
    verdict.notes |= {"target": target, **options, **way.notes(), "symmetry": symmetry}
    if world.reloaded:
        verdict.notes["reloaded"] = world.reloaded
    if verdict.failure is not None and found:
        verdict.failure = replace(verdict.failure, schedule=_small(world, found[0], verdict.failure))
    world.close()
    return verdict


def _small(world: World, schedule: Schedule, failure: Failure) -> Schedule:
    """The schedule made small; it must fail again, or it is worth nothing."""
    try:
        return shrink(world, schedule)
    except ScheduleError as error:
        raise NondeterminismError(
            "the failure that was found did not happen again when the same schedule was run again",
            expected=failure.message,
            got=str(error).partition("\n")[0],
            probably="the scenario depends on something besides the schedule: what it leaves behind in files, in the "
            "environment or in modules that are not copied, the wall clock, or a time limit of the test runner",
            instead="make it depend on nothing but the schedule; use treadle.choose for data that varies",
        ) from error


def _explored(world: World, way: Way, limits: Limits, seen: Callable[[Execution, Verdict], None]) -> Verdict:
    """Explore, from the beginning again whenever the world has learned something that what was explored did not count on.

    The counts are those of the last time, which alone says anything; the seconds are those of all of them.
    """
    spent = 0.0
    while True:
        left = replace(limits, spent=spent)
        strategy = way.strategy()
        beside = Look(strategy) if way.is_whole and limits.executions is None and not world.threads.twins else strategy
        verdict = search_all(world, Learning(beside, world), limits=left, watch=seen)
        verdict.seconds = spent = spent + verdict.seconds
        if not world.outgrown:
            break
        if verdict.failure is not None or verdict.reasons:
            verdict.reasons.append("what was explored did not count on what was learned on the way")
            break
        world.renew()
    if verdict.failure is None and isinstance(strategy, Partial) and (reason := strategy.left_out()) is not None:
        verdict.reasons.append(reason)
    verdict.reasons += world.reasons
    return verdict


def interrupted(verdict: Verdict) -> bool:
    """Whether Ctrl-C ended the search."""
    return any(reason.startswith("interrupted") for reason in verdict.reasons)
