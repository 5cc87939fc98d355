r"""The operators that TLA+ has by syntax: how they are spelt, how tightly they bind.

Every operator has a *range* of precedences. Of two neighbours the one whose whole range is higher binds tighter; where
the ranges overlap there is no winner, and the text is wrong unless it is twice the same left-associative operator.
That is why `a \cup b \cap c` and `p /\ q \/ r` on one line are errors, and `a + b - c` means `a + (b - c)`.

Source: Lamport, *Specifying Systems*, table 6, and what SANY does. They differ for SUBSET, UNION and DOMAIN (8, 8, 9 in
the book, 10-13 in SANY): `SUBSET S \ {{}}`, which the book forbids and many specifications have, is `(SUBSET S) \ {{}}`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator symbol: its canonical name, its precedence range, and whether it associates to the left."""

    name: str
    low: int
    high: int
    left: bool = False


SYNONYMS = {
    "\\land": "/\\",
    "\\lor": "\\/",
    "\\lnot": "~",
    "\\neg": "~",
    "\\equiv": "<=>",
    "/=": "#",
    "=<": "<=",
    "\\leq": "<=",
    "\\geq": ">=",
    "\\intersect": "\\cap",
    "\\union": "\\cup",
    "\\circ": "\\o",
    "\\times": "\\X",
    "(+)": "\\oplus",
    "(-)": "\\ominus",
    "(.)": "\\odot",
    "(/)": "\\oslash",
    "(\\X)": "\\otimes",
}

PREFIX = {
    name: Operator(name, low, high)
    for name, low, high in (
        ("~", 4, 4),
        ("ENABLED", 4, 15),
        ("UNCHANGED", 4, 15),
        ("[]", 4, 15),
        ("<>", 4, 15),
        ("SUBSET", 10, 13),
        ("UNION", 10, 13),
        ("DOMAIN", 10, 13),
        ("-", 12, 12),
    )
}

POSTFIX = {name: Operator(name, 15, 15) for name in ("'", "^+", "^*", "^#")}

_RELATIONS = (
    ":= ::= = # < > <= >= \\approx \\asymp \\cong \\doteq \\gg \\ll \\in \\notin \\prec \\preceq \\propto \\sim "
    "\\simeq \\sqsubset \\sqsubseteq \\sqsupset \\sqsupseteq \\subset \\subseteq \\succ \\succeq \\supset "
    "\\supseteq |- -| |= =|"
)
_LEFT = {
    (3, 3): "/\\ \\/",
    (5, 14): "\\cdot",
    (6, 6): "@@",
    (8, 8): "\\cap \\cup",
    (9, 13): "## $ $$ ?? \\sqcap \\sqcup \\uplus",
    (10, 10): "+ ++ \\oplus",
    (10, 11): "%% | ||",
    (10, 13): "\\X",
    (11, 11): "- -- \\ominus",
    (13, 13): "& && \\odot \\otimes * ** \\bigcirc \\bullet \\o \\star",
}
_ALONE = {
    (1, 1): "=>",
    (2, 2): "-+-> <=> ~>",
    (5, 5): _RELATIONS,
    (7, 7): ":> <:",
    (8, 8): "\\",
    (9, 9): ".. ...",
    (9, 13): "!!",
    (9, 14): "\\wr",
    (10, 11): "%",
    (13, 13): "\\oslash / // \\div",
    (14, 14): "^ ^^",
}

INFIX = {
    name: Operator(name, low, high, left=left)
    for left, table in ((True, _LEFT), (False, _ALONE))
    for (low, high), names in table.items()
    for name in names.split()
}

# One character for each symbol, in the manner of Unicode TLA+ (the table of tlaplus-community/tlauc).
_PAIRS = (
    "≜=== ∧=/\\ ∨=\\/ ¬=~ ⇒==> ⇔=<=> ⟺=<=> ≡=<=> ∀=\\A ∃=\\E ∈=\\in ∉=\\notin ∪=\\cup ∩=\\cap ⊆=\\subseteq "
    "⊇=\\supseteq ⊂=\\subset ⊃=\\supset ×=\\X →=-> ⟶=-> ↦=|-> ⟼=|-> ←=<- ⟵=<- ≠=# ≤=<= ≥=>= □=[] ◇=<> ⋄=<> ↝=~> ⟨=<< ⟩=>> "
    "〈=<< 〉=>> ′=' ∘=\\o ⊕=\\oplus ⊖=\\ominus ⊗=\\otimes ⊘=\\oslash ⊙=\\odot ≺=\\prec ≻=\\succ ⪯=\\preceq ⪰=\\succeq "
    "≼=\\preceq ≽=\\succeq ≪=\\ll ≫=\\gg ∼=\\sim ≃=\\simeq ≈=\\approx ≅=\\cong ≍=\\asymp ≐=\\doteq ∝=\\propto "
    "⊏=\\sqsubset ⊐=\\sqsupset ⊑=\\sqsubseteq ⊒=\\sqsupseteq ⊓=\\sqcap ⊔=\\sqcup ⊎=\\uplus ⋅=\\cdot ·=\\cdot •=\\bullet "
    "●=\\bullet ⋆=\\star ★=\\star ◯=\\bigcirc ○=\\bigcirc ≀=\\wr ÷=\\div ‥=.. …=... ⊢=|- ⊣=-| ⊨=|= ⫤==| ‖=|| ‼=!! ⁇=?? "
    "≔=:= ⩴=::= ⁺=^+ ⇸=-+-> ⇾=-+-> ℕ=Nat ℤ=Int ℝ=Real 𝔹=BOOLEAN"
)
UNICODE = dict(pair.split("=", 1) for pair in _PAIRS.split())

# Every spelling that the reader of characters must know, longest first.
SYMBOLS = sorted(
    {*INFIX, *POSTFIX, *(p for p in PREFIX if not p[0].isalpha()), *SYNONYMS, "-."}
    | {"(", ")", "[", "]", "{", "}", ",", ":", "!", ".", ";", "@", "_"}
    | {"<<", ">>", "]_", ">>_", "->", "|->", "<-", "==", "::", "\\A", "\\E", "\\AA", "\\EE"},
    key=lambda text: (-len(text), text),
)


def binds(left: Operator, right: Operator) -> str:
    """Say what happens to `a left b right c`: `"left"` binds b first, `"right"` does, or they `"conflict"`."""
    if left.low > right.high:
        return "left"
    if left.high < right.low:
        return "right"
    return "left" if left.name == right.name and left.left and right.left else "conflict"
