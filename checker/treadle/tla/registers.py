"""What an expression can do besides having a value: print, keep a number, ask how far the exploration is.

`Print` and `PrintT` write to the standard error, one line for each time they are evaluated, so that `--json` stays one
object. `TLCSet(1, v)` keeps a value that `TLCGet(1)` reads; `TLCGet("level")` and its like ask the exploration, which
says what it knows through `ask`. `RandomElement` takes a member by lot, with a seed that is always the same; whoever
uses it has seen some behaviours and not all, so it leaves `drawn` behind.

Such functions are never computed beforehand, and an expression that calls one is no constant: the translator knows them
by the end of their names. How often an expression is evaluated is not a matter of TLA+, so neither is how often it
prints; with TLC it is the same in kind, not in number.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from treadle.tla.operations import as_int, as_set, brief, fail
from treadle.tla.values import FALSE, TRUE, Value, domain_of, ordered, show

if TYPE_CHECKING:
    from collections.abc import Callable

_MULTIPLIER, _INCREMENT, _MODULUS = 6364136223846793005, 1442695040888963407, 1 << 64  # Knuth's, for MMIX


class Registers:
    """The registers of one program, and its ear for what the exploration knows."""

    def __init__(self) -> None:
        self.values: dict[int, Value] = {}  # TLCSet(i, v)
        self.ask: Callable[[], dict[str, Value]] = dict  # what the exploration knows, by name
        self.drawn = False  # RandomElement was asked: other behaviours were possible
        self._lot = 1

    def functions(self) -> dict[str, Callable[..., Any]]:
        """Return what generated code may call, by name."""
        return {
            "passed": lambda value: value,
            "printed": self.printed,
            "shown": self.shown,
            "get": self.get,
            "put": self.put,
            "any_of": self.any_of,
            "any_subset": self.any_subset,
            "any_subsets": self.any_subsets,
        }

    def printed(self, value: Value) -> bool:
        """Write a value; hold."""
        sys.stderr.write(show(value) + "\n")
        return True

    def shown(self, out: Value, value: Value) -> Value:
        """Write two values; return the second."""
        sys.stderr.write(f"{show(out)}  {show(value)}\n")
        return value

    def put(self, key: Value, value: Value) -> bool:
        """Keep a value under a number; hold."""
        if type(key) is not int or key < 0:
            fail(f"TLCSet({brief(key)}, ...): only registers 0, 1, 2, ... can be set")
        self.values[key] = value
        return True

    def get(self, key: Value) -> Value:
        """Return what is kept under a number, or what the exploration knows under a name."""
        if type(key) is int:
            return self.values[key] if key in self.values else fail(f"TLCGet({key}): nothing was put there by TLCSet")
        known = self.ask()
        if type(key) is str and key in known:
            return known[key]
        if key == "stats" and known:
            return _record(known)
        names = ", ".join(f'"{name}"' for name in known) or "no names: there is no exploration"
        return fail(f"TLCGet({brief(key)}) is not known here; known are numbers and {names}")

    def any_of(self, group: Value) -> Value:
        """Return a member of a finite set, by lot."""
        items = ordered(frozenset(as_set(group)))
        if not items:
            fail("RandomElement of the empty set")
        return items[self._number(len(items))]

    def any_subset(self, size: Value, group: Value) -> Value:
        """Return a subset of the given size, by lot."""
        items = list(ordered(frozenset(as_set(group))))
        if not 0 <= as_int(size) <= len(items):
            fail(f"RandomSubset({brief(size)}, ...) of a set of {len(items)}")
        return frozenset(items.pop(self._number(len(items))) for _ in range(size))

    def any_subsets(self, count: Value, size: Value, group: Value) -> Value:
        """Return at most so many subsets, by lot, of so many members on average."""
        items, wanted = list(ordered(frozenset(as_set(group)))), as_int(size)
        if not 0 <= wanted <= len(items) or as_int(count) < 0:
            fail(f"RandomSetOfSubsets({brief(count)}, {brief(size)}, ...) of a set of {len(items)}")
        chosen = ([item for item in items if self._number(len(items)) < wanted] for _ in range(count))
        return frozenset(frozenset(one) for one in chosen)

    def _number(self, below: int) -> int:
        self.drawn = True
        self._lot = (self._lot * _MULTIPLIER + _INCREMENT) % _MODULUS
        return (self._lot >> 33) % below


def _record(fields: dict[str, Value]) -> Value:
    keys = domain_of(frozenset(fields))
    return (keys, *[fields[name] for name in keys])


def facts(*, level: int, distinct: int, generated: int, queue: int, seconds: int, deadlock: bool) -> dict[str, Value]:
    """Return what TLCGet knows under names; the level is that of the state whose steps are looked at, as in TLC 2.15."""
    config: dict[str, Value] = {"mode": "bfs", "deadlock": TRUE if deadlock else FALSE, "worker": 1, "depth": -1}
    return {
        "level": level,
        "diameter": max(level, 1),
        "distinct": distinct,
        "generated": generated,
        "queue": queue,
        "duration": seconds,
        "config": _record(config),
    }
