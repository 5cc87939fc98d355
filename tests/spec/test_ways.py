"""How often a next state is made: TLC counts each way of satisfying an action, up to where the last variable is set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.spec.written import counts, outcome_of, written
from treadle.errors import SpecError, SpecNameError
from treadle.tla import tlc

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "EXTENDS Integers\nVARIABLES y\nsmall(n) == n < 3\nInit == y = 0\n"

# an action, and the states generated: one initial state, and 3 states with so many ways each
ACTIONS = {
    r"(y = 0 \/ y < 3) /\ y' = (y + 1) % 3": 5,
    r"y' = (y + 1) % 3 /\ (y = 0 \/ y < 3)": 4,
    r"y' = (y + 1) % 3 /\ \E n \in {1, 2} : y < 3": 4,
    r"y' = (y + 1) % 3 /\ IF y = 0 THEN y = 0 \/ y = 0 ELSE y < 4 \/ y < 5": 4,
    r"(\A n \in {1, 2} : y < 3 \/ y < 4) /\ y' = (y + 1) % 3": 13,
    r"(\A n \in {} : y < 3 \/ y < 4) /\ y' = (y + 1) % 3": 4,
    r"(\A n \in {1, 2} : \E m \in {1, 2, 3} : m > n) /\ y' = (y + 1) % 3": 7,
    r"(\A n \in {1, 2} : small(y) /\ (n = 1 \/ small(n))) /\ y' = (y + 1) % 3": 7,
    r"(\A m, n \in {0, 1} : IF y = m THEN n = n \/ m = m ELSE small(y) \/ FALSE) /\ y' = (y + 1) % 3": 10,
    r"(\A n \in {1} : LET m == n + y IN m > 0 \/ m < 9) /\ y' = (y + 1) % 3": 7,
    r"~(\A n \in {1, 2} : y < 0 \/ y > 9) /\ y' = (y + 1) % 3": 4,
    r"(\A n \in {1, 2} : y < 5 => (y < 3 \/ y < 4)) /\ y' = (y + 1) % 3": 13,
    r"(y < 5 => (y < 3 \/ y < 4)) /\ y' = (y + 1) % 3": 7,
    r"(y > 5 => (y < 3 \/ y < 4)) /\ y' = (y + 1) % 3": 4,
    r"(y < 5 <=> (y < 3 \/ y < 4)) /\ y' = (y + 1) % 3": 4,
}

# an action in which \A gives y its new value, with the states generated: an initial state, and so many for each state
GIVING = {
    r"\A n \in {1} : y' = n": 3,
    r"(\A n \in {} : y' = n) /\ y' = 1 - y": 3,
    r"\A n \in {1, 2} : y' \in {n, 3} /\ y' > 2": 3,
    r"\A n \in {1, 2} : y' = 1 \/ y' = 3": 7,
    r"\A <<m, n>> \in {<<0, 1>>}, k \in {1} : y' = m + n * k": 3,
}


@pytest.mark.parametrize("action", ACTIONS)
def test_each_way_makes_a_state(tmp_path: Path, action: str) -> None:
    r"""A disjunction, and each instance of \A, is tried part by part; what follows the last assignment is a test."""
    assert counts(outcome_of(tmp_path, f"{HEAD}Next == {action}")) == ("proved", ACTIONS[action], 3, 3)


def test_the_same_holds_of_initial_states(tmp_path: Path) -> None:
    """A disjunction before the variable has its value makes the state twice; one after it does not."""
    text = "EXTENDS Integers\nVARIABLE y\nNext == y' = (y + 1) % 3\n"
    assert counts(outcome_of(tmp_path, text + "Init == (1 = 1 \\/ 2 = 2) /\\ y = 0")) == ("proved", 5, 3, 3)
    assert counts(outcome_of(tmp_path, text + "Init == y = 0 /\\ (y = 0 \\/ y < 1)")) == ("proved", 4, 3, 3)
    assert counts(outcome_of(tmp_path, text + "Init == y = 0 /\\ \\A n \\in 1 .. 2 : y < n \\/ y = 0")) == (
        "proved",
        4,
        3,
        3,
    )


@pytest.mark.parametrize("action", GIVING)
def test_every_instance_may_give_a_value(tmp_path: Path, action: str) -> None:
    r"""`\A` over a constant set is the conjunction of its instances: the first gives the value, the others test it."""
    assert counts(outcome_of(tmp_path, HEAD + f"Next == {action}"))[:2] == ("proved", GIVING[action])


def test_a_value_for_each_member_of_a_set_that_changes_is_refused(tmp_path: Path) -> None:
    """Which variables have a value must be known beforehand; the message says what to write."""
    with pytest.raises(SpecError, match="over a set that depends on the state") as caught:
        outcome_of(tmp_path, HEAD + "Next == \\A n \\in {y} : y' = n")
    assert "x' = [i \\in S |-> ...]" in str(caught.value)


@pytest.mark.slow
@pytest.mark.java
@pytest.mark.skipif(tlc.missing() is not None, reason=f"TLC is not here to be compared with: {tlc.missing()}")
def test_tlc_counts_the_same_ways(tmp_path: Path) -> None:
    """One module in which every action of the table is taken: the same number of states generated."""
    lines = ["EXTENDS Integers", "VARIABLES y, z", "small(n) == n < 3", "Init == y = 0 /\\ z = 0"]
    for number, action in enumerate(ACTIONS):
        text = action.replace(
            "y' = (y + 1) % 3", f"(z = {number} /\\ z' = (z + (y \\div 2)) % {len(ACTIONS)} /\\ y' = (y + 1) % 3)"
        )
        lines.append(f"A{number} == {text}")
    lines.append("Next == " + " \\/ ".join(f"A{number}" for number in range(len(ACTIONS))))
    path = written(tmp_path, "\n".join(lines))
    report = tlc.run(path, path.with_suffix(".cfg"))
    outcome = outcome_of(tmp_path, "\n".join(lines))
    assert counts(outcome) == ("proved", report.generated, report.distinct, report.depth)
    assert report.distinct == 3 * len(ACTIONS)


def test_a_let_may_have_the_name_of_the_action_around_it(tmp_path: Path) -> None:
    """Inside its own definition a name is free to be bound again, as translations of PlusCal do."""
    text = """EXTENDS Integers
