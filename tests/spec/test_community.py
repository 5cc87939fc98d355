"""Modules that TLC 2.15 does not come with: the community's definitions, modules of theorems, and what TLC is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.spec.dumps import value_of
from tests.spec.test_against_tlc import printed
from tests.spec.written import outcome_of, spec_of, written
from treadle.cli import main
from treadle.tla import catalogue, tlc
from treadle.tla.handout import hand_out, without_theorems
from treadle.tla.operations import listed
from treadle.tla.values import show

if TYPE_CHECKING:
    from pathlib import Path

HERE = "EXTENDS Integers, Sequences, FiniteSets, TLC, Bags\n"
FROM = """F == INSTANCE Functions
S == INSTANCE FiniteSetsExt
Q == INSTANCE SequencesExt
R == INSTANCE Relation
G == INSTANCE Graphs
B == INSTANCE BagsExt
D == INSTANCE Folds
T == INSTANCE TLCExt
three == [node |-> 1 .. 3, edge |-> {<<1, 2>>, <<2, 3>>}]
next == [a, b \\in 1 .. 3 |-> b = a + 1]
"""
VALUES = {
    "F!Range(<<3, 1, 3>>)": "{1, 3}",
    "F!Restrict(<<3, 1, 4>>, {1, 2})": "<<3, 1>>",
    "F!IsInjective(<<3, 1, 3>>)": "FALSE",
    "Cardinality(F!Injection(1 .. 2, 1 .. 3))": "6",
    "Cardinality(F!Surjection(1 .. 3, 1 .. 2))": "6",
    "F!Bijection({1}, {2, 3})": "{}",
    "F!ExistsBijection({1, 2}, {2, 3})": "TRUE",
    "F!Inverse(<<2, 1>>, 1 .. 2, 1 .. 2)": "<<2, 1>>",
    "F!FoldFunction(+, 0, <<1, 2, 4>>)": "7",
    "F!FoldFunctionOnSet(+, 0, <<1, 2, 4>>, {1, 3})": "5",
    "F!Pointwise(+, <<1, 2>>, <<10, 20>>)": "<<11, 22>>",
    "S!FoldSet(LAMBDA m, n : 2 * m + n, 1, 1 .. 3)": "13",
    "<<S!Sum(1 .. 4), S!Product(1 .. 4), S!Max({2, 7, 5}), S!Min({2, 7, 5})>>": "<<10, 24, 7, 2>>",
    "S!MapThenSumSet(LAMBDA n : n * n, 1 .. 3)": "14",
    "S!FlattenSet({{1}, {1, 2}})": "{1, 2}",
    "S!SymDiff({1, 2}, {2, 3})": "{1, 3}",
    "S!Quantify(1 .. 9, LAMBDA n : n % 2 = 0)": "4",
    "S!kSubset(2, 1 .. 3)": "{{1, 2}, {1, 3}, {2, 3}}",
    "<<S!kSubset(0, {}), S!kSubset(4, 1 .. 3), S!kSubset(-1, 1 .. 3)>>": "<<{{}}, {}, {}>>",
    "S!Choices({{1}, {2, 3}})": "{{1, 2}, {1, 3}}",
    "S!ChooseUnique(2 .. 5, LAMBDA n : n % 3 = 1)": "4",
    "<<Q!ToSet(<<2, 1, 2>>), Q!SetToSeq({1, 2, 3}), Q!SetToSeq({})>>": "<<{1, 2}, <<1, 2, 3>>, <<>>>>",
    "Q!SetToSeqs({1, 2})": "{<<1, 2>>, <<2, 1>>}",
    "Q!SetToSortSeq({1, 2, 3}, >)": "<<3, 2, 1>>",
    "Cardinality(Q!SetToAllKPermutations({1, 2}))": "5",
    "Q!BoundedSeq({7}, 2)": "{<<>>, <<7>>, <<7, 7>>}",
    "Q!ToBag(<<7, 8, 7>>) = (7 :> 2 @@ 8 :> 1)": "TRUE",
    "<<Q!Contains(<<1, 2>>, 2), Q!IsSorted(<<1, 1>>, <=), Q!IsSorted(<<1, 1>>, <)>>": "<<TRUE, TRUE, FALSE>>",
    "<<Q!Reverse(<<1, 2>>), Q!Remove(<<1, 2, 1>>, 1), Q!ReplaceAll(<<1, 2, 1>>, 1, 5)>>": "<<<<2, 1>>, <<2>>, <<5, 2, 5>>>>",
    "<<Q!SelectInSeq(<<5, 6, 6>>, LAMBDA n : n = 6), Q!SelectLastInSeq(<<5, 6, 6>>, LAMBDA n : n = 6)>>": "<<2, 3>>",
    "Q!SelectInSeq(<<5>>, LAMBDA n : n = 6)": "0",
    "<<Q!InsertAt(<<1, 3>>, 2, 2), Q!ReplaceAt(<<1, 3>>, 2, 2), Q!RemoveAt(<<1, 3>>, 1)>>": "<<<<1, 2, 3>>, <<1, 2>>, <<3>>>>",
    "<<Q!RemoveFirst(<<1, 3, 1>>, 1), Q!RemoveFirst(<<1>>, 2), Q!ReplaceFirst(<<1, 1>>, 1, 2)>>": "<<<<3, 1>>, <<1>>, <<2, 1>>>>",
    "<<Q!Cons(1, <<2>>), Q!Front(<<1, 2>>), Q!Last(<<1, 2>>)>>": "<<<<1, 2>>, <<1>>, 2>>",
    "<<Q!IsPrefix(<<1>>, <<1, 2>>), Q!IsStrictPrefix(<<1>>, <<1>>), Q!IsSuffix(<<2>>, <<1, 2>>)>>": "<<TRUE, FALSE, TRUE>>",
    "<<Q!IsSuffix(<<1>>, <<1, 2>>), Q!IsStrictSuffix(<<2>>, <<1, 2>>)>>": "<<FALSE, TRUE>>",
    "Q!Prefixes(<<1, 2>>)": "{<<>>, <<1>>, <<1, 2>>}",
    "Q!Suffixes(<<1, 2>>)": "{<<>>, <<2>>, <<1, 2>>}",
    "Q!LongestCommonPrefix({<<1, 2, 3>>, <<1, 2, 4>>})": "<<1, 2>>",
    "<<Q!FoldLeft(-, 10, <<1, 2>>), Q!FoldRight(-, <<1, 2>>, 10), Q!FoldSeq(-, 10, <<1, 2>>)>>": "<<7, 9, 9>>",
    "Q!FlattenSeq(<<<<1>>, <<>>, <<2, 3>>>>)": "<<1, 2, 3>>",
    "<<R!IsIrreflexive(next, 1 .. 3), R!IsSymmetric(next, 1 .. 3), R!IsTransitive(next, 1 .. 3)>>": "<<TRUE, FALSE, FALSE>>",
    "LET t == R!TransitiveClosure(next, 1 .. 3) IN <<t[1, 3], t[1, 1], t[3, 1]>>": "<<TRUE, FALSE, FALSE>>",
    "<<R!ReflexiveTransitiveClosure(next, 1 .. 3)[1, 1], R!IsConnected(next, 1 .. 3)>>": "<<TRUE, FALSE>>",
    "<<G!IsDirectedGraph(three), G!IsUndirectedGraph(three), G!IsStronglyConnected(three)>>": "<<TRUE, FALSE, FALSE>>",
    "<<G!AreConnectedIn(1, 3, three), G!IsTreeWithRoot(three, 3), G!IsTreeWithRoot(three, 1)>>": "<<TRUE, TRUE, FALSE>>",
    "Cardinality(G!SimplePath(three))": "6",
    "<<1, 2>> \\in G!Path(three)": "TRUE",
    "G!Transpose(three).edge": "{<<2, 1>>, <<3, 2>>}",
    "Cardinality(G!DirectedSubgraph([node |-> {1, 2}, edge |-> {<<1, 2>>}]))": "5",
    "<<B!BagAdd(EmptyBag, 1), B!BagRemove(<<2>>, 1), B!BagRemove(<<1>>, 1)>>": "<<<<1>>, <<1>>, <<>>>>",
    "<<B!BagRemoveAll(<<2>>, 1), B!SumBag(<<2, 3>>), B!ProductBag(<<2, 3>>)>>": "<<<<>>, 8, 8>>",
    "D!MapThenFoldSet(-, 0, LAMBDA n : 2 * n, LAMBDA s : CHOOSE n \\in s : \\A m \\in s : n <= m, 1 .. 3)": "4",
    "T!AssertEq(1, 1)": "TRUE",
}


def text() -> str:
    """Return a module that gives each of the values a name."""
    return HERE + FROM + "\n".join(f"E{number} == {one}" for number, one in enumerate(VALUES))


def test_the_definitions_of_the_community_have_their_values(tmp_path: Path) -> None:
    """Each operator, called through an INSTANCE, has the value that its name promises."""
    spec = spec_of(tmp_path, text() + "\nVARIABLE v\nInit == v = 0\nNext == v' = v")
    found = {one: show(spec.value(f"E{number}", (0,))) for number, one in enumerate(VALUES)}
    assert found == VALUES


@pytest.mark.slow
@pytest.mark.java
@pytest.mark.skipif(tlc.missing() is not None, reason=f"TLC is not here to be compared with: {tlc.missing()}")
def test_tlc_reads_the_same_texts_and_has_the_same_values(tmp_path: Path) -> None:
    """TLC, given our texts of the community's modules, finds the same values."""
    lines = [text(), *(f'ASSUME PrintT(<<"@@", {number}, E{number}>>)' for number in range(len(VALUES)))]
    path = written(tmp_path, "\n".join([*lines, "VARIABLE v", "Init == v = 0", "Next == v' = v"]))
    found = printed(tlc.run(path, path.with_suffix(".cfg")))
    spec = spec_of(tmp_path, f"{text()}\nVARIABLE v\nInit == v = 0\nNext == v' = v")
    ours = {number: listed(spec.value(f"E{number}", (0,))) for number in range(len(VALUES))}
    assert {number: value_of(said) for number, said in found.items()} == ours


