"""The repository's own text, as the rules of the house read it.

What counts is what git would commit: the files it tracks and those it does not ignore. A rule is a function over text
or over a syntax tree, so that its test can plant an offence without touching the repository.
"""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).parents[2]
# Where ours are: the packages, and everything in Python.
PACKAGES = ("impl/", "checker/")
PYTHON = (*PACKAGES, "tests/", "docs/")

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files() -> tuple[str, ...]:
    """Every path, relative to the root, that is or would be committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return tuple(sorted(path for path in set(listed) if (ROOT / path).is_file()))


def python_files(*roots: str) -> list[str]:
    """The Python modules below `roots`, each root written with its closing slash."""
    return [path for path in files() if path.endswith(".py") and path.startswith(roots)]


@cache
def text(path: str) -> str:
    """A file's text."""
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tree(path: str) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(text(path), path)


def functions(module: ast.AST) -> list[Function]:
    """Every function in a tree, methods and nested ones included."""
    return [node for node in ast.walk(module) if isinstance(node, Function)]
