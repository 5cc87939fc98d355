"""Laplace's equation on a grid, by Jacobi's method, with rows shared among threads that meet at a barrier.

Each iteration replaces every inner cell by the mean of its four neighbours, all at once; the border stays. Every
thread owns a band of rows, reads the cells of the last iteration from one array and writes its band into the other.

The textbook version meets three times an iteration: before it copies the new grid over the old one, after that, and
after it has looked whether to stop. Here the threads meet once. The barrier's action runs when all have written and
nobody has begun to read again, so it is the place to exchange the two arrays and to decide whether to stop: no thread
can see half of that. Why no cell is read in the iteration that writes it: an iteration writes only to the target and
reads only the source, and which is which changes only in the action.

`Relaxation` is that scheme without any arithmetic. What a sweep does is handed to it, so the same code runs on NumPy
arrays for speed and on anything else where every cell shall be watched.

The bits of the result do not depend on the number of threads, because each cell is computed from the same four numbers
in the same order whoever does it, and the largest change is a maximum, which does not depend on the order at all.

Source of the method: Carl Gustav Jacob Jacobi, *Ueber eine neue Aufloesungsart der bei der Methode der kleinsten
Quadrate vorkommenden lineaeren Gleichungen*, Astronomische Nachrichten 22 (1845).
"""

from __future__ import annotations

import math
import threading
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Generic, Protocol, SupportsFloat, SupportsIndex, TypeVar

from phalanx.arguments import checked_callback, checked_count, checked_positive
from phalanx.barrier import Barrier

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike, NDArray

Grid = TypeVar("Grid")


class MeetingPoint(Protocol):
    """What `Relaxation` needs of a barrier. Every barrier of this package has it, and `threading.Barrier` too."""

    def wait(self) -> int:
        """Return when all threads have called it and the action has run; raise BrokenBarrierError after `abort`."""
        ...

    def abort(self) -> None:
        """Make every present and future `wait` raise BrokenBarrierError."""
        ...


class Relaxation(Generic[Grid]):
    """Iterations of a sweep that is divided among threads, which meet once an iteration.

    `sweeps` has a part of it for each thread. Called as `part(source, target)`, it reads the source only, writes its
    own cells of the target and no others, and returns the largest change of a cell (any number if there is no
    tolerance). `progress` is called after each iteration, as in `jacobi`.

    `run` may be called once. Afterwards `source` is the grid after `iteration` iterations.
    """

    def __init__(
        self,
        source: Grid,
        target: Grid,
        sweeps: Sequence[Callable[[Grid, Grid], float]],
        *,
        iterations: int | None,
        tolerance: float | None,
        barrier: Callable[[int, Callable[[], None]], MeetingPoint],
        progress: Callable[[int, float | None], object] | None = None,
    ) -> None:
        # What is read and what is written in this iteration. Exchanged in the action and nowhere else.
        self.source = source
        self.target = target
        # How many iterations are complete.
        self.iteration = 0
        # The largest change of the last iteration, by part. Each thread writes its own item; the action reads all.
        self._changes = [math.inf] * len(sweeps)
        self._sweeps = sweeps
        self._iterations = iterations
        self._tolerance = tolerance
        self._progress = progress
        self._done = iterations == 0
        # What stopped a thread: by itself, or because the barrier was broken, which has its cause in another thread.
        self._failures: list[BaseException] = []
        self._broken: list[threading.BrokenBarrierError] = []
        self._barrier = barrier(len(sweeps), self._advance)

    def run(self) -> None:
        """Iterate to the end, in this thread and in one more for each further part.

        Raises:
            BaseException: what a thread raised; the first of these, if there are several.
        """
        threads = [threading.Thread(target=self._work, args=(part,)) for part in range(1, len(self._sweeps))]
        started: list[threading.Thread] = []
        try:
            for thread in threads:
                thread.start()
                started.append(thread)
            self._work(0)
        except BaseException:
            self._barrier.abort()
            raise
        finally:
            for thread in started:
                thread.join()
        for error in (*self._failures, *self._broken):
            raise error

    def _work(self, part: int) -> None:
        """What each thread does. A failure breaks the barrier, so that nobody waits for this thread."""
        sweep = self._sweeps[part]
        try:
            while not self._done:
                self._changes[part] = sweep(self.source, self.target)
                self._barrier.wait()
        except threading.BrokenBarrierError as error:
            self._broken.append(error)
        except BaseException as error:  # noqa: BLE001 - `run` raises it in the caller's thread
            self._failures.append(error)
            self._barrier.abort()

    def _advance(self) -> None:
        """The barrier's action: an iteration is complete."""
        self.source, self.target = self.target, self.source
        self.iteration += 1
        change = self._largest_change()
        self._done = self.iteration == self._iterations or self._is_small(change)
        if self._progress is not None:
            self._progress(self.iteration, change)

    def _is_small(self, change: float | None) -> bool:
        return change is not None and self._tolerance is not None and change <= self._tolerance

    def _largest_change(self) -> float | None:
        if self._tolerance is None:
            return None
        if not all(map(math.isfinite, self._changes)):
            raise ArithmeticError(
                f"iteration {self.iteration} made a cell infinite or NaN, so the tolerance is never reached; "
                "probably the grid holds such a value, or its values are too large to add four of them"
            )
        return max(self._changes)


