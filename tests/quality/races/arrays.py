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


@way(lambda: np.zeros(3, dtype=int), lambda items: int(items[1]))
def slice_of_an_array(items: Any) -> None:
    items[1:2] = items[1:][:1] + 1


@way(lambda: np.zeros((2, 2), dtype=int), lambda items: int(items[1, 0]))
def element_of_a_transposed_view(items: Any) -> None:
    items.T[0, 1] += 1


@way(lambda: np.zeros((2, 2), dtype=int), lambda items: int(items[1, 0]))
def element_of_a_flat_view(items: Any) -> None:
    items.reshape(-1)[2] += 1


@way(lambda: np.zeros(4, dtype=int), lambda items: int(items[2]))
def elements_by_a_list(items: Any) -> None:
    items[[0, 2]] = items[[0, 2]] + 1


@way(lambda: np.zeros(4, dtype=int), lambda items: int(items[2]))
def elements_by_a_mask(items: Any) -> None:
    items[items >= 0] += 1


@way(lambda: np.zeros(3, dtype=int), lambda items: int(items[1]))
def array_copied_over(items: Any) -> None:
    np.copyto(items, np.add(items, 1))


@way(lambda: np.zeros(3, dtype=int), lambda items: int(items[1]))
def method_of_a_universal_function(items: Any) -> None:
    items[1] = np.add.reduce(items[1:2]) + 1
