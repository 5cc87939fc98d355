"""From a violation to an account of it: the states of the specification beside what was observed, and why it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.model.account import Account, Moment
from treadle.tla.values import show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from treadle.conformance.client import Client
    from treadle.conformance.following import Follower
    from treadle.conformance.judging import Model, Violation
    from treadle.model.account import Promise
    from treadle.tla.program import State
    from treadle.tla.values import Value

NEAREST = 3
"""So many actions are told at most that are near to what was observed."""


def account(violation: Violation, client: Client, model: Model) -> Account:
    """Everything that is to be told."""
    follower = model.follower
    order = violation.order
    allowed = order if violation.stuck else order[:-1]
    moments, start = _moments(follower, allowed, violation.threads)
    refused = None
    if not violation.stuck:
        seen = follower.observations[order[-1]]
        refused = Moment(violation.threads[-1], seen.short, 0, ())
    return Account(
        target=client.target.text,
        spec=follower.spec.name,
        program=client.program.text,
        names=client.program.names,
        start=start,
        moments=moments,
        refused=refused,
        stuck=tuple((client.program.names[thread], client.calls_of(thread)) for thread in violation.stuck),
        stopped=violation.stopped,
        demands=_demands(model, violation) if violation.stuck else (),
        nearest=() if violation.stuck else _nearest(follower, violation.states, order[-1]),
        promises=_promises(model, violation),
    )


def _moments(
    follower: Follower, order: Sequence[int], threads: Sequence[int]
) -> tuple[tuple[Moment, ...], tuple[str, ...]]:
    states = follower.start
    known = _common(follower, states)
    start = tuple(f"{name} = {value}" for name, value in known.items())
    moments = []
    for number, thread in zip(order, threads, strict=False):
        states = follower.after(states, number)
        now = _common(follower, states)
        changed = tuple(f"{name} = {value}" for name, value in now.items() if known.get(name) != value)
        known |= now
        moments.append(Moment(thread, follower.observations[number].short, len(follower.sets[states]), changed))
    return tuple(moments), start


def _common(follower: Follower, states: int) -> dict[str, str]:
    """The variables that have the same value in all states of a set; of a function, each key by itself."""
    members = [follower.states[state] for state in sorted(follower.sets[states])]
    return dict(
        part
        for place, name in enumerate(follower.spec.variables)
        for part in _parts(name, [state[place] for state in members])
    )


def _parts(name: str, values: list[Value]) -> list[tuple[str, str]]:
    first = values[0]
    if isinstance(first, tuple) and first[0].length < 0 and all(value[0] is first[0] for value in values):
        by_key = [(key, {value[value[0][key]] for value in values}) for key in first[0]]
        return [(f"{name}[{show(key)}]", show(found.pop())) for key, found in by_key if len(found) == 1]
    return [(name, show(first))] if all(value == first for value in values) else []


def _promises(model: Model, violation: Violation) -> tuple[Promise, ...]:
    if not violation.stuck:
        return model.promises.broken_by(violation.order)
    if not violation.stopped:
        return model.promises.left_by(violation.order, ())
    other = model.without(frozenset(violation.stopped))
    seen = [other.follower.observation(model.follower.observations[number]) for number in violation.order]
    return other.promises.left_by(seen, violation.stopped)


def _demands(model: Model, violation: Violation) -> tuple[str, ...]:
    """The conditions that forbid to stay, in one of the states; none where a thread has stopped."""
    follower = model.follower
    if violation.stopped:
        return ()
    states = sorted(follower.sets[violation.states])
    return min((model.stillness.demands(follower.states[state]) for state in states), key=len)


def _nearest(follower: Follower, states: int, refused: int) -> tuple[tuple[str, str], ...]:
    """The action that was observed, and the conjunct of it that is false: in each of the states, the commonest first."""
    wanted = follower.observations[refused]
    reasons: dict[str, int] = {}
    for state in sorted(follower.sets[states]):
        reason = _why_not(follower, wanted.action, wanted.values, follower.states[state])
        reasons[reason] = reasons.get(reason, 0) + 1
    ordered = sorted(reasons, key=lambda reason: -reasons[reason])
    return tuple((wanted.text, reason) for reason in ordered[:NEAREST])


def _why_not(follower: Follower, action: str, values: tuple[Value, ...], state: State) -> str:
    return follower.spec.why_not(action, values, state) or "it is no step of Next"
