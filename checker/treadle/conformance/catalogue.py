"""Which kit belongs to a specification, and where a kit is found that is named.

A kit is named as a class is: `package.module:Class`, or `path/to/file.py:Class`. Those that treadle brings have the name
of their specification, and are taken when none is named. Kits are ordinary Python of the process, unlike the class that
is checked; importing one runs its module.
"""

from __future__ import annotations

import inspect
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

from treadle.conformance.kit import Kit
from treadle.errors import UsageError

KITS = {
    "Barrier": "treadle.conformance.kits.barrier:Barrier",
    "Elastic": "treadle.conformance.kits.elastic:Elastic",
    "Queue": "treadle.conformance.kits.queue:Queue",
    "ReadWriteLock": "treadle.conformance.kits.read_write_lock:ReadWriteLock",
}
"""The kits that treadle brings, by the name of their specification."""
FROM_FILE = "kit_in_file_"
"""How the names of modules begin that were loaded from a file."""


def load_kit(text: str) -> Kit:
    """The kit of this name. UsageError if there is none."""
    where, _, name = KITS.get(text, text).rpartition(":")
    if not where or not name.isidentifier():
        raise UsageError(
            f"there is no kit {text}",
            expected=f"{', '.join(KITS)}; or package.module:Class, or path/to/file.py:Class",
            got=repr(text),
            instead="say which kit to use: --kit path/to/file.py:Class",
        )
    module = _module(where.removesuffix(":"), text)
    kind = getattr(module, name, None)
    if not inspect.isclass(kind) or not issubclass(kind, Kit):
        raise UsageError(
            f"{text} is not a kit",
            expected="a class that inherits from treadle.conformance.Kit",
            got="nothing of that name" if kind is None else repr(kind),
        )
    kit: Kit = kind()
    return kit


def _module(where: str, text: str) -> ModuleType:
    try:
        if not where.endswith(".py"):
            return import_module(where)
        return _file(Path(where).resolve())
    except Exception as error:
        raise UsageError(
            f"the kit {text} cannot be imported",
            expected="a module, or a Python file",
            got=f"{type(error).__name__}: {error}",
        ) from error


def _file(path: Path) -> ModuleType:
    """The module in a file, under a name that says that it came from there."""
    module = ModuleType(f"{FROM_FILE}{path.stem}")
    module.__file__ = str(path)
    code = compile(path.read_bytes(), str(path), "exec")
    sys.modules[module.__name__] = module  # dataclasses look there
    exec(code, vars(module))  # noqa: S102 - this is what importing is
    return module


def address(kit: Kit) -> str:
    """The name that `load_kit` finds the kit by."""
    kind = type(kit)
    text = f"{kind.__module__}:{kind.__qualname__}"
    if not kind.__module__.startswith(FROM_FILE):
        return text
    file = Path(inspect.getfile(kind))
    here = Path.cwd()
    return f"{file.relative_to(here) if file.is_relative_to(here) else file}:{kind.__qualname__}"
