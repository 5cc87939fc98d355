"""The books that `threading` keeps can be silent: what a program can see is the same as when they are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.quality.worlds import explored
from treadle.runtime.world import World

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType


class Literal(World):
    """A world in which `threading` keeps its books step by step, as it is written."""

    __slots__ = ()

    def _prepare(self) -> dict[str, Callable[[ModuleType], None]]:
        prepare = super()._prepare()
        del prepare["threading"]
        return prepare


@pytest.mark.parametrize(
    ("name", "executions"),
    [
        ("one_thread", 1),
        pytest.param("two_threads", 2, marks=pytest.mark.slow),
        ("impatient_join", 3),  # the thread ends before the join expires, before it is asked, or after both
        ("start_and_ask", 3),  # it ends before it is asked, before the join expires, or after both
        ("ends_early", 2),
        pytest.param("alive", 2, marks=pytest.mark.slow),
    ],
)
def test_silent_books_keep_every_outcome(name: str, executions: int) -> None:
    """Each outcome of the literal books is one of the silent books and the other way round, in fewer executions."""
    silent, literal = explored(name), explored(name, kind=Literal)
    assert silent.outcomes == literal.outcomes
    assert silent.verdict.executions == executions < literal.verdict.executions
    assert silent.verdict.redundant == literal.verdict.redundant == 0
    assert silent.reasons == literal.reasons == []
