"""The controlled `time`: the real module's names, with a clock that only waiting moves."""

from __future__ import annotations

import time
from types import ModuleType
from typing import TYPE_CHECKING, Any

from treadle.runtime.clock import EPOCH, START

if TYPE_CHECKING:
    from treadle.runtime.clock import Clock


def controlled_time(clock: Clock) -> ModuleType:
    """The module `time` of one world."""
    module = ModuleType("time", time.__doc__)
    vars(module).update({name: value for name, value in vars(time).items() if not name.startswith("__")})

    def since(start: float) -> Any:
        return lambda: start + clock.read()

    def nanoseconds(start: float) -> Any:
        return lambda: round((start + clock.read()) * 1e9)

    for name, start in (
        ("time", EPOCH),
        *((n, START) for n in ("monotonic", "perf_counter", "process_time", "thread_time")),
    ):
        setattr(module, name, since(start))
        setattr(module, f"{name}_ns", nanoseconds(start))
    module.sleep = clock.sleep  # type: ignore[attr-defined]
    return module
