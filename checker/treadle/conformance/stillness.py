"""Stillness: may a behaviour end here?

When no thread of an execution can move any more, the code stays for ever where it is. The specification allows that in
a state where none of its fairness conditions has anything to demand: `WF_v(A)` and `SF_v(A)` both forbid to stay for
ever in a state in which a step of A that changes v is possible. So the ends of executions are judged by the text of
the specification alone. Where it demands nothing (no fairness), everybody may be stuck; where a thread is exempted, as
`Slow` ones are in Barrier.tla, it may be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from treadle.errors import SpecError
from treadle.tla.refinement import Lens
from treadle.tla.temporal import Reader, View

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.tla.program import State
    from treadle.tla.specification import Specification


class Duty(NamedTuple):
    """A fairness condition: its text, and whether it forbids to stay in a state."""

    text: str
    demanded: Callable[[State, State], bool]


class Stillness:
    """The fairness conditions of a specification."""

    __slots__ = ("_duties", "_known", "_spec")

    _duties: list[Duty] | None  # None: not translated yet, which takes as long as the actions do
    _known: dict[State, tuple[str, ...]]

    def __init__(self, spec: Specification) -> None:
        self._spec = spec
        self._duties = None
        self._known = {}

    def duties(self) -> list[Duty]:
        """All of them, translated once. SpecError if the specification demands anything else of whole behaviours."""
        if self._duties is None:
            self._duties = self._translated()
        return self._duties

    def _translated(self) -> list[Duty]:
        spec = self._spec
        reader, lens = Reader(spec.modules), Lens(spec.program)
        found = []
        for formula in spec.behaviour.temporal:
            for part in reader.conjuncts(View(formula, lens)):
                tree = reader.tree(part)
                if tree[0] != "fair":
                    raise SpecError(
                        f"{spec.name} demands {part.formula.text} of whole behaviours",
                        expected="WF and SF only, so that one state tells whether a behaviour may end there",
                    )
                found.append((part.formula.text, tree[2]))
        return [Duty(text, reader.atoms[enabled].holds) for text, enabled in found]

    def demands(self, state: State) -> tuple[str, ...]:
        """The conditions that forbid to stay in a state for ever; none: a behaviour may end there."""
        found = self._known.get(state)
        if found is None:
            found = self._known[state] = tuple(duty.text for duty in self.duties() if duty.demanded(state, state))
        return found
