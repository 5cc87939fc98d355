"""What a verification found.

`proved` means: every reachable state was visited, and everything that the configuration names was looked at and holds.
`failed` comes with a `Counterexample`. Anything that was cut off, left out, or could not be checked is a reason for
`incomplete`; there is no fourth possibility.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from treadle.tla.values import show

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.tla.program import State
    from treadle.tla.values import Value


@dataclass(frozen=True, slots=True)
class Moment:
    """One state of a behaviour, and the action that led to it."""

    action: str
    state: State
    alias: Value | None = None  # what the ALIAS of the configuration makes of the state and the next one


@dataclass(slots=True)
class Counterexample:
    """A behaviour that the specification allows and a property forbids.

    `kind` is one of assumption, invariant, deadlock, initial (a predicate of the initial states), step (an action
    property), temporal, postcondition, evaluation. `loop` is the place in the trace that the last state returns to, for a behaviour
    without end; the place of the last state itself if nothing happens any more.
    """

    kind: str
    message: str
    property: str | None
    trace: list[Moment]
    loop: int | None = None


def aliased(failure: Counterexample, alias: Callable[[State, State], Value]) -> Counterexample:
    """Return the counterexample with what an alias makes of each state and its successor (at the end: where it goes on).

    A state for which it has no value stays as it is, as in TLC.
    """
    states = [moment.state for moment in failure.trace]
    after = states[failure.loop] if states and failure.loop is not None else (states[-1] if states else None)
    moments = []
    for moment, following in zip(failure.trace, [*states[1:], after], strict=False):
        try:
            moments.append(replace(moment, alias=alias(moment.state, following)))  # type: ignore[arg-type]
        except Exception:  # noqa: BLE001  (whatever generated code raises: there is no value)
            moments.append(moment)
    return replace(failure, trace=moments)


@dataclass(slots=True)
class Coverage:
    """How often an action, or one of its disjuncts, led to a state: to any, and to a new one."""

    action: str
    place: str  # file:line:column of the disjunct
    text: str
    generated: int


@dataclass(slots=True)
class Outcome:
    """The verdict with its numbers. `generated` counts initial states and every step; `depth` counts levels."""

    verdict: str = "proved"
    generated: int = 0
    distinct: int = 0
    depth: int = 0
    seconds: float = 0.0
    complete: bool = True
    reasons: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # what a reader of the numbers should know
    failure: Counterexample | None = None
    coverage: list[Coverage] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)  # the invariants and properties that were looked at
    variables: tuple[str, ...] = ()

    def cut(self, reason: str) -> None:
        """Note something that was left out."""
        self.complete = False
        self.reasons.append(reason)
        if self.verdict == "proved":
            self.verdict = "incomplete"

    def fail(self, failure: Counterexample) -> None:
        """Note the counterexample."""
        self.verdict, self.failure = "failed", failure

    def as_json(self) -> dict[str, Any]:
        """Return the outcome as plain data; values are TLA+ text."""
        return {
            "verdict": self.verdict,
            "generated": self.generated,
            "distinct": self.distinct,
            "depth": self.depth,
            "seconds": round(self.seconds, 3),
            "complete": self.complete,
            "reasons": self.reasons,
            "notes": self.notes,
            "checked": self.checked,
            "failure": None if self.failure is None else self._failure(self.failure),
            "coverage": [
                {"action": part.action, "place": part.place, "text": part.text, "generated": part.generated}
                for part in self.coverage
            ],
        }

    def _failure(self, failure: Counterexample) -> dict[str, Any]:
        moments = [
            {
                "action": moment.action,
                "state": {name: show(value) for name, value in zip(self.variables, moment.state, strict=True)},
            }
            | ({} if moment.alias is None else {"alias": show(moment.alias)})
            for moment in failure.trace
        ]
        return {
            "kind": failure.kind,
            "message": failure.message,
            "property": failure.property,
            "trace": moments,
            "loop": failure.loop,
        }