def jacobi(
    grid: ArrayLike,
    *,
    threads: SupportsIndex,
    iterations: SupportsIndex | None = None,
    tolerance: SupportsFloat | None = None,
    barrier: Callable[[int, Callable[[], None]], MeetingPoint] = Barrier,
    in_place: bool = False,
    progress: Callable[[int, float | None], object] | None = None,
) -> NDArray[Any]:
    """Solve Laplace's equation with the border of `grid` fixed, by Jacobi's method; return the new grid.

    `grid` is two-dimensional and is left as it is; float32 and float64 are computed as such, other numbers as float64.
    With `in_place` the grid itself becomes the result and is returned, which saves one array of three; it must then be
    an array of one of these two types, writable, its rows one after the other. If a thread fails, it holds the last
    complete iteration.

    The rows are divided among `threads` threads, one of which is the caller's; more threads than inner rows are not
    started. The result is bit for bit the same for every number of threads.

    It stops after `iterations` iterations, or as soon as no cell changed by more than `tolerance` in an iteration,
    whichever comes first; one of them must be given. A tolerance below the precision of the grid may never be reached.

    `barrier` makes the barrier that the threads meet at: any class of this package, or `threading.Barrier`.

    `progress` is called after each iteration with the number of iterations so far and the largest change of a cell in
    the last one (None if there is no tolerance, since it is not computed then). All threads wait for it. Whichever
    came last to the barrier calls it. If it raises, that ends the work, and the caller gets the exception.

    Raises:
        ImportError: NumPy is not installed.
        TypeError, ValueError: an argument makes no sense; the message says which and why.
        ArithmeticError: with a tolerance, a cell became infinite or NaN.
        BaseException: whatever a thread raised, once all threads have ended.
    """
    number = checked_count("threads", threads, least=1)
    limit = None if iterations is None else checked_count("iterations", iterations, least=0)
    small = None if tolerance is None else checked_positive("tolerance", tolerance)
    if limit is None and small is None:
        raise TypeError("jacobi() would never stop: give iterations=, tolerance=, or both")
    report = checked_callback("progress", progress)
    source = _as_floats(grid, in_place=in_place)
    from phalanx.sweep import Sweep  # noqa: PLC0415 - phalanx needs no NumPy, only jacobi does

    relaxation = Relaxation(
        source,
        source.copy(),
        [Sweep(source, first, last, measured=small is not None) for first, last in _bands(source.shape[0], number)],
        iterations=limit,
        tolerance=small,
        barrier=barrier,
        progress=report,
    )
    try:
        relaxation.run()
    finally:
        # The two arrays were exchanged; an odd number of times, if this one is not the source now.
        if in_place and relaxation.source is not source:
            source[...] = relaxation.source
    return source if in_place else relaxation.source


def _as_floats(grid: ArrayLike, *, in_place: bool) -> NDArray[Any]:
    """The grid as an array of a floating type, its rows one after the other: a copy, or, `in_place`, itself."""
    try:
        import numpy as np  # noqa: PLC0415 - phalanx needs no NumPy, only jacobi does
    except ImportError as error:
        raise ImportError(
            "jacobi() needs NumPy, which is not installed; instead: pip install 'phalanx[bench]'"
        ) from error
    given = np.asarray(grid)
    if given.dtype.kind not in "fiub":
        raise TypeError(f"grid must hold real numbers; got dtype {given.dtype}")
    if given.ndim != 2 or min(given.shape) < 3:  # noqa: PLR2004 - rows and columns: two borders and an inside
        raise ValueError(
            f"grid must have at least 3 rows and 3 columns, so that it has an inside; got shape {given.shape}"
        )
    fits = given.dtype in (np.float32, np.float64)
    if not in_place:
        return np.array(given, dtype=given.dtype if fits else np.float64, order="C")
    if given is not grid or not fits or not given.flags.c_contiguous or not given.flags.writeable:
        raise ValueError(
            "in_place needs a writable array of float32 or float64 whose rows lie one after the other; got "
            f"{_described(grid)}; instead leave in_place out, and a new array is returned"
        )
    return given


def _described(grid: ArrayLike) -> str:
    import numpy as np  # noqa: PLC0415 - phalanx needs no NumPy, only jacobi does

    if not isinstance(grid, np.ndarray):
        return f"a {type(grid).__name__}"
    order = "rows one after the other" if grid.flags.c_contiguous else "another layout"
    return f"an array of {grid.dtype}, {'writable' if grid.flags.writeable else 'read-only'}, with {order}"


def _bands(rows: int, threads: int) -> list[tuple[int, int]]:
    """The inner rows, divided as evenly as they go among at most that many threads: pairs of first and end."""
    inner = rows - 2
    number = min(threads, inner)
    edges = [1 + inner * band // number for band in range(number + 1)]
    return list(pairwise(edges))
