"""What finds modules by their names finds those of the world, while its code runs, and no longer."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.quality import by_name
from tests.quality.worlds import explored, settled, world
from treadle.errors import ScenarioError
from treadle.model.verdict import Ending

FILE = Path(by_name.__file__)
NAMES = [
    "pickled", "counted", "named", "annotated", "inspected", "resolved", "entered", "configured", "global_names", "patched", "of_a_part",
    "missing", "failing",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_standard_library_finds_what_the_program_sees(name: str) -> None:
    """Classes, annotations, entry points and patches are those of the copy; without a world it is the same."""
    subject = world(name, file=FILE, granularity="access", recorded=True)
    results: list[object] = []
    verdict = settled(subject, anew=results.clear, watch=lambda e, _: results.append((e.ending, subject.result)))
    assert verdict.failures == 0
    assert {*results} == {(Ending.COMPLETE, True)}
    assert getattr(by_name, name)()


def test_the_process_has_its_own_modules_afterwards() -> None:
    """Nothing is left in `sys.modules` and among the finders, and nothing is missing there."""
    for name in ("tests.quality.by_name_later", "tests.quality.by_name_fails"):
        sys.modules.pop(name, None)
    modules, finders = dict(sys.modules), [*sys.meta_path]
    for name in NAMES:
        explored(name, file=FILE)
    added = {name for name in sys.modules if name not in modules}
    assert not {name for name in added if name.startswith("tests.")}
    assert all(sys.modules[name] is module for name, module in modules.items())
    assert sys.meta_path == finders


def test_without_lending_they_find_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is lent, a module cannot even be loaded if its classes look for it."""
    monkeypatch.setattr("treadle.runtime.lending._is_lent", lambda _: False)
    with pytest.raises(ScenarioError, match="KeyError: 'by_name'"):
        explored("global_names", file=FILE)
