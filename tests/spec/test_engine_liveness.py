"""Temporal properties: what holds under which fairness, and lassos where it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.spec.written import outcome_of
from treadle.errors import SpecError
from treadle.report.spec import report

if TYPE_CHECKING:
    from pathlib import Path

# 0 -> 1 -> 2 -> 0 for ever; from 1 there is a way out to 3, where it stays.
RING = """EXTENDS Integers
VARIABLE x
Init == x = 0
On == x < 3 /\\ x' = (x + 1) % 3
Out == x = 1 /\\ x' = 3
Rest == x = 3 /\\ x' = 3
Next == On \\/ Out \\/ Rest
Box == Init /\\ [][Next]_x
Weak == Box /\\ WF_x(On)
Both == Weak /\\ WF_x(Out)
Strong == Weak /\\ SF_x(Out)
Each == Box /\\ \\A i \\in 0 .. 2 : WF_x(x = i /\\ On)
Comes == <>(x = 1)
Leaves == <>(x = 3)
Round == []<>(x = 0)
Stays == <>[](x = 3)
Either == []<>(x = 0) \\/ <>[](x = 3)
Next1 == x = 0 ~> x = 1
If == []<>(x = 1) => <>(x = 3)
Only == <>[](x # 3) => []<>(x = 2)
Moves == []<><<On>>_x
Never == [](x = 3 => [](x = 3))
Taken == []<><<Out>>_x => Leaves
Equal == Leaves <=> Stays
Odd == Leaves <=> Round
"""


@pytest.mark.parametrize(
    ("spec", "property_", "verdict", "loop"),
    [
        ("Box", "Comes", "failed", (1, 0)),
        ("Weak", "Comes", "proved", None),
        ("Weak", "Leaves", "failed", (3, 0)),
        ("Both", "Leaves", "failed", (3, 0)),
        ("Strong", "Leaves", "proved", None),
        ("Strong", "Stays", "proved", None),
        ("Weak", "Round", "failed", (3, 2)),
        ("Weak", "Either", "proved", None),
        ("Box", "Either", "failed", (2, 1)),
        ("Weak", "Next1", "proved", None),
        ("Each", "Next1", "proved", None),
        ("Box", "Next1", "failed", (1, 0)),
        ("Weak", "If", "failed", (3, 0)),
        ("Strong", "If", "proved", None),
        ("Weak", "Only", "proved", None),
        ("Box", "Only", "failed", (1, 0)),
        ("Weak", "Moves", "failed", (3, 2)),
        ("Box", "Never", "proved", None),
        ("Box", "Taken", "proved", None),
        ("Weak", "Equal", "proved", None),
        ("Weak", "Odd", "failed", (3, 0)),
    ],
)
def test_what_holds_under_which_fairness(
    tmp_path: Path, spec: str, property_: str, verdict: str, loop: tuple[int, int] | None
) -> None:
    """The verdict, and of a lasso its length and where it returns to; each worked out by hand on the ring."""
    outcome = outcome_of(tmp_path, RING, f"SPECIFICATION {spec}\nPROPERTY {property_}\n")
    assert outcome.verdict == verdict
    if loop is not None:
        assert outcome.failure is not None
        assert (outcome.failure.kind, outcome.failure.property) == ("temporal", property_)
        assert (len(outcome.failure.trace), outcome.failure.loop) == loop


def test_a_lasso_says_where_it_returns_to(tmp_path: Path) -> None:
    """The report of a round trip, word for word."""
    outcome = outcome_of(tmp_path, RING, "SPECIFICATION Both\nPROPERTY Leaves\n")
    outcome.seconds = 0.0
    assert report("Ring", outcome) == (
        "Ring: FAILED: Leaves is violated by a behaviour without end\n"
        "  4 distinct states, 6 generated, depth 3, 0.00 s\n"
        "  checked: Leaves\n"
        "\n"
        "    0  Initial predicate\n"
        "         x = 0\n"
        "    1  On\n"
        "         x: 0 -> 1\n"
        "    2  On\n"
        "         x: 1 -> 2\n"
        "  and then again from 0"
    )


def test_a_refinement_with_its_fairness_is_checked_part_by_part(tmp_path: Path) -> None:
    """Init, [][Next]_v and WF of the abstract module: each of them is found if it is violated."""
    high = "EXTENDS Integers\nVARIABLE y\nHInit == y = 0\nHNext == y' = (y + 1) % 3\n"
    high += "HSpec == HInit /\\ [][HNext]_y /\\ WF_y(HNext)"
    low = "EXTENDS Integers\nVARIABLE x\nH == INSTANCE High WITH y <- {}\nInit == x = {}\n"
    low += "Next == x' = (x + {}) % 6\nBox == Init /\\ [][Next]_x\nSpec == Box /\\ WF_x(Next)\nRefines == H!HSpec"

    def kind(substitution: str, init: int, step: int, spec: str = "Spec") -> str:
        text = low.format(substitution, init, step)
        outcome = outcome_of(tmp_path, text, f"SPECIFICATION {spec}\nPROPERTY Refines\n", High=high)
        return outcome.failure.kind if outcome.failure is not None else outcome.verdict

    assert kind("x \\div 2", 0, 1) == "proved"
    assert kind("x % 3", 3, 1) == "proved"
    assert kind("x % 3", 1, 1) == "initial"
    assert kind("x % 3", 0, 2) == "step"
    assert kind("x \\div 2", 0, 1, "Box") == "temporal"


LAMPS = """EXTENDS Naturals
VARIABLE count
Init == count = [p \\in {1, 2} |-> 0]
Up(p) == count[p] < 2 /\\ count' = [count EXCEPT ![p] = @ + 1]
Down == count = [p \\in {1, 2} |-> 2] /\\ count' = [p \\in {1, 2} |-> 0]
Next == Down \\/ \\E p \\in {1, 2} : Up(p)
Spec == Init /\\ [][Next]_count /\\ WF_count(Next)
Lamp == INSTANCE Lamp WITH on <- [p \\in {1, 2} |-> count[p] > 0]
Shines == \\A p \\in {1, 2} : Lamp!Shines(p) /\\ Lamp!Within(p, 3)
Dark == \\A p \\in {1, 2} : Lamp!Dark(p)
IsTruth(q) == q \\in {TRUE, FALSE}
Outside == Lamp!Says(count[1] >= 0) /\\ Lamp!All(LAMBDA q : q \\in BOOLEAN) /\\ Lamp!All(IsTruth)
"""
LAMP = """EXTENDS Naturals
VARIABLE on
Shines(p) == []<>(on[p])
Dark(p) == <>[]~on[p]
Within(p, n) == [](on[p] => n > p)
Says(e) == [](e /\\ on[1] \\in BOOLEAN)
All(Holds(_)) == [](Holds(on[1]))
"""


@pytest.mark.parametrize(("name", "verdict"), [("Shines", "proved"), ("Dark", "failed"), ("Outside", "proved")])
def test_a_property_of_an_instance_may_have_arguments(tmp_path: Path, name: str, verdict: str) -> None:
    """They are read outside the instance: constants, state functions, and operators; 9 states, and only Dark is wrong."""
    outcome = outcome_of(tmp_path, LAMPS, f"SPECIFICATION Spec\nPROPERTY {name}\n", Lamp=LAMP)
    assert (outcome.verdict, outcome.distinct) == (verdict, 9)


UNFOLDED = """EXTENDS Naturals
VARIABLE x
Init == x = 0
Next == x' = (x + 1) % 3
Spec == Init /\\ [][Next]_x /\\ WF_x(Next)
RECURSIVE Often(_)
Often(n) == IF n = 0 THEN []<>(x = 0) ELSE []<>(x = n) /\\ Often(n - 1)
Two == Often(2)
Three == Often(3)
RECURSIVE Endless(_)
Endless(n) == <>(x = n) /\\ Endless(n + 1)
Never == Endless(0)
"""


@pytest.mark.parametrize(("name", "verdict"), [("Two", "proved"), ("Three", "failed")])
def test_a_recursive_temporal_formula_is_unfolded(tmp_path: Path, name: str, verdict: str) -> None:
    """Its arguments and the tests of its IFs are constants; x never becomes 3."""
    assert outcome_of(tmp_path, UNFOLDED, f"SPECIFICATION Spec\nPROPERTY {name}\n").verdict == verdict


def test_a_temporal_formula_without_end_is_refused(tmp_path: Path) -> None:
    """It is unfolded a hundred times and no further."""
    with pytest.raises(SpecError, match="Endless unfolds without end"):
        outcome_of(tmp_path, UNFOLDED, "SPECIFICATION Spec\nPROPERTY Never\n")
