"""What is said about a module that is wrong: the place, the line, what was expected, and what is probably meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.spec.written import outcome_of
from treadle.errors import SpecError, SpecLevelError, SpecNameError, SpecSyntaxError
from treadle.report.spec import report

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "EXTENDS Naturals\nVARIABLE x\nInit == x = 0\n"
CONFIG = "INIT Init\nNEXT Next\n"


def refused(folder: Path, text: str, config: str = CONFIG) -> SpecError:
    """Return the error of a module."""
    with pytest.raises(SpecError) as caught:
        outcome_of(folder, text, config)
    return caught.value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "Next == x' = (1 + )",
            (
                "M.tla:5:19: a mistake in an expression\n"
                "    Next == x' = (1 + )\n"
                "                      ^\n"
                "  expected:  an expression\n"
                "  got:       ')'"
            ),
        ),
        (
            "Next == x' = x \\cup {1} \\cap {2}",
            (
                "M.tla:5:25: precedence conflict between \\cup (line 5, column 16) and \\cap\n"
                "    Next == x' = x \\cup {1} \\cap {2}\n"
                "                            ^^^^\n"
                "  probably:  neither binds tighter (\\cup has 8-8, \\cap has 8-8)\n"
                "  instead:   put parentheses around the part that belongs together"
            ),
        ),
        (
            "Next == /\\ x' = IF x = 0\n        THEN 1 ELSE 2",
            (
                "M.tla:6:9: a mistake in an IF\n"
                "            THEN 1 ELSE 2\n"
                "            ^^^^\n"
                "  expected:  THEN\n"
                "  got:       'THEN'\n"
                "  probably:  this is at column 9, not to the right of the list's bullets in column 9, "
                "so the item of the list has already ended"
            ),
        ),
        (
            "Next == x' = \"abc",
            "M.tla:5:14: a string that does not end on its line\n    Next == x' = \"abc\n                 ^",
        ),
        (
            "Next == x' = 1.5",
            "M.tla:5:14: the decimal number 1.5: only integers are read\n    Next == x' = 1.5\n                 ^^^",
        ),
        (
            "Next == x' = \\AA y : TRUE",
            (
                "M.tla:5:14: the temporal quantifier \\AA is outside the subset that is read\n"
                "    Next == x' = \\AA y : TRUE\n"
                "                 ^^^"
            ),
        ),
        (
            "Next == x' \\foo x",
            "M.tla:5:12: TLA+ has no symbol \\foo\n    Next == x' \\foo x\n               ^^^^",
        ),
    ],
)
def test_a_syntax_error_shows_the_line_and_what_was_expected(tmp_path: Path, text: str, message: str) -> None:
    """The whole message, word for word."""
    error = refused(tmp_path, HEAD + text)
    assert isinstance(error, SpecSyntaxError)
    assert str(error) == message


@pytest.mark.parametrize(
    ("text", "kind", "parts"),
    [
        ("Next == x' = Cardinalty({1})", SpecNameError, ["unknown operator Cardinalty", "did you mean Cardinality"]),
        ("Next == x' = Cardinality({1})", SpecNameError, ["defined in the module FiniteSets", "EXTENDS FiniteSets"]),
        ("Next == x' = Intt(1)", SpecNameError, ["M.tla:5:14: unknown operator Intt", "did you mean Int or Init?"]),
        ("Op(a) == a\nNext == x' = Op(1, 2)", SpecNameError, ["Op is given 2 arguments", "expected:  1"]),
        ("Next == x' = Init(1)", SpecNameError, ["Init is given 1 arguments", "expected:  none"]),
        ("Init == x = 1\nNext == x' = 1", SpecNameError, ["Init is defined twice", "first in line 4"]),
        ("Next == \\E x \\in {1} : x' = 1", SpecNameError, ["x already has a meaning here", "another name"]),
        ("Next == x'' = 1", SpecLevelError, ["M.tla:5:9: ' on an action", "expected:  a state function"]),
        ("Next == \\E y : x' = y", SpecSyntaxError, ["a quantifier without a set", "write y \\in S"]),
        ("Next == x' = Later\nLater == 1", SpecNameError, ["unknown operator Later"]),
        ("Unused == nowhere\nNext == x' = 1", SpecNameError, ["M.tla:5:11: unknown operator nowhere"]),
        ("I == INSTANCE Nowhere\nNext == x' = 1", SpecNameError, ["there is no module Nowhere"]),
        ("Next == x' = @", SpecSyntaxError, ["@ stands outside the new value of an EXCEPT"]),
        ("Next == x' = Foo!Bar", SpecNameError, ["Foo: no INSTANCE has this name"]),
        ("Next == x' = Init!1", SpecSyntaxError, ["a path into a formula"]),
    ],
)
def test_a_wrong_name_or_level_is_refused(tmp_path: Path, text: str, kind: type[SpecError], parts: list[str]) -> None:
    """Used or not, every definition is checked, as SANY does; the message says what is probably meant."""
    error = refused(tmp_path, HEAD + text)
    assert isinstance(error, kind)
    for part in parts:
        assert part in str(error)


def test_an_operator_outside_the_subset_is_named(tmp_path: Path) -> None:
    """JavaTime has no place in a search that must be repeatable."""
    error = refused(tmp_path, "EXTENDS TLC\nVARIABLE x\nInit == x = 0\nNext == x' = JavaTime")
    assert "the operator JavaTime is outside the subset that is evaluated" in str(error)


@pytest.mark.parametrize(
    ("config", "parts"),
    [
        (
            "INIT Init\nNEXT Nxt\nCONSTANT N = 1\n",
            ["M.cfg:2:6: the NEXT Nxt is not defined in M", "did you mean Next?"],
        ),
        (
            CONFIG + "INVARIANT Sage\nCONSTANT N = 1\n",
            ["M.cfg:3:11: the INVARIANT Sage is not defined", "did you mean Safe?"],
        ),
        (CONFIG + "CONSTANT NN = 3\n", ["M.cfg:3:10: M has no constant NN", "did you mean N?"]),
        (CONFIG, ["the constant N of M is given no value", "CONSTANT N = ..."]),
        (
            CONFIG + "CONSTANT N = 1\nINVARIANT Step\n",
            ["the INVARIANT Step is an action", "expected:  a state predicate"],
        ),
        (CONFIG + "CONSTANT N = 1\nPROPERTY Step\n", ["the PROPERTY Step is an action", "[][A]_vars"]),
        ("CONSTANT N = 1\n", ["neither SPECIFICATION nor INIT and NEXT", "SPECIFICATION Spec"]),
        ("INVARIENT Safe\n", ["INVARIENT does not begin a part of a configuration", "did you mean INVARIANT"]),
        (CONFIG + "TYPE Safe\n", ["TYPE is outside the subset that is read"]),
        (CONFIG + "CONSTANT N = {1, 2\nINVARIANT Safe\n", ["a mistake", "expected:  }", "got:       INVARIANT"]),
        (CONFIG + "CONSTANT N = {1, 2", ["the file ends too early", "expected:  }"]),
        (CONFIG + "CHECK_DEADLOCK MAYBE\n", ["a mistake in CHECK_DEADLOCK", "TRUE or FALSE", "MAYBE"]),
        ("CONSTANT N = 1\nSPECIFICATION Spec\nINIT Init\n", ["both SPECIFICATION and INIT or NEXT", "one of them"]),
        ("CONSTANT N = 1\nSPECIFICATION Either\n", ["Either has no initial predicate", "Init /\\ [][Next]_vars"]),
        ("CONSTANT N = 1\nSPECIFICATION Still\n", ["Still has no [][Next]_vars among its conjuncts"]),
        (CONFIG + "CONSTANT N <- Foo\n", ["N <- Foo: Foo is not defined"]),
        (CONFIG + "CONSTANT N\n", ["the file ends too early", "= or <-"]),
    ],
)
def test_a_configuration_that_names_what_does_not_exist_is_refused(
    tmp_path: Path, config: str, parts: list[str]
) -> None:
    """With the place in the .cfg file, and the nearest name that does exist."""
    text = "CONSTANT N\nVARIABLE x\nInit == x = 0\nNext == x' = 0\nSafe == x = 0\nStep == x' = 0\n"
    text += "Spec == Init /\\ [][Next]_x\nEither == Init \\/ [][Next]_x\nStill == Init /\\ <>(x = 0)"
    error = refused(tmp_path, text, config)
    assert isinstance(error, SpecError)
    for part in parts:
        assert part in str(error)


def test_an_operator_is_replaced_by_one_with_as_many_parameters(tmp_path: Path) -> None:
    """Both numbers are named."""
    text = "CONSTANT Op(_, _)\nVARIABLE x\nOne(a) == a\nInit == x = 0\nNext == x' = Op(x, 1)"
    error = refused(tmp_path, text, CONFIG + "CONSTANT Op <- One\n")
    assert "M.cfg:3:10: the constant Op is replaced by an operator" in str(error)
    assert "expected:  2 parameters\n  got:       1" in str(error)


@pytest.mark.parametrize(("formula", "instead"), [("[](x' = 1)", "[][A]_v"), ("<>Next", "<><<A>>_v")])
def test_a_temporal_operator_takes_an_action_in_its_box_only(tmp_path: Path, formula: str, instead: str) -> None:
    """SANY refuses `[]A` wherever it stands; the message says what is meant."""
    error = refused(tmp_path, HEAD + f"Next == x' = x\nUnused == {formula}")
    assert isinstance(error, SpecLevelError)
    assert f"instead:   {instead}" in str(error)


def test_an_initial_predicate_without_a_value_is_a_failure(tmp_path: Path) -> None:
    """As in a step: the verdict is failed, and the message names the variable."""
    outcome = outcome_of(tmp_path, "VARIABLES x, y\nInit == x = 0\nNext == UNCHANGED <<x, y>>")
    assert outcome.failure is not None
    assert outcome.failure.kind == "evaluation"
    assert "the initial predicate gives no value to y" in outcome.failure.message


def test_an_assumption_without_a_value_is_shown_where_it_stands(tmp_path: Path) -> None:
    """An assumption of a module that is extended is told with the name and the line of that file."""
    outcome = outcome_of(tmp_path, "EXTENDS Low\nVARIABLE x\nInit == x = 0\nNext == x' = x", Low="ASSUME <<1>>[2] = 1")
    assert outcome.failure is not None
    assert outcome.failure.message.startswith("Low.tla:2:8")


def test_an_evaluation_error_shows_expression_values_and_behaviour(tmp_path: Path) -> None:
    """The report, word for word."""
    text = HEAD + "Next == x < 5 /\\ x' = x + 1\nInv == \\A i \\in {2, 3} : [j \\in 1..4 |-> j][x + i] > 0"
    outcome = outcome_of(tmp_path, text, CONFIG + "INVARIANT Inv\n")
    outcome.seconds = 0.0
    assert report("M", outcome) == (
        "M: FAILED\n"
        "  3 distinct states, 3 generated, depth 2, 0.00 s\n"
        "  checked: Inv\n"
        "\n"
        "  M.tla:6:26: [j \\in 1..4 |-> j][x + i] has no value: "
        "5 is outside the domain {1, 2, 3, 4} of <<1, 2, 3, 4>>\n"
        "      Inv == \\A i \\in {2, 3} : [j \\in 1..4 |-> j][x + i] > 0\n"
        "                               ^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "    with\n"
        "      i = 3\n"
        "      x = 2\n"
        "  after\n"
        "    0  Initial predicate\n"
        "         x = 0\n"
        "    1  Next\n"
        "         x: 0 -> 1\n"
        "    2  Next\n"
        "         x: 1 -> 2"
    )


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("x + TRUE", "x + TRUE has no value: TRUE is a truth value, not an integer"),
        ('x < "a"', '"a" is a string, not an integer'),
        ("x \\cup {1}", "0 is an integer, not a set"),
        ("IF x THEN 1 ELSE 2", "x has no value: 0 is an integer, not a truth value"),
        ("x[1]", "0 is an integer, not a function"),
        ("[x EXCEPT ![1] = 2]", "0 is an integer, not a function"),
        ("[a |-> 1].b", '"b" is outside the domain {"a"} of [a |-> 1]'),
        ("1 \\div x", "division by zero"),
        ("1 % x", "the second argument of % is 0, not a positive number"),
        ("CHOOSE i \\in {1, 2} : i > 4", "no value satisfies CHOOSE i \\in {1, 2} : i > 4"),
        ("CASE x = 1 -> 2", "no guard of the CASE is true, and it has no OTHER"),
        ("UNION {1}", "1 is an integer, not a set"),
        ("{i \\in Nat : i < 3}", "a part of Nat is infinite, so its elements cannot be listed"),
        ("Nat", "Nat is infinite"),
        ("DOMAIN x", "0 is an integer, not a function"),
        ('x = "a"', '0 (an integer) cannot be compared with "a" (a string)'),
    ],
)
def test_what_has_no_value_says_why(tmp_path: Path, expression: str, sentence: str) -> None:
    """Each sentence names the value that was met, and what it should have been."""
    outcome = outcome_of(tmp_path, HEAD + f"Next == x' = ({expression})")
    assert outcome.failure is not None
    assert outcome.failure.kind == "evaluation"
    assert sentence in outcome.failure.message
    assert "M.tla:5:" in outcome.failure.message


def test_an_error_inside_a_refinement_shows_the_abstract_module(tmp_path: Path) -> None:
    """The place is in the file of the module that is refined, the values are those of its image."""
    high = "EXTENDS Integers\nVARIABLE y\nHInit == y = 0\nHNext == y' = <<7, 8>>[y + 1]\nHSpec == HInit /\\ [][HNext]_y"
    text = HEAD + "Next == x' = (x + 7) % 3\nH == INSTANCE High WITH y <- 5 * x\nRefines == H!HSpec"
    outcome = outcome_of(tmp_path, text, CONFIG + "PROPERTY Refines\n", High=high)
    assert outcome.failure is not None
    assert outcome.failure.kind == "step"
    text = text.replace("5 * x", "2 * x")
    lazy = high.replace("y = 0\n", "y \\in {0, 8}\n")
    start = text.replace("x = 0", "x = 4")
    outcome = outcome_of(tmp_path, start, CONFIG + "PROPERTY Refines\n", High=lazy)
    assert outcome.failure is not None
    assert outcome.failure.kind == "evaluation"
    assert "High.tla:5:15: <<7, 8>>[y + 1] has no value: 9 is outside the domain {1, 2}" in outcome.failure.message
    assert "y = 8" in outcome.failure.message
