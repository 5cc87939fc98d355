"""Code of `threading.Thread` that is left as it is makes no difference to what is explored."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.laws.rules import ALL, Rules
from treadle.runtime.instrumentation import books

SCENARIOS = Path(__file__).with_name("books.py")

RECORDED = Rules(books, "FILE", "no file has this name")
"""`Thread` is recorded like any other class."""


@pytest.mark.parametrize(
    ("name", "executions"),
    [
        ("family", 2),
        ("subclass", 4),  # of the six orders of two looks and two changes, two differ only in the order of the looks
        ("asking", 9),  # six orders of what is noted; where worker 0 came before the question, it may have ended too
        ("renamed", 2),
        ("handed", 2),
        ("leaked", 3),  # it is not there yet, has no name yet, or has one
    ],
)
def test_the_same_is_found_as_when_everything_is_recorded(name: str, executions: int) -> None:
    """The traces, outcomes and reasons are those of a search in which `Thread` is recorded like any other class."""
    silent, recorded = ALL.found(SCENARIOS, name), RECORDED.found(SCENARIOS, name)
    assert silent.outcomes == recorded.outcomes
    assert silent.reasons == recorded.reasons == []
    assert silent.verdict.executions == recorded.verdict.executions == executions
