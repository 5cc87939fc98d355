"""What treadle's types say, read by mypy when it checks the tests, and run as well.

`assert_type` fails in mypy if a type is another one. A line with `type: ignore` is a mistake that mypy must see: if it
did not, the ignore would be unused, and that is an error too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, assert_type

import pytest

import treadle

if TYPE_CHECKING:
    from pathlib import Path


def scenario() -> None:
    """Nothing that could go wrong."""


@treadle.check
def test_the_plain_decorator_is_typed() -> None:
    """It gives a function without arguments and without a result."""


@treadle.check(granularity="sync", search="exhaustive", max_executions=10, seconds=1.5, incomplete="allow")
def test_the_decorator_with_options_is_typed() -> None:
    """The same."""


assert_type(test_the_plain_decorator_is_typed, Callable[[], None])
assert_type(test_the_decorator_with_options_is_typed, Callable[[], None])


def test_a_verdict_is_typed(tmp_path: Path) -> None:
    """Counts are ints, the status is an enum, a failure may be missing, and so may its schedule."""
    verdict = treadle.explore(scenario, watch=lambda so_far: assert_type(so_far, treadle.Verdict))
    assert_type(verdict, treadle.Verdict)
    assert_type(verdict.executions, int)
    assert_type(verdict.complete, bool)
    assert_type(verdict.status, treadle.Status)
    assert_type(verdict.status.exit_code, int)
    assert_type(verdict.failure, treadle.Failure | None)
    assert_type(verdict.as_json(), dict[str, Any])
    schedule = treadle.Schedule("t.py::f", ())
    schedule.save(tmp_path / "t.json")
    assert_type(treadle.Schedule.load(tmp_path / "t.json"), treadle.Schedule)


def test_a_choice_has_the_type_of_its_options() -> None:
    """One of them is what is given."""
    with pytest.raises(treadle.UsageError):
        assert_type(treadle.choose([1, 2, 3]), int)
    with pytest.raises(treadle.UsageError):
        assert_type(treadle.choose(("a", "b")), str)


def test_mistakes_are_seen() -> None:
    """A wrong option is an error for mypy before it is one at run time."""
    with pytest.raises(treadle.UsageError):
        treadle.explore(scenario, granularity="coarse")  # type: ignore[arg-type]
    with pytest.raises(treadle.UsageError):
        treadle.explore(scenario, search="dfs")  # type: ignore[arg-type]
    with pytest.raises(treadle.UsageError):
        treadle.check(incomplete="perhaps")(scenario)  # type: ignore[call-overload]
    with pytest.raises(TypeError):
        treadle.check(tries=3)(scenario)  # type: ignore[call-overload]
    with pytest.raises(treadle.ScenarioError):
        treadle.explore(3)  # type: ignore[arg-type]
    with pytest.raises(treadle.ScenarioError):
        treadle.check(3)()  # type: ignore[call-overload]
