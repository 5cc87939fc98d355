"""A data race: two accesses of two tasks to one place, one of them at least a write, and nothing that orders them.

They are no steps, since tasks took turns at synchronisation only; so they are told after all steps, though they happened
somewhere among them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from treadle.report.names import Names

Access = tuple[int, str, str]
"""A task, the mode, the place as "file:line"; empty if that is not known."""


class Race(NamedTuple):
    """The place in memory, and the two accesses to it."""

    location: str
    first: Access
    second: Access


def sentence(races: Sequence[Race], names: Names) -> str:
    """What is wrong."""
    race = races[0]
    one, other = names.task(race.first[0]), names.task(race.second[0])
    more = f" {len(races) - 1} more like it." if len(races) > 1 else ""
    return f"Nothing orders what {one} and {other} do to {names.thing(race.location)}.{more}"


def verb(mode: str) -> str:
    """What an access in this mode does."""
    return {"read": "reads", "write": "writes"}.get(mode, "changes")
