"""Expressions of abstract programs: what they can say, what they mean, and what they may not say."""

from __future__ import annotations

from typing import Any

import pytest

from treadle.errors import ProgramError
from treadle.semantics.program.expressions import Expression, Location

REGISTERS = {"a": 3, "b": 0, "t": (1, 2, 3)}

VALUES: list[tuple[object, Any]] = [
    (7, 7),
    (True, 1),
    ("a", 3),
    ("a+1", 4),
    ("2*a-1", 5),
    ("(b+1)%26", 1),
    ("a//2", 1),
    ("a/2", 1.5),
    ("a**2", 9),
    ("a<<2 | 1", 13),
    ("a>>1 ^ 3", 2),
    ("a & 2", 2),
    ("-a", -3),
    ("+a", 3),
    ("~a", -4),
    ("not a", 0),
    ("not b", 1),
    ("a==3", 1),
    ("a!=3", 0),
    ("0 < a <= 3", 1),
    ("0 < a < 3", 0),
    ("3 < a < 1//0", 0),
    ("a>=4", 0),
    ("a and b", 0),
    ("a and t", (1, 2, 3)),
    ("b or a", 3),
    ("b and 1//0", 0),
    ("a or 1//0", 3),
    ("1 if a else 2", 1),
    ("1 if b else 2", 2),
    ("min(a, 2)", 2),
    ("max(1, a, 2)", 3),
    ("len(t)", 3),
    ("t[1]", 2),
    ("(a, b)", (3, 0)),
    ("[a, 1]", (3, 1)),
    ("a in t", 1),
    ("a not in [1, 2]", 1),
    ("'x' == 'x'", 1),
    ("4/2", 2),
]


@pytest.mark.parametrize(("text", "value"), VALUES, ids=[str(text) for text, _ in VALUES])
def test_an_expression_means_what_python_means(text: object, value: object) -> None:
    """With truth values as 1 and 0, and whole floats as integers: one value is one value."""
    found = Expression(text, "here")(REGISTERS)
    assert found == value
    assert type(found) is type(value)


FORBIDDEN = [
    "print(1)",
    "a.real",
    "min(*t)",
    "max(a, key=a)",
    "min",
    "lambda: 1",
    "[x for x in t]",
    "{1: 2}",
    "{a}",
    "f'{a}'",
    "a is b",
    "t[0:1]",
    "(b := 1)",
    "1.5",
    "None",
    "__import__('os')",
    "",
    "a b",
    "(" * 300 + ")" * 300,
]


@pytest.mark.parametrize("text", FORBIDDEN)
def test_what_is_not_in_the_tables_is_an_error(text: str) -> None:
    """It is refused, and the place is named; `min` alone is a register, and has no value."""
    with pytest.raises(ProgramError, match="here"):
        Expression(text, "here")(REGISTERS)


@pytest.mark.parametrize("text", ["c", "a//b", "t+1", "t[9]", "1 << -1", "t < 1", "len(a)"])
def test_an_expression_without_a_value_names_the_registers(text: str) -> None:
    """The error tells what they were."""
    with pytest.raises(ProgramError, match=r"here: .*\n.*a = 3"):
        Expression(text, "here")(REGISTERS)


def test_the_error_of_an_unset_register_says_when_none_is_set() -> None:
    """At the start of a thread none is."""
    with pytest.raises(ProgramError, match="no register has a value yet"):
        Expression("a", "here")({})


def test_a_location_names_an_object_by_values() -> None:
    """Every pair of braces is replaced; the kind of the object comes first."""
    assert Location("x", "here", "variable")({}) == "variable x"
    assert Location("a{a}b{a+1}c", "here", "mutex")(REGISTERS) == "mutex a3b4c"
    assert Location("a{a==3}", "here", "variable")(REGISTERS) == "variable a1"
