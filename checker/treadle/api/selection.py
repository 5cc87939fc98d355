"""Selection: which kit belongs to a specification, and which of its client programs are meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.conformance.catalogue import load_kit
from treadle.conformance.modelling import find
from treadle.conformance.words import Bounds, Program, setting
from treadle.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from treadle.conformance.kit import Kit


def kit_of(spec: str | Path, kit: str | Kit | None = None) -> Kit:
    """The kit that is named; that of the specification, if none is. SpecError or UsageError if there is none."""
    path = find(str(spec))
    return load_kit(kit or path.stem) if kit is None or isinstance(kit, str) else kit


def selected(
    kit: Kit,
    bounds: Bounds | None = None,
    where: Mapping[str, Collection[str]] | None = None,
    programs: Iterable[Program] | None = None,
) -> list[Program]:
    """The programs, or those of the kit within the bounds, whose setup has one of the values that `where` gives as text.

    UsageError for a call that the kit does not know.
    """
    bounds = bounds if bounds is not None else Bounds()
    known = (*kit.calls, *kit.known)
    for call in bounds.calls:
        if call not in known:
            message = f"the kit {type(kit).__name__} knows no call {call}"
            raise UsageError(message, expected=f"some of {', '.join(known)}")
    every = programs if programs is not None else kit.programs(bounds)
    wanted = where if where is not None else {}
    return [each for each in every if all(setting(each, name) in values for name, values in wanted.items())]
