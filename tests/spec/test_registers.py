"""What an expression does besides having a value: printing, registers, what TLCGet knows, lots; ALIAS, POSTCONDITION."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.spec.written import counts, outcome_of, written
from treadle.cli import main
from treadle.report.spec import report
from treadle.tla import tlc

if TYPE_CHECKING:
    from pathlib import Path

COUNTER = """EXTENDS Naturals, Sequences, TLC, Randomization
VARIABLE x
Init == x = 0
Next == x < 6 /\\ x' = x + 1
Spec == Init /\\ [][Next]_x
Near == TLCGet("level") < 4
Says == PrintT(<<"at", x, TLCGet("level"), TLCGet("distinct")>>)
RECURSIVE Last(_)
Last(n) == IF n = 0 THEN TLCGet(1) ELSE Last(n - 1)
Keeps == TLCSet(1, x) /\\ \\A i \\in {1} : TLCGet(i) = x /\\ Last(3) = x
Small == x < 2
Shown == [double |-> 2 * x, grows |-> x' > x]
Seven == TLCGet("distinct") = 7 /\\ TLCGet("stats").diameter = 7
Eight == TLCGet("distinct") = 8
Other == x' = RandomElement({x + 1, x + 2}) /\\ x < 6
Start == x \\in RandomSubset(2, 1 .. 9)
Unset == TLCGet(7) = x
"""
PLAIN = "SPECIFICATION Spec\nCHECK_DEADLOCK FALSE\n"


def test_the_level_is_that_of_the_state_that_is_gone_on_from(tmp_path: Path) -> None:
    """The states 0 to 3 are inside: the constraint is asked of 3 while the steps of the third state are looked at."""
    assert counts(outcome_of(tmp_path, COUNTER, PLAIN + "CONSTRAINT Near\n")) == ("proved", 5, 4, 4)


@pytest.mark.java
def test_tlc_counts_levels_alike(tmp_path: Path) -> None:
    """TLC has the same four states, in five steps."""
    path = written(tmp_path, COUNTER, PLAIN + "CONSTRAINT Near\nINVARIANT Keeps\n")
    found = tlc.run(path, path.with_suffix(".cfg"), deadlock=False)
    assert (found.verdict, found.generated, found.distinct, found.depth) == ("proved", 5, 4, 4)


def test_print_writes_to_the_standard_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each evaluation is a line there, so the standard output is one JSON object; the first state has level 0."""
    path = written(tmp_path, COUNTER, PLAIN + "INVARIANT Says\n")
    assert main(["spec", str(path), "--json"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["distinct"] == 7
    assert printed.err.splitlines()[:3] == ['<<"at", 0, 0, 1>>', '<<"at", 1, 1, 2>>', '<<"at", 2, 2, 3>>']


def test_a_register_keeps_its_value(tmp_path: Path) -> None:
    """It is read under a quantifier and in a RECURSIVE operator: neither is computed before the run."""
    assert counts(outcome_of(tmp_path, COUNTER, PLAIN + "INVARIANT Keeps\n")) == ("proved", 7, 7, 7)


def test_a_register_that_was_never_set_is_an_error(tmp_path: Path) -> None:
    """The sentence names the register."""
    outcome = outcome_of(tmp_path, COUNTER, PLAIN + "INVARIANT Unset\n")
    assert outcome.failure is not None
    assert "TLCGet(7): nothing was put there by TLCSet" in outcome.failure.message


def test_an_alias_is_shown_in_the_place_of_the_variables(tmp_path: Path) -> None:
    """It sees each state with the next one; the last state is its own next one."""
    outcome = outcome_of(tmp_path, COUNTER, PLAIN + "INVARIANT Small\nALIAS Shown\n")
    assert report("M", outcome).splitlines()[-8:] == [
        "    0  Initial predicate",
        "         double = 0",
        "         grows = TRUE",
        "    1  Next",
        "         double: 0 -> 2",
        "    2  Next",
        "         double: 2 -> 4",
        "         grows: TRUE -> FALSE",
    ]
    assert [moment["alias"] for moment in outcome.as_json()["failure"]["trace"]][
        -1
    ] == "[double |-> 4, grows |-> FALSE]"


def test_a_postcondition_is_asked_after_the_exploration(tmp_path: Path) -> None:
    """TLCGet knows the final numbers: seven states, not eight."""
    assert outcome_of(tmp_path, COUNTER, PLAIN + "POSTCONDITION Seven\n").verdict == "proved"
    outcome = outcome_of(tmp_path, COUNTER, PLAIN + "POSTCONDITION Eight\n")
    assert outcome.failure is not None
    assert (outcome.failure.kind, outcome.failure.property) == ("postcondition", "Eight")


@pytest.mark.parametrize("config", ["INIT Init\nNEXT Other\n", "INIT Start\nNEXT Next\n"])
def test_what_was_left_to_a_lot_is_not_proved(tmp_path: Path, config: str) -> None:
    """RandomElement takes one member, and the same one in every run; what the others lead to was not seen."""
    outcome = outcome_of(tmp_path, COUNTER, config + "CHECK_DEADLOCK FALSE\n")
    assert outcome.verdict == "incomplete"
    assert outcome.reasons[0].startswith("members were taken by lot")
    again = outcome_of(tmp_path, COUNTER, config + "CHECK_DEADLOCK FALSE\n")
    assert counts(again) == counts(outcome)
