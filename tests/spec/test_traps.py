"""The places where an evaluator of TLA+ goes wrong without being noticed. Each test is one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.spec.written import counts, outcome_of, spec_of
from treadle.tla.values import show

if TYPE_CHECKING:
    from pathlib import Path

X = "EXTENDS Integers, Sequences, FiniteSets, TLC\nVARIABLE x\n"


def value(folder: Path, expression: str) -> str:
    """Return the value of a constant expression as text."""
    spec = spec_of(folder, f"{X}Init == x = 0\nNext == x' = x\nIt == {expression}\n")
    return show(spec.value("It", spec.initial_states()[0]))


def test_true_is_not_one(tmp_path: Path) -> None:
    """States in which x is 1 and TRUE, or 0 and FALSE, or {1} and {TRUE}, are different states."""
    outcome = outcome_of(tmp_path, X + "Init == x \\in {1}\nNext == x' \\in {TRUE} \\/ x' \\in {1}")
    assert counts(outcome) == ("proved", 5, 2, 2)
    text = "Init == x = {0}\nNext == x' = {FALSE} \\/ x' = <<0>> \\/ x' = <<FALSE>>"
    assert counts(outcome_of(tmp_path, X + text)) == ("proved", 13, 4, 2)


def test_one_and_true_cannot_be_compared(tmp_path: Path) -> None:
    """1 = TRUE has no value, as in TLC."""
    outcome = outcome_of(tmp_path, X + "Init == x = 1\nNext == x = TRUE /\\ x' = 2")
    assert outcome.failure is not None
    assert outcome.failure.kind == "evaluation"
    assert "1 (an integer) cannot be compared with TRUE (a truth value)" in outcome.failure.message


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("<<1, 2>>", "[i \\in 1..2 |-> i]"),
        ("<<>>", "[i \\in {} |-> i]"),
        ("<<7>>", "1 :> 7"),
        ("<<1, 2>>", "(2 :> 2) @@ (1 :> 1)"),
        ("[a |-> 1, b |-> 2]", '[f \\in {"b", "a"} |-> IF f = "a" THEN 1 ELSE 2]'),
        ("<<1, 2>>", "Append(<<1>>, 2)"),
        ("1..3", "{3, 2, 1}"),
        ("{}", "2..1"),
        ("SUBSET {1}", "{{}, {1}}"),
        ("[{1, 2} -> {5}]", "{<<5, 5>>}"),
        ("{1} \\X {2}", "{<<1, 2>>}"),
        ("[a : {1}]", "{[a |-> 1]}"),
        ("UNION {1..2, {3}}", "1..3"),
    ],
)
def test_equal_values_are_one_value(tmp_path: Path, left: str, right: str) -> None:
    """However a value is made, it is equal to, and hashes like, the same value made otherwise."""
    assert value(tmp_path, f"<<({left}) = ({right}), Cardinality({{{left}, {right}}})>>") == "<<TRUE, 1>>"


def test_a_state_outside_the_constraint_is_not_counted(tmp_path: Path) -> None:
    """It is generated, and its invariants are looked at, but it is no distinct state."""
    config = "INIT Init\nNEXT Next\nCONSTRAINT Small\n"
    text = X + "Init == x = 0\nNext == x' = x + 1 \\/ x' = 0\nSmall == x < 3\nSmaller == x < 4\nTiny == x < 3"
    outcome = outcome_of(tmp_path, text, config + "INVARIANT Smaller\n")
    assert counts(outcome) == ("proved", 7, 3, 3)
    assert outcome.notes == ["1 states outside the CONSTRAINT were not gone on from"]
    assert outcome_of(tmp_path, text, config + "INVARIANT Tiny\n").verdict == "failed"


def test_application_outside_the_domain_has_no_value(tmp_path: Path) -> None:
    """<<1, 2>>[3] and <<1, 2>>[0] are errors, not the last item."""
    for key in ("3", "0", "-1"):
        outcome = outcome_of(tmp_path, X + f"Init == x = <<1, 2>>\nNext == x' = x[{key}]")
        assert outcome.failure is not None
        assert f"{key} is outside the domain {{1, 2}} of <<1, 2>>" in outcome.failure.message


def test_except_outside_the_domain_changes_nothing(tmp_path: Path) -> None:
    """[f EXCEPT ![k] = v] is f if k is not in the domain of f, with @ or without, however deep."""
    assert value(tmp_path, "[<<1, 2>> EXCEPT ![3] = 9]") == "<<1, 2>>"
    assert value(tmp_path, "[<<1, 2>> EXCEPT ![0] = @ + 1]") == "<<1, 2>>"
    assert value(tmp_path, "[[a |-> <<1>>] EXCEPT !.a[2] = @ + 1, !.b = 1]") == "[a |-> <<1>>]"


def test_choose_is_deterministic(tmp_path: Path) -> None:
    """Equal sets give equal choices, however the sets were made."""
    same = "(CHOOSE v \\in S : TRUE) = (CHOOSE v \\in T : TRUE)"
    for first, second in (
        ("{3, 1, 2}", "1..3"),
        ('{"b", "a"}', '{"a"} \\cup {"b"}'),
        ("SUBSET {1, 2}", "{{1, 2}, {2}, {1}, {}}"),
    ):
        assert value(tmp_path, f"LET S == {first} T == {second} IN {same}") == "TRUE"
    assert value(tmp_path, "CHOOSE v \\in {3, 1, 2} : v > 1") == "2"


def test_a_variable_without_a_next_value_is_an_error(tmp_path: Path) -> None:
    """A disjunct that forgets a variable is found where it is taken, and named."""
    text = (
        "VARIABLES x, y\nInit == x = 0 /\\ y = 0\nNext == \\/ x = 0 /\\ x' = 1 /\\ y' = 0\n        \\/ x = 1 /\\ x' = 2"
    )
    outcome = outcome_of(tmp_path, text)
    assert outcome.failure is not None
    assert "the action Next gives no value to y" in outcome.failure.message
    assert [moment.state for moment in outcome.failure.trace] == [(0, 0), (1, 0)]


def test_a_second_prime_is_a_test(tmp_path: Path) -> None:
    r"""X' = 1 /\\ x' = 2 is no step; x' \\in S after x' = 1 keeps what is in S."""
    text = "Init == x = 0\nNext == \\/ x' = 1 /\\ x' = 2\n        \\/ x' = 3 /\\ x' \\in {3, 4}\n"
    assert counts(outcome_of(tmp_path, X + text)) == ("proved", 3, 2, 2)


def test_a_state_predicate_that_is_a_disjunction_makes_two_steps(tmp_path: Path) -> None:
    """TLC counts a next state once for each way of satisfying the guard, and so does treadle."""
    text = "Init == x = 0\nNext == (x >= 0 \\/ x <= 0) /\\ x' = 0"
    assert counts(outcome_of(tmp_path, X + text)) == ("proved", 3, 1, 1)


def test_arguments_are_computed_where_they_are_used(tmp_path: Path) -> None:
    """An argument or a definition that would fail does no harm where it is not needed."""
    assert value(tmp_path, "LET Op(a, b) == IF a THEN b + b ELSE 0 IN Op(FALSE, Head(<<>>))") == "0"
    assert value(tmp_path, "LET h == Head(<<>>) IN IF Len(<<>>) > 0 THEN h + h ELSE 1") == "1"
    assert value(tmp_path, "Len(<<>>) > 0 /\\ Head(<<>>) = 1") == "FALSE"
    assert value(tmp_path, "\\E v \\in {} : Head(<<>>) = v") == "FALSE"


def test_a_definition_under_a_prime_is_primed_throughout(tmp_path: Path) -> None:
    """Double' is about the next state, through parameters and LET too."""
    text = X + "Double == LET d == x + x IN d\nPlus(n) == x + n\nInit == x = 1\n"
    text += "Next == x < 5 /\\ x' = x + 1 /\\ Double' = Double + 2 /\\ Plus(3)' = x + 4"
    assert counts(outcome_of(tmp_path, text, "INIT Init\nNEXT Next\n"))[1:] == (5, 5, 5)


