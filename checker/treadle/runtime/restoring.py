"""How each kind of object is put back as it was.

Nearly always it is still as it was. So what it holds is first compared, by identity: that is quick, and leaves alone what
nobody has touched.
"""

from __future__ import annotations

import array
import collections
import operator
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Part = tuple[tuple[Any, ...], "Callable[[], object]"]
"""Live views of what an object holds, to see whether it has changed (none: it is put back always); how to put it back."""


def of_slots(item: Any, names: list[str]) -> Part:
    """What the slots of these names hold, if anything."""
    here = [(name, getattr(item, name)) for name in names if hasattr(item, name)]
    if not names or len(here) < len(names):
        return (), partial(_fill_slots, item, names, here)
    look = operator.attrgetter(*names, names[0])  # two at least, or it would give no tuple
    saved = look(item)

    def restore() -> None:
        try:
            if all(map(operator.is_, look(item), saved)):
                return  # nearly always
        except AttributeError:  # one is empty
            pass
        _fill_slots(item, names, here)

    return (), restore


def _fill_slots(item: Any, names: list[str], values: list[tuple[str, Any]]) -> None:
    for name in names:
        if hasattr(item, name):
            object.__delattr__(item, name)
    for name, value in values:
        object.__setattr__(item, name, value)


def of_dict(live: dict[Any, Any], *, namespace: bool) -> Part:
    """The items of a dictionary, in their order."""
    kind: Any = collections.OrderedDict if isinstance(live, collections.OrderedDict) else dict
    saved = dict(live)

    def restore() -> None:
        if not _same(live.values(), saved.values()) or not _same(live, saved):
            kind.clear(live)
            kind.update(live, saved)

    # A name is never replaced by another one for the same value, but a key may be.
    return (live.values(),) if namespace else (live.values(), live.keys()), restore


def of_class(cls: type) -> Part:
    """What a class has bound."""
    live: Mapping[str, Any] = vars(cls)
    saved = dict(live)

    def restore() -> None:
        for name in [*live]:
            if name not in saved:
                type.__delattr__(cls, name)
        for name, value in saved.items():
            if name not in live or live[name] is not value:
                type.__setattr__(cls, name, value)

    return (live.values(),), restore


def of_exception(error: BaseException) -> Part:
    """What an exception has besides attributes that somebody stored: its arguments, and what `raise` has written.

    Its attributes may lie in another dictionary by now (`treadle.runtime.instrumentation.exceptions`).
    """
    own = [vars(BaseException)[name] for name in _OF_EXCEPTIONS]
    saved = [descriptor.__get__(error) for descriptor in own]

    def restore() -> None:
        for descriptor, value in zip(own, saved, strict=True):
            if descriptor.__get__(error) is not value:
                descriptor.__set__(error, value)

    return (), restore


_OF_EXCEPTIONS = ("__dict__", "args", "__traceback__", "__cause__", "__context__", "__suppress_context__")
"""In this order: to set the cause suppresses the context."""


def of_items(live: Any, fill: Callable[[list[Any]], object]) -> Part:
    """The items of a list, a deque or a set, in the order in which they come; `fill` puts them into an empty one."""
    saved = list(live)

    def restore() -> None:
        if not _same(live, saved):
            live.clear()
            fill(saved)

    return (live,), restore


def of_buffer(live: Any) -> Part:
    """The bytes or numbers of an array."""
    saved = live[:]
    if not isinstance(live, (bytearray, array.array)):
        saved = live.copy()

    def restore() -> None:
        live[...] = saved

    def refill() -> None:
        live[:] = saved

    return (), refill if isinstance(live, (bytearray, array.array)) else restore


def _same(live: Iterable[Any], saved: Iterable[Any]) -> bool:
    now, then = [*live], [*saved]
    return len(now) == len(then) and all(map(operator.is_, now, then))
