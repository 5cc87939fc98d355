"""The standard library that people use runs in a world, at both granularities, with exactly the outcomes that it has."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.quality import library
from tests.quality.worlds import explored

FILE = Path(library.__file__)
_LOCKED = sys.version_info < (3, 12)
"""From 3.12 on `cached_property` takes no lock, and a worker of a pool looks for work before it waits for it."""

# name, executions of an optimal search, outcomes
COUNTS = (
    ("pool", 3 if _LOCKED else 6, {"None"}),
    ("pool_as_completed", 39 if _LOCKED else 88, {"None"}),
    ("simple_queue", 2, {"[1, 2]", "[2, 1]"}),
    ("impatient_simple_queue", 2, {"1", "empty at 2 s"}),
    # Both look before either remembers (twice two orders), or one after the other (two).
    ("cached_twice", 6, {"1", "2"}),
    ("cached_apart", 1, {"(0, 2, None, 2)"}),
    ("cached_in_one_place", 6, {"(0, 3, 1, 1)", "(1, 2, 1, 1)"}),
    ("cached_in_a_module", 4, {"2"}),
    ("appended", 2, {"[1, 2]", "[2, 1]"}),
    ("popped", 2, {"[1, 2]", "[2, 1]"}),
    ("kept_and_changed", 1, {"None"}),
    ("scheduled", 2, {"[1, 2]"}),
    ("contexts", 1, {"[0, 5]"}),
    ("contexts_of_their_own", 1, {"[1, 2]"}),
    ("weak_dictionary", 1, {"2"}),
    ("locals_of_threads", 1, {"[False, True]"}),
    ("timed", 1, {"[1]"}),
    ("hooked", 1, {"IndexError('pop from empty list')"}),
    ("enumerated", 2, {"1", "2"}),
    ("ordered_by_address", 2, {"[True, False]"}),
    ("objects_as_keys", 1, {"2"}),
    # The orders of two pairs of critical sections.
    ("sets_of_objects", 6, {"2"}),
    ("logged", 1, {"told"}),
)


@pytest.mark.parametrize("granularity", ["access", "sync"])
@pytest.mark.parametrize(("name", "executions", "outcomes"), COUNTS)
def test_correct_code_has_the_same_traces_at_both_granularities(
    name: str, executions: int, outcomes: set[str], granularity: str
) -> None:
    """No data race is reported at `sync`, and nothing is left out; the counts are those of `access`."""
    found = explored(name, file=FILE, granularity=granularity, recorded=True)
    assert (found.verdict.executions, found.outcomes) == (executions, outcomes)
    assert found.verdict.redundant == 0
    assert found.reasons == []


def test_a_copied_context_may_be_shared() -> None:
    """Unlike a thread's own: who looks into it finds what another one has set there, or not."""
    found = explored("context_of_both", file=FILE, recorded=True, granularity="access")
    assert (found.verdict.executions, found.outcomes, found.reasons) == (2, {"[5]", "[7]"}, [])


def test_what_is_logged_is_read() -> None:
    """Before or after the change, in either order; that is the only one there is."""
    found = explored("logged_while_it_changes", file=FILE, recorded=True, granularity="access")
    assert (found.verdict.executions, found.outcomes, found.reasons) == (2, {"1"}, [])


def test_a_handler_of_the_program_is_followed() -> None:
    """Its lock is one of the world, and orders the two messages."""
    found = explored("counted_by_a_handler", file=FILE, recorded=True, granularity="access")
    assert (found.verdict.executions, found.outcomes, found.reasons) == (2, {"2"}, [])


def test_a_thread_that_was_not_started_by_threading_is_somebody() -> None:
    """Whatever of it is left from one execution to the next does nothing in the next."""
    found = explored("unknown_threads", file=FILE, recorded=True, granularity="access")
    assert (found.outcomes, found.reasons, found.verdict.redundant) == ({"True"}, [], 0)


@pytest.mark.slow
@pytest.mark.parametrize("granularity", ["access", "sync"])
def test_a_pool_that_is_waited_for_is_proved(granularity: str) -> None:
    """Two workers, two futures in a set, whose locks are taken in the order of `id`."""
    found = explored("pool_of_two_waited_for", file=FILE, granularity=granularity, recorded=True)
    assert (found.outcomes, found.reasons, found.verdict.redundant) == ({"None"}, [], 0)
    assert found.verdict.executions == 382 or not _LOCKED


@pytest.mark.parametrize(
    ("name", "outcomes"),
    [
        ("appended_and_read", {"0", "1", "2"}),
        ("cached_property", {"True"} if _LOCKED else {"True", "False"}),
        ("weak_set", {"2"}),
        ("counted_from_the_start", {"[0, 1]", "[1, 0]"}),
    ],
)
def test_what_is_no_synchronisation_is_a_race_at_sync(name: str, outcomes: set[str]) -> None:
    """`access` follows it, to all outcomes; `sync` reports it: a read of a list orders nothing, nor does a set."""
    followed = explored(name, file=FILE, recorded=True, granularity="access")
    assert (followed.outcomes, followed.reasons) == (outcomes, [])
    reported = explored(name, file=FILE, recorded=True, granularity="sync")
    assert all(outcome.startswith("data race: ") for outcome in reported.outcomes)


@pytest.mark.xfail(
    strict=True, reason="when an object dies is no step: see docs/explanation/accesses.md, Where it ends"
)
def test_a_weak_reference_finds_its_object_or_not() -> None:
    """Both are possible, whichever thread is first."""
    assert explored("forgotten", file=FILE, recorded=True, granularity="access").outcomes == {"True", "False"}
