"""The rules of the house that the names of files can show, each a function from the names to the offences in them."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# What may lie at the top: everything else has a room.
TOP = {"LICENSE", "Makefile", "README.md", "pyproject.toml"}
ROOMS = {"checker", "docs", "impl", "spec", "tests"}
# What mathematics is written in.
SPEC = {".cfg", ".json", ".md", ".tla"}
# A file of the repository, named in prose or in a comment.
NAMED = re.compile(r"(?<![\w/.-])(?:checker|docs|impl|spec|tests)/[\w./-]+\.(?:cfg|json|md|py|tla)\b")
# Modules of phalanx that are no primitives, and why.
NOT_PRIMITIVES = {
    "arguments": "checks what users hand to every primitive",
    "errors": "the exceptions of every primitive",
    "cyclic": "the algorithm that Barrier and its siblings share: spec/Cyclic.tla is about it",
    "gates": "a part of every barrier: spec/Gates.tla is about it",
    "generation": "a part of every barrier",
    "pipe": "a part of Barrier: spec/Pipe.tla is about it",
    "stage": "a part of every barrier that has an action",
    "sweep": "the inside of jacobi: what one thread computes between two meetings",
}


def strays(paths: Iterable[str]) -> list[str]:
    """At the top lie the five rooms, four files, .ci and dot-files, nothing else."""
    tops = {(PurePosixPath(path).parts[0], "/" in path) for path in paths}
    return [
        f"{top} has no place at the top"
        for top, is_room in sorted(tops)
        if not top.startswith(".") and top not in (ROOMS if is_room else TOP)
    ]


def unmathematical(paths: Iterable[str]) -> list[str]:
    """In spec/ there is mathematics, and prose and numbers about it; no program."""
    return [
        f"{path} is no mathematics"
        for path in paths
        if path.startswith("spec/") and PurePosixPath(path).suffix not in SPEC
    ]


def primitives(paths: Iterable[str]) -> list[str]:
    """The names of the modules and packages of phalanx that a user imports for what they do."""
    found = {PurePosixPath(path).parts[2].removesuffix(".py") for path in paths if path.startswith("impl/phalanx/")}
    return sorted(name for name in found - {*NOT_PRIMITIVES, "bench", "py.typed"} if not name.startswith("_"))


def houses(primitive: str) -> dict[str, str]:
    """Where one name lives: what it promises, the proof that it keeps it, and how it is used."""
    module = "".join(word.title() for word in primitive.split("_"))
    return {
        "spec": f"spec/{module}.tla",
        "verify": f"tests/verify/test_{primitive}.py",
        "reference": f"docs/reference/{primitive}.md",
    }


def houseless(names: Iterable[str], paths: Iterable[str], excused: Mapping[tuple[str, str], str]) -> list[str]:
    """Each primitive's name opens its code, its spec, its proof and its page, unless a reason is given."""
    there = set(paths)
    return [
        f"{name} has no {path}"
        for name in names
        for house, path in houses(name).items()
        if path not in there and (name, house) not in excused
    ]


def needless(paths: Iterable[str], excused: Iterable[tuple[str, str]]) -> list[str]:
    """An excuse goes when what it excuses is there."""
    there = set(paths)
    return [
        f"{houses(name)[house]} is there: drop its excuse" for name, house in excused if houses(name)[house] in there
    ]


def dangling(source: str, paths: Iterable[str]) -> list[str]:
    """What a text says is proved, told or written elsewhere is there."""
    there = set(paths)
    return [
        f"line {number}: {path} does not exist"
        for number, line in enumerate(source.splitlines(), start=1)
        for path in NAMED.findall(line)
        if path not in there
    ]
