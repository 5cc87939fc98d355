"""What a subject repeats by itself is what it would have been told to repeat."""

from __future__ import annotations

import random
from operator import is_
from typing import TYPE_CHECKING

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
    """The search, and how often it was asked."""

    __slots__ = ("asked",)
    scripted = True

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def begin(self, execution: Execution) -> None:
        super().begin(execution)
        if not self.scripted:
            execution.script = []

    def step(self, execution: Execution) -> Event | None:
        self.asked += 1
        return super().step(execution)


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


def of_world(name: str, kind: type[Counting]) -> tuple[list[tuple[Ending | None, Told]], int, int]:
    """The executions of the last pass; how often the search was asked in it; and how many steps were made again."""
    found: list[tuple[Ending | None, Told]] = []
    made: list[Counting] = []
    again: list[int] = []
    before: list[Event] = []

    def anew() -> Counting:
        made.append(kind())
        again.clear()
        before.clear()
        return made[-1]

    def watch(execution: Execution) -> None:
        found.append(told(execution))
        same = [*map(is_, before, execution.events), False]
        again.append(same.index(False))
        before[:] = execution.events

    subject = world(name, file=PROGRAMS, granularity="access", recorded=True, keep_going=True)
    limits = Limits(executions=60)
    settled(subject, anew, anew=found.clear, limits=limits, watch=lambda execution, _: watch(execution))
    return found, made[-1].asked, sum(again)


@pytest.mark.parametrize("name", WORLDS)
def test_worlds_repeat_as_they_are_told(name: str) -> None:
    """So does every execution of real code; and the search is asked for the steps that are new, and no others."""
    (found, asked, again), (expected, each, _) = of_world(name, Counting), of_world(name, Asked)
    assert found == expected
    assert each == sum(len(steps) + 1 for _, steps in found)
    assert asked == each - again
