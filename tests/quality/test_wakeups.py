"""Waits for conditions that end for no reason, as often as is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

import treadle
from tests.quality.worlds import brute, explored
from treadle.errors import UsageError
from treadle.report.summary import summary

FILE = Path(__file__).with_name("woken.py")


def check(name: str, spurious: int) -> treadle.Verdict:
    return treadle.explore(f"{FILE}::{name}", spurious=spurious)


def test_if_instead_of_while_is_found() -> None:
    """Without spurious wakeups the one consumer is proved; with one of them it pops from an empty list."""
    assert check("asked_once", 0).status is treadle.Status.PROVED
    failure = check("asked_once", 1).failure
    assert failure is not None
    assert failure.message == "IndexError: pop from empty list"
    assert failure.schedule is not None
    assert "wakes up for no reason" in treadle.tell(failure.schedule)
    assert failure.schedule.options["spurious"] == 1


# The consumer comes first, or the producer does: 2 executions. It may wake up for no reason before the producer, and
# then wait again, or find the item: 2 more for the first wakeup, and 2 more for the second.
@pytest.mark.parametrize(("spurious", "executions"), [(0, 2), (1, 4), (2, 6)])
@pytest.mark.parametrize("name", ["asked_again", "waited_for"])
def test_while_is_proved(name: str, spurious: int, executions: int) -> None:
    """However often the wait ends for no reason, the question is asked again."""
    verdict = check(name, spurious)
    assert (verdict.status, verdict.executions) == (treadle.Status.PROVED, executions)
    assert verdict.notes.get("spurious", 0) == spurious
    said = {0: "proved (", 1: "proved, with 1 spurious wakeup (", 2: "proved, with 2 spurious wakeups ("}
    assert summary(verdict).startswith(said[spurious])


@pytest.mark.parametrize("name", ["asked_again", "asked_once"])
def test_brute_force_finds_the_same(name: str) -> None:
    """Every interleaving with every wakeup, bounded by one, comes to what the traces come to."""
    assert brute(name, file=FILE, spurious=1).outcomes == explored(name, file=FILE, spurious=1).outcomes


def test_the_standard_library_is_not_woken() -> None:
    """It counts on there being no spurious wakeups, so its own waits have none."""
    assert check("library", 2).executions == check("library", 0).executions


def test_to_wait_without_the_lock_is_an_error() -> None:
    """In both alternatives."""
    verdict = check("not_owned", 1)
    assert (verdict.status, verdict.executions) == (treadle.Status.PROVED, 2)


def test_such_a_wait_returns_true() -> None:
    """As one that was notified; one that expires returns False."""
    found = explored("told", file=FILE, spurious=1)
    assert found.outcomes == {"True", "False"}


@pytest.mark.parametrize("spurious", [-1, True, "1", None])
def test_a_number_is_wanted(spurious: object) -> None:
    """UsageError for anything else."""
    with pytest.raises(UsageError, match="spurious"):
        treadle.explore(f"{FILE}::told", spurious=spurious)  # type: ignore[arg-type]
