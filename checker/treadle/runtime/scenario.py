"""What is to be run: an ordinary function without arguments, found by its module or by its file.

A target is text, so that it can be typed and stored: `module:function`, or `path/to/file.py::function`. Looking at a
target imports nothing; loading it is done in a world, as often as the world needs it. A function that pytest was told
parameters for has arguments; which is said behind its name (see `cases`).
"""

from __future__ import annotations

import difflib
import inspect
import sys
import traceback
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from treadle.errors import ScenarioError, TreadleError
from treadle.runtime.cases import Case, arguments, first_case, parsed, suffix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    from treadle.runtime.loading import Library

_FORMS = "module:function, or path/to/file.py::function"
_GIVEN = "_treadle_given"
"""The global of the world's module that has what the function is given."""


class Loadable(Protocol):
    """What a world can run: a scenario, or what stands in for one."""

    @property
    def path(self) -> tuple[str, ...]:
        """Where to look for modules first."""

    def load(self, library: Library) -> Callable[[], Any]:
        """The function that each execution calls, in the world; called as often as the modules are loaded."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A target that was understood."""

    target: str
    module: str  # its full name in the world
    function: str
    file: Path | None = None  # where the module is; None: it is found by its name
    case: Case = ()  # with which of its parameters

    @classmethod
    def parse(cls, target: str) -> Scenario:
        """Understand the text. ScenarioError if it has another form, or names a file that is not there."""
        left, in_file, function = target.partition("::")
        if not in_file:
            left, _, function = target.rpartition(":")
        found = parsed(function)
        if not left or found is None:
            instead = "a scenario is a function of a module, not a method" if "." in function else None
            if target.endswith(".py"):
                instead = f"{target}::function"
            message = f"{target!r} is not a scenario"
            raise ScenarioError(message, expected=_FORMS, got=repr(target), instead=instead)
        function, case = found
        if not in_file:
            return cls(target, left, function, case=case)
        file = Path(left)
        if not file.is_file():
            raise _no_file(target, file)
        return cls(target, _module_name(file.resolve()), function, file.resolve(), case)

    @property
    def path(self) -> tuple[str, ...]:
        """Where to look for modules first."""
        here = str(Path.cwd())
        if self.file is None:
            return (here,)
        return (str(self.file.parents[self.module.count(".")]), here)

    def load(self, library: Library) -> Callable[[], Any]:
        """The function, in the world. ScenarioError if there is none that can be called without arguments."""
        module = self.load_module(library)
        function: Any = getattr(module, self.function, None)
        if function is None:
            raise self._no_function(module)
        vars(module)[_GIVEN] = given = arguments(function, module, self.case, self.target) if self.case else {}
        self._check(function, module, given)
        return cast("Callable[[], Any]", function if not given else lambda: function(**vars(module)[_GIVEN]))

    def load_module(self, library: Library) -> ModuleType:
        """The module, in the world. ScenarioError if it cannot be imported."""
        try:
            if self.file is None:
                return library.load(self.module)
            parent = self.module.rpartition(".")[0]
            if parent:
                library.load(parent)
            spec = spec_from_file_location(self.module, self.file, loader=SourceFileLoader(self.module, str(self.file)))
            return library.modules.get(self.module) or library.copy(self.module, cast("ModuleSpec", spec))
        except TreadleError:
            raise
        except (Exception, SystemExit) as error:
            raise self._unloadable(error) from error

    def _unloadable(self, error: Exception | SystemExit) -> ScenarioError:
        got = f"{type(error).__name__}: {error}"
        told = [
            frame for frame in traceback.extract_tb(error.__traceback__) if "treadle" not in Path(frame.filename).parts
        ]
        if told and not isinstance(error, SyntaxError):  # which says itself where it is
            got += f" ({told[-1].filename}:{told[-1].lineno})"
        missing = isinstance(error, ModuleNotFoundError)
        return ScenarioError(
            f"cannot load the scenario {self.target}",
            expected=f"a module {self.module} that can be imported",
            got=got,
            probably=f"it is not on the path, which starts with {self.path[0]}" if missing else None,
            instead="name its file: path/to/file.py::function" if missing and self.file is None else None,
        )

    def _no_function(self, module: ModuleType) -> ScenarioError:
        there = [name for name, value in vars(module).items() if inspect.isfunction(value) and not name.startswith("_")]
        own = [name for name in there if getattr(module, name).__module__ == module.__name__]
        return ScenarioError(
            f"there is no {self.function!r} in {self.file or self.module}",
            expected=f"one of its functions: {', '.join(own) or 'it has none'}",
            got=self.target,
            instead=_nearest(self.function, own),
        )

    def _check(self, function: Any, module: ModuleType, given: Mapping[str, Any]) -> None:
        expected = "a function without arguments"
        if not callable(function) or inspect.isclass(function):
            kind = "a class" if inspect.isclass(function) else f"{type(function).__name__}: {function!r:.60}"
            message = f"{self.target} is not a function"
            raise ScenarioError(message, expected=expected, got=kind)
        for test, kind in _STRANGE:
            if test(function):
                message = f"{self.target} is {kind}, which nothing would run"
                raise ScenarioError(message, expected=expected, instead="make a function that runs it to its end")
        try:
            inspect.signature(function).bind(**given)
        except TypeError as error:
            got = f"def {self.function}{inspect.signature(function)}"
            message = f"{self.target} needs arguments"
            instead = "give them defaults, or wrap it: def scenario(): ...; pytest's fixtures are not there in a world"
            if not given and (first := first_case(function, module)):
                instead = f"name one of its cases: {self.target}{suffix(first)}"
            raise ScenarioError(message, expected=expected, got=got, instead=instead) from error


_STRANGE: tuple[tuple[Callable[[Any], bool], str], ...] = (
    (inspect.iscoroutinefunction, "an async function"),
    (inspect.isasyncgenfunction, "an async generator"),
    (inspect.isgeneratorfunction, "a generator"),
)


def _module_name(file: Path) -> str:
    """The full name of the module in this file, from the topmost directory that is a package."""
    name, directory = file.stem, file.parent
    while (directory / "__init__.py").is_file():
        name, directory = f"{directory.name}.{name}", directory.parent
    return f"scenario_{name}" if name.partition(".")[0] in sys.stdlib_module_names else name


def _no_file(target: str, file: Path) -> ScenarioError:
    near = [str(other) for other in file.parent.glob("*.py")] if file.parent.is_dir() else []
    return ScenarioError(
        f"there is no file {file}",
        expected=_FORMS,
        got=target,
        probably=None if file.parent.is_dir() else f"there is no directory {file.parent} in {Path.cwd()}",
        instead=_nearest(str(file), near),
    )


def _nearest(name: str, names: Iterable[str]) -> str | None:
    close = difflib.get_close_matches(name, list(names), n=1)
    return f"did you mean {close[0]}?" if close else None
