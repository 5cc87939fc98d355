"""What a subject repeats by itself is what it would have been told to repeat."""

from __future__ import annotations

import random
from collections import Counter
from operator import is_
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.laws.generated import THEMES, RandomDice, author
from tests.laws.searched import compiled
from tests.laws.test_accesses import COUNTS, PROGRAMS
from tests.quality.worlds import settled, world
from treadle.search.exploration import Limits, explore
from treadle.search.optimal import Optimal

if TYPE_CHECKING:
    from treadle.model.trace import Event
    from treadle.model.verdict import Ending
    from treadle.semantics.execution import Execution

WORLDS = [*COUNTS, "half_locked"]
Told = list[tuple[object, ...]]


class Counting(Optimal):
    """The search, and for which steps of the current execution it was asked."""

    __slots__ = ("asked",)
    scripted = True
    asked: set[int]

    def begin(self, execution: Execution) -> None:
        super().begin(execution)
        self.asked = set()
        if not self.scripted:
            execution.script = []

    def step(self, execution: Execution) -> Event | None:
        assert len(execution.events) not in self.asked
        self.asked.add(len(execution.events))
        event = super().step(execution)
        if not self.scripted:
            execution.free = 0
        return event


class Asked(Counting):
    """The search that has to be asked for each step."""

    __slots__ = ()
    scripted = False


def told(execution: Execution) -> tuple[Ending | None, Told]:
    """What happened, in words, with each result that is plain."""
    steps: Told = []
    for event in execution.events:
        result = event.result if isinstance(event.result, int | str | None) else None
        steps.append((event.task, event.alternative, result, *event.operation.signature()))
    return execution.ending, steps


def of_program(theme: str, strategy: Counting) -> list[tuple[Ending | None, Told]]:
    """The executions of some programs."""
    found: list[tuple[Ending | None, Told]] = []
    dice = RandomDice(random.Random(5))
    for _ in range(15):
        strategy.__init__()  # type: ignore[misc] # as new
        explore(
            compiled(author(dice, theme)),
            strategy,
            stop_at_failure=False,
            limits=Limits(executions=30),
            watch=lambda execution, _: found.append(told(execution)),
        )
    return found


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_programs_repeat_as_they_are_told(theme: str) -> None:
    """Every execution of every program does the same, to the same results and the same end."""
    assert of_program(theme, Counting()) == of_program(theme, Asked())


class Asking(NamedTuple):
    """What the executions of the last pass of a world came to."""

    found: list[tuple[Ending | None, Told]]
    asked: int  # so often was the search asked
    again: int  # so many steps were made again
    alone: int  # so many new steps the world made by itself


def of_world(name: str, kind: type[Counting]) -> Asking:
    """The executions of the last pass; each step that is new was asked for, or whoever moved last went on."""
    found: list[tuple[Ending | None, Told]] = []
    counts: Counter[str] = Counter()
    made: list[Counting] = []
    before: list[Event] = []

    def anew() -> Counting:
        made.append(kind())
        counts.clear()
        before.clear()
        return made[-1]

    def watch(execution: Execution) -> None:
        found.append(told(execution))
        events, asked = execution.events, made[-1].asked
        same = [*map(is_, before, events), False].index(False)
        alone = {*range(same, len(events))} - asked
        assert all(events[position].task == events[position - 1].task for position in alone)
        counts.update(asked=len(asked), again=same, alone=len(alone))
        before[:] = events

    subject = world(name, file=PROGRAMS, granularity="access", recorded=True, keep_going=True)
    limits = Limits(executions=60)
    settled(subject, anew, anew=found.clear, limits=limits, watch=lambda execution, _: watch(execution))
    return Asking(found, counts["asked"], counts["again"], counts["alone"])


@pytest.mark.parametrize("name", WORLDS)
def test_worlds_repeat_as_they_are_told(name: str) -> None:
    """So does every execution of real code; and the search is asked for what is new and is not left to the world."""
    asking, each = of_world(name, Counting), of_world(name, Asked)
    assert asking.found == each.found
    assert each.asked == sum(len(steps) + 1 for _, steps in each.found)
    assert asking.asked == each.asked - asking.again - asking.alone
    assert each.alone == 0 < asking.alone
