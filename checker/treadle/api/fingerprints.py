"""Which files a proof is about, and their SHA-256: a change of any of them makes the proof one of something else.

Of a specification: the module, the modules that it names, and the configuration. Of a class: the module that it is
defined in, and whatever that imports of the same package, read from the text; nothing is imported for it. A package's
`__init__` only hands names on, and does not count.
"""

from __future__ import annotations

import ast
import hashlib
import re
import sys
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING

from treadle.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NAMES = re.compile(r"[A-Za-z]\w*")


def of_files(files: Iterable[Path]) -> dict[str, str]:
    """The hash of each file by its name: relative to the current directory if it is below it."""
    return {_named(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(set(files))}


def _named(path: Path) -> str:
    """The name of a file that is the same on every machine, if there is one."""
    path = path.resolve()
    here = Path.cwd()
    if path.is_relative_to(here):
        return path.relative_to(here).as_posix()
    package = next((folder for folder in path.parents if not (folder / "__init__.py").exists()), path.parent)
    return f"python{sys.version_info.major}.{sys.version_info.minor}: {path.relative_to(package).as_posix()}"


def of_specification(module: Path, config: Path | None = None) -> Iterator[Path]:
    """The module, and every module beside it that it names, and those that they name."""
    if config is not None:
        yield config
    todo, seen = [module], {module}
    while todo:
        path = todo.pop()
        yield path
        words = set(_NAMES.findall(path.read_text(encoding="utf-8")))
        for other in path.parent.glob("*.tla"):
            if other.stem in words and other not in seen and _uses(path, other.stem):
                seen.add(other)
                todo.append(other)


def _uses(path: Path, name: str) -> bool:
    """Whether a module extends or instantiates another one."""
    text = path.read_text(encoding="utf-8")
    extended = [found[1] for found in re.finditer(r"^EXTENDS\s+([\w,\s]+?)$", text, re.MULTILINE)]
    instances = re.findall(r"\bINSTANCE\s+(\w+)", text)
    return name in instances or any(name in _NAMES.findall(names) for names in extended)


def of_class(target: str) -> Iterator[Path]:
    """The files of a class, `package.module:Class` or `path/to/file.py:Class`. UsageError if it is in none."""
    where, _, name = target.rpartition(":")
    path = Path(where) if where.endswith(".py") else _file(where)
    if path is None or not path.is_file():
        raise UsageError(f"there is no module {where}", expected="package.module:Class", got=target)
    path, package = _defined_in(path, where, name), where.partition(".")[0]
    todo, seen = [path], {path}
    while todo:
        path = todo.pop()
        yield path
        for module in _imported(path, package):
            found = _file(module)
            if found is not None and found not in seen and found.name != "__init__.py":
                seen.add(found)
                todo.append(found)


def _file(module: str) -> Path | None:
    """Where a module is, without importing anything."""
    search = [str(Path.cwd()), *sys.path]
    origin = None
    for name in module.split("."):
        spec = PathFinder.find_spec(name, search)
        if spec is None:
            return None
        origin, search = spec.origin, list(spec.submodule_search_locations or ())
    return Path(origin) if origin is not None else None


def _defined_in(path: Path, where: str, name: str) -> Path:
    """The file that a name comes from, if this one only hands it on."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and name in {alias.asname or alias.name for alias in node.names}:
            module = node.module if not node.level else f"{where}.{node.module}"
            found = _file(module) if module else None
            if found is not None:
                return found
    return path


def _imported(path: Path, package: str) -> Iterator[str]:
    """The modules of a package that a file imports."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        yield from (name for name in names if name.partition(".")[0] == package)
