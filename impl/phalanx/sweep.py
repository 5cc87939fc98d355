"""One Jacobi sweep over a band of rows: each inner cell becomes the mean of its four neighbours.

This is the only module that needs NumPy, and it is imported when `jacobi` is called. It knows nothing of threads: it
reads one array, writes a band of another, and NumPy lets other threads run meanwhile.

A sweep is bound by memory and caches, not by arithmetic. Three things make it two to three times as fast as the
expression that one would write down, on one thread:

- *Blocks.* The expression makes temporary arrays as large as the grid, and each goes to memory and back. Here the sums
  are built up in a scratch block that stays in a core's second-level cache, so that the source is read once and the
  target written once.
- *Flat rows.* Inner rows without their border columns are many short pieces to NumPy. Rows with their borders are one
  long piece. So the borders are computed too, from neighbours that are none, and are put right afterwards. (Should
  those numbers overflow, NumPy may warn of it; they are never used.)
- *No allocation* of large arrays, each of which would be new memory from the operating system.

The order of the four additions is fixed, and each cell is computed by itself. So the bits of the result do not depend
on how the rows are divided into bands or blocks.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK_BYTES = 1 << 18
"""About how large a scratch block is: a quarter of a second-level cache of 1 MiB, which the source's rows share."""


class Sweep:
    """Sweeps rows `first` to `last - 1` of grids that are like `grid`: same shape and type, rows one after the other.

    Called with the source and the target it writes those rows of the target, and returns the largest change of a cell
    (NaN if one is NaN), or infinity if it is not `measured`. One thread at a time may call it: it has one scratch block.
    """

    def __init__(self, grid: NDArray[Any], first: int, last: int, *, measured: bool) -> None:
        rows = max(1, min(BLOCK_BYTES // grid.strides[0], last - first))
        self._width = grid.shape[1]
        # First and end row of each block.
        self._blocks = [(top, min(top + rows, last)) for top in range(first, last, rows)]
        self._scratch = np.empty(rows * self._width, grid.dtype)
        # A scalar of the grid's type, so that float32 is not computed as float64.
        self._quarter = grid.dtype.type(0.25)
        self._measured = measured

    def __call__(self, source: NDArray[Any], target: NDArray[Any]) -> float:
        """Write this band of the target."""
        flat_source, flat_target = source.reshape(-1), target.reshape(-1)
        largest = self._quarter * 0
        for top, bottom in self._blocks:
            self._relax(flat_source, flat_target, top, bottom)
            target[top:bottom, 0] = source[top:bottom, 0]
            target[top:bottom, -1] = source[top:bottom, -1]
            if self._measured:
                # Not Python's max(): it keeps or drops a NaN, depending on the order.
                largest = np.maximum(largest, self._change(flat_source, flat_target, top, bottom))
        return float(largest) if self._measured else math.inf

    def _relax(self, source: NDArray[Any], target: NDArray[Any], top: int, bottom: int) -> None:
        """Write the rows, all but their first and last cell, as one piece."""
        width = self._width
        begin, end = top * width + 1, bottom * width - 1
        mean = self._scratch[: end - begin]
        np.add(source[begin - width : end - width], source[begin + width : end + width], out=mean)
        np.add(mean, source[begin - 1 : end - 1], out=mean)
        np.add(mean, source[begin + 1 : end + 1], out=mean)
        np.multiply(mean, self._quarter, out=target[begin:end])

    def _change(self, source: NDArray[Any], target: NDArray[Any], top: int, bottom: int) -> Any:
        begin, end = top * self._width, bottom * self._width
        change = self._scratch[: end - begin]
        np.subtract(target[begin:end], source[begin:end], out=change)
        return np.abs(change, out=change).max()
