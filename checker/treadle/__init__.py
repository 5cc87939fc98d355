"""A model checker for Python concurrency: it runs ordinary code in every interleaving that can differ.

    @treadle.check
    def test_transfers() -> None:
        ...                                 # threads, locks, queues, and an assert at the end

The names below are all there is for users; each is loaded when it is first asked for, so that importing this package
costs nothing. The reference is docs/reference/api.md.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from treadle.api.exploration import explore
    from treadle.api.options import Granularity, Incomplete, Search, Walk
    from treadle.api.retelling import tell
    from treadle.api.stressing import Stressed, stress
    from treadle.api.testing import check, choose
    from treadle.errors import CheckError, NondeterminismError, ScenarioError, ScheduleError, TreadleError, UsageError
    from treadle.model.faults import Faults
    from treadle.model.schedule import Schedule
    from treadle.model.verdict import Failure, Status, Verdict

__all__ = [
    "CheckError",
    "Failure",
    "Faults",
    "Granularity",
    "Incomplete",
    "NondeterminismError",
    "ScenarioError",
    "Schedule",
    "ScheduleError",
    "Search",
    "Status",
    "Stressed",
    "TreadleError",
    "UsageError",
    "Verdict",
    "Walk",
    "check",
    "choose",
    "explore",
    "stress",
    "tell",
]

_ROOMS = {
    "treadle.api.exploration": ("explore",),
    "treadle.api.options": ("Granularity", "Incomplete", "Search", "Walk"),
    "treadle.api.retelling": ("tell",),
    "treadle.api.stressing": ("Stressed", "stress"),
    "treadle.api.testing": ("check", "choose"),
    "treadle.errors": (
        "CheckError",
        "NondeterminismError",
        "ScenarioError",
        "ScheduleError",
        "TreadleError",
        "UsageError",
    ),
    "treadle.model.faults": ("Faults",),
    "treadle.model.schedule": ("Schedule",),
    "treadle.model.verdict": ("Failure", "Status", "Verdict"),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}


if not TYPE_CHECKING:  # a type checker knows the names from above, and sees a misspelt one

    def __getattr__(name: str) -> object:
        room = _ROOM_OF.get(name)
        if room is None:
            raise AttributeError(f"module 'treadle' has no attribute {name!r}")
        value = getattr(import_module(room), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
