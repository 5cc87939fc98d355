"""Operators bind as SANY has them: every pair that is legal has SANY's tree, and every pair that is not is refused by both.

The operators are defined to build tuples, `a + b == <<"+", a, b>>`, so that the value of an expression is its tree and
TLC can be asked for it.
"""

from __future__ import annotations

import re
import subprocess
from itertools import product
from typing import TYPE_CHECKING

import pytest

from tests.spec.test_against_tlc import printed
from tests.spec.written import spec_of, written
from treadle.errors import SpecSyntaxError
from treadle.tla import tlc
from treadle.tla.operators import INFIX, binds
from treadle.tla.source import Source
from treadle.tla.specification import load
from treadle.tla.units import parse
from treadle.tla.values import show

if TYPE_CHECKING:
    from pathlib import Path

java = pytest.mark.skipif(tlc.missing() is not None, reason=f"TLC is not here to be compared with: {tlc.missing()}")
# One of each range of precedences and each associativity, and their neighbours. Those of TLA+ itself cannot be defined.
OURS = [
    "\\prec",
    "<",
    "..",
    "##",
    "??",
    "\\sqcup",
    "+",
    "++",
    "%",
    "%%",
    "|",
    "-",
    "--",
    "\\wr",
    "&",
    "*",
    "/",
    "\\div",
    "\\o",
    "^",
    "^^",
    "$",
    "\\oplus",
]
FIXED = ["=>", "<=>", "/\\", "\\/", "=", "#", "\\in", "\\cup", "\\cap", "\\", "\\X", "~>"]
LEGAL = [(one, two) for one, two in product(OURS, OURS) if binds(INFIX[one], INFIX[two]) != "conflict"]
CONFLICTS = [
    (one, two) for one, two in product(OURS + FIXED, OURS + FIXED) if binds(INFIX[one], INFIX[two]) == "conflict"
]
DEFINITIONS = "".join(f"a {name} b == <<{number}, a, b>>\n" for number, name in enumerate(OURS))


def test_the_legal_pairs_are_read_as_the_table_says(tmp_path: Path) -> None:
    """By hand: a minus chain leans left, a product binds tighter than a sum, which binds looser than a difference."""
    text = "EXTENDS Integers\nVARIABLE x\nInit == x = 0\nNext == x' = x\n"
    text += "It == <<10 - 3 - 2, 2 + 3 * 4, 10 - 3 + 2, 1 + 2 - 3, -2 + 5, 2 * 3 ^ 2, -3 ^ 2, ~ TRUE => FALSE>>"
    assert show(spec_of(tmp_path, text).value("It", (0,))) == "<<5, 14, 9, 0, 3, 18, -9, TRUE>>"


SETS = {
    "SUBSET {1} \\ {{}}": "{{1}}",
    "SUBSET {1} \\cup {{2}}": "{{}, {1}, {2}}",
    "UNION {{1}} \\cup {2}": "{1, 2}",
    "{3} \\cup UNION {{1}} \\cup {2}": "{1, 2, 3}",
    "DOMAIN <<7, 8>> \\ {1}": "{2}",
    "UNION SUBSET {1, 2}": "{1, 2}",
    "{1} \\in SUBSET {1} \\ {{}}": "TRUE",
    "DOMAIN <<7>> = {1}": "TRUE",
}


def test_the_prefix_operators_of_sets_bind_tighter_than_the_infix_ones(tmp_path: Path) -> None:
    """SUBSET, UNION and DOMAIN take what stands next to them, as in SANY; with a product or a sum they conflict."""
    text = f"EXTENDS Integers\nVARIABLE x\nInit == x = 0\nNext == x' = x\nIt == <<{', '.join(SETS)}>>"
    assert show(spec_of(tmp_path, text).value("It", (0,))) == f"<<{', '.join(SETS.values())}>>"
    for conflict in ("SUBSET {1} \\X {2}", "DOMAIN <<1>> + 1", "UNION {{1}} \\X {1}"):
        with pytest.raises(SpecSyntaxError, match="precedence conflict"):
            parse(Source("M.tla", f"---- MODULE M ----\nIt == {conflict}\n===="))


@pytest.mark.slow
@pytest.mark.java
@java
def test_tlc_has_the_same_sets(tmp_path: Path) -> None:
    """The table, by TLC."""
    lines = [f'ASSUME PrintT(<<"@@", {number}, {one}>>)' for number, one in enumerate(SETS)]
    path = written(
        tmp_path, "\n".join(["EXTENDS Integers, TLC", *lines, "VARIABLE v", "Init == v = 0", "Next == v' = v"])
    )
    assert list(printed(tlc.run(path, path.with_suffix(".cfg"))).values()) == list(SETS.values())


@pytest.mark.parametrize(("one", "two"), CONFLICTS[::7])
def test_a_conflict_is_refused(one: str, two: str) -> None:
    """Without parentheses neither may have the operand between them."""
    with pytest.raises(SpecSyntaxError, match="precedence conflict"):
        parse(Source("M.tla", f"---- MODULE M ----\nIt == 1 {one} 2 {two} 3\n===="))


@pytest.mark.slow
@pytest.mark.java
@java
def test_every_legal_pair_has_the_tree_that_sany_makes(tmp_path: Path) -> None:
    """All 288 pairs of our operators that do not conflict, in one run of TLC."""
    lines = [f"E{number} == 1 {one} 2 {two} 3" for number, (one, two) in enumerate(LEGAL)]
    lines += [f'ASSUME PrintT(<<"@@", {number}, E{number}>>)' for number in range(len(LEGAL))]
    head = f"LOCAL INSTANCE TLC\n{DEFINITIONS}"
    path = written(tmp_path, "\n".join([head, *lines, "VARIABLE v", "Init == v = 0", "Next == v' = v"]))
    found = printed(tlc.run(path, path.with_suffix(".cfg")))
    spec = load(path)
    assert len(found) == len(LEGAL) == 288
    for number, pair in enumerate(LEGAL):
        assert show(spec.value(f"E{number}", (0,))) == re.sub(r"\s+", " ", found[number]), pair


@pytest.mark.slow
@pytest.mark.java
@java
def test_sany_refuses_the_same_pairs(tmp_path: Path) -> None:
    """A sample of the conflicts; SANY ends at its first error, so each is a run."""
    for one, two in CONFLICTS[::60]:
        (tmp_path / "C.tla").write_text(f"---- MODULE C ----\nIt == 1 {one} 2 {two} 3\n====\n")
        command = ["java", "-cp", str(tlc.jar()), "tla2sany.SANY", "C.tla"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert "Precedence conflict" in done.stdout + done.stderr, (one, two)
