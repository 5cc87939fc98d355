"""From one of the orders of an execution to a schedule that runs it, with the observations among its steps.

Before each observation run what its thread did before it, and all that this needs; nothing more. That no thread has
then gone beyond an observation that is still to come is what the order of `orders` says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.model.schedule import Choice
from treadle.semantics.observations import Observe

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from treadle.conformance.client import Client
    from treadle.conformance.judging import Violation
    from treadle.conformance.orders import Sighting
    from treadle.conformance.words import Observation
    from treadle.model.trace import Event
    from treadle.semantics.execution import Execution


def choices(
    execution: Execution,
    client: Client,
    sightings: Iterable[Sighting],
    violation: Violation,
    observations: Sequence[Observation],
) -> tuple[Choice, ...]:
    """The choices that lead to the violation. The causal fields of the events must be filled in."""
    queues: dict[int, list[Sighting]] = {}
    for sighting in sightings:
        queues.setdefault(sighting.thread, []).append(sighting)
    made: list[Choice] = []
    done = 0  # the events that were run, as bits

    def run(wanted: int) -> None:
        nonlocal done
        new = wanted & ~done
        made.extend(_choice(execution, event) for event in execution.events if new >> event.position & 1)
        done |= wanted

    for thread in violation.threads:
        sighting = queues[thread].pop(0)
        run(execution.events[sighting.position].past)
        seen = Observe(observations[sighting.observation].text)
        made.append(Choice(execution.names[client.task_of(thread)], tuple(map(str, seen.signature()))))
    if violation.stuck:
        run((1 << len(execution.events)) - 1)
    return tuple(made)


def _choice(execution: Execution, event: Event) -> Choice:
    return Choice(execution.names[event.task], tuple(map(str, event.operation.signature())), event.alternative)
