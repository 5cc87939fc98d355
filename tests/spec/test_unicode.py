"""Symbols in Unicode: each is the token of its ASCII form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.spec.written import counts, outcome_of
from treadle.tla.operators import SYMBOLS, SYNONYMS, UNICODE

if TYPE_CHECKING:
    from pathlib import Path

ASCII = """EXTENDS Naturals, Sequences
VARIABLES x, s
v == <<x, s>>
Init == x \\in {0, 1} /\\ s = << >>
a \\prec b == ~(a >= b)
Add == /\\ x \\prec 3
       /\\ \\/ x = 0
          \\/ x # 0 /\\ Len(s) <= 1
       /\\ x' = x + 1
       /\\ s' = s \\o <<x>>
Drop == \\E i \\in DOMAIN s : x' = s[i] /\\ s' = [j \\in 1 .. 0 |-> j]
Spec == Init /\\ [][Add \\/ Drop]_v /\\ WF_v(Add)
TypeOK == x \\in Nat /\\ s \\in Seq({0, 1, 2, 3} \\cup {4})
Again == (x = 3) => []<>(x \\notin {3})
Rises == [](x = 0 => <><<x' > x>>_v)
"""


def in_unicode(text: str) -> str:
    """Return the text with the longest symbols replaced first, each by one character and blanks after it."""
    for symbol, ascii_form in sorted(UNICODE.items(), key=lambda pair: -len(pair[1])):
        if not ascii_form.isalpha() and ascii_form not in {"'", "#", "~"}:
            text = text.replace(f" {ascii_form} ", f" {symbol}{' ' * len(ascii_form)}")
    text = text.replace("[][", "□[ ").replace("[]", "□ ").replace("<>", "◇ ").replace(">>_v", "⟩_v ")
    return text.replace("<<", "⟨ ").replace(">>", "⟩ ").replace("#", "≠").replace("~", "¬")


def test_a_module_in_unicode_means_what_it_means_in_ascii(tmp_path: Path) -> None:
    """The same states, steps and answers; bullets stand where they stood."""
    config = "SPECIFICATION Spec\nINVARIANT TypeOK\nPROPERTY Again Rises\nCHECK_DEADLOCK FALSE\n"
    assert in_unicode(ASCII) != ASCII
    assert {*"≜∧∨□◇⟨⟩∈≺"} <= {*in_unicode(ASCII)}
    for folder, text in (("ascii", ASCII), ("unicode", in_unicode(ASCII))):
        (tmp_path / folder).mkdir()
        assert counts(outcome_of(tmp_path / folder, text, config)) == ("proved", 14, 8, 5)


@pytest.mark.parametrize("symbol", sorted(UNICODE))
def test_each_symbol_stands_for_one_that_is_known(symbol: str) -> None:
    """Its ASCII form is a symbol or the name of a set of numbers."""
    assert UNICODE[symbol] in {*SYMBOLS, *SYNONYMS, "Nat", "Int", "Real", "BOOLEAN"}