VARIABLE y
add(n) == y + n
step == \\E k \\in {1, 2} : LET step == add(k) IN LET next == step % 4 IN IF next # step THEN y' = 0 ELSE y' = next
Init == y = 0
Next == step"""
    assert counts(outcome_of(tmp_path, text)) == ("proved", 9, 4, 3)


def test_a_bound_name_may_be_declared_later(tmp_path: Path) -> None:
    """Operators before a translation of PlusCal may bind what it then declares as a variable; after it they may not."""
    before = "EXTENDS Integers\nElements(seq) == {seq[y] : y \\in 1 .. 2}\nASSUME \\A y \\in {1} : y = 1\nVARIABLE y\n"
    rest = "Init == y = 0\nNext == y' \\in Elements(<<1, 2>>)"
    assert counts(outcome_of(tmp_path, before + rest)) == ("proved", 7, 3, 2)
    with pytest.raises(SpecNameError, match="y already has a meaning here"):
        outcome_of(tmp_path, "EXTENDS Integers\nVARIABLE y\nElements(seq) == {seq[y] : y \\in 1 .. 2}\n" + rest)
    with pytest.raises(SpecNameError, match="y"):
        outcome_of(tmp_path, "EXTENDS Integers\nEarly == y + 1\nVARIABLE y\nInit == y = 0\nNext == y' = y")


@pytest.mark.parametrize("total", ["Total(s')", "Sum(3)"])
def test_a_recursive_operator_may_read_new_values(tmp_path: Path, total: str) -> None:
    """Given as an argument, or by a prime in its body: it is computed in the next state, once that is known."""
    text = f"""EXTENDS Integers, Sequences
VARIABLES s, t
RECURSIVE Sum(_)
Sum(n) == IF n = 0 THEN 0 ELSE n * (IF n \\in DOMAIN s' THEN s'[n] ELSE 0) + Sum(n - 1)
Total(seq) == LET RECURSIVE from(_) from(n) == IF n > Len(seq) THEN 0 ELSE n * seq[n] + from(n + 1) IN from(1)
Init == s = <<>> /\\ t = 0
Next == Len(s) < 2 /\\ \\E x \\in {{1, 2}} : s' = Append(s, x) /\\ t' = {total}
Right == t = Total(s)"""
    outcome = outcome_of(tmp_path, text, "INIT Init\nNEXT Next\nINVARIANT Right\nCHECK_DEADLOCK FALSE\n")
    assert counts(outcome) == ("proved", 7, 7, 3)
