"""The standard modules: which names each of them has, and the ones that are written in TLA+ here.

Nat, Seq, Cardinality and their like are built in. Modules of theorems (TLAPS and those it comes with) are empty to a
checker. `Bags` is given by its definitions.
"""

from __future__ import annotations

from treadle.tla.scope import Builtin, Meaning
from treadle.tla.source import Source

ALWAYS = {
    **dict.fromkeys(("TRUE", "FALSE", "BOOLEAN", "STRING"), 0),
    **dict.fromkeys(("~", "'", "UNCHANGED", "ENABLED", "SUBSET", "UNION", "DOMAIN", "[]", "<>"), 1),
    **dict.fromkeys(
        ("=>", "<=>", "=", "#", "\\in", "\\notin", "\\cup", "\\cap", "\\", "\\subseteq", "~>", "\\cdot", "-+->"), 2
    ),
    "/\\": 2,
    "\\/": 2,
}
_NATURALS = {**dict.fromkeys(("+", "-", "*", "^", "<", ">", "<=", ">=", "..", "\\div", "%"), 2), "Nat": 0}
_INTEGERS = {**_NATURALS, "Int": 0, "-.": 1}
_NAMES: dict[str, dict[str, int]] = {
    "Naturals": _NATURALS,
    "Integers": _INTEGERS,
    "Reals": _INTEGERS,
    "Sequences": {"Seq": 1, "Len": 1, "\\o": 2, "Append": 2, "Head": 1, "Tail": 1, "SubSeq": 3, "SelectSeq": 2},
    "FiniteSets": {"IsFiniteSet": 1, "Cardinality": 1},
    "TLC": {
        ":>": 2,
        "@@": 2,
        "Permutations": 1,
        "SortSeq": 2,
        "Print": 2,
        "PrintT": 1,
        "Assert": 2,
        "ToString": 1,
        "TLCEval": 1,
        "JavaTime": 0,
        "RandomElement": 1,
        "TLCGet": 1,
        "TLCSet": 2,
        "Any": 0,
    },
}
_EMPTY = frozenset(
    [
        "TLAPS",
        "Toolbox",
        "FiniteSetTheorems",
        "NaturalsInduction",
        "SequenceTheorems",
        "WellFoundedInduction",
        "FunctionTheorems",
        "FiniteSetsExtTheorems",
        "SequencesExtTheorems",
        "BagsTheorems",
        "Peano",
        "ProtoReals",
    ]
)
_EXTENDED = {
    "FiniteSetTheorems": ("FiniteSets",),
    "SequenceTheorems": ("Sequences",),
    "NaturalsInduction": ("Integers",),
}

_BAGS = r"""---- MODULE Bags ----
LOCAL INSTANCE Naturals
IsABag(B) == B \in [DOMAIN B -> {n \in Nat : n > 0}]
BagToSet(B) == DOMAIN B
SetToBag(S) == [e \in S |-> 1]
BagIn(e, B) == e \in BagToSet(B)
EmptyBag == SetToBag({})
CopiesIn(e, B) == IF BagIn(e, B) THEN B[e] ELSE 0
B1 (+) B2 == [e \in (DOMAIN B1) \cup (DOMAIN B2) |-> CopiesIn(e, B1) + CopiesIn(e, B2)]
B1 (-) B2 == LET left == {e \in DOMAIN B1 : CopiesIn(e, B1) > CopiesIn(e, B2)}
             IN  [e \in left |-> B1[e] - CopiesIn(e, B2)]
B1 \sqsubseteq B2 == \A e \in DOMAIN B1 : B1[e] <= CopiesIn(e, B2)
RECURSIVE Total(_, _)
LOCAL Total(B, S) == IF S = {} THEN 0 ELSE LET e == CHOOSE x \in S : TRUE IN B[e] + Total(B, S \ {e})
BagCardinality(B) == Total(B, DOMAIN B)
RECURSIVE Together(_)
LOCAL Together(S) == IF S = {} THEN EmptyBag ELSE LET b == CHOOSE x \in S : TRUE IN b (+) Together(S \ {b})
BagUnion(S) == Together(S)
BagOfAll(F(_), B) == LET images == {F(e) : e \in DOMAIN B}
                     IN  [i \in images |-> Total(B, {e \in DOMAIN B : F(e) = i})]
SubBag(B) == LET below(e) == 0 .. B[e]
                 all == [DOMAIN B -> UNION {below(e) : e \in DOMAIN B}]
             IN  {[e \in {d \in DOMAIN f : f[d] > 0} |-> f[e]] : f \in {g \in all : \A e \in DOMAIN B : g[e] <= B[e]}}
====
"""
TEXTS = {"Bags": Source("Bags.tla", _BAGS)}


def basics() -> dict[str, Meaning]:
    """Return what every module knows without EXTENDS."""
    return {name: Builtin(name, arity) for name, arity in ALWAYS.items()}


def standard(name: str) -> dict[str, Meaning] | None:
    """Return the names of a standard module that is built in; None if it is not one."""
    if name in _NAMES:
        return {operator: Builtin(operator, arity) for operator, arity in _NAMES[name].items()}
    if name in _EMPTY:
        found: dict[str, Meaning] = {}
        for extended in _EXTENDED.get(name, ()):
            found.update(standard(extended) or {})
        return found
    return None


def standard_names() -> list[str]:
    """Return the names of all modules that need no file."""
    return sorted({*_NAMES, *_EMPTY, *TEXTS})
