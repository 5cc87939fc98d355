"""What is to be run: an ordinary function without arguments, found by its module or by its file.

A target is text, so that it can be typed and stored: `module:function`, or `path/to/file.py::function`. A function in a
class is not a scenario. Nothing is imported to look at a target; loading is done in a world, as often as is needed.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from treadle.errors import ScenarioError

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.runtime.loading import Library


@dataclass(frozen=True, slots=True)
class Scenario:
    """A target that was understood."""

    target: str
    module: str  # its full name
    function: str
    file: Path | None = None  # where the module is, if it is not to be searched for
    root: Path | None = None

    @classmethod
    def parse(cls, target: str) -> Scenario:
        """Understand the text; ScenarioError if it is not a target."""
        path, separator, function = target.partition("::")
        if separator:
            return cls._in_file(target, Path(path), function)
        module, separator, function = target.partition(":")
        if not separator or not module or not function:
            message = f"{target!r} is not a scenario"
            raise ScenarioError(message, expected="module:function or path.py::function", got=repr(target))
        return cls(target, module, function)

    @classmethod
    def _in_file(cls, target: str, path: Path, function: str) -> Scenario:
        if not path.is_file():
            message = f"there is no file {path}"
            raise ScenarioError(message, expected="a Python file", got=target)
        return cls(target, path.stem, function, path.resolve(), path.resolve().parent)

    def load(self, library: Library) -> Callable[[], Any]:
        """The function, in the world."""
        module = library.load(self.module)
        function: Callable[[], Any] | None = getattr(module, self.function, None)
        if function is None:
            message = f"{self.module} has no {self.function}"
            raise ScenarioError(message)
        if not callable(function):
            message = f"{self.target} is not callable"
            raise ScenarioError(message)
        inspect.signature(function).bind()
        return function
