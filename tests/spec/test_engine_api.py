"""The front door that conformance uses: states, steps with arguments, predicates, and why an action is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.spec.written import spec_of
from treadle.errors import SpecError
from treadle.tla.values import ModelValue

if TYPE_CHECKING:
    from pathlib import Path

    from treadle.tla.specification import Specification

COUNTER = """EXTENDS Integers
CONSTANTS T, a, b
VARIABLES at, count
Init == at = [t \\in T |-> "out"] /\\ count = 0
Call(t) == at[t] = "out" /\\ at' = [at EXCEPT ![t] = "in"] /\\ UNCHANGED count
Work(t) == LET next == count + 1 IN
           /\\ at[t] = "in" /\\ next < 3
           /\\ count' = next
           /\\ at' = [at EXCEPT ![t] = "done"]
Return(t, i) == /\\ at[t] = "done"
                /\\ count = i
                /\\ at' = [at EXCEPT ![t] = "out"] /\\ UNCHANGED count
Next == \\E t \\in T : Call(t) \\/ Work(t) \\/ \\E i \\in 0 .. 2 : Return(t, i)
Nobody == \\A t \\in T : at[t] = "out"
"""
CONFIG = "CONSTANTS a = a b = b T = {a, b}\nINIT Init\nNEXT Next\n"


@pytest.fixture(name="spec")
def _spec(tmp_path: Path) -> Specification:
    return spec_of(tmp_path, COUNTER, CONFIG)


def test_steps_have_names_arguments_and_states(spec: Specification) -> None:
    """Every disjunct of Next under its name, with the values of its parameters."""
    a, b = ModelValue.named("a"), ModelValue.named("b")
    (first,) = spec.initial_states()
    assert spec.shown(first) == {"at": '(a :> "out" @@ b :> "out")', "count": "0"}
    steps = spec.successors(first)
    assert [(step.action, step.arguments, step.text) for step in steps] == [
        ("Call", (a,), "Call(a)"),
        ("Call", (b,), "Call(b)"),
    ]
    (worked,) = [step.state for step in spec.successors(steps[0].state) if step.action == "Work"]
    texts = [step.text for step in spec.successors(worked)]
    assert texts == ["Call(b)", "Return(a, 1)"]


def test_predicates_and_values_are_found_by_name(spec: Specification) -> None:
    """Definitions and variables alike."""
    (first,) = spec.initial_states()
    assert spec.holds("Nobody", first)
    assert not spec.holds("Nobody", spec.successors(first)[0].state)
    assert spec.value("count", first) == 0


def test_a_refused_action_says_which_conjunct_is_false(spec: Specification) -> None:
    """The first conjunct that leaves no step, as it stands in the text; through LET; None if it is enabled."""
    a = ModelValue.named("a")
    (first,) = spec.initial_states()
    called = spec.successors(first)[0].state
    (worked,) = [step.state for step in spec.successors(called) if step.action == "Work"]
    assert spec.why_not("Return", [a, 0], first) == 'at[t] = "done"'
    assert spec.why_not("Return", [a, 0], worked) == "count = i"
    assert spec.why_not("Return", [a, 1], worked) is None
    assert spec.why_not("Work", [a], first) == 'at[t] = "in"'
    with pytest.raises(SpecError, match=r"M has no action Retrun[\s\S]*did you mean Return"):
        spec.why_not("Retrun", [a, 0], first)


def test_the_same_files_give_the_same_order(tmp_path: Path) -> None:
    """Sets of strings and model values are gone through in an order that does not depend on the process."""
    text = 'VARIABLE x\nInit == x \\in {"c", "a", "b"}\nNext == x\' \\in {"z", "y"} \\ {x}'
    spec = spec_of(tmp_path, text)
    assert spec.initial_states() == [("a",), ("b",), ("c",)]
    assert [step.state for step in spec.successors(("a",))] == [("y",), ("z",)]