def test_a_file_of_the_same_name_goes_first(tmp_path: Path) -> None:
    """A module beside the root is the one that is meant, whatever is here under its name."""
    (tmp_path / "Functions.tla").write_text("---- MODULE Functions ----\nRange(f) == 7\n====\n")
    spec = spec_of(tmp_path, "EXTENDS Functions\nVARIABLE v\nInit == v = 0\nNext == v' = v\nIt == Range(<<>>)")
    assert spec.value("It", (0,)) == 7


PROVED = """---- MODULE M ----
EXTENDS Integers, TLAPS
VARIABLE x
Init == x = 0
LEMMA Small == x \\in 0 .. 3 => x < 4
<1>1. TAKE y \\in Nat
<1>2. QED BY SMT, PTL DEF Init
Next == x' = (x + 1) % 4
THEOREM Init => x = 0  OBVIOUS
Spec == Init /\\ [][Next]_x
====
"""


def test_theorems_are_blanked_and_nothing_moves() -> None:
    """What is left of a module without its theorems stands where it stood."""
    lines = without_theorems("M.tla", PROVED).split("\n")
    assert [line.strip() for line in lines[4:7]] == ["", "", ""]
    assert lines[7] == "Next == x' = (x + 1) % 4"
    assert lines[8].strip() == ""
    assert lines[:4] == PROVED.split("\n")[:4]
    assert lines[9:] == PROVED.split("\n")[9:]
    assert without_theorems("M.tla", "---- MODULE M ----\n???") == "---- MODULE M ----\n???"


