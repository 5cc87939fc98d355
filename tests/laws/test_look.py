"""The quick look beside a search changes nothing about the search, and finds early what the search finds late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import treadle
from tests.laws import late
from tests.litmus.families import increments
from treadle.model.verdict import Status
from treadle.search import look
from treadle.search.exploration import explore
from treadle.search.look import AFTER, SHARE, Look
from treadle.search.optimal import Optimal
from treadle.semantics.program.subject import Program
from treadle.semantics.program.text import ProgramText

if TYPE_CHECKING:
    import pytest

    from treadle.model.verdict import Verdict
    from treadle.search.exploration import Strategy

LATE = f"{late.__file__}::late"


def executed(strategy: Strategy) -> tuple[list[tuple[int, ...]], Verdict]:
    """The executions of four increments by two steps each, those of the look left out; and the verdict."""
    schedules: list[tuple[int, ...]] = []

    def keep(execution: Any, _verdict: Verdict) -> None:
        if not getattr(strategy, "aside", False):
            schedules.append(tuple(event.task for event in execution.events))

    verdict = explore(Program(ProgramText.of(increments(4))), strategy, stop_at_failure=False, watch=keep)
    return schedules, verdict


def test_a_search_with_a_look_beside_it_executes_what_it_executes_without() -> None:
    """The same schedules in the same order; the counts are the same, and the look's executions are counted apart."""
    alone, verdict = executed(Optimal())
    accompanied, with_look = executed(Look(Optimal()))
    assert accompanied == alone
    assert (with_look.executions, with_look.steps, with_look.redundant) == (576, verdict.steps, 0)
    assert with_look.looked == (576 - AFTER) // SHARE
    assert with_look.status is Status.PROVED


def test_a_small_search_has_no_look() -> None:
    """What is done after a few executions is done."""
    verdict = explore(Program(ProgramText.of(increments(3))), Look(Optimal()), stop_at_failure=False)
    assert (verdict.executions, verdict.looked) == (36, 0)


def test_a_bug_near_the_beginning_is_found_early() -> None:
    """One change of task shows it; the search of all traces alone would come to it after thousands of others."""
    verdict = treadle.explore(LATE, seconds=60)
    assert verdict.status is Status.FAILED
    assert verdict.failure is not None
    assert verdict.failure.message.startswith("AssertionError")
    assert verdict.executions + verdict.looked < 500
    without = treadle.explore(LATE, max_executions=2_000)
    assert (without.status, without.looked) == (Status.INCOMPLETE, 0)


def test_a_look_that_is_given_up_leaves_the_verdict_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """An execution of the look that would go on and on is cut, and so the look; the proof stands."""
    monkeypatch.setattr(look, "PATIENCE", 0)
    _, verdict = executed(Look(Optimal()))
    assert (verdict.executions, verdict.looked, verdict.reasons) == (576, 1, [])
