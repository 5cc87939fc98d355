"""Modules that a world puts a face before: they are the real ones, but for a few names.

`sys` has a `modules` in which the world's own modules are found first, since the standard library looks up the module
of a class there, and a `meta_path` to which a program may add. `importlib` imports into the world. `treadle` offers `check`, which does nothing when the world is
already there, and `choose`. `os` and `atexit` register nothing with the process, and the pipes that `os` makes are the
world's own (see `descriptors`). Everything else is passed on; what a
scenario stores in a face stays in the world.

Of `collections` and a few others some names are copies, the rest is the process's own: see `loading.PARTLY_COPIED`.

Some copied modules are touched after they were loaded, so that what they count can be put back, or that they are whole: see `countable_pools`,
`fixed_dice`, `with_abstract_classes` and `with_locals_in_c`.
"""

from __future__ import annotations

import atexit
import collections
import collections.abc
import functools
import importlib
import importlib.util
import os
import sys
from enum import Enum
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from treadle.runtime.loading import PARTLY_COPIED
from treadle.runtime.streams import System
from treadle.semantics.choices import Choose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from treadle.runtime.loading import Library
    from treadle.runtime.turns import Turns

T = TypeVar("T")


def face(real: ModuleType, **names: Any) -> ModuleType:
    """The real module, but for these names."""
    module = ModuleType(real.__name__, real.__doc__)
    module.__spec__ = real.__spec__
    vars(module).update(names)
    vars(module)["__getattr__"] = functools.partial(getattr, real)
    return module


class Count:
    """`itertools.count` whose position is an attribute, so that it can be put back."""

    __slots__ = ("_next",)

    def __init__(self, start: int = 0) -> None:
        self._next = start

    def __iter__(self) -> Count:
        return self

    def __next__(self) -> int:
        self._next += 1
        return self._next - 1


def countable_pools(module: ModuleType) -> None:
    """Pools are numbered from the same number on in each execution."""
    pools: Any = module
    pools.ThreadPoolExecutor._counter = Count().__next__


def fixed_dice(module: ModuleType) -> None:
    """A generator of random numbers without a seed has the same seed always."""
    dice: Any = module
    seeded = dice.Random.seed

    def seed(self: Any, a: Any = None, version: int = 2) -> None:
        seeded(self, 0 if a is None else a, version)

    dice.Random.seed = seed
    dice._inst.seed()


CALM = {
    "asyncio": frozenset({"iscoroutine", "iscoroutinefunction", "isfuture"}),
    "multiprocessing": frozenset({"cpu_count", "current_process", "parent_process"}),
    "signal": frozenset({"getsignal", "strsignal", "valid_signals"}),
    "socket": frozenset({"getdefaulttimeout", "gethostname", "htonl", "htons", "inet_aton", "inet_ntoa", "inet_ntop", "inet_pton", "ntohl",
                         "ntohs"}),
}  # fmt: skip
"""What is there in uncontrolled modules that starts nothing, waits for nothing and has the same answer always."""


def guarded(real: ModuleType, turns: Turns, note: Callable[[str], None]) -> ModuleType:
    """The real module; what is called or made of it while an execution runs is noted, since nothing controls it."""
    calm = CALM.get(real.__name__, ())

    def use(name: str) -> None:
        if turns.live:
            note(f"{real.__name__}.{name} was used, and nothing controls it")

    def get(name: str) -> Any:
        value = getattr(real, name)
        if name in calm:
            return value
        if isinstance(value, (FunctionType, MethodType, BuiltinFunctionType)):

            @functools.wraps(value)
            def noted(*args: Any, **kwargs: Any) -> Any:
                use(name)
                return value(*args, **kwargs)

            return noted
        if isinstance(value, type) and not issubclass(value, (BaseException, Enum)):
            use(name)
        return value

    guard = face(real)
    vars(guard)["__getattr__"] = get
    return guard


def faces(library: Library, real_treadle: ModuleType, turns: Turns, calls: dict[str, Any]) -> dict[str, ModuleType]:
    """All of them, by name. `calls` are what `os` has in place of its system calls."""
    return {
        "atexit": face(atexit, register=_forgotten, unregister=_forgotten),
        "importlib": _importlib(library),
        "os": face(os, register_at_fork=_forgotten, **calls),
        **{name: _partly_copied(library, name) for name in PARTLY_COPIED},
        "sys": System(modules=_Modules(library.modules, sys.modules), meta_path=library.finders),
        "treadle": _treadle(real_treadle, turns),
    }


def _partly_copied(library: Library, name: str) -> ModuleType:
    """The real module, but for some names, each of which is the copy's once it is asked for."""
    real = importlib.import_module(name)
    module = face(real)

    def get(part: str) -> Any:
        if part not in PARTLY_COPIED[name]:
            return getattr(real, part)
        vars(module)[part] = found = getattr(library.whole(name), part)
        return found

    vars(module)["__getattr__"] = get
    return module


def with_locals_in_c(module: ModuleType) -> None:
    """`threading.local` in Python puts another dictionary of attributes in place at each look; the world's own takes its place."""
    vars(module)["local"] = vars(module)["__builtins__"]["__import__"]("_thread")._local


def with_abstract_classes(module: ModuleType) -> None:
    """The copy of `collections` has its submodule, which nobody imports into it."""
    vars(module)["abc"] = collections.abc


PREPARED: dict[str, Callable[[ModuleType], None]] = {
    "_threading_local": with_locals_in_c,
    "collections": with_abstract_classes,
    "concurrent.futures.thread": countable_pools,
    "random": fixed_dice,
}
"""By name of a copied module, what is done to it once it was run."""


class _Modules(collections.ChainMap[str, ModuleType]):
    """The modules of a world in front of those of the process, of which it cannot take any away."""

    def __delitem__(self, name: str) -> None:
        if name not in self:
            raise KeyError(name)
        self.maps[0].pop(name, None)

    def pop(self, name: str, *default: Any) -> Any:
        return self.maps[0].pop(name, self[name]) if name in self else self.maps[0].pop(name, *default)


def _forgotten(function: Any = None, *_: object, **__: object) -> Any:
    """A world never exits and never forks, so nothing is to be called then."""
    return function


def _importlib(library: Library) -> ModuleType:
    def import_module(name: str, package: str | None = None) -> ModuleType:
        return library.load(importlib.util.resolve_name(name, package) if name.startswith(".") else name)

    return face(importlib, import_module=import_module, __import__=library.import_)


def _treadle(real: ModuleType, turns: Turns) -> ModuleType:
    def check(function: Callable[..., T] | None = None, /, *_: object, **__: object) -> Any:
        """Does nothing: the function is being checked already."""
        return function if callable(function) else lambda undecorated: undecorated

    def choose(options: Iterable[T]) -> T:
        """One of the options; every one of them is tried."""
        possible = list(options)
        if not possible:
            raise ValueError("treadle.choose needs at least one option")
        if not turns.live:
            return possible[0]
        chosen: int = turns.step(Choose(len(possible)))
        return possible[chosen]

    return face(real, check=check, choose=choose)
