"""Things that are read off from the last execution have the names that they would have been given."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.quality.worlds import made, world
from treadle.runtime.meetings import Meetings

SCENARIOS = Path(__file__).with_name("books.py")


def steps(name: str) -> list[list[tuple[object, ...]]]:
    """What was done in each execution of the last pass, in words."""
    return made(world(name, file=SCENARIOS, granularity="access", recorded=True))


@pytest.mark.parametrize("name", ["subclass", "asking", "renamed", "handed", "leaked"])
def test_names_are_those_that_would_be_given(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every execution makes the same steps on the same locations when each thing is named anew."""
    read_off = steps(name)
    monkeypatch.setattr(Meetings, "again", lambda *_: None)
    named = steps(name)
    assert read_off == named
    assert any("touch" in step or "load" in step or "store" in step for execution in named for step in execution)


def test_a_step_is_called_the_same_whoever_came_first() -> None:
    """The words of a step are those of its own code, in every order of the tasks: a schedule in another order fits."""
    words = {
        tuple(step[2] for step in execution if step[0] == task and step[1] in {"touch", "load", "store"})
        for execution in steps("asked_in_words")
        for task in (1, 2, 3)
    }
    assert {step for task in words for step in task} >= {"get", "setdefault"}
    assert len(words) == 3
