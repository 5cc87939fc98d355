"""A failing schedule is made as small as brute force says it can be, and still fails alike."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from tests.laws.brute_force import TooLargeError
from tests.laws.generated import RandomDice, author
from tests.laws.preemptions import cheapest_failure, fewest_preemptions
from treadle.errors import ScheduleError
from treadle.model.verdict import Ending
from treadle.search.exploration import FAILURES, explore
from treadle.search.replay import Replay
from treadle.search.shrink import Counting, shrink
from treadle.search.walks import Uniform
from treadle.semantics.program.subject import Program
from treadle.semantics.program.text import ProgramText

if TYPE_CHECKING:
    from treadle.model.schedule import Schedule
    from treadle.model.verdict import Verdict
    from treadle.semantics.execution import Execution, Subject


def failing(subject: Subject, ending: Ending, seed: int) -> Schedule | None:
    """The schedule of a random execution that ends so; None if there is none among a few."""
    found: list[Schedule] = []

    def watch(execution: Execution, _verdict: Verdict) -> None:
        if execution.ending is ending:
            found.append(execution.schedule("a program"))

    explore(subject, Uniform(seed, 30), stop_at_failure=False, watch=watch)
    return max(found, key=lambda schedule: len(schedule.choices), default=None)


def costs(subject: Subject, schedule: Schedule) -> tuple[Ending | None, int, int]:
    """How the schedule ends when it is run again, its preemptions, and its steps."""
    replay = Counting(schedule)
    execution = subject.run(replay)
    return execution.ending, replay.preemptions, len(execution.events)


def asserting(dice: RandomDice, theme: str) -> dict[str, Any]:
    """A generated program whose first thread reads and asserts at its end."""
    program = author(dice, theme)
    program["threads"][0] += [["r", dice.pick(["x", "y"]), "a"], ["assert", dice.pick(["a==0", "a<2", "a!=1"])]]
    return program


@pytest.mark.pure
@pytest.mark.slow
@pytest.mark.parametrize("theme", ["cells", "flow", "locks", "semaphores", "choices"])
def test_a_failed_assertion_is_shrunk_to_the_fewest_preemptions(theme: str) -> None:
    """As few as brute force finds on the way to any failed assertion; in no more steps; proved by replay."""
    dice = RandomDice(random.Random(f"shrink {theme}"))
    shrunk = 0
    while shrunk < 12:
        data = asserting(dice, theme)
        program = Program(ProgramText.of(data), failing=True)
        schedule = failing(program, Ending.FAILED, shrunk)
        if schedule is None:
            continue
        try:
            fewest = cheapest_failure(data, 1_500)
        except TooLargeError:
            continue
        before, after = costs(program, schedule), costs(program, shrink(program, schedule))
        assert after[:2] == (Ending.FAILED, fewest), data
        assert after[1:] <= before[1:], data
        shrunk += 1


@pytest.mark.pure
@pytest.mark.slow
@pytest.mark.parametrize("theme", ["waiting", "locks", "semaphores", "conditions"])
def test_a_deadlock_is_shrunk_to_the_fewest_preemptions(theme: str) -> None:
    """As few as any deadlock of the program needs."""
    dice = RandomDice(random.Random(f"stuck {theme}"))
    shrunk = 0
    while shrunk < 12:
        data = author(dice, theme)
        program = Program(ProgramText.of(data))
        schedule = failing(program, Ending.DEADLOCK, shrunk)
        if schedule is None:
            continue
        try:
            traces = fewest_preemptions(data, 1_000)
        except TooLargeError:
            continue
        fewest = min(preemptions for trace, preemptions in traces.items() if trace.ending == "deadlock")
        assert costs(program, shrink(program, schedule))[:2] == (Ending.DEADLOCK, fewest), data
        shrunk += 1


LOST_UPDATE = {
    "threads": [
        [["w", "y", 1], ["r", "x", "a"], ["w", "x", "a+1"], ["w", "done0", 1]],
        [["w", "z", 1], ["r", "x", "a"], ["w", "x", "a+1"], ["w", "done1", 1]],
        [["await", "done0", "old==1"], ["await", "done1", "old==1"], ["r", "x", "a"], ["assert", "a==2"]],
        [["w", "q", 1], ["w", "q", 2], ["w", "q", 3]],
    ]
}


def test_a_lost_update_is_shrunk_to_one_preemption_and_its_causes() -> None:
    """What does not happen before the failure is gone; the result replays to the same text."""
    program = Program(ProgramText.of(LOST_UPDATE), failing=True)
    schedule = failing(program, Ending.FAILED, 3)
    assert schedule is not None
    assert costs(program, schedule)[1:] > (1, 11)
    small = shrink(program, schedule)
    assert costs(program, small) == (Ending.FAILED, 1, 11)
    assert not [choice for choice in small.choices if choice.task == "thread 3"]
    execution = program.run(Replay(small))
    assert execution.schedule("a program").as_json() == small.as_json()


def test_a_schedule_that_cannot_be_made_smaller_is_given_back() -> None:
    """Shrinking what was shrunk changes nothing."""
    program = Program(ProgramText.of(LOST_UPDATE), failing=True)
    schedule = failing(program, Ending.FAILED, 3)
    assert schedule is not None
    small = shrink(program, schedule)
    assert costs(program, shrink(program, small)) == costs(program, small)


def test_a_schedule_that_does_not_fail_is_refused() -> None:
    """There is nothing to be made small."""
    program = Program(ProgramText.of({"threads": [[["w", "x", 1]]]}))
    passing = program.run(Uniform(1, 1)).schedule("a program")
    with pytest.raises(ScheduleError, match="does not fail"):
        shrink(program, passing)


def test_a_livelock_is_a_failure_too() -> None:
    """Two that wait for each other by reading: no preemption is needed."""
    wait = [["let", "a", 0], ["while", "a==0", [["r", "x", "a"]]]]
    program = Program(ProgramText.of({"threads": [wait, wait]}))
    assert Ending.LIVELOCK in FAILURES
    schedule = failing(program, Ending.LIVELOCK, 1)
    assert schedule is not None
    assert costs(program, shrink(program, schedule)) == (Ending.LIVELOCK, 0, 2)
