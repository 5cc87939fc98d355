"""A test function as a scenario: `@treadle.check`.

The decorated function takes no arguments, and any test runner can call it. Called, it explores every interleaving of
what it decorates; it returns when that is proved, and else raises a `CheckError`, which is an AssertionError whose text
is the report. Inside of a world the decorator does nothing, since there the function is what is to be run.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Any, TypeVar, overload

from treadle.api.exploration import explore, interrupted
from treadle.api.keeping import invitation, keep
from treadle.api.options import STEPS, Granularity, Incomplete, Search, Walk, require
from treadle.api.retelling import tell
from treadle.api.targets import target_of
from treadle.errors import CheckError, UsageError
from treadle.model.verdict import Status
from treadle.report.summary import summary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from treadle.model.faults import Faults
    from treadle.model.verdict import Verdict
    from treadle.runtime.cases import Case

T = TypeVar("T")


@dataclass(slots=True)
class Check:
    """What `check` attaches to the function that it returns, under the name `treadle`."""

    function: Callable[..., object]  # as it was written
    options: dict[str, Any]  # of `explore`
    incomplete: Incomplete
    verdict: Verdict | None = None  # of the last call
    case: Case = ()  # which of its parameters the next call is for; a test runner says so
    parameters: frozenset[str] = frozenset()  # the arguments that these are for

    def run(self) -> None:
        """Explore; CheckError unless it holds."""
        __tracebackhide__ = True
        self.verdict = None
        scenario = target_of(self.function, self.case, self.parameters)
        self.verdict = verdict = explore(scenario, **self.options)
        target = verdict.notes["target"]
        schedule = verdict.failure.schedule if verdict.failure is not None else None
        if schedule is not None:
            raise CheckError(f"{tell(schedule)}\n\n{invitation(keep(schedule))}")
        if interrupted(verdict):
            raise KeyboardInterrupt(summary(verdict))
        if verdict.status is Status.INCOMPLETE and self.incomplete == "fail":
            raise CheckError(
                f"{target}: {summary(verdict)}",
                instead="give it more, or make it smaller, or accept it: @treadle.check(incomplete='allow')",
            )


@overload
def check(function: Callable[..., object], /) -> Callable[[], None]: ...


@overload
def check(
    *,
    granularity: Granularity = ...,
    search: Search = ...,
    bound: int | None = ...,
    walk: Walk | None = ...,
    seed: int | None = ...,
    executions: int | None = ...,
    symmetry: bool = ...,
    faults: Faults | int | str = ...,
    spurious: int = ...,
    max_executions: int | None = ...,
    seconds: float | None = ...,
    max_steps: int = ...,
    incomplete: Incomplete = ...,
) -> Callable[[Callable[..., object]], Callable[[], None]]: ...


def check(  # noqa: PLR0913 - each is an option of its own, by name
    function: Callable[..., object] | None = None,
    /,
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
    incomplete: Incomplete = "fail",
) -> Callable[[], None] | Callable[[Callable[..., object]], Callable[[], None]]:
    """Make a test of a scenario: calling it explores every interleaving, and raises a CheckError unless all hold.

    `@treadle.check`, or `@treadle.check(max_executions=1000, ...)` with the options of `explore`. An incomplete search
    fails, unless `incomplete="allow"`. What cannot be run raises ScenarioError when the test is called.
    """
    require("value of incomplete", incomplete, Incomplete)
    options = {
        "granularity": granularity,
        "search": search,
        "bound": bound,
        "walk": walk,
        "seed": seed,
        "executions": executions,
        "symmetry": symmetry,
        "faults": faults,
        "spurious": spurious,
        "max_executions": max_executions,
        "seconds": seconds,
        "max_steps": max_steps,
    }

    def decorate(scenario: Callable[..., object]) -> Callable[[], None]:
        return _wrapped(Check(scenario, options, incomplete))

    return decorate if function is None else decorate(function)


def _wrapped(checked: Check) -> Callable[[], None]:
    def test(*_self: object, **_given: object) -> None:  # of a method, which is refused when it is run
        __tracebackhide__ = True
        checked.run()

    functools.update_wrapper(test, checked.function)
    # A test runner finds the arguments that it is to give parameters for. That there are no fixtures is told by the call.
    test.__dict__ |= {"__signature__": _needed(checked.function), "treadle": checked}
    return test


def _needed(function: Callable[..., object]) -> Signature:
    """The arguments that somebody has to give; none, if this cannot be called: the test says so when it is."""
    if not callable(function):
        return Signature()
    needed = [
        parameter.replace(kind=Parameter.KEYWORD_ONLY)
        for parameter in signature(function).parameters.values()
        if parameter.default is Parameter.empty
        and parameter.kind not in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
    ]
    return Signature(needed)


_draw: Callable[[int], int] | None = None
"""Dice for an ordinary run, where there are any."""


def draw_with(dice: Callable[[int], int]) -> None:
    """From now on `choose` takes what the dice show. For a process whose runs are on real threads."""
    global _draw  # noqa: PLW0603 - a process makes one such run at a time
    _draw = dice


def choose(options: Iterable[T], /) -> T:
    """One of the options. In a world each of them is explored, in the order in which they are given; under `stress` one is drawn.

    ValueError if there are none. UsageError in an ordinary run, where there is nobody to choose.
    """
    possible = list(options)
    if _draw is None:
        raise UsageError(
            "choose was called outside of a scenario",
            expected="a call while treadle runs the scenario",
            got=f"choose({possible!r}) in an ordinary run",
            instead="run it with @treadle.check, treadle.stress, or treadle check path.py::function",
        )
    if not possible:
        raise ValueError("treadle.choose needs at least one option")
    return possible[_draw(len(possible))]
