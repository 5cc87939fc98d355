"""What the world's own objects ask of an exploration, and tell it: see `treadle.runtime.instrumentation.sharing`."""

from __future__ import annotations

from typing import Protocol


class Learned(Protocol):
    """What is kept from one execution to the next."""

    handed: set[str]  # locks that somebody let go who did not have them
    awaited: set[str]  # threads of which somebody waits for the end, though hardly anybody does

    def learn(self, kind: str, fact: str) -> None:
        """To be known in the next pass."""
