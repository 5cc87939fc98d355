"""The class that is to be checked, as text: `package.module:Class`, `path/to/file.py:Class`.

It is loaded in a world, as a private copy, and never in the process itself.
"""

from __future__ import annotations

import difflib
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from treadle.errors import ScenarioError
from treadle.runtime.scenario import Scenario

if TYPE_CHECKING:
    from treadle.runtime.loading import Library

_FORMS = "package.module:Class, or path/to/file.py:Class"


@dataclass(frozen=True, slots=True)
class Target:
    """A class that was named, and understood."""

    text: str
    name: str  # of the class
    where: Scenario  # its module

    @classmethod
    def parse(cls, text: str) -> Target:
        """Understand the text. ScenarioError if it has another form, or names a file that is not there."""
        left, _, name = text.rpartition(":")
        left = left.removesuffix(":")
        if not left or not name.isidentifier():
            raise ScenarioError(
                f"{text!r} does not name a class",
                expected=_FORMS,
                got=repr(text),
                instead=f"{text}:Class" if left == "" and text else None,
            )
        separator = "::" if left.endswith(".py") else ":"
        if separator == ":" and "/" in left:
            raise ScenarioError(f"{text!r} does not name a class", expected=_FORMS, got=f"{left}, which is no .py file")
        return cls(text, name, Scenario.parse(f"{left}{separator}{name}"))

    @property
    def path(self) -> tuple[str, ...]:
        """Where to look for modules first."""
        return self.where.path

    def load(self, library: Library) -> Any:
        """The class, in the world. ScenarioError if there is none."""
        module = self.where.load_module(library)
        found = getattr(module, self.name, None)
        if found is None:
            classes = [name for name, value in vars(module).items() if inspect.isclass(value)]
            close = difflib.get_close_matches(self.name, classes, n=1)
            raise ScenarioError(
                f"there is no {self.name!r} in {self.where.file or self.where.module}",
                expected=f"one of its classes: {', '.join(sorted(classes)) or 'it has none'}",
                got=self.text,
                instead=f"did you mean {close[0]}?" if close else None,
            )
        if not callable(found):
            raise ScenarioError(
                f"{self.text} is not a class",
                expected="a class, or a function that makes such an object",
                got=f"{type(found).__name__}: {found!r:.60}",
            )
        return found

    def file(self, library: Library, kind: Any) -> str | None:
        """The file that the class is written in; None if the world has no copy of it."""
        module = library.modules.get(kind.__module__)
        return getattr(module, "__file__", None)