def test_what_tlc_lacks_is_handed_out(tmp_path: Path) -> None:
    """Modules of theorems come empty, those of the community as here, with what they use; no CHECK_DEADLOCK."""
    place = tmp_path / "place"
    place.mkdir()
    (tmp_path / "M.tla").write_text(
        PROVED.replace("TLAPS", "TLAPS, FiniteSetTheorems, SequencesExt, FiniteSetsExt, Bags")
    )
    (tmp_path / "M.cfg").write_text("SPECIFICATION Spec\nCHECK_DEADLOCK FALSE\nINVARIANT Init\n")
    hand_out(tmp_path / "M.tla", tmp_path / "M.cfg", place)
    names = {path.stem for path in place.glob("*.tla")}
    assert names == {"M", "TLAPS", "FiniteSetTheorems", "SequencesExt", "FiniteSetsExt", "Functions", "Folds"}
    assert "EXTENDS FiniteSets" in (place / "FiniteSetTheorems.tla").read_text()
    assert (place / "model.cfg").read_text().split() == ["SPECIFICATION", "Spec", "INVARIANT", "Init"]


@pytest.mark.slow
@pytest.mark.java
@pytest.mark.skipif(tlc.missing() is not None, reason=f"TLC is not here to be compared with: {tlc.missing()}")
def test_tlc_agrees_on_a_module_with_proofs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A module with proofs, and a configuration with CHECK_DEADLOCK, can be compared; so can one without a behaviour."""
    (tmp_path / "M.tla").write_text(PROVED)
    (tmp_path / "M.cfg").write_text("SPECIFICATION Spec\nCHECK_DEADLOCK FALSE\n")
    assert main(["spec", str(tmp_path / "M.tla"), "--tlc"]) == 0
    assert "TLC agrees: proved, 4 distinct states" in capsys.readouterr().out
    (tmp_path / "A.tla").write_text("---- MODULE A ----\nEXTENDS Integers\nASSUME 1 + 1 = 2\n====\n")
    (tmp_path / "A.cfg").write_text("")
    assert main(["spec", str(tmp_path / "A.tla"), "--tlc"]) == 0


def test_tlc_without_an_answer_is_not_a_disagreement() -> None:
    """Where TLC stopped at an error of its own, the report has its words."""
    report = tlc.read_report("Parsing file A.tla\n***Parse Error***\nWas expecting X\n", 1.0)
    assert tlc.trouble(report) == "***Parse Error*** Was expecting X"
    assert tlc.trouble(tlc.read_report("Model checking completed. No error has been found.", 1.0)) is None


MEMBERS = """EXTENDS Integers, Sequences, FiniteSets
CONSTANT None
VARIABLE x
Slots == UNION {[0 .. 2 -> Int \\cup {None}]}
Init == x = [slots |-> [i \\in 0 .. 2 |-> None], held |-> <<>>]
Next == x.held = <<>> /\\ x' = [slots |-> [i \\in 0 .. 2 |-> i], held |-> <<5, 6>>]
TypeOK == x \\in [slots : Slots, held : UNION {[1 .. n -> Nat] : n \\in 0 .. 2}]
Orders == {f \\in [1 .. 9 -> 1 .. 9] : \\A i, j \\in 1 .. 9 : i # j => f[i] # f[j]}
Vast == [i \\in 1 .. 9 |-> 10 - i] \\in Orders /\\ [i \\in 1 .. 9 |-> 1] \\notin Orders
Over == {S \\in SUBSET SUBSET DOMAIN x.slots : UNION S = DOMAIN x.slots}
Covers == {{0, 1}, {1, 2}} \\in Over /\\ {{0, 1}} \\notin Over /\\ 7 \\notin Over
"""


def test_membership_asks_the_parts_of_a_set(tmp_path: Path) -> None:
    """What cannot be listed can be asked: a union of infinite sets, 387,420,489 functions of which few are meant."""
    outcome = outcome_of(
        tmp_path,
        MEMBERS,
        "CONSTANT None = None\nINIT Init\nNEXT Next\nINVARIANTS TypeOK Vast Covers\nCHECK_DEADLOCK FALSE",
    )
    assert (outcome.verdict, outcome.distinct) == ("proved", 2)


def test_an_interval_is_equal_to_the_set_of_its_elements(tmp_path: Path) -> None:
    """However it is written, an interval is compared by its elements."""
    pairs = {
        "1 .. 3 = {3, 2, 1}": "TRUE",
        "{1, 2, 4} = 1 .. 3": "FALSE",
        "3 .. 1 = 9 .. 4": "TRUE",
        "1 .. 2 = 1 .. 3": "FALSE",
        "1 .. 2 = {TRUE, 2}": "FALSE",
        "1 .. 3 = (1 .. 5) \\cap (0 .. 3)": "TRUE",
    }
    both = ", ".join(pairs)
    spec = spec_of(tmp_path, f"EXTENDS Integers\nVARIABLE v\nInit == v = 0\nNext == v' = v\nIt == <<{both}>>")
    assert show(spec.value("It", (0,))) == f"<<{', '.join(pairs.values())}>>"


def test_every_text_of_the_community_is_read() -> None:
    """The folder has what the catalogue names."""
    names = {"Bags", "BagsExt", "FiniteSetsExt", "Folds", "Functions", "Graphs", "Relation", "SequencesExt", "TLCExt"}
    assert set(catalogue.TEXTS) == names
