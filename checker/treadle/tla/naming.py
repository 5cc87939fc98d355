"""Errors about names: what is not defined, and what was probably meant."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from treadle.errors import SpecError, SpecNameError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from treadle.tla.scope import Environment
    from treadle.tla.syntax import Node


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the sentence that suggests the known names most like this one, or None."""
    names = list(known)
    close = get_close_matches(name, names, n=3, cutoff=0.6)
    if not close:
        close = [other for other in names if other.lower() == name.lower()][:3]
    return f"did you mean {' or '.join(close)}?" if close else None


HOMES = {
    "Naturals": "+ - * ^ < > <= >= .. % \\div Nat",
    "Integers": "Int -.",
    "Sequences": "Seq Len \\o Append Head Tail SubSeq SelectSeq",
    "FiniteSets": "Cardinality IsFiniteSet",
    "TLC": ":> @@ Permutations SortSeq Print PrintT Assert ToString TLCEval",
    "Bags": "IsABag BagToSet SetToBag BagIn EmptyBag (+) (-) BagUnion SubBag BagOfAll BagCardinality CopiesIn",
}


def unknown(node: Node, name: str, env: Environment, why: str | None = None) -> SpecError:
    """Return the error for a name without a meaning."""
    homes = {operator: module for module, names in HOMES.items() for operator in names.split()}
    home = homes.get(name)
    probably = nearest(name, {*env.known(), *homes})
    instead = None
    if home is not None:
        probably, instead = f"it is defined in the module {home}", f"EXTENDS {home}"
    return env.source.error(
        node.span,
        f"unknown operator {name}" if why is None else f"{name}: {why}",
        kind=SpecNameError,
        probably=probably,
        instead=instead,
    )
