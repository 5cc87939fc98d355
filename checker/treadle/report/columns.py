"""One column for each task, time running downwards: the layout of a story.

Each row belongs to one task, so a row may use the room of all columns to its right that its own column lacks. That is
why many tasks still fit: the columns begin further and further to the left of where they would like to, down to a
staircase of one character a step, while the last one always keeps `ROOM`.

What did not work: a table with wrapped cells of equal width (at five tasks a source line takes four rows), and lanes
of marks with the text beside them (the eye has to look up at each row whose mark it is).
"""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WIDTH = 100
ROOM = 38  # what every column may use, and the last one keeps, however many there are
GAP = 2  # between two columns
WIDEST = 46  # no column needs more than this
INDENT = "    "

DEED = "  - "
CUT = "..."
HEIGHT = 2  # so many lines for the source


class Row(NamedTuple):
    """What stands beside each other in no other column."""

    column: int
    source: str  # one line or two, cut off where they do not fit into `HEIGHT` lines; empty: none
    deeds: str  # folded into as many lines as it takes


def columns(heads: Sequence[str], rows: Iterable[Row], width: int = WIDTH) -> list[str]:
    """The lines of the table: the heads, a ruler, and each row in its column. None is longer than `width`."""
    starts = _starts(len(heads), width)
    lines = [*_head(heads, starts, width), "-" * width]
    for row in rows:
        start = starts[row.column]
        room = width - start
        if row.column + 1 < len(starts):
            room = min(room, max(starts[row.column + 1] - start - GAP, ROOM))
        lines += [" " * start + line for line in _cell(row, room)]
    return [line.rstrip() for line in lines]


def _cell(row: Row, room: int) -> list[str]:
    texts = row.source.splitlines()
    lines = [line for text in texts for line in _cut(fold(text, room), HEIGHT // len(texts), room)]
    return lines + fold(f"{DEED}{row.deeds}", room)


def _cut(lines: list[str], height: int, room: int) -> list[str]:
    """The first lines, with a mark at the end if there were more."""
    if len(lines) <= height:
        return lines
    return [*lines[: height - 1], lines[height - 1][: room - len(CUT)] + CUT]


def fold(text: str, room: int) -> list[str]:
    """The text in lines of at most `room` characters; those after the first are indented further."""
    indent = text[: len(text) - len(text.lstrip())] + INDENT
    return wrap(text, room, subsequent_indent=indent, break_on_hyphens=False)


def _starts(count: int, width: int) -> list[int]:
    """Where each column begins."""
    if count < 2:  # noqa: PLR2004 - one column, or none
        return [0] * count
    even = min(width // count, WIDEST + GAP)
    step = even if even >= ROOM else max((width - ROOM) // (count - 1), 0)
    return [step * column for column in range(count)]


def _head(heads: Sequence[str], starts: Sequence[int], width: int) -> list[str]:
    """The heads in one line, or as a staircase where they are longer than their columns."""
    ends = [*starts[1:], width + GAP]
    if all(len(head) + GAP <= end - start for head, start, end in zip(heads, starts, ends, strict=False)):
        line = ""
        for head, start in zip(heads, starts, strict=True):
            line = line.ljust(start) + head
        return [line]
    return [" " * start + head[: max(width - start, 1)] for head, start in zip(heads, starts, strict=True)]
