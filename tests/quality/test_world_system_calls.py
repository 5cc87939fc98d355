"""Pipes, polls and counters in a world do what the kernel does, in every order that can differ."""

from __future__ import annotations

import os
import select
import sys
from pathlib import Path

import pytest

import treadle
from tests.quality import system_calls
from tests.quality.worlds import brute, explored

FILE = Path(system_calls.__file__)
EXPIRED, CLOSED = "[('expired', 0.5)]", "[('closed', 0.0)]"
BAD = "Bad file descriptor"

EPOLL = pytest.mark.skipif(not hasattr(select, "epoll"), reason="no epoll here")

# name, executions of an optimal search, outcomes
COUNTS = (
    # All that read the end commute.
    ("everybody_is_told", 1, {"[b'', b'', b'']"}),
    ("one_byte_each", 2, {"[b'a', b'b']", "[b'b', b'a']"}),
    ("two_writers", 2, {"b'abc'", "b'cab'"}),
    ("impatient_poll", 2, {EXPIRED, CLOSED}),
    ("patient_poll", 1, {"[16]"}),
    ("impatient_select", 2, {"0", "1"}),
    ("chosen_by_selectors", 2, {"0", "1"}),
    # The number is looked up before it is closed, or after that.
    ("closed_too_early", 2, {BAD, "b''"}),
    # Looked up before it is closed, after that, or when it names another pipe.
    ("reads_a_stranger", 3, {"", BAD, "S"}),
    ("full", 1, {"[65536, 70000]"}),
    ("nobody_writes", 1, {"deadlock: main waits for ever"}),
    # The two additions in either order; what takes the count comes after the first or after the second.
    pytest.param(
        "counted",
        4,
        {"[1]", "[2]", "[3]"},
        marks=pytest.mark.skipif(not hasattr(os, "eventfd"), reason="no eventfd here"),
    ),
    # Expired before it was written, or told after that; to be told changes nothing for the other one.
    pytest.param("told_together", 2, {"['told', 'told', 'a']", "['told', 'expired', 'a']"}, marks=EPOLL),
    pytest.param("told_in_any_order", 2, {"[0]", "[2]"}, marks=EPOLL),
    pytest.param("told_of_nothing_closed", 2, {"[0]", "[1]"}, marks=EPOLL),
    ("polled_twice_at_once", 4, {"", "concurrent poll() invocation"}),
)


@pytest.mark.parametrize(("name", "executions", "outcomes"), COUNTS)
def test_every_outcome_is_found_once_for_each_trace(name: str, executions: int, outcomes: set[str]) -> None:
    """The number of executions is that of the traces, the outcomes are all that are possible, and nothing is left out."""
    found = explored(name, file=FILE)
    assert (found.verdict.executions, found.outcomes) == (executions, outcomes)
    assert found.verdict.redundant == 0
    assert found.reasons == []


@pytest.mark.parametrize(
    "name",
    [
        "one_byte_each",
        "two_writers",
        "impatient_poll",
        "closed_too_early",
        pytest.param("told_of_nothing_closed", marks=EPOLL),
    ],
)
def test_the_outcomes_are_those_of_all_interleavings(name: str) -> None:
    """Exhaustive search, without any reduction, finds the same outcomes."""
    assert brute(name, file=FILE).outcomes == explored(name, file=FILE).outcomes


@pytest.mark.skipif(sys.platform != "linux", reason="the events and the room of a pipe are those of Linux")
@pytest.mark.parametrize("name", [name for name in vars(system_calls) if name.startswith("alone_")])
def test_one_thread_alone_sees_what_the_kernel_would_show(name: str) -> None:
    """The same results, events and errors, one after the other, in a world and in an ordinary run."""
    found = explored(name, file=FILE)
    assert found.outcomes == {str(getattr(system_calls, name)())}
    assert (found.verdict.executions, found.reasons) == (1, [])


def test_what_is_not_modelled_is_refused() -> None:
    """No verdict is complete, and the error says what there is instead."""
    found = explored("refused", file=FILE)
    assert found.reasons == ["fstat of a pipe cannot be controlled"]
    assert found.outcomes == {"treadle.errors.ScenarioError: fstat of a pipe cannot be controlled"}


@EPOLL
def test_an_epoll_object_that_changes_while_somebody_waits_is_refused() -> None:
    """The kernel would tell who waits already; a world does not, so no verdict is complete."""
    found = explored("registered_too_late", file=FILE)
    assert found.reasons == [
        "registering at an epoll object while somebody waits there for news of a pipe cannot be controlled"
    ]
    assert "1" in found.outcomes


def test_a_pipe_of_a_module_is_as_it_was_in_each_execution() -> None:
    """What loading the modules has opened and written is there when an execution starts, and only that."""
    found = explored("made_while_loading", file=FILE.with_name("open_pipes.py"))
    assert (found.verdict.executions, found.outcomes) == (2, {"b'a1'", "b'a2'"})


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nobody_writes", "main waits for bytes from, or the end of, (reading, _)"),
        ("reads_what_is_closed", "closes descriptor 10000"),
    ],
)
def test_what_was_done_to_a_pipe_is_told(name: str, told: str) -> None:
    """A story says what a system call waits for, and what it did not find."""
    failure = treadle.explore(f"{FILE}::{name}").failure
    assert failure is not None
    assert failure.schedule is not None
    assert told in treadle.tell(failure.schedule)
