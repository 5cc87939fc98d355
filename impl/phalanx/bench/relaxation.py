"""What a second thread gains in a program that works between its meetings: Jacobi's method on square grids.

Beside `phalanx.jacobi` on some numbers of threads stand the two ways to write it in NumPy on one: the expression as
one would write it down, and the same with `out=` and without temporary arrays. The last column is the share of an
iteration that the meeting takes: threads that only meet, as many, against threads that also work. What the threads wait
because one of them has more to do, or a slower core, is not the barrier's and not in it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from phalanx.barrier import Barrier
from phalanx.bench.overhead import time_rounds
from phalanx.bench.report import Column, Report, Row
from phalanx.bench.samples import take_turns
from phalanx.jacobi import jacobi

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

SIZES = (500, 1000, 2000, 4000)
THREADS = (1, 2)
EXPRESSION = "NumPy expression"
IN_PLACE = "NumPy out="
MEETING = "meeting only"
FEWEST_ITERATIONS = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure."""

    sizes: tuple[int, ...]
    """Rows, and as many columns, of float64."""
    threads: tuple[int, ...]
    repeat: int
    """Samples of each contender."""
    seconds: float
    """How long a sample shall last, about."""


def measure(plan: Plan, progress: Callable[[str], None]) -> Report:
    """Iterations a second for each size and each contender."""
    rows = []
    for size in plan.sizes:
        progress(f"{size} x {size}")
        grid = _hot_edge(size)
        solvers: dict[str, Callable[[int], float]] = {
            EXPRESSION: partial(time_numpy, _expression, grid),
            IN_PLACE: partial(time_numpy, _in_place, grid),
            **{_ours(threads): partial(time_jacobi, grid, threads) for threads in plan.threads},
            MEETING: partial(time_rounds, Barrier, plan.threads[-1]),
        }
        samplers = {name: _sampler(solver, plan.seconds) for name, solver in solvers.items()}
        rows.append(Row(size, take_turns(samplers, plan.repeat)))
    return Report(
        name="jacobi",
        title="Jacobi's method on square grids of float64, in iterations per second",
        subject="rows",
        unit="iterations per second",
        rows=rows,
        columns=_columns(plan.threads),
        notes=[],
    )


def _ours(threads: int) -> str:
    return f"phalanx.jacobi, {threads} thread{'s' * (threads > 1)}"


def _columns(threads: tuple[int, ...]) -> list[Column]:
    plain = [Column(name) for name in (EXPRESSION, IN_PLACE, *map(_ours, threads))]
    most = _ours(threads[-1])
    against = [EXPRESSION, IN_PLACE, *([_ours(threads[0])] if len(threads) > 1 else [])]
    share = Column(most, MEETING, share=f"share of the meeting, {threads[-1]} threads")
    return [*plain, *(Column(most, other) for other in against), *([share] if threads[-1] > 1 else [])]


def _sampler(solver: Callable[[int], float], seconds: float) -> Callable[[], float]:
    """A function that takes one sample of about that many seconds, in iterations a second."""
    iterations = max(FEWEST_ITERATIONS, int(seconds * FEWEST_ITERATIONS / solver(FEWEST_ITERATIONS)))
    return partial(_rate, solver, iterations)


def _rate(solver: Callable[[int], float], iterations: int) -> float:
    return iterations / solver(iterations)


def _hot_edge(size: int) -> NDArray[Any]:
    """A cold square with one hot edge."""
    import numpy as np

    grid = np.zeros((size, size))
    grid[0] = 1.0
    return grid


def time_numpy(iterate: Callable[[NDArray[Any], NDArray[Any]], None], grid: NDArray[Any], iterations: int) -> float:
    """The seconds that one thread takes for that many iterations."""
    source, target = grid.copy(), grid.copy()
    began = time.perf_counter()
    for _ in range(iterations):
        iterate(source, target)
        source, target = target, source
    return time.perf_counter() - began


def time_jacobi(grid: NDArray[Any], threads: int, iterations: int) -> float:
    """The seconds that `phalanx.jacobi` takes for that many iterations: from the end of one to that of a later one."""
    ends: list[float] = []

    def timed_barrier(parties: int, action: Callable[[], None]) -> Barrier:
        def advance() -> None:
            action()
            ends.append(time.perf_counter())

        return Barrier(parties, advance)

    jacobi(grid, threads=threads, iterations=iterations + 1, barrier=timed_barrier)
    return ends[-1] - ends[0]


def _expression(source: NDArray[Any], target: NDArray[Any]) -> None:
    target[1:-1, 1:-1] = 0.25 * (source[:-2, 1:-1] + source[2:, 1:-1] + source[1:-1, :-2] + source[1:-1, 2:])


def _in_place(source: NDArray[Any], target: NDArray[Any]) -> None:
    import numpy as np

    inside = target[1:-1, 1:-1]
    np.add(source[:-2, 1:-1], source[2:, 1:-1], out=inside)
    np.add(inside, source[1:-1, :-2], out=inside)
    np.add(inside, source[1:-1, 2:], out=inside)
    np.multiply(inside, 0.25, out=inside)
