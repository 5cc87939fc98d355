"""One Jacobi sweep over a band of rows: each inner cell becomes the mean of its four neighbours.

This is the only module that needs NumPy, and it is imported when `jacobi` is called. It knows nothing of threads: it
reads one array, writes a band of another, and NumPy lets other threads run meanwhile.

A sweep is bound by memory and caches, not by arithmetic. Four things make it two to three times as fast as the
expression that one would write down, on one thread:

- *Blocks.* The expression makes temporary arrays as large as the grid, and each goes to memory and back. Here the sums
  are built up in a scratch block that stays in a core's second-level cache, so that the source is read once and the
  target written once.
- *Flat rows.* Inner rows without their border columns are many short pieces to NumPy. Rows with their borders are one
  long piece. So the borders are computed too, from neighbours that are none, and are put right afterwards: of all rows at
  once, where nothing is measured before. (Should those numbers overflow, NumPy may warn of it; they are never used.)
- *No allocation* of large arrays, each of which would be new memory from the operating system.
- *Views that are kept.* To cut a block out of an array is Python, during which no other thread computes. The same two
  arrays are read and written in turns, so it is done once for each of them: about a twentieth less time.

The order of the four additions is fixed, and each cell is computed by itself. So the bits of the result do not depend
on how the rows are divided into bands or blocks.
"""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK_BYTES = 3 << 17
"""About how large a scratch block is: three eighths of a second-level cache of 1 MiB, as much as the source's rows take.

A smaller one is as quick on one thread. But after each operation on it a thread needs the interpreter again, which another
one may have just then: the fewer operations, the more two threads gain.
"""


class Block(NamedTuple):
    """Some rows of a source and of a target, as the additions want them: without the first and the last cell, in one piece."""

    above: NDArray[Any]
    below: NDArray[Any]
    left: NDArray[Any]
    right: NDArray[Any]
    mean: NDArray[Any]
    """What the sums are built up in."""
    new: NDArray[Any]
    """Those cells of the target."""
    edges: NDArray[Any]
    edges_new: NDArray[Any]
    """The first and the last cell of each row, of the source and of the target."""
    rows: NDArray[Any]
    rows_new: NDArray[Any]
    change: NDArray[Any]
    """Whole rows of both, and what their difference is put into."""


class Band(NamedTuple):
    """All rows that a sweep reads and writes, for one source and one target."""

    source: NDArray[Any]
    target: NDArray[Any]
    blocks: list[Block]
    edges: NDArray[Any]
    edges_new: NDArray[Any]
    """The first and the last cell of each row."""


class Sweep:
    """Sweeps rows `first` to `last - 1` of grids that are like `grid`: same shape and type, rows one after the other.

    Called with the source and the target it writes those rows of the target, and returns the largest change of a cell
    (NaN if one is NaN), or infinity if it is not `measured`. One thread at a time may call it: it has one scratch block.
    It holds on to the arrays of its calls, up to two pairs.
    """

    def __init__(self, grid: NDArray[Any], first: int, last: int, *, measured: bool) -> None:
        rows = max(1, min(BLOCK_BYTES // grid.strides[0], last - first))
        self._width = grid.shape[1]
        # First and end row of each block.
        self._rows = [(top, min(top + rows, last)) for top in range(first, last, rows)]
        self._scratch = np.empty(rows * self._width, grid.dtype)
        # A scalar of the grid's type, so that float32 is not computed as float64.
        self._quarter = grid.dtype.type(0.25)
        self._measured = measured
        # For the arrays one way and the other.
        self._known: deque[Band] = deque(maxlen=2)

    def __call__(self, source: NDArray[Any], target: NDArray[Any]) -> float:
        """Write this band of the target."""
        band = self._band(source, target)
        if self._measured:
            return _relaxed_and_measured(band.blocks, self._quarter)
        _relaxed(band.blocks, self._quarter)
        band.edges_new[...] = band.edges
        return math.inf

    def _band(self, source: NDArray[Any], target: NDArray[Any]) -> Band:
        for band in self._known:
            if band.source is source and band.target is target:
                return band
        blocks = [self._block(source, target, top, bottom) for top, bottom in self._rows]
        rows = slice(self._rows[0][0], self._rows[-1][1])
        band = Band(source, target, blocks, _edges(source[rows]), _edges(target[rows]))
        self._known.append(band)
        return band

    def _block(self, source: NDArray[Any], target: NDArray[Any], top: int, bottom: int) -> Block:
        width = self._width
        begin, end = top * width, bottom * width
        old, new = source.reshape(-1), target.reshape(-1)
        return Block(
            above=old[begin + 1 - width : end - 1 - width],
            below=old[begin + 1 + width : end - 1 + width],
            left=old[begin : end - 2],
            right=old[begin + 2 : end],
            mean=self._scratch[: end - begin - 2],
            new=new[begin + 1 : end - 1],
            edges=_edges(source[top:bottom]),
            edges_new=_edges(target[top:bottom]),
            rows=old[begin:end],
            rows_new=new[begin:end],
            change=self._scratch[: end - begin],
        )


def _edges(rows: NDArray[Any]) -> NDArray[Any]:
    """A view of the first and the last column."""
    return rows[:, :: rows.shape[1] - 1]


def _relaxed(blocks: list[Block], quarter: Any) -> None:
    """Write all cells but the edges."""
    add, multiply = np.add, np.multiply
    # No calls but those of NumPy, with all arguments by position: whatever is done here, no other thread does anything in Python.
    for above, below, left, right, mean, new, *_ in blocks:
        add(above, below, mean)
        add(mean, left, mean)
        add(mean, right, mean)
        multiply(mean, quarter, new)


def _relaxed_and_measured(blocks: list[Block], quarter: Any) -> float:
    """Write all cells; the largest change of one."""
    largest = quarter * 0
    for block in blocks:
        _relaxed([block], quarter)
        block.edges_new[...] = block.edges
        np.subtract(block.rows_new, block.rows, out=block.change)
        # Not Python's max(): it keeps or drops a NaN, depending on the order.
        largest = np.maximum(largest, np.abs(block.change, out=block.change).max())
    return float(largest)
