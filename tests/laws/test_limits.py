"""A strategy that looks at the limit by itself ends executions exactly where one does that is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.laws.searched import compiled
from tests.laws.test_script import told
from tests.litmus.families import increments
from treadle.search import exploration
from treadle.search.exploration import Limits, explore
from treadle.search.optimal import Optimal
from treadle.search.source import Source

if TYPE_CHECKING:
    from tests.laws.test_script import Told
    from treadle.model.verdict import Ending, Verdict
    from treadle.search.exploration import Strategy
    from treadle.semantics.execution import Execution

Seen = tuple[list[tuple["Ending | None", "Told"]], int, list[str]]


class Heedless(Optimal):
    """The search, which leaves it to others to look at the limit."""

    __slots__ = ()

    def begin(self, execution: Execution) -> None:
        super().begin(execution)
        assert execution.heeded
        execution.heeded = False


def seen(strategy: Strategy, limits: Limits) -> Seen:
    """The executions, the steps in all of them, and why they were not all."""
    found: list[tuple[Ending | None, Told]] = []

    def watch(execution: Execution, _verdict: Verdict) -> None:
        found.append(told(execution))

    verdict = explore(compiled(increments(3)), strategy, stop_at_failure=False, limits=limits, watch=watch)
    return found, verdict.steps, verdict.reasons


@pytest.mark.parametrize("steps", [0, 1, 2, 3, 5, 6, 7])
def test_executions_are_cut_at_the_same_step(steps: int) -> None:
    """Whatever the limit. Three threads of two steps each are explored whole beyond six; at six nobody asks whether more follow."""
    found, made, reasons = seen(Optimal(), Limits(steps=steps))
    assert (found, made, reasons) == seen(Heedless(), Limits(steps=steps))
    assert max(len(told) for _, told in found) == min(steps, 6)
    assert bool(reasons) == (steps <= 6)


@pytest.mark.parametrize("strategy", [Optimal, Heedless, Source])
@pytest.mark.parametrize("look", [1, 4, 6, 7])
def test_a_long_execution_ends_with_the_time(
    strategy: type[Strategy], look: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time, which is over from the beginning, is looked at after so many steps, and at the end of an execution."""
    monkeypatch.setattr(exploration, "LOOK", look)
    found, made, reasons = seen(strategy(), Limits(seconds=0.0))
    assert (len(found), made) == (1, min(look, 6))
    assert reasons == ["stopped after 1 executions at the limit of 0 s"]


def test_time_that_is_left_lets_a_long_execution_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then it is looked at again and again, and nothing comes of it."""
    monkeypatch.setattr(exploration, "LOOK", 1)
    found, _, reasons = seen(Optimal(), Limits(seconds=60.0))
    assert (len(found), reasons) == (36, [])
