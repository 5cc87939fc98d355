"""Private copies of modules: a world has a table of modules of its own.

Which module is what (`Library.is_copied` decides, by name and file):

- *Controlled*: `_thread`, `_queue`, `time`, `select`, `sys`, `importlib` and `treadle`. The world makes them
  (`controlled_modules`).
- *Copied*: every module outside of the standard library that is written in Python (the scenario, the code under test, what
  they import), and those modules of the standard library that stand on locks, threads, clocks or dice (`COPIED`).
  Their source is compiled and run again, in the world.
- *Shared*: everything else is the module that the rest of the process has. C modules, the rest of the standard library,
  packages that have parts in C (their C parts hold on to their Python parts), and test tools, whose classes must be
  those that the process knows.

A copied module sees its own world because its `__builtins__` have another `__import__`, which every function in it
inherits. Nothing in the real modules is changed, and other threads of the process never notice.

A program may put finders of its own into `sys.meta_path`, as `six.moves` does and packages with vendored parts. They are
the world's, stay in it, and what they find is made by their loaders, as `importlib` would have it.

A module that is first imported while an execution runs is loaded at once, as one piece, in that execution; the world is
then loaded anew with it before the next one, so that all later executions find the same modules.

Compiled code is kept for the life of the process, by file and way of compiling; only running it is repeated.
"""

from __future__ import annotations

import builtins
import os
import sys
from contextlib import suppress
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from treadle.runtime.lending import Lending
from treadle.runtime.packages import has_parts_in_c, is_standard, uses_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import CodeType

    from treadle.runtime.streams import System

    Compiler = Callable[[bytes, str], CodeType]

COPIED = frozenset(
    {
        "_threading_local",
        "_weakrefset",
        "concurrent",
        "concurrent.futures",
        "concurrent.futures._base",
        "concurrent.futures.thread",
        "contextlib",  # runs the functions that it decorates
        "copy",  # looks objects up by their `id`, as the functions do that it calls
        "dataclasses",  # looks into `sys.modules`
        "functools",
        "graphlib",  # its sorter is made to be shared
        "queue",
        "random",
        "reprlib",
        "sched",
        "selectors",  # stands on `select`
        "threading",
        "weakref",  # its dictionaries and sets are containers in Python
    }
)
"""Modules of the standard library that are copied: they stand on locks, threads, clocks, dice or `sys.modules`."""

PARTLY_COPIED = {
    "collections": frozenset({"ChainMap", "Counter", "UserDict", "UserList", "UserString"}),
    "heapq": frozenset({"merge", "nlargest", "nsmallest"}),
    "string": frozenset({"Formatter", "Template"}),
}
"""Modules of the standard library of which these names are copied, when they are first asked for: code in Python that goes through
what threads may share. The rest is in C, or makes what does not change."""

TOOLS = frozenset({"_pytest", "attr", "attrs", "greenlet", "hypothesis", "numpy", "pluggy", "pytest", "treadle"})
"""Packages that are shared whatever they are made of."""

UNCONTROLLED = frozenset({"asyncio", "multiprocessing", "signal", "socket", "subprocess"})
"""Packages that wait for the world outside: they are shared, and using one while an execution runs is noted."""

_codes: dict[tuple[object, str, int, int], CodeType] = {}


