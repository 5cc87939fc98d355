"""What a package is made of, as far as its files tell: parts in C, parts that use threads, or the standard library's.

The first two are asked of a whole package, since its modules share their classes. The answers are kept for the life of the process.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from importlib.machinery import ModuleSpec
    from types import ModuleType

_STANDARD = Path(os.__file__).parent

_has_parts_in_c: dict[str, bool] = {}
_uses_threads: dict[str, bool] = {}
_IMPORT = re.compile(
    rb"^\s*(?:import|from)\s+(?:_thread|threading|queue|concurrent|multiprocessing|asyncio)\b", re.MULTILINE
)


@lru_cache(maxsize=4_096)
def is_standard(file: str) -> bool:
    """Whether the file is one of the standard library, and not of what is installed beside it."""
    path = Path(file)
    if not path.is_relative_to(_STANDARD):
        return False
    return path.parts[len(_STANDARD.parts)] not in {"site-packages", "dist-packages"}


def has_parts_in_c(top: str, spec: ModuleSpec) -> bool:
    """Whether any part of the package was compiled from C or the like."""
    known = _has_parts_in_c.get(top)
    if known is None:
        ends = tuple(EXTENSION_SUFFIXES)
        known = any(name.endswith(ends) for name in _files(spec.submodule_search_locations or ()))
        _has_parts_in_c[top] = known
    return known


def uses_threads(top: str, package: ModuleType) -> bool:
    """Whether any module of a shared package imports what a world controls."""
    known = _uses_threads.get(top)
    if known is None:
        sources = (name for name in _files(getattr(package, "__path__", ())) if name.endswith(".py"))
        known = any(_IMPORT.search(Path(name).read_bytes()) for name in sources)
        _uses_threads[top] = known
    return known


def _files(folders: Iterable[str]) -> Iterator[str]:
    """All files of a package; what lies in hidden folders, such as an environment, is not of it."""
    for folder in folders:
        for path, inner, names in os.walk(folder):
            inner[:] = [name for name in inner if not name.startswith((".", "__pycache__"))]
            yield from (os.path.join(path, name) for name in names)  # noqa: PTH118 - many thousands, so no Path
