"""The examples of a page of Markdown, as one program.

Every block that opens with ```python is a part of it, in the order of the page. `<!-- not run: why -->` before a block
leaves it out; `<!-- prints -->` before a block of any other language makes that the text which the program prints
there. A block that is left out keeps its lines, so that a traceback names the line of the page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_FENCE = re.compile(r"^(?P<indent> *)(?P<fence>`{3,}|~{3,})(?P<language>.*)$")
_NOT_RUN = re.compile(r"^ *<!-- not run(?:: *(?P<why>.*\S))? *-->$")
_PRINTS = re.compile(r"^ *<!-- prints -->$")
# Lies between what is printed before and after it; no example prints it.
BOUNDARY = "\f"


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block."""

    language: str
    line: int
    """Where its text begins, counted from 1."""
    lines: tuple[str, ...]
    remark: str
    """The line above the fence, blank ones skipped."""


class ExampleError(Exception):
    """A page whose examples cannot be told from its prose."""


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of a page."""
    numbered = iter(enumerate(page.splitlines(), start=1))
    remark = ""
    for number, line in numbered:
        if opening := _FENCE.match(line):
            inside = []
            for _, text in numbered:
                if text.strip() == opening["fence"]:
                    break
                inside.append(text.removeprefix(opening["indent"]))
            else:
                raise ExampleError(f"line {number}: the block that opens here is never closed")
            yield Block(opening["language"].strip(), number + 1, tuple(inside), remark)
            remark = ""
        elif line.strip():
            remark = line


def program(page: str) -> tuple[str, list[str]]:
    """The program of a page, its lines where they stand in the page, and the texts that it must print.

    The texts are what stands between two boundaries, which the program prints too: text 0 up to the first, and so on.
    A text that a page does not show is the empty string; what is printed there is not looked at.
    """
    lines = [""] * len(page.splitlines())
    printed: list[str] = []
    for block in blocks(page):
        if block.language == "python" and not _is_left_out(block):
            lines[block.line - 1 : block.line - 1 + len(block.lines)] = block.lines
            # The closing fence's line is free.
            lines[block.line - 1 + len(block.lines)] = f"print({BOUNDARY!r}, end='')"
            printed.append("")
        elif _PRINTS.match(block.remark):
            if not printed:
                raise ExampleError(f"line {block.line}: prints, but no block of Python stands above it")
            printed[-1] = "\n".join(block.lines).strip()
    return "\n".join(lines) + "\n", printed


def _is_left_out(block: Block) -> bool:
    left_out = _NOT_RUN.match(block.remark)
    if left_out and not left_out["why"]:
        raise ExampleError(f"line {block.line}: the block is not run, and no reason is given")
    return left_out is not None


def departures(said: str, printed: list[str]) -> list[str]:
    """Where what a program said differs from what its page shows."""
    parts = said.split(BOUNDARY)
    return [
        f"block {number}: the page shows {shown!r}, the program printed {part.strip()!r}"
        for number, (shown, part) in enumerate(zip(printed, parts, strict=False), start=1)
        if shown and shown != part.strip()
    ]
