"""Rewritten code does what it did: the same results, the same order, the same errors on the same lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.quality.forms import crowd
from treadle.runtime.scenario import Scenario
from treadle.runtime.world import World
from treadle.search.exploration import explore
from treadle.search.optimal import Optimal

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize("form", crowd.FORMS, ids=lambda form: str(form.__name__))
def test_nothing_is_changed(form: Callable[[], Any]) -> None:
    """A form comes to the same in a world where every access is a step."""
    world = World(Scenario.parse(f"{crowd.__name__}:{form.__name__}"))
    world.sharing.everything = True
    verdict = explore(world, Optimal())
    assert verdict.failure is None
    assert verdict.executions == 1
    assert world.result == form()
