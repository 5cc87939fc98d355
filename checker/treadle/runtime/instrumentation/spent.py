"""Spent: generators that a task has moved, and that are gone.

`while any(thread.is_alive() for thread in threads)` makes a generator in each turn and goes through it. To move a generator is
to change it, so such a loop would never be idle (see `loops`). But what was changed cannot make a difference once it is gone:
nobody can reach it any more. (Who could reach it before has dropped it since, and to drop it was a change of its own, or
a variable that is not looked at again. What its `finally` blocks have done was counted when they did it.)

Only generators: other iterators allow no weak references, so nobody is told when they are gone.

Deeds are numbered as the task counts them (`Turns.deeds`). Law: tests/laws/test_spinning.py.
"""

from __future__ import annotations

import types
import weakref
from typing import Any


class Spent:
    """The generators of one execution after another that were moved, as long as loops may ask for them."""

    __slots__ = ("_moved",)

    _moved: dict[int, list[tuple[int, weakref.ref[Any]]]]  # by task: with which deed, and which

    def __init__(self) -> None:
        self._moved = {}

    def begin(self) -> None:
        """An execution starts."""
        self._moved.clear()

    def move(self, iterator: Any, task: int, deed: int) -> None:
        """The task has moved it with that deed."""
        if type(iterator) is types.GeneratorType:
            self._moved.setdefault(task, []).append((deed, weakref.ref(iterator)))

    def gone(self, task: int, since: int) -> int:
        """How many deeds of the task after that one have moved what is gone."""
        found = 0
        for deed, reference in reversed(self._moved.get(task, ())):
            if deed <= since:
                break
            found += reference() is None
        return found
