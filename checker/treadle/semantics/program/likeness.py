"""Which threads of a program are interchangeable.

Two threads are if they have the same operations and nobody can tell one from the other: no operation names either of
them (to spawn it, to join it), and both run from the start. Objects cannot name a thread: a location is made of text and
of registers, and nothing ever puts the number of a thread into a register. (Which thread a notification wakes is named
by the thread in the schedule only.) So to exchange their numbers makes of each execution another one.

`declared` threads are taken at their word; that they have the same operations was checked when the text was read.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treadle.semantics.program.text import ProgramText

Symmetry = Literal["off", "on", "auto"]
"""Nothing is interchangeable; what the program declares; that, and what can be seen."""


def interchangeable(text: ProgramText, symmetry: Symmetry) -> dict[int, int | None]:
    """Each interchangeable thread with the one that comes before it, None for the first of its kind."""
    pairs: dict[int, int] = {}
    if symmetry == "auto":
        pairs |= _alike(text)
    if symmetry != "off":
        pairs |= text.symmetric
    return {**dict.fromkeys(sorted(pairs.values())), **pairs}


def _alike(text: ProgramText) -> dict[int, int]:
    named = {number for thread in text.threads for _, number in mentions(thread)} | text.deferred
    pairs: dict[int, int] = {}
    latest: dict[str, int] = {}
    for number, thread in enumerate(text.threads):
        if thread and number not in named:
            code = json.dumps(thread)
            if code in latest:
                pairs[number] = latest[code]
            latest[code] = number
    return pairs


def mentions(operations: Any) -> Iterator[tuple[str, int]]:
    """Which threads are spawned and joined, anywhere in the operations."""
    for operation in operations:
        if operation[0] in {"spawn", "join"}:
            yield operation[0], operation[1]
        elif operation[0] in {"if", "while"}:
            for block in operation[2:]:
                yield from mentions(block or ())
