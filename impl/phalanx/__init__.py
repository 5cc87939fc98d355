"""Barriers for Python: threads that wait for each other, proved in every interleaving.

`Barrier` is a drop-in for `threading.Barrier`; `TreeBarrier` does the same and wakes its threads by groups; parties
of an `ElasticBarrier` join and leave while it runs. `jacobi` solves Laplace's equation with them, and needs NumPy when it
is called. Nothing else is needed to import this package.
"""

from __future__ import annotations

from phalanx.barrier import Barrier
from phalanx.cyclic import BarrierStatistics
from phalanx.elastic import ElasticBarrier, ElasticStatistics, Token
from phalanx.errors import BrokenBarrierError, FinishedBarrierError
from phalanx.jacobi import jacobi
from phalanx.tree import TreeBarrier

__all__ = [
    "Barrier",
    "BarrierStatistics",
    "BrokenBarrierError",
    "ElasticBarrier",
    "ElasticStatistics",
    "FinishedBarrierError",
    "Token",
    "TreeBarrier",
    "jacobi",
]
