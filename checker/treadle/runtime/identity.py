"""The identity of a thread that is interchangeable with others: what `get_ident` returns in one.

A number tells who is who: the lower one, the even one, the one that a set shows first. Code that makes such use of it
tells interchangeable threads apart, and then more than one of their orders has to be explored. But nearly all code asks
one thing only: is it the same thread? That question has the same answer whatever the threads are called. So such a
thread gets an object in place of its number, which answers it and nothing else unnoticed: whatever else is done with the
object comes to what the number would have come to, and is written down in `told`.

- It is no `int`, because code in C takes an int's digits without asking it; it calls itself one, for `isinstance`.
- All of them have one hash, so that the order of a set of them is that in which they came in, whoever they are.
- There is one for each thread, for good. `is` compares it, and a loop that keeps it sees that it has not changed.

What is equal to a number is a matter of which thread it is, so that is written down, too, where the number is that of an
interchangeable thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_HASH = 7
"""Of all of them."""


class Identity:
    """Stands for the number of an interchangeable thread. Equal to itself, and to that number."""

    __slots__ = ("__weakref__", "_is_one", "_number", "_tell")

    def __init__(self, number: int, tell: Callable[[], object], is_one: Callable[[int], bool]) -> None:
        """`tell` is called when more is asked than who is the same; `is_one` says whose numbers are secret."""
        self._number = number
        self._tell = tell
        self._is_one = is_one

    @property  # type: ignore[misc] # an instance of what it stands for, as far as `isinstance` can see
    def __class__(self) -> type:
        return int

    def __eq__(self, other: object) -> bool:
        if type(other) is Identity:
            return other is self
        if isinstance(other, int) and self._is_one(other):
            self._tell()
        return self._number == other

    def __hash__(self) -> int:
        return _HASH

    def __bool__(self) -> bool:
        return True

    def __copy__(self) -> Identity:
        return self

    def __deepcopy__(self, _known: dict[int, Any]) -> Identity:
        return self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._shown(), name)

    def _shown(self) -> int:
        """The number, to whom it makes a difference."""
        self._tell()
        return self._number


def _number_of(value: Any) -> Any:
    return value._shown() if type(value) is Identity else value


def _asked(name: str) -> Callable[..., Any]:
    def method(self: Identity, *others: Any) -> Any:
        return getattr(self._shown(), name)(*map(_number_of, others))

    method.__name__ = method.__qualname__ = name
    return method


# All that can be done with a number, but for what is answered above, and what every object has.
for _name in vars(int).keys() - vars(Identity).keys() - {"__new__", "__getattribute__", "__ne__"}:
    if _name.startswith("__") and callable(getattr(int, _name)):
        setattr(Identity, _name, _asked(_name))
for _name in ("__str__", "__reduce__", "__reduce_ex__"):
    setattr(Identity, _name, _asked(_name))
