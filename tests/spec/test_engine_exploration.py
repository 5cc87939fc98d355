"""The explorer: counts, shortest counterexamples, deadlock, constraints, view, symmetry, coverage, limits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.spec.written import counts, outcome_of, spec_of, written
from treadle.cli import main
from treadle.report.spec import report
from treadle.tla.exploration import Limits
from treadle.tla.graph import as_dot, as_json, labelled_edges
from treadle.tla.verification import Verification

if TYPE_CHECKING:
    from pathlib import Path

TURNSTILE = """EXTENDS Integers
CONSTANT N
VARIABLE at
Init == at = [p \\in 1 .. N |-> "before"]
Arrive(p) == at[p] = "before" /\\ at' = [at EXCEPT ![p] = "after"]
Open == (\\A p \\in 1 .. N : at[p] = "after") /\\ at' = [p \\in 1 .. N |-> "before"]
Next == Open \\/ \\E p \\in 1 .. N : Arrive(p)
Spec == Init /\\ [][Next]_at
TypeOK == at \\in [1 .. N -> {"before", "after"}]
Early == \\E p \\in 1 .. N : at[p] = "before"
"""
CLOCK = "EXTENDS Integers\nVARIABLES h, m\nInit == h = 0 /\\ m = 0\n"
CLOCK += "Tick == m < 2 /\\ m' = m + 1 /\\ h' = h\nStrike == m = 2 /\\ m' = 0 /\\ h' = (h + 1) % 3\n"
CLOCK += "Next == Tick \\/ Strike\nvars == <<h, m>>\nNoon == ~(h = 1 /\\ m = 1)\n"
PLAIN = "INIT Init\nNEXT Next\n"


def test_a_barrier_of_six_has_64_states(tmp_path: Path) -> None:
    """2^6 states; each state with k still to arrive has k successors, the last one: 6 * 2^5 + 1, and the initial one."""
    config = "CONSTANT N = 6\nSPECIFICATION Spec\nINVARIANT TypeOK\n"
    assert counts(outcome_of(tmp_path, TURNSTILE, config)) == ("proved", 194, 64, 7)


def test_a_counterexample_is_shortest_and_shows_what_changed(tmp_path: Path) -> None:
    """The report, word for word: 1 + 2 + ... steps are needed, and no more are shown."""
    outcome = outcome_of(tmp_path, TURNSTILE, "CONSTANT N = 2\nSPECIFICATION Spec\nINVARIANT Early\n")
    outcome.seconds = 0.0
    assert report("M (M.cfg)", outcome) == (
        "M (M.cfg): FAILED: Early is violated\n"
        "  4 distinct states, 4 generated, depth 2, 0.00 s\n"
        "  checked: Early\n"
        "\n"
        "    0  Initial predicate\n"
        '         at = <<"before", "before">>\n'
        "    1  Arrive(1)\n"
        '         at[1]: "before" -> "after"\n'
        "    2  Arrive(2)\n"
        '         at[2]: "before" -> "after"'
    )


def test_deadlock_is_a_state_without_a_next_state(tmp_path: Path) -> None:
    """It is found where it is, and not looked for if the configuration says so."""
    text = "EXTENDS Integers\nVARIABLE x\nInit == x = 0\nNext == x < 3 /\\ x' = x + 1"
    outcome = outcome_of(tmp_path, text)
    assert outcome.failure is not None
    assert (outcome.failure.kind, outcome.failure.trace[-1].state) == ("deadlock", (3,))
    assert counts(outcome_of(tmp_path, text, PLAIN + "CHECK_DEADLOCK FALSE\n")) == ("proved", 4, 4, 4)


def test_initial_states_are_counted_as_often_as_they_are_made(tmp_path: Path) -> None:
    """Two ways to the same initial state: generated twice, distinct once."""
    text = "VARIABLE x\nInit == x \\in {1, 2} \\/ x = 1\nNext == x' = x"
    assert counts(outcome_of(tmp_path, text)) == ("proved", 5, 2, 1)


def test_an_initial_state_may_violate(tmp_path: Path) -> None:
    """The trace is that one state."""
    outcome = outcome_of(tmp_path, CLOCK + "No == m # 0", PLAIN + "INVARIANT No\n")
    assert outcome.failure is not None
    assert [moment.action for moment in outcome.failure.trace] == ["Initial predicate"]


def test_a_false_assumption_is_told_before_anything_else(tmp_path: Path) -> None:
    """With its place and its text."""
    text = "EXTENDS Integers\nCONSTANT N\nASSUME N > 3\nVARIABLE x\nInit == x = 0\nNext == x' = 0"
    outcome = outcome_of(tmp_path, text, PLAIN + "CONSTANT N = 3\n")
    assert outcome.failure is not None
    assert outcome.failure.kind == "assumption"
    assert outcome.failure.message == "the assumption M.tla:4:8 is false: N > 3"


def test_an_action_property_is_asked_of_every_step(tmp_path: Path) -> None:
    """[][A]_v: the step that is not A is the last of the trace."""
    text = CLOCK + "Up == [][m' >= m]_vars"
    outcome = outcome_of(tmp_path, text, PLAIN + "PROPERTY Up\n")
    assert outcome.failure is not None
    assert (outcome.failure.kind, outcome.failure.property) == ("step", "Up")
    assert [moment.action for moment in outcome.failure.trace] == ["Initial predicate", "Tick", "Tick", "Strike"]
    assert (
        outcome_of(tmp_path, CLOCK + "Up == [][m' >= m \\/ h' # h]_vars", PLAIN + "PROPERTY Up\n").verdict == "proved"
    )


def test_a_state_is_looked_at_before_the_step_that_leads_to_it(tmp_path: Path) -> None:
    """Where one step violates an invariant and an action property, the invariant is told, as TLC tells it."""
    both = CLOCK + "Spec == Init /\\ [][Next]_vars\nSmall == m < 2\nSlow == [][m' < 2]_vars\n"
    config = "SPECIFICATION Spec\nINVARIANT Small\nPROPERTY Slow\n"
    outcome = outcome_of(tmp_path, both, config)
    assert outcome.failure is not None
    assert (outcome.failure.kind, outcome.failure.property) == ("invariant", "Small")


def test_an_action_constraint_drops_steps(tmp_path: Path) -> None:
    """Strike is never taken: the three states of the first hour remain, the last of them without a successor."""
    text = CLOCK + "Same == h' = h"
    assert counts(outcome_of(tmp_path, text, PLAIN + "ACTION_CONSTRAINT Same\n")) == ("proved", 4, 3, 3)


def test_a_view_tells_states_apart(tmp_path: Path) -> None:
    """States that look the same are one: the first that was met."""
    assert counts(outcome_of(tmp_path, CLOCK, PLAIN)) == ("proved", 10, 9, 9)
    assert counts(outcome_of(tmp_path, CLOCK + "Seen == m", PLAIN + "VIEW Seen\n")) == ("proved", 4, 3, 3)


SYMMETRIC = """EXTENDS TLC
CONSTANTS P, a, b, c
VARIABLES done, order
Init == done = {} /\\ order = [p \\in P |-> 0]
Go(p) == p \\notin done /\\ done' = done \\cup {p} /\\ order' = [order EXCEPT ![p] = 1]
Back == done = P /\\ done' = {} /\\ order' = [p \\in P |-> 0]
Next == Back \\/ \\E p \\in P : Go(p)
Perms == Permutations(P)
Swap == {(a :> b) @@ (b :> a) @@ (c :> c)}
Fewer == done # P
"""
ABC = "CONSTANTS a = a b = b c = c P = {a, b, c}\n" + PLAIN


def test_symmetry_counts_orbits(tmp_path: Path) -> None:
    """Subsets of three by their size: 4 orbits of 8 states; if only two may be swapped, 6."""
    assert counts(outcome_of(tmp_path, SYMMETRIC, ABC))[2] == 8
    assert counts(outcome_of(tmp_path, SYMMETRIC, ABC + "SYMMETRY Perms\n")) == ("proved", 8, 4, 4)
    assert counts(outcome_of(tmp_path, SYMMETRIC, ABC + "SYMMETRY Swap\n"))[2] == 6


def test_symmetry_keeps_violations(tmp_path: Path) -> None:
    """The trace under symmetry is a behaviour as it is."""
    outcome = outcome_of(tmp_path, SYMMETRIC, ABC + "SYMMETRY Perms\nINVARIANT Fewer\n")
    assert outcome.failure is not None
    assert [moment.action for moment in outcome.failure.trace] == ["Initial predicate", "Go(a)", "Go(b)", "Go(c)"]


def test_coverage_counts_disjuncts(tmp_path: Path) -> None:
    """Every disjunct with the steps that it made; one that is never taken shows with 0."""
    text = "EXTENDS Integers\nVARIABLE x\nInit == x = 0\nGo == \\/ x = 0 /\\ x' = 1\n      \\/ x = 1 /\\ x' = 0\n      \\/ x = 7 /\\ x' = 0\nStay == x' = x\nNext == Go \\/ Stay"
    found = [(part.action, part.place, part.generated) for part in outcome_of(tmp_path, text).coverage]
    assert found == [
        ("Go", "M.tla:5:10", 1),
        ("Go", "M.tla:6:10", 1),
        ("Go", "M.tla:7:10", 0),
        ("Stay", "M.tla:8:9", 2),
    ]


def test_a_limit_makes_the_verdict_incomplete(tmp_path: Path) -> None:
    """Whatever was cut off, nothing is called proved."""
    text = "EXTENDS Integers\nVARIABLE x\nInit == x = 0\nNext == x' = x + 1"
    outcome = Verification(spec_of(tmp_path, text), limits=Limits(states=1000)).run()
    assert (outcome.verdict, outcome.complete) == ("incomplete", False)
    assert outcome.reasons == ["stopped after 1001 states (the limit was 1000)"]
    timed = Verification(spec_of(tmp_path, text), limits=Limits(seconds=0.05)).run()
    assert timed.reasons == ["stopped after 0.05 seconds"]


def test_ctrl_c_ends_with_what_was_found(tmp_path: Path) -> None:
    """An interrupted exploration is incomplete, not lost."""
    verification = Verification(spec_of(tmp_path, "EXTENDS Integers\nVARIABLE x\nInit == x = 0\nNext == x' = x + 1"))
    calls = 0

    def press(state: object) -> bool:
        nonlocal calls
        calls += 1
        if calls == 50:
            raise KeyboardInterrupt
        return True

    verification.plan.watch.every_invariant = press
    outcome = verification.run()
    assert (outcome.verdict, outcome.reasons, outcome.distinct) == ("incomplete", ["interrupted"], 50)


def test_the_state_graph_goes_out_as_dot_and_json(tmp_path: Path) -> None:
    """Two states, two steps, with the actions that take them."""
    text = 'VARIABLE x\nInit == x = "a"\nFlip(v) == x # v /\\ x\' = v\nNext == \\E v \\in {"a", "b"} : Flip(v)'
    verification = Verification(spec_of(tmp_path, text))
    verification.run()
    edges = list(labelled_edges(verification.spec, verification.graph))
    assert [tuple(edge) for edge in edges] == [(0, "Flip", 'Flip("b")', 1), (1, "Flip", 'Flip("a")', 0)]
    assert '0 -> 1 [label="Flip(\\"b\\")"];' in as_dot(verification.spec, verification.graph)
    whole = json.loads(as_json(verification.spec, verification.graph))
    assert whole["states"] == [['"a"'], ['"b"']]
    assert whole["edges"] == [[0, 'Flip("b")', 1], [1, 'Flip("a")', 0]]
    assert whole["initial"] == [0]


@pytest.mark.parametrize(
    ("config", "code", "verdict"),
    [
        ("INVARIANT TypeOK\n", 0, "proved"),
        ("INVARIANT Early\n", 1, "failed"),
        ("CONSTRAINT Early\n", 0, "proved"),
        ("INVARIANT Nothing\n", 2, None),
    ],
)
def test_the_command_ends_with_the_code_of_the_verdict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], config: str, code: int, verdict: str | None
) -> None:
    """0 proved, 1 failed, 2 wrong usage; one JSON object and nothing else."""
    path = written(tmp_path, TURNSTILE, "CONSTANT N = 3\nSPECIFICATION Spec\n" + config)
    assert main(["spec", str(path), "--json"]) == code
    found = json.loads(capsys.readouterr().out)
    assert found.get("verdict") == verdict
    if verdict is not None:
        assert {"generated", "distinct", "depth", "seconds", "complete", "reasons", "failure"} <= set(found)


def test_the_command_says_incomplete_with_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A limit that was met is never 0."""
    path = written(tmp_path, "EXTENDS Integers\nVARIABLE x\nInit == x = 0\nNext == x' = x + 1")
    assert main(["spec", str(path), "--max-states", "300"]) == 3
    assert "incomplete" in capsys.readouterr().out
