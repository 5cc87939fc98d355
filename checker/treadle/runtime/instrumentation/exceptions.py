"""Built-in exceptions: how an object is known that nobody can refer to weakly, and must not be kept alive.

    error = ValueError()              threads share it:
    error.seen = True                 one writes an attribute,
    if hasattr(error, "seen"): ...    another one looks for it

Objects are known by weak references (see `acquaintance`). An exception of a built-in class has none, and a plain reference
would keep its traceback alive, with all frames and what these hold. But what an exception alone has is the dictionary of
its attributes, and that may be of a subclass of `dict`. So when an exception is met, it is given a dictionary that can be
referred to weakly, with the same items. That one dies with it: whoever gets hold of the dictionary itself, by `vars(error)`,
keeps the exception as well, until the execution ends (`attributes`). Who asks for its type sees the difference, nobody else.

*What an exception carries*: its arguments, the exceptions that it came from and those in a group. They are published with it.

*What is written without being said*: `raise` writes the traceback of what it raises, and from which exception it came. Two
tasks that raise the same one (as all do who ask a `Future` that has failed) write the same attributes, in either order.
Until somebody looks at those nobody can tell, so it is an assumption that nobody does; it is learned like all others that
some task does (`sharing`), and from the next pass on raising is a write of these attributes, and so is catching,
because the traceback grows in each function that the exception leaves. At granularity `sync` two of these are no data race: the
interpreter makes them, and they are atomic. See `raising`.

*What looks without being said*: `str(error)` reads the arguments, and the like. (`SAID`)

*What is given up.* An exception that leaves a function through a `with` or a `finally` grows after that block; it is counted as
grown where it was raised and where it is caught. Frames in a traceback are not followed. Foreign code that is handed an exception
is taken to change all that anybody writes in it, and nothing else; and whoever takes all of its attributes away at once
(`error.__dict__ = ...`) makes the verdict incomplete.

Law: tests/quality/races/errors.py.
"""

from __future__ import annotations

import builtins
import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

RAISED = frozenset({"__traceback__", "__context__", "__cause__", "__suppress_context__"})
"""Attributes that `raise` writes."""
TOLD = "raised"
"""The facts about these (`Sharing.written`) are told of all exceptions together: `raised.__traceback__`."""
WORDS = frozenset({"raise", "except"})
"""Watched like names of attributes, once somebody looks at those: what writes them."""

SAYING = "saying"
"""The way of touching an exception of who asks for its text."""
GIVEN = "given"
"""And of foreign code that it is handed to."""

_DATA = (types.GetSetDescriptorType, types.MemberDescriptorType)
_CLASSES = [value for value in vars(builtins).values() if isinstance(value, type) and issubclass(value, BaseException)]
SAID = tuple(
    sorted(
        {name for cls in _CLASSES for name, value in vars(cls).items() if isinstance(value, _DATA)}
        - RAISED
        - {"__dict__", "__weakref__"}
    )
)
"""What the built-in classes keep in their exceptions, and show in their texts."""

_OWN: Any = vars(BaseException)["__dict__"]


class Belongings(dict[str, Any]):
    """The attributes of one exception, which alone has them."""

    __slots__ = ("__weakref__",)


def is_bare(kind: type) -> bool:
    """Whether it is a class of exceptions that cannot be referred to weakly."""
    return kind.__weakrefoffset__ == 0 and issubclass(kind, BaseException)


def belongings(error: BaseException) -> Belongings:
    """What stands for an exception of a bare class: it dies when that does, and can be referred to weakly."""
    found = _OWN.__get__(error)
    if type(found) is not Belongings:
        found = Belongings(found)
        _OWN.__set__(error, found)
    return found


def parts(error: BaseException) -> Iterator[Any]:
    """What can be reached through an exception, besides attributes that somebody has stored."""
    yield from error.args
    if isinstance(error, BaseExceptionGroup):
        yield from error.exceptions
    for cause in (error.__cause__, error.__context__):
        if cause is not None:
            yield cause
