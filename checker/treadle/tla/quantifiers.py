r"""Quantifiers that are opened while a specification is read: one environment for each value of their names.

`\A x \in S, y \in T : P(x, y)` is the conjunction of its instances, if it is known then which values are in S and T. As the
language has it, no set of a quantifier may speak of the names that it binds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.tla.scope import Constant
from treadle.tla.values import ordered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from treadle.tla.scope import Environment, Meaning
    from treadle.tla.syntax import Bound, Pattern, Quantified
    from treadle.tla.values import Value


def instances(node: Quantified, env: Environment, values: Callable[[Bound], Iterable[Value]]) -> list[Environment]:
    """Return the environment of each instance, in order; `values` gives those of a set, or says why there are none."""
    found: list[dict[str, Meaning]] = [{}]
    for bound in node.bounds:
        items = ordered(values(bound))
        for pattern in bound.patterns:
            found = [{**names, **_named(pattern, item)} for names in found for item in items]
    return [env.within(names) for names in found]


def _named(pattern: Pattern, item: Value) -> dict[str, Meaning]:
    """What a name stands for, or each name of a tuple."""
    pairs = [(pattern, item)] if isinstance(pattern, str) else zip(pattern, item[1:], strict=True)
    return {name: Constant(name, value) for name, value in pairs}
