"""Rewritten code does what it did: the same results, the same order, the same errors on the same lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.quality import semantics
from treadle.runtime.scenario import Scenario
from treadle.runtime.world import World
from treadle.search.exploration import explore
from treadle.search.optimal import Optimal

CROWD = '''

import threading


def _crowded(form):
    """After a second thread was there, every hook is at work."""
    thread = threading.Thread(target=LOG.clear)
    thread.start()
    thread.join()
    return form()
'''


@pytest.mark.parametrize("form", semantics.FORMS, ids=lambda form: form.__name__)
def test_nothing_is_changed(form: object, tmp_path: Path) -> None:
    """A form comes to the same in a world where every access is a step."""
    name = form.__name__  # type: ignore[attr-defined]
    scenario = f"def scenario():\n    return _crowded({name})\n"
    file = tmp_path / "rewritten.py"
    source = Path(semantics.__file__).read_text(encoding="utf-8")
    file.write_text(source + CROWD + "\n\n" + scenario, encoding="utf-8")
    world = World(Scenario.parse(f"{file}::scenario"))
    world.sharing.everything = True
    verdict = explore(world, Optimal())
    assert verdict.failure is None, verdict.failure
    assert verdict.executions == 1
    assert world.result == form()  # type: ignore[operator]
