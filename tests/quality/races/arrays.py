"""Adding one to an element of a NumPy array: by its index, by its indices, through a view.

`WAYS` has the names; the module's `racy_NAME` and `locked_NAME` are the scenarios.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.quality.races import ways

way = ways.bumping(globals())


@way(lambda: np.zeros(3, dtype=int), lambda items: int(items[1]))
def element_of_an_array(items: Any) -> None:
    items[1] += 1


@way(lambda: np.zeros((2, 2), dtype=int), lambda items: int(items[0, 1]))
def element_by_two_indices(items: Any) -> None:
    items[0, 1] += 1


@way(lambda: np.zeros((2, 2), dtype=int), lambda items: int(items[0, 1]))
def element_of_a_row(items: Any) -> None:
    row = items[0]
    row[1] += 1


@way(lambda: np.zeros(3, dtype=int), lambda items: int(items[1]))
def array_stored_whole(items: Any) -> None:
    items[:] = items + 1


@way(lambda: np.zeros(3, dtype=int), lambda items: int(items[1]))
def array_filled(items: Any) -> None:
    items.fill(items.max() + 1)
