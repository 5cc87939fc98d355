"""Code of `threading.Thread` that is left as it is makes no difference to what is explored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.quality.worlds import Found, explored
from treadle.runtime import loading
from treadle.runtime.instrumentation import books, rewriting

if TYPE_CHECKING:
    from collections.abc import Iterator

SCENARIOS = Path(__file__).with_name("books.py")


@pytest.fixture(autouse=True)
def compiled_anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Code that was compiled under other rules is not used, before or after."""
    monkeypatch.setattr(loading, "_codes", {})
    rewriting._kept.cache_clear()
    yield
    rewriting._kept.cache_clear()


def found(name: str) -> Found:
    """Every trace of a scenario, all accesses recorded."""
    return explored(name, file=SCENARIOS, granularity="access", recorded=True)


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
def test_the_same_is_found_as_when_everything_is_recorded(
    name: str, executions: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The traces, outcomes and reasons are those of a search in which `Thread` is recorded like any other class."""
    silent = found(name)
    monkeypatch.setattr(books, "FILE", "no file has this name")
    loading._codes.clear()
    rewriting._kept.cache_clear()
    recorded = found(name)
    assert silent.outcomes == recorded.outcomes
    assert silent.reasons == recorded.reasons == []
    assert silent.verdict.executions == recorded.verdict.executions == executions
