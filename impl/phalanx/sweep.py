"""One Jacobi sweep over a band of rows: each cell becomes the mean of its four neighbours.

This is the only module that needs NumPy, and it is imported when `jacobi` is called. It knows nothing of threads: it
reads one array, writes a band of another, and NumPy lets other threads run meanwhile.

A sweep is bound by memory, not by arithmetic. The plain expression makes five temporary arrays as large as the grid,
and each is written to memory and read again. Here the sums are built up in the target itself, a block of rows at a
time, and a block is small enough to stay in a core's second-level cache through all four operations. So the source is
read once and the target written once.

The order of the four additions is fixed, and each cell is computed by itself. So the bits of the result do not depend
on how the rows are divided into bands or blocks.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

BLOCK_BYTES = 1 << 19
"""About how much of the target is worked on at a time: a quarter of a common second-level cache, since the source's
rows of the block have to be there too."""


def sweep(source: NDArray[Any], target: NDArray[Any], first: int, last: int) -> float:
    """Write rows `first` to `last - 1` of the target, its border columns excepted, from the source.

    Returns infinity: it did not look how much anything changed.
    """
    for top, bottom in blocks(source, first, last):
        relax(source, target, top, bottom)
    return math.inf


def measured_sweep(source: NDArray[Any], target: NDArray[Any], first: int, last: int) -> float:
    """The same, and look for the largest change of a cell while the block is at hand; NaN if there is one."""
    largest = source.dtype.type(0)
    for top, bottom in blocks(source, first, last):
        relax(source, target, top, bottom)
        change = target[top:bottom, 1:-1] - source[top:bottom, 1:-1]
        # Not Python's max(): it keeps or drops a NaN, depending on the order.
        largest = np.maximum(largest, np.abs(change, out=change).max())
    return float(largest)


def blocks(source: NDArray[Any], first: int, last: int) -> Iterator[tuple[int, int]]:
    """The rows `first` to `last - 1` in blocks of about `BLOCK_BYTES`: pairs of first and end."""
    step = max(1, BLOCK_BYTES // source.strides[0])
    for top in range(first, last, step):
        yield top, min(top + step, last)


def relax(source: NDArray[Any], target: NDArray[Any], top: int, bottom: int) -> None:
    """Write rows `top` to `bottom - 1` of the target: each inner cell is the mean of the source's four neighbours."""
    block = target[top:bottom, 1:-1]
    np.add(source[top - 1 : bottom - 1, 1:-1], source[top + 1 : bottom + 1, 1:-1], out=block)
    np.add(block, source[top:bottom, :-2], out=block)
    np.add(block, source[top:bottom, 2:], out=block)
    np.multiply(block, source.dtype.type(0.25), out=block)
