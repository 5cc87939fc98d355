"""While code of a world runs, the process finds the world's modules under their names.

The standard library looks for modules in `sys.modules`, and imports them by name: `pickle` and `enum` to find the module of a
class, `typing` to see what an annotation means, `unittest.mock.patch` what it is to replace, `importlib.metadata` an entry
point. What it finds must be what the program sees. So the copies are *lent*: they stand in `sys.modules` for as long as code
of the world runs, in place of what is there otherwise, and a finder makes those that are asked for first by name.

Not lent are copies of modules of the standard library, because its other parts would keep them, and those serve treadle and
the whole process. (But for `collections`, where `pickle` looks for `Counter`. What a function imports from there for itself is the same, but for
classes that the world has of its own.) For the same reason nothing is lent while a shared module is imported.

Only one thread of the process runs code of a world. Another one that imports a module meanwhile may get a copy.

Law: tests/quality/test_world_lending.py.
"""

from __future__ import annotations

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import TYPE_CHECKING, Any

from treadle.runtime.packages import is_standard

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import FrameType, ModuleType


class Lending:
    """The modules of one world that the process may see, and whether it sees them now."""

    __slots__ = ("_before", "_counted", "_finder", "_lent", "_modules", "is_on")

    is_on: bool
    _modules: dict[str, ModuleType]  # all copies, by full name
    _counted: int  # so many there were when it was seen last which of them are lent
    _lent: dict[str, ModuleType]
    _before: dict[str, ModuleType]  # what was there in place of some of these

    def __init__(self, modules: dict[str, ModuleType], made: Callable[[str], ModuleType | None]) -> None:
        """`made` gives the copy with a full name, made if need be; None: the world has none of its own."""
        self._modules = modules
        self._counted = 0
        self._lent = {}
        self._before = {}
        self._finder = _Finder(modules, made)
        self.is_on = False

    def begin(self) -> None:
        """Code of the world is going to run."""
        if self._counted != len(self._modules):
            self._counted = len(self._modules)
            self._lent = {name: module for name, module in self._modules.items() if _is_lent(name)}
        known = sys.modules
        self._before = {name: known[name] for name in self._lent if name in known}
        known.update(self._lent)
        sys.meta_path.insert(0, self._finder)
        self.is_on = True

    def end(self) -> None:
        """It has run."""
        self.is_on = False
        sys.meta_path.remove(self._finder)
        known, before = sys.modules, self._before
        for name in self._lent:
            if name not in before:
                known.pop(name, None)
        known.update(before)
        self._before = {}

    def add(self, name: str, module: ModuleType) -> None:
        """A copy that was made just now, and has not run yet."""
        if self.is_on and _is_lent(name):
            if name in sys.modules and name not in self._lent:
                self._before[name] = sys.modules[name]
            self._lent[name] = sys.modules[name] = module

    def withdraw(self, name: str) -> None:
        """Its code has failed."""
        if self.is_on and self._lent.pop(name, None) is not None:
            sys.modules.pop(name, None)
            if name in self._before:
                sys.modules[name] = self._before.pop(name)


def _is_lent(name: str) -> bool:
    return name == "collections" or name.partition(".")[0] not in sys.stdlib_module_names


class _Finder(MetaPathFinder):
    """Finds what the process imports for the program: a part of a package of the world's, or what the standard library is told to import."""

    def __init__(self, modules: dict[str, ModuleType], made: Callable[[str], ModuleType | None]) -> None:
        self._modules = modules
        self._made = made

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002 - as the protocol wants it
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """A specification whose loader hands out the copy."""
        top = fullname.partition(".")[0]
        if not _is_lent(top) or not (top in self._modules or _asked_by_the_standard_library(sys._getframe(1))):
            return None
        module = self._made(fullname)
        return ModuleSpec(fullname, _Lender(module), origin=module.__file__) if module is not None else None


class _Lender(Loader):
    """Hands out a module that is there already, as it is."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self._spec: Any = module.__spec__

    def create_module(self, spec: ModuleSpec) -> ModuleType:  # noqa: ARG002
        """The copy."""
        return self._module

    def exec_module(self, module: ModuleType) -> None:
        """It has run; the machinery of imports has put its own specification there."""
        module.__spec__ = self._spec


def _asked_by_the_standard_library(frame: FrameType | None) -> bool:
    """Whether who imports is a module of the standard library."""
    while frame is not None and "importlib" in frame.f_code.co_filename and "metadata" not in frame.f_code.co_filename:
        frame = frame.f_back
    return frame is not None and is_standard(frame.f_code.co_filename)
