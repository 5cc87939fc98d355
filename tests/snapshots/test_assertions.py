"""A bare assertion that fails is told with the values that it saw, and nothing of the program runs to find them out."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from treadle.runtime.assertions import seen

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = """\
class Plain:
    shared = 7
    def __init__(self):
        self.value = 1
        self.items = [1, [2, 3]]
        self.own = self
    @property
    def loud(self):
        raise SystemExit("a property ran")

class Slotted:
    __slots__ = ("filled", "empty")

class Loud(list):
    def __getitem__(self, key):
        raise SystemExit("an item was read")
    def __repr__(self):
        raise SystemExit("it was printed")

here = Plain()
slots = Slotted()
slots.filled = 3
loud = Loud([1])
answer = {"a": {2, 1}}
number = 4

def scenario(local=5):
    assert %s

def f(x):
    return False
"""


@pytest.mark.parametrize(
    ("assertion", "told"),
    [
        ("number == 5", "number is 4"),
        ("number == local + 1", "number is 4, local is 5"),
        ("number + number == 9", "number is 4"),
        ("f(number)", "number is 4"),
        ("here.value == 2", "here.value is 1"),
        ("here.own.own.shared == 2", "here.own.own.shared is 7"),
        ("here.items == []", "here.items is [1, [2, 3]]"),
        ("here.items[0] == here.items[1][1]", "here.items[0] is 1, here.items[1][1] is 3"),
        ("here.items[9:] == [number]", "number is 4"),
        ("slots.filled == 2", "slots.filled is 3"),
        ("'b' in answer", "answer is {'a': {1, 2}}"),
        ("answer['a'] is None", "answer['a'] is {1, 2}"),
        ("not [number for number in here.items]", "here.items is [1, [2, 3]]"),
        ("all(number for number in (local - 5,))", "local is 5"),
        ("(lambda number: False)(local)", "local is 5"),
        ("False", ""),
    ],
)
def test_what_an_assertion_speaks_of_is_told(tmp_path: Path, assertion: str, told: str) -> None:
    """Variables, attributes and items, each once, as they are written there."""
    assert _seen(tmp_path, assertion) == told


@pytest.mark.parametrize(
    "assertion", ["here is None", "loud == []", "f is None", "hasattr(here.own, 'x')", "type(loud) is None"]
)
def test_what_only_the_program_could_print_is_not_told(tmp_path: Path, assertion: str) -> None:
    """Objects of its classes, functions, and subclasses of what is built in."""
    assert _seen(tmp_path, assertion) == ""


@pytest.mark.parametrize("part", ["here.loud", "loud[0]", "slots.empty", "here.missing", "answer['b']", "nowhere"])
def test_nothing_of_the_program_runs(tmp_path: Path, part: str) -> None:
    """What cannot be looked up, or is not there, is left out."""
    assert _seen(tmp_path, f"number == 5 and {part}") == "number is 4"


def test_an_exception_without_an_assertion_says_nothing(tmp_path: Path) -> None:
    """A line that is no assertion; no frame of the program; a source that is gone."""
    assert _seen(tmp_path, "number == 1", line="raise AssertionError") == ""
    assert _seen(tmp_path, "number == 5", hide=True) == ""
    assert seen(AssertionError(), frozenset()) == ""
    assert _seen(tmp_path, "number == 5", gone="def (") == ""


def _seen(folder: Path, assertion: str, *, line: str = "", hide: bool = False, gone: str = "") -> str:
    """What is seen by the assertion, in a module of its own with the lines above."""
    source = dedent(SOURCE % assertion)
    path = folder / "module.py"
    if line:
        source = source.replace(f"assert {assertion}", line)
    path.write_text(gone or source, encoding="utf-8")
    names: dict[str, object] = {}
    exec(compile(source, str(path), "exec"), names)  # noqa: S102 - the module
    hidden = frozenset({__file__, str(path)} if hide else {__file__})
    try:
        names["scenario"]()  # type: ignore[operator]
    except AssertionError as error:
        return seen(error, hidden)
    raise RuntimeError("the assertion holds")
