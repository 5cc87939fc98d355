"""Clearing: whoever empties a list asks for nothing, so two that empty the same list come to the same in either order.

`clear` returns None and leaves an empty list behind, whatever was in it. So two of them commute, in a mode of their own
(`semantics.memory.CLEAR`); with everything else that touches the list a clear conflicts as any change does. Code that ends
something does this often, since everybody who finds it over may have to finish what another one began.

*Who is first may matter* for what the list held: a finalizer runs in whoever drops the last reference. So it is an assumption
that nobody empties a list that holds more than numbers, texts and None. It is looked at when the step was taken, when nothing
can come between; a list of which it is wrong is learned (`sharing.dropping`), and from the next pass on a clear changes the
whole of it. In the pass in which nothing is learned, every trace has been seen, and in none of them was it wrong.

Only where accesses are steps: two clears that nothing orders are a data race otherwise, which is reported. And only of lists and
deques: an item of a dictionary or a set may be known to be there (`memory.Default`) as long as the whole was not changed.

Law: tests/laws/test_clearing.py compares with the search in which a clear changes the whole, and with every interleaving.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from treadle.runtime.instrumentation.locations import WHOLE
from treadle.runtime.instrumentation.presence import Presence
from treadle.semantics.memory import CLEAR

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from treadle.runtime.instrumentation.locations import Location, Thing

EMPTY = "empty"
"""The way of a clear that drops nothing but plain values."""
CLEARED = frozenset({list, deque})
"""The containers of which that is known."""
ATOMS = frozenset({int, float, complex, bool, str, bytes, type(None)})
"""What nobody notices when it is dropped."""


class Clearing(Presence):
    """The hook for `clear`, and all of containers."""

    def accesses(self, thing: Thing, way: str, key: Hashable = None) -> Iterator[tuple[Location, str]]:
        """What a way of touching is, location by location."""
        if way == EMPTY:
            return iter([(thing.location(WHOLE), CLEAR)])
        return super().accesses(thing, way, key)

    def method_access(self, owner: Any, label: str, method: str, args: tuple[Any, ...]) -> None:
        """The accesses of a container's own method, called with these arguments."""
        thing = self.meet(owner) if method == "clear" and self.crowded and self.stepping else None
        if thing is None or type(owner) not in CLEARED or thing.location(WHOLE).family in self.sharing.dropping:
            super().method_access(owner, label, method, args)
            return
        self.access(owner, label, EMPTY)
        if not is_plain(owner):
            self.sharing.learn("dropping", thing.location(WHOLE).family)


def is_plain(owner: Any) -> bool:
    """Whether nothing is in it that has a finalizer, or holds what may have one."""
    return all(type(item) in ATOMS for item in owner)
