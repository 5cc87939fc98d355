"""Barriers for Python: threads that wait for each other, proved in every interleaving.

`Barrier` is a drop-in for `threading.Barrier`. `jacobi` solves Laplace's equation with it, and needs NumPy when it is
called. Nothing else is needed to import this package.
"""

from __future__ import annotations

from phalanx.barrier import Barrier
from phalanx.cyclic import BarrierStatistics
from phalanx.errors import BrokenBarrierError
from phalanx.jacobi import jacobi

__all__ = ["Barrier", "BarrierStatistics", "BrokenBarrierError", "jacobi"]
