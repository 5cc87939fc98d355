"""Theorems and their proofs, stepped over.

The end of a proof is where the next unit begins. A unit begins with a keyword of its own, with a rule, or with a
definition; the look-alikes inside proofs are known: ASSUME after THEOREM, SUFFICES, a step label or `==`; CONSTANT and
VARIABLE after NEW; definitions inside LET and after DEFINE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from treadle.tla.tokenstream import TokenStream

_BEGINS = frozenset(
    [
        "CONSTANT",
        "CONSTANTS",
        "VARIABLE",
        "VARIABLES",
        "ASSUME",
        "ASSUMPTION",
        "AXIOM",
        "THEOREM",
        "LEMMA",
        "PROPOSITION",
        "COROLLARY",
        "LOCAL",
        "INSTANCE",
        "RECURSIVE",
    ]
)


def skip_statement(stream: TokenStream) -> None:
    """Step over a theorem, its statement and its proof."""
    first = stream.take()
    if stream.raw.kind == "name" and stream.ahead(1).text == "==":
        stream.take()
        stream.take()
    lets, defining, begun = 0, False, False
    while not _ends(stream, lets=lets, defining=defining, margin=first.span.column, begun=begun):
        token = stream.take()
        begun = True
        if token.text == "LET":
            lets += 1
        elif token.text == "IN" and lets:
            lets -= 1
        elif token.text == "DEFINE":
            defining = True
        elif token.kind == "step" or token.text in {"BY", "OBVIOUS", "QED"}:
            defining = False


def _ends(stream: TokenStream, *, lets: int, defining: bool, margin: int, begun: bool) -> bool:
    token, before = stream.raw, stream.ahead(-1)
    if token.kind in {"end", "rule", "close"}:
        return True
    if token.kind == "keyword":
        if token.text not in _BEGINS or not begun:
            return False
        if before.kind == "step" or before.text in {"NEW", "SUFFICES", "==", "THEOREM", "LEMMA", "STATE", "::"}:
            return False
        return token.span.column <= margin
    return lets == 0 and not defining and _defines(stream)


def _defines(stream: TokenStream) -> bool:
    """Tell whether `name ==`, `name(...) ==` or `name[...] ==` begins here."""
    if stream.raw.kind != "name" or stream.raw.span.line == stream.ahead(-1).span.line:
        return False
    distance, depth = 1, 0
    opening, closing = {"(", "["}, {")", "]"}
    while True:
        token = stream.ahead(distance)
        if token.text in opening and token.kind == "symbol":
            depth += 1
        elif token.text in closing and token.kind == "symbol":
            depth -= 1
        elif depth == 0 or token.kind == "end":
            return token.kind == "symbol" and token.text == "=="
        distance += 1
