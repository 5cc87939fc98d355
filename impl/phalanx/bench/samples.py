"""Repeated measurements of the same thing, and how contenders take turns to make them."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Samples:
    """What repeated measurements of one thing gave, at least one of them, in the order in which they were made."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """Half of the values are at most this."""
        return statistics.median(self.values)

    @property
    def spread(self) -> float:
        """The distance between the quartiles as a share of the median; 0 for a single value."""
        if len(self.values) == 1:
            return 0.0
        first, _, third = statistics.quantiles(self.values, n=4, method="inclusive")
        return (third - first) / self.median

    def as_json(self) -> dict[str, object]:
        """Everything, for `--json`."""
        return {"median": self.median, "spread": self.spread, "samples": list(self.values)}


def take_turns(contenders: Mapping[str, Callable[[], float]], repeat: int) -> dict[str, Samples]:
    """Call every contender `repeat` times, in rounds; each round begins with the next one."""
    values: dict[str, list[float]] = {name: [] for name in contenders}
    order = list(contenders)
    for _ in range(repeat):
        for name in order:
            values[name].append(contenders[name]())
        order.append(order.pop(0))
    return {name: Samples(tuple(taken)) for name, taken in values.items()}
