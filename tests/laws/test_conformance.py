"""Conformance, against brute force: the orders of observations, the sets of states, the ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.quality.worlds import settled
from treadle.conformance import Program
from treadle.conformance.catalogue import load_kit
from treadle.conformance.client import Client
from treadle.conformance.judging import Looser, Stricter
from treadle.conformance.modelling import Models
from treadle.conformance.orders import Chains, chains
from treadle.conformance.target import Target
from treadle.runtime.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treadle.model.verdict import Verdict
    from treadle.semantics.execution import Execution

Order = tuple[str, ...]
SPECIMENS = "tests/quality/specimens.py"
CASES = [
    ("phalanx:Barrier", (("wait",), ("wait",)), None),
    ("phalanx:Barrier", (("wait", "wait"), ("wait", "wait")), None),
    ("phalanx:Barrier", (("wait",), ("wait",)), "aborts"),
    ("phalanx:Barrier", (("wait", "abort"), ("wait_timeout",)), None),
    ("threading:Barrier", (("wait", "abort"), ("wait",)), None),
    ("threading:Barrier", (("wait",), ("wait",), ("abort",)), "works"),
    ("threading:Barrier", (("wait",), ("wait",)), "aborts"),
    (f"{SPECIMENS}:SimpleBarrier", (("wait",), ("wait",)), None),
    (f"{SPECIMENS}:SleepsThroughRelease", (("wait", "wait"), ("wait", "wait")), None),
]


def extensions(order: Chains) -> Iterator[tuple[int, ...]]:
    """Every linear extension of a partial order, one by one."""

    def walk(counts: tuple[int, ...], made: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        ended = True
        for thread, chain in enumerate(order):
            if counts[thread] == len(chain):
                continue
            ended = False
            observation, needs = chain[counts[thread]]
            if all(have >= need for have, need in zip(counts, needs, strict=True)):
                more = (*counts[:thread], counts[thread] + 1, *counts[thread + 1 :])
                yield from walk(more, (*made, observation))
        if ended:
            yield made

    yield from walk((0,) * len(order), ())


def searched(target: str, program: Program, *, steps: bool) -> tuple[set[Order], set[Order], Verdict]:
    """Every order of observations, and those that are not allowed; with observations as steps that conflict, or not."""
    kit = load_kit("Barrier")
    client = Client(Target.parse(target), kit, program)
    client.world = world = World(client)
    model = Models("Barrier", kit).of(program)
    follower = model.follower
    subject = Stricter(world, client, model, keep_going=True) if steps else Looser(world, client, model)
    found: set[tuple[int, ...]] = set()

    def watch(execution: Execution, verdict: Verdict) -> None:
        if isinstance(subject, Stricter):
            found.add(tuple(number for number, _ in subject.path))
        else:
            found.update(extensions(chains(subject.sightings, execution.events, len(program.threads))))

    def allowed(order: tuple[int, ...]) -> bool:
        states = follower.start
        for number in order:
            states = follower.after(states, number)
        return bool(states)

    def told(order: tuple[int, ...]) -> Order:
        return tuple(follower.observations[number].text for number in order)

    verdict = settled(world, judge=subject, anew=found.clear, watch=watch)
    return set(map(told, found)), {told(order) for order in found if not allowed(order)}, verdict


@pytest.mark.slow
@pytest.mark.parametrize(("target", "threads", "action"), CASES)
def test_every_order_of_observations_is_judged(target: str, threads: tuple[tuple[str, ...], ...], action: str) -> None:
    """The orders that are worked out from fewer executions are those that a search finds in which all conflict."""
    program = Program(threads, {"parties": 2, "action": action})
    reduced, refused, fewer = searched(target, program, steps=False)
    full, refused_in_full, more = searched(target, program, steps=True)
    assert reduced == full
    assert refused == refused_in_full
    assert (fewer.failures > 0) == (more.failures > 0)
    assert fewer.executions <= more.executions
    assert fewer.redundant == more.redundant == 0
