"""Private copies of modules: a world has a table of modules of its own, and nothing of it is in `sys.modules`.

Which module is what (`Library.kind` decides, by name and file):

- *Controlled*: `_thread`, `time`, `sys`, `importlib` and `treadle`. The world makes them. `treadle` offers `check`, which
  does nothing there, and `choose`. `_queue` is not there at all, so that `queue.py` falls back on Python code.
- *Copied*: every module outside of the standard library that is written in Python: the scenario, the code under test, and
  what they import; and those modules of the standard library that stand on locks, threads or clocks (`COPIED`).
  Their source is compiled and run again, in the world.
- *Shared*: everything else is the module that the rest of the process has. C modules, the rest of the standard library,
  packages that have parts in C (their C parts hold on to their Python parts), and test tools, whose classes must be
  those that the process knows.

A copied module sees its own world because its `__builtins__` have another `__import__`; this is inherited by every
function in it. Nothing in the real modules is changed, and other threads of the process never notice.

Compiled code is kept for the life of the process, by file and granularity; only running it is repeated.
"""

from __future__ import annotations

import builtins
import sys
from pathlib import Path
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from importlib.machinery import ModuleSpec

COPIED = frozenset(
    {
        "_threading_local",
        "concurrent",
        "concurrent.futures",
        "concurrent.futures._base",
        "concurrent.futures.thread",
        "dataclasses",
        "functools",
        "queue",
        "reprlib",
        "sched",
        "threading",
    }
)
"""Modules of the standard library that are copied: they stand on locks, threads, clocks or `sys.modules`."""

TOOLS = frozenset({"_pytest", "greenlet", "hypothesis", "numpy", "pluggy", "pytest", "scipy", "treadle"})
"""Packages that are shared whatever they are made of."""

ABSENT = frozenset({"_queue"})
"""Modules that are not there: C versions of what the world must see inside of."""

_codes: dict[tuple[str, str, int], CodeType] = {}


class Library:
    """The modules of one world."""

    def __init__(
        self, controlled: Mapping[str, ModuleType], path: Sequence[str], compiler: Callable[[bytes, str], CodeType]
    ) -> None:
        self.modules: dict[str, ModuleType] = {}
        self.controlled = dict(controlled)
        self.path = list(path)
        self.compile = compiler
        self.prepare: dict[str, Callable[[ModuleType], None]] = {}  # called after a module was run
        self.files: set[str] = set()  # of copied modules of the standard library
        self.builtins = {**vars(builtins), "__import__": self._import}

    def load(self, name: str) -> ModuleType:
        """The module with this full name, as the world sees it."""
        parent, _, child = name.rpartition(".")
        if parent:
            package = self.load(parent)
            if parent not in self.modules:
                return self._shared(name)
        found = self.controlled.get(name) or self.modules.get(name)
        if found is None:
            spec = self._find(name, self.modules[parent].__path__ if parent else None)
            if spec is None or not self.copies(name, spec):
                return self._shared(name)
            found = self.run(name, spec)
        if parent:
            setattr(package, child, found)
        return found

    def copies(self, name: str, spec: ModuleSpec) -> bool:
        """Whether the module is copied."""
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names:
            return name in COPIED
        return top not in TOOLS and (spec.origin is None or spec.origin.endswith(".py"))

    def run(self, name: str, spec: ModuleSpec) -> ModuleType:
        """Make the copy."""
        module = ModuleType(name)
        names: dict[str, Any] = vars(module)
        names["__builtins__"] = self.builtins
        names["__spec__"] = spec
        names["__loader__"] = spec.loader
        names["__package__"] = name if spec.submodule_search_locations is not None else name.rpartition(".")[0]
        if spec.submodule_search_locations is not None:
            names["__path__"] = list(spec.submodule_search_locations)
        self.modules[name] = module
        if spec.origin is not None:
            names["__file__"] = spec.origin
            try:
                exec(self.code(spec.origin), names)  # noqa: S102 - this is what importing is
            except BaseException:
                del self.modules[name]
                raise
        if name.partition(".")[0] in sys.stdlib_module_names and spec.origin is not None:
            self.files.add(spec.origin)
        prepare = self.prepare.get(name)
        if prepare is not None:
            prepare(module)
        return module

    def code(self, filename: str) -> CodeType:
        """The compiled file."""
        return self.compile(Path(filename).read_bytes(), filename)

    def _shared(self, name: str) -> ModuleType:
        if name in ABSENT:
            message = f"No module named {name!r}"
            raise ModuleNotFoundError(message, name=name)
        __import__(name)
        return sys.modules[name]

    def _find(self, name: str, path: Sequence[str] | None) -> ModuleSpec | None:
        for finder in sys.meta_path:
            if type(finder).__module__.startswith("_pytest"):
                continue
            search = [*self.path, *sys.path] if path is None else path
            spec = finder.find_spec(name, search)
            if spec is not None:
                return spec
        return None

    def _import(
        self,
        name: str,
        names: Mapping[str, Any] | None = None,
        local_names: object = None,  # noqa: ARG002 - as the real one
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        if level:
            name = self._absolute(name, names or {}, level)
        module = self.load(name)
        if not fromlist:
            return module if level else self.load(name.partition(".")[0])
        if hasattr(module, "__path__"):
            for wanted in fromlist:
                if wanted != "*" and not hasattr(module, wanted):
                    try:
                        self.load(f"{name}.{wanted}")
                    except ModuleNotFoundError as error:
                        if error.name != f"{name}.{wanted}":
                            raise
        return module

    def _absolute(self, name: str, names: Mapping[str, Any], level: int) -> str:
        package: str = names["__package__"]
        base = package.rsplit(".", level - 1)[0]
        return f"{base}.{name}" if name else base
