"""The standard modules: which names each of them has, and the ones that are written in TLA+ here.

Nat, Seq, Cardinality and their like are built in. Modules of theorems (TLAPS and those it comes with) are empty to a
checker. `Bags`, and those of the community's modules that are definitions, are given by definitions of our own in the
folder `community`; TLC is given the same texts, since it does not come with them.
"""

from __future__ import annotations

from pathlib import Path

from treadle.tla.scope import Builtin, Meaning

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
    "Randomization": {"RandomSubset": 2, "RandomSetOfSubsets": 3},
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
EMPTY = frozenset(
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
        "FunctionsTheorems",
        "FoldsTheorems",
        "WellFoundedInductionTheorems",
    ]
)
EXTENDED = {
    "FiniteSetTheorems": ("FiniteSets",),
    "SequenceTheorems": ("Sequences",),
    "NaturalsInduction": ("Integers",),
}

_FOLDER = Path(__file__).parent / "community"
TEXTS = {path.stem: path for path in sorted(_FOLDER.glob("*.tla"))}


def basics() -> dict[str, Meaning]:
    """Return what every module knows without EXTENDS."""
    return {name: Builtin(name, arity) for name, arity in ALWAYS.items()}


def standard(name: str) -> dict[str, Meaning] | None:
    """Return the names of a standard module that is built in; None if it is not one."""
    if name in _NAMES:
        return {operator: Builtin(operator, arity) for operator, arity in _NAMES[name].items()}
    if name in EMPTY:
        found: dict[str, Meaning] = {}
        for extended in EXTENDED.get(name, ()):
            found.update(standard(extended) or {})
        return found
    return None


def standard_names() -> list[str]:
    """Return the names of all modules that need no file."""
    return sorted({*_NAMES, *EMPTY, *TEXTS})