class Library:
    """The modules of one world."""

    __slots__ = (
        "_alone",
        "_builtins",
        "_compiler",
        "_controlled",
        "_guard",
        "_path",
        "_prepare",
        "_shared",
        "doubts",
        "files",
        "finders",
        "lending",
        "modules",
    )

    modules: dict[str, ModuleType]  # the copied ones, by full name
    files: set[str]  # those of the standard library among them
    finders: list[Any]  # the world's `sys.meta_path`
    doubts: dict[str, None]  # why sharing may have gone too far, in the order of finding
    _shared: set[str]  # modules that were found to be the process's: as in `sys.modules`, they are not looked for again
    lending: Lending  # what of it the process may see

    def __init__(
        self,
        controlled: dict[str, ModuleType],
        prepare: Mapping[str, Callable[[ModuleType], None]],
        path: Sequence[str],
        compiler: Callable[[str], Compiler],
        alone: Callable[[Callable[[], Any]], Any],
        guard: Callable[[ModuleType], ModuleType],
    ) -> None:
        """A module is run by calling `alone`, then given to `prepare`; `path` is searched before `sys.path`.

        `compiler` says how the module with a name is compiled. What cannot be controlled is seen through `guard`.
        """
        self.modules = {}
        self.files = set()
        self.doubts = {}
        self._shared = set()
        self.finders = [*sys.meta_path]
        self._controlled = controlled
        self._prepare = prepare
        self._path = list(path)
        self._compiler = compiler
        self._alone = alone
        self._guard = guard
        self._builtins = {**vars(builtins), "__import__": self.import_}
        self.lending = Lending(self.modules, self._copy_of)

    def offer(self, name: str, value: Any) -> None:
        """One more built-in name for every copied module."""
        self._builtins[name] = value

    def load(self, name: str) -> ModuleType:
        """The module with this full name, as the world sees it."""
        found = self._controlled.get(name) or self.modules.get(name)
        if found is not None:
            return found
        if name in self._shared and name in sys.modules:
            return sys.modules[name]
        parent, _, child = name.rpartition(".")
        package = self.load(parent) if parent else None
        if package is not None and parent not in self.modules:
            return self._share(name)
        if name in self.modules:
            return self.modules[name]  # the package has just loaded it
        spec = self._find(name, package)
        if spec is not None and type(spec.loader).__module__ in self.modules:
            found = self._made(name, spec)
        elif spec is not None and self.is_copied(name, spec):
            found = self.copy(name, spec)
        else:
            found = self._share(name)
        if package is not None:
            setattr(package, child, found)
        return found

    def begin(self) -> None:
        """Code of the world is going to run: the process sees the world's modules, and its streams."""
        self.lending.begin()
        self._system.begin()

    def end(self, *, loaded: bool = False) -> None:
        """It has run, or all modules were `loaded`."""
        if loaded:
            self._system.keep()
        self._system.end()
        self.lending.end()

    @property
    def _system(self) -> System:
        system: Any = self._controlled["sys"]
        return system  # type: ignore[no-any-return]

    def expect(self, name: str) -> None:
        """An execution will import this module: load it before, if that is possible without the execution."""
        if name not in self.modules:
            with suppress(Exception):  # then the execution loads it, and sees what it raises
                self.whole(name) if name in PARTLY_COPIED else self.load(name)

    def whole(self, name: str) -> ModuleType:
        """The copy of a module of which only some names are copies. What is said of a face in `facades`."""
        if name not in self.modules:
            spec = self._find(name, None)
            if spec is None:
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)
            self.copy(name, spec)
        return self.modules[name]

    def _made(self, name: str, spec: ModuleSpec) -> ModuleType:
        """The module that a loader of the program makes: another name for one that is there, or one of its own."""
        loader: Any = spec.loader
        module = self._alone(lambda: loader.create_module(spec))
        self.modules[name] = module = module or self._empty(name, spec)
        try:
            self._alone(lambda: loader.exec_module(module))
        finally:
            module = self.modules.pop(name, module)  # a loader may have put another one there
        own = self.modules.get(module.__name__) is module  # which is lent to the process
        of = self._controlled if not own and sys.modules.get(module.__name__) is module else self.modules
        of[name] = module
        return module

    def _share(self, name: str) -> ModuleType:
        """The module that the rest of the process has; behind a guard if it cannot be controlled."""
        lent = self.lending.is_on
        if lent:
            self.lending.end()  # it would keep what it finds
        try:
            __import__(name)
            real = sys.modules[name]
        finally:
            if lent:
                self.lending.begin()
        top = name.partition(".")[0]
        if top not in sys.stdlib_module_names and top not in TOOLS and uses_threads(top, sys.modules[top]):
            doubt = f"{top} has parts in C, so it is shared; what it does with threads is not seen"
            self.doubts.update({doubt: None})
        if top not in UNCONTROLLED:
            self._shared.add(name)
            return real
        guarded = self._controlled[name] = self._guard(real)
        return guarded

    def _copy_of(self, name: str) -> ModuleType | None:
        """For who imports it by name: the copy, made if need be; None if the world shares it, or there is no such module."""
        parent = name.rpartition(".")[0]
        package = self.load(parent) if parent else None
        spec = self._find(name, package)
        if spec is None or not self.is_copied(name, spec):
            return None
        self.load(name)
        return self.modules.get(name)

    def is_copied(self, name: str, spec: ModuleSpec) -> bool:
        """Whether the world has a copy of its own of the module."""
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names and not _stands_in(spec):
            return name in COPIED
        if top in TOOLS or (spec.origin is not None and not spec.origin.endswith(".py")):
            return False
        return top in self.modules or not has_parts_in_c(top, spec)

    def copy(self, name: str, spec: ModuleSpec) -> ModuleType:
        """Make the copy and run it. ImportError and whatever its code raises."""
        self.modules[name] = module = self._empty(name, spec)
        self.lending.add(name, module)
        if spec.origin is not None:
            module.__file__ = spec.origin
            if (name in COPIED or name in PARTLY_COPIED) and not _stands_in(spec):
                self.files.add(spec.origin)
            code = self._code(spec.origin, self._compiler(name))
            try:
                self._alone(lambda: exec(code, vars(module)))  # noqa: S102 - this is what importing is
            except BaseException:
                self.modules.pop(name, None)
                self.lending.withdraw(name)
                raise
        if name in self._prepare:
            self._prepare[name](module)
        return module

    def _empty(self, name: str, spec: ModuleSpec) -> ModuleType:
        """A module before its code has run."""
        module = ModuleType(name)
        vars(module).update(__builtins__=self._builtins, __spec__=spec, __loader__=spec.loader, __package__=spec.parent)
        if spec.submodule_search_locations is not None:
            module.__path__ = list(spec.submodule_search_locations)
        return module

    def import_(
        self,
        name: str,
        names: Mapping[str, Any] | None = None,
        local_names: object = None,  # noqa: ARG002 - as the real one
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        """What the statement `import` calls."""
        absolute = _absolute(name, names or {}, level) if level else name
        module = self.load(absolute)
        if fromlist:
            if hasattr(module, "__path__"):
                self._load_parts(module, absolute, fromlist)
            return module
        if not level:
            return self.load(name.partition(".")[0])
        return self.load(absolute[: len(absolute) - len(name) + len(name.partition(".")[0])])

    def _load_parts(self, package: ModuleType, name: str, fromlist: Sequence[str]) -> None:
        wanted = [*fromlist]
        if "*" in wanted:
            wanted = [*(part for part in wanted if part != "*"), *getattr(package, "__all__", ())]
        for part in wanted:
            if not hasattr(package, part):
                self._load_part(f"{name}.{part}")
            if not hasattr(package, part) and f"{name}.{part}" in self.modules:
                # It is still being loaded, in a circle; Python would find it in `sys.modules`.
                setattr(package, part, self.modules[f"{name}.{part}"])

    def _load_part(self, name: str) -> None:
        """Load it if it is a module: it may be a name that is not there. What it lacks itself is an error."""
        try:
            self.load(name)
        except ModuleNotFoundError as error:
            if error.name != name:
                raise

    def _code(self, filename: str, compiler: Compiler) -> CodeType:
        status = os.stat(filename)  # noqa: PTH116 - for each module of each world
        key = (compiler, filename, status.st_mtime_ns, status.st_size)
        code = _codes.get(key)
        if code is None:
            code = _codes[key] = compiler(Path(filename).read_bytes(), filename)
        return code

    def _find(self, name: str, package: ModuleType | None) -> ModuleSpec | None:
        if package is None:
            search = [*self._path, *sys.path]
        elif hasattr(package, "__path__"):
            search = list(package.__path__)
        else:
            message = f"No module named {name!r}; {package.__name__!r} is not a package"
            raise ModuleNotFoundError(message, name=name)
        for finder in self.finders:
            # pytest's finder would rewrite the assertions of test modules, and remembers what it was asked for.
            if not type(finder).__module__.startswith("_pytest"):
                try:
                    spec: ModuleSpec | None = finder.find_spec(name, search)
                except KeyError:
                    # A package without __init__.py inside another: Python looks for the outer one in sys.modules.
                    spec = _namespace(name, search)
                if spec is not None:
                    return spec
        return None


def _stands_in(spec: ModuleSpec) -> bool:
    """Whether a file outside of the standard library has the name of one in it, as a backport has."""
    return spec.origin is not None and spec.origin.endswith(".py") and not is_standard(spec.origin)


def _namespace(name: str, search: Sequence[str]) -> ModuleSpec | None:
    """The package that is a folder without an `__init__.py`, in however many places."""
    folders = [Path(place) / name.rpartition(".")[2] for place in search]
    found = [str(folder) for folder in folders if folder.is_dir()]
    if not found:
        return None
    spec = ModuleSpec(name, None, is_package=True)
    spec.submodule_search_locations = found
    return spec


def _absolute(name: str, names: Mapping[str, Any], level: int) -> str:
    """The full name of what a relative import names."""
    package = names.get("__package__") or ""
    bits = package.rsplit(".", level - 1)
    if not package or len(bits) < level:
        raise ImportError("attempted relative import beyond the top of its package")
    return f"{bits[0]}.{name}" if name else str(bits[0])
