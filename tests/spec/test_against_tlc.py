"""TLC is asked for the values of a table of expressions, in one run, and has the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.spec.dumps import ours, theirs, value_of
from tests.spec.expressions import DEFINITIONS, EXPRESSIONS
from tests.spec.written import written
from treadle.cli import main
from treadle.tla import tlc
from treadle.tla.operations import listed
from treadle.tla.specification import load
from treadle.tla.verification import Verification

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.slow,
    pytest.mark.java,
    pytest.mark.skipif(tlc.missing() is not None, reason=f"TLC is not here to be compared with: {tlc.missing()}"),
]


def printed(report: tlc.Report) -> dict[int, str]:
    """Return what TLC printed for each number."""
    text = re.sub(r"\s*\n\s+", " ", report.text)
    return {int(n): v for n, v in re.findall(r'<<\s?"@@",\s*(\d+),\s*(.*?)\s?>>$', text, re.MULTILINE)}


def test_the_values_of_expressions_are_those_of_tlc(tmp_path: Path) -> None:
    """Every construct of the subset, alone and combined: more than 200 expressions, one run of TLC."""
    lines = ["EXTENDS Integers, Sequences, FiniteSets, TLC", DEFINITIONS]
    lines += [f"E{number} == {text}" for number, text in enumerate(EXPRESSIONS)]
    lines += [f'ASSUME PrintT(<<"@@", {number}, E{number}>>)' for number in range(len(EXPRESSIONS))]
    path = written(tmp_path, "\n".join([*lines, "VARIABLE v", "Init == v = 0", "Next == v' = v"]))
    found = printed(tlc.run(path, path.with_suffix(".cfg")))
    spec = load(path)
    assert len(found) == len(EXPRESSIONS) > 200
    differ = {
        text: (spec.value(f"E{number}", (0,)), found[number])
        for number, text in enumerate(EXPRESSIONS)
        if listed(spec.value(f"E{number}", (0,))) != value_of(found[number])
    }
    assert not differ


# Actions of every form: disjunction under conjunction, IF, CASE, LET, \\E over a set that changes, x' \\in S, primes in
# guards, EXCEPT with @, UNCHANGED of a tuple by name, an action with parameters that are expressions.
FORMS = """EXTENDS Integers, Sequences, FiniteSets
CONSTANTS P, a, b
VARIABLES pool, box, line, mark
vars == <<pool, box, line, mark>>
rest == <<line, mark>>
Init == /\\ pool = P /\\ box \\in [P -> {0, 1}] /\\ line = <<>>
        /\\ mark = [kind |-> "none", by |-> {}]
Take(p) == /\\ p \\in pool
           /\\ pool' = pool \\ {p}
           /\\ box' = [box EXCEPT ![p] = IF @ = 0 THEN 2 ELSE @ - 1]
           /\\ UNCHANGED rest
Join(p, n) == LET longer == Append(line, <<p, n>>)
              IN  /\\ Len(longer) <= 2 /\\ p \\notin pool
                  /\\ line' = longer
                  /\\ \\/ n = 0 /\\ mark' = [mark EXCEPT !.kind = "joined"]
                     \\/ n > 0 /\\ mark' = [kind |-> "counted", by |-> {p}]
                  /\\ UNCHANGED <<pool, box>>
Serve == line # <<>> /\\ LET who == Head(line)[1] IN
            CASE Head(line)[2] = 0 -> pool' = pool \\cup {who} /\\ UNCHANGED <<box, mark>> /\\ line' = Tail(line)
              [] Head(line)[2] > 0 -> /\\ line' = Tail(line) /\\ Len(line') < 2
                                      /\\ pool' \\in {pool, pool \\cup {who}}
                                      /\\ box' = [q \\in P |-> 0]
                                      /\\ UNCHANGED mark
Reset == \\E S \\in SUBSET pool : S # {} /\\ Cardinality(S) = Len(line)
            /\\ mark' = [mark EXCEPT !.by = S, !.kind = "reset"] /\\ UNCHANGED <<pool, box, line>>
Next == \\/ \\E p \\in P : Take(p) \\/ Join(p, box[p])
        \\/ Serve
        \\/ Reset
Spec == Init /\\ [][Next]_vars
"""


def test_actions_of_every_form_make_the_steps_of_tlc(tmp_path: Path) -> None:
    """The same states, the same labelled steps, the same counts."""
    config = "CONSTANTS a = a b = b P = {a, b}\nSPECIFICATION Spec\nCHECK_DEADLOCK FALSE\n"
    path = written(tmp_path, FORMS, config.replace("CHECK_DEADLOCK FALSE\n", ""))
    verification = Verification(load(path))
    verification.plan.watch.deadlock = False
    outcome = verification.run()
    report = tlc.run(path, path.with_suffix(".cfg"), edges=True, deadlock=False)
    assert (report.generated, report.distinct, report.depth) == (outcome.generated, outcome.distinct, outcome.depth)
    assert theirs(verification.spec, report.edges) == ours(verification.spec, verification.graph)


def test_the_command_compares(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`treadle spec --tlc` says that TLC agrees, and on what."""
    text = "EXTENDS Integers\nVARIABLE x\nInit == x = 0\nNext == x' = (x + 1) % 5\nSmall == x < 5"
    path = written(tmp_path, text, "INIT Init\nNEXT Next\nINVARIANT Small\n")
    assert main(["spec", str(path), "--tlc"]) == 0
    assert "TLC agrees: proved, 5 distinct states" in capsys.readouterr().out
