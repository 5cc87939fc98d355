"""`threading.local` for tasks: each task sees attributes of its own, so that none of them is shared.

Before each access the attributes of the running task are put in place. As with the real one, the arguments of a
subclass are kept, and its `__init__` runs again for each task that looks. What was set while the modules were loaded
is what the main task finds, anew in each execution.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from treadle.runtime.turns import LOADING

if TYPE_CHECKING:
    from treadle.runtime.threads import Threads

_fetch, _store, _delete = object.__getattribute__, object.__setattr__, object.__delattr__


class _Attributes:
    """The attributes of one local, by task."""

    __slots__ = ("arguments", "by_task", "epoch", "loaded")

    arguments: tuple[tuple[Any, ...], dict[str, Any]]
    by_task: dict[int, dict[str, Any]]
    epoch: object  # the execution for which `by_task` holds
    loaded: dict[str, Any]  # set while the modules were loaded

    def __init__(self, arguments: tuple[tuple[Any, ...], dict[str, Any]], epoch: object) -> None:
        self.arguments = arguments
        self.by_task = {}
        self.epoch = epoch
        self.loaded = {}

    def renew(self, epoch: object) -> None:
        """Another execution."""
        self.epoch = epoch
        self.by_task = {0: dict(self.loaded)} if self.loaded else {}


class Local:
    """The class `_thread._local`, but for the world it belongs to."""

    __slots__ = ("__dict__", "__weakref__", "_attributes")
    _threads: Threads

    def __new__(cls, /, *args: Any, **kwargs: Any) -> Any:  # noqa: D102 - what `threading.local` is
        if (args or kwargs) and cls.__init__ is object.__init__:
            raise TypeError("Initialization arguments are not supported")
        self = object.__new__(cls)
        threads = cls._threads
        attributes = _Attributes((args, kwargs), threads.epoch)
        _store(self, "_attributes", attributes)
        task = threads.turns.current
        attributes.by_task[task] = attributes.loaded if task == LOADING else {}
        return self

    def __getattribute__(self, name: str) -> Any:
        _select(self)
        return _fetch(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "__dict__":
            raise AttributeError(f"{type(self).__name__!r} object attribute '__dict__' is read-only")
        _select(self)
        _store(self, name, value)

    def __delattr__(self, name: str) -> None:
        _select(self)
        _delete(self, name)


def _select(local: Any) -> None:
    """Put the attributes of the running task in place."""
    attributes: _Attributes = _fetch(local, "_attributes")
    cls = type(local)
    threads: Threads = cls._threads
    if attributes.epoch is not threads.epoch:
        attributes.renew(threads.epoch)
    task = threads.turns.current
    found = attributes.by_task.get(task)
    if found is not None:
        _store(local, "__dict__", found)
        return
    new: dict[str, Any] = {}
    attributes.by_task[task] = new
    _store(local, "__dict__", new)
    args, kwargs = attributes.arguments
    cls.__init__(local, *args, **kwargs)
    # `__init__` may have let others run.
    _store(local, "__dict__", new)
