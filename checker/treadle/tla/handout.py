"""What TLC is given: the same model, in a folder of its own, in the words that TLC 2.15 knows.

Three things keep TLC 2.15 from reading ordinary specifications, and none of them changes the model: it does not come
with TLAPS nor with the community's modules, it resolves the names in proofs, and its configuration has no
CHECK_DEADLOCK (that is an option of its command), ALIAS or POSTCONDITION. So modules of theorems are handed out empty,
those of the community as they are here, theorems are blanked where such modules are used (every other line stays where
it was), and those parts of the configuration are left out.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

from treadle.errors import SpecError
from treadle.tla import catalogue
from treadle.tla.source import Source
from treadle.tla.units import parse

if TYPE_CHECKING:
    from pathlib import Path

    from treadle.tla.source import Span
    from treadle.tla.syntax import Module

_COMES_WITH = frozenset(["Bags", "Toolbox"])  # what TLC 2.15 has
_WORD = re.compile(r"\w+")
_LATER = re.compile(r"^\s*(?:CHECK_DEADLOCK|ALIAS|POSTCONDITION)\s+\w+", re.MULTILINE)


def hand_out(module: Path, config: Path, place: Path) -> None:
    """Copy the modules beside a module, and its configuration as `model.cfg`, to a place where TLC can read them."""
    texts = {file.name: file for file in module.parent.glob("*.tla")}
    words = set().union(*(_WORD.findall(_text(file)) for file in texts.values()))
    wanting = _handed_modules(words, place, {file.stem for file in texts.values()})
    for name, file in texts.items():
        if wanting:
            (place / name).write_text(without_theorems(name, _text(file)), encoding="utf-8")
        else:
            shutil.copy(file, place)
    (place / "model.cfg").write_text(_LATER.sub("", _text(config)), encoding="utf-8")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _handed_modules(words: set[str], place: Path, there: set[str]) -> bool:
    """Write the modules that are named and that TLC does not have; tell whether any is one of theorems."""
    wanting = (words & catalogue.EMPTY) - there - _COMES_WITH
    for name in wanting:
        extended = ", ".join(catalogue.EXTENDED.get(name, ()))
        text = f"---- MODULE {name} ----\n{'EXTENDS ' + extended if extended else ''}\n====\n"
        (place / f"{name}.tla").write_text(text, encoding="utf-8")
    todo = list(words & set(catalogue.TEXTS))
    for name in todo:  # grows: they use each other
        if name in there or name in _COMES_WITH:
            continue
        there.add(name)
        shutil.copy(catalogue.TEXTS[name], place)
        todo += set(_WORD.findall(_text(catalogue.TEXTS[name]))) & set(catalogue.TEXTS)
    return bool(wanting)


def without_theorems(name: str, text: str) -> str:
    """Return the text with blanks for its theorems and their proofs; as it is if it cannot be read."""
    try:
        spans = list(_theorems(parse(Source(name, text))))
    except SpecError:
        return text
    lines = text.split("\n")
    for span in spans:
        for number in range(span.line, span.end_line + 1):
            line = lines[number - 1]
            first = span.column - 1 if number == span.line else 0
            last = span.end_column if number == span.end_line else len(line)
            lines[number - 1] = line[:first] + " " * (last - first) + line[last:]
    return "\n".join(lines)


def _theorems(module: Module) -> list[Span]:
    return [*module.theorems, *(span for inner in module.inner for span in _theorems(inner))]