def test_a_variable_passed_to_an_action_can_be_primed(tmp_path: Path) -> None:
    """Lose(q) == q' = Tail(q), with a variable for q, changes that variable; through two operators and LET too."""
    text = "EXTENDS Sequences\nVARIABLES p, q\nInit == p = <<1, 2>> /\\ q = <<1>>\n"
    text += "Lose(s) == s # <<>> /\\ s' = Tail(s)\nLoose(s) == LET r == s IN Lose(r)\n"
    text += "Still(s) == UNCHANGED s\nNext == \\/ Lose(p) /\\ Still(q)\n        \\/ Loose(q) /\\ p' = p\n"
    config = "INIT Init\nNEXT Next\nCHECK_DEADLOCK FALSE\n"
    assert counts(outcome_of(tmp_path, text, config)) == ("proved", 8, 6, 4)


def test_substitution_does_not_capture(tmp_path: Path) -> None:
    """An argument that mentions a name means the caller's, whatever the operator binds."""
    text = "Some(P(_)) == \\E i \\in 1..3 : P(i)\nIt(j) == Some(LAMBDA k : k = j)\n"
    spec = spec_of(tmp_path, X + text + "Both == <<It(2), It(7)>>\nInit == x = 0\nNext == x' = x")
    assert show(spec.value("Both", (0,))) == "<<TRUE, FALSE>>"


def test_enabled_of_an_abstract_action_is_asked_of_the_image(tmp_path: Path) -> None:
    """ENABLED under a substitution that many states share is that of the abstract state (Specifying Systems, 17.8)."""
    high = "EXTENDS Integers\nVARIABLE y\nHInit == y = 0\nHNext == y = 0 /\\ y' = 1\nHSpec == HInit /\\ [][HNext]_y /\\ WF_y(HNext)"
    low = X + "H == INSTANCE High WITH y <- x \\div 2\nInit == x = 0\nNext == x < 3 /\\ x' = x + 1\n"
    low += "Spec == Init /\\ [][Next]_x /\\ WF_x(Next)\nLazy == Init /\\ [][Next]_x\nRefines == H!HSpec"
    quick = outcome_of(tmp_path, low, "SPECIFICATION Spec\nPROPERTY Refines\n", High=high)
    assert quick.failure is not None
    assert quick.failure.kind == "deadlock"
    config = "SPECIFICATION {}\nPROPERTY Refines\n"
    low = low.replace("x < 3 /\\ x' = x + 1", "(x < 3 /\\ x' = x + 1) \\/ (x = 3 /\\ x' = x)")
    assert outcome_of(tmp_path, low, config.format("Spec"), High=high).verdict == "proved"
    lazy = outcome_of(tmp_path, low, config.format("Lazy"), High=high)
    assert lazy.failure is not None
    assert (lazy.failure.kind, lazy.failure.loop) == ("temporal", 0)


def test_the_name_of_an_assumption_may_be_used(tmp_path: Path) -> None:
    """It stands for the formula, as that of a definition does."""
    text = "EXTENDS Naturals\nCONSTANT N\nASSUME Small == N < 3\nVARIABLE x\nInit == x = 0\nNext == x' = x\n"
    config = "CONSTANT N = 2\nINIT Init\nNEXT Next\nINVARIANT Inv\n"
    assert outcome_of(tmp_path, text + "Inv == Small /\\ x = 0", config).verdict == "proved"
