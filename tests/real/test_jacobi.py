"""phalanx.jacobi on real threads: the same bits for every number of threads, and every failure reaches the caller."""

from __future__ import annotations

import math
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from phalanx import Barrier, jacobi
from phalanx.jacobi import Relaxation

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray


def textbook(grid: NDArray[Any], iterations: int) -> NDArray[Any]:
    """The expression that one would write down."""
    grid = grid.copy()
    for _ in range(iterations):
        quarter = grid.dtype.type(0.25)
        grid[1:-1, 1:-1] = quarter * (grid[:-2, 1:-1] + grid[2:, 1:-1] + grid[1:-1, :-2] + grid[1:-1, 2:])
    return grid


def some_grid(rows: int, columns: int, dtype: type = np.float64) -> NDArray[Any]:
    """A grid with nothing regular about it, the same each time."""
    return np.random.default_rng(rows * columns).random((rows, columns)).astype(dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(3, 3), (3, 50), (50, 3), (17, 29), (130, 1030)])
@pytest.mark.parametrize("threads", [1, 2, 3, 7])
def test_the_bits_are_those_of_the_textbook(shape: tuple[int, int], threads: int, dtype: type) -> None:
    """Whatever the shape, the type and the number of threads; the border stays as it was."""
    grid = some_grid(*shape, dtype)
    before = grid.copy()
    result = jacobi(grid, threads=threads, iterations=13)
    assert result.dtype == dtype
    assert np.array_equal(result, textbook(grid, 13))
    assert np.array_equal(grid, before)
    for edge in (np.s_[0], np.s_[-1], np.s_[:, 0], np.s_[:, -1]):
        assert np.array_equal(result[edge], grid[edge])


@pytest.mark.parametrize("threads", [1, 3])
def test_it_stops_at_the_tolerance(threads: int) -> None:
    """After the first iteration in which no cell changed by more; the number of threads makes no difference."""
    grid = some_grid(12, 9)
    changes = [np.abs(textbook(grid, number) - textbook(grid, number - 1)).max() for number in range(1, 82)]
    assert min(changes[:80]) > 1e-3 >= changes[80]
    assert np.array_equal(jacobi(grid, threads=threads, tolerance=1e-3), textbook(grid, 81))


def test_whichever_comes_first() -> None:
    """With both, it stops at the iterations or at the tolerance."""
    grid = some_grid(12, 9)
    assert np.array_equal(jacobi(grid, threads=2, iterations=5, tolerance=1e-3), textbook(grid, 5))
    assert np.array_equal(jacobi(grid, threads=2, iterations=500, tolerance=1e-3), textbook(grid, 81))
    assert np.array_equal(jacobi(grid, threads=2, iterations=0), grid)


def test_other_numbers_become_float64() -> None:
    """A list of lists of ints, an array in Fortran's order, a view: each is copied into rows of float64."""
    whole = [[4, 4, 4], [0, 0, 0], [0, 0, 0]]
    assert jacobi(whole, threads=1, iterations=1).tolist() == [[4, 4, 4], [0, 1, 0], [0, 0, 0]]
    grid = some_grid(20, 30)
    for same in (np.asfortranarray(grid), np.repeat(grid, 2, axis=0)[::2]):
        assert np.array_equal(jacobi(same, threads=2, iterations=9), textbook(grid, 9))


@pytest.mark.parametrize("make", [Barrier, threading.Barrier])
def test_any_barrier_will_do(make: Callable[..., Any]) -> None:
    """The threads meet once an iteration, at the barrier that they are given."""
    actions: list[int] = []

    def counting(parties: int, action: Callable[[], None]) -> Any:
        def counted() -> None:
            action()
            actions.append(1)

        return make(parties, counted)

    grid = some_grid(30, 30)
    assert np.array_equal(jacobi(grid, threads=3, iterations=20, barrier=counting), textbook(grid, 20))
    assert len(actions) == 20


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("iterations", [0, 1, 2, 7])
def test_in_place_the_grid_is_the_result(iterations: int, dtype: type) -> None:
    """After an even and after an odd number of iterations; what is returned is the same object."""
    grid = some_grid(17, 29, dtype)
    expected = textbook(grid, iterations)
    assert jacobi(grid, threads=3, iterations=iterations, in_place=True) is grid
    assert np.array_equal(grid, expected)


@pytest.mark.parametrize("failing", [1, 2, 5])
def test_in_place_a_failure_leaves_the_last_iteration(failing: int) -> None:
    """What was given holds a complete iteration, never half of one."""
    grid = some_grid(9, 9)
    expected = textbook(grid, failing)

    def progress(iteration: int, change: float | None) -> None:
        if iteration == failing:
            raise InterruptedError("enough")

    with pytest.raises(InterruptedError, match="enough"):
        jacobi(grid, threads=2, iterations=8, in_place=True, progress=progress)
    assert np.array_equal(grid, expected)


def test_in_place_needs_an_array_that_can_hold_the_result() -> None:
    """Anything of which it would have to make a copy is refused, and is not changed."""
    floats = some_grid(5, 6)
    frozen = floats.copy()
    frozen.flags.writeable = False
    for wrong, got in (
        ([[0.0] * 3] * 3, "a list"),
        (np.zeros((3, 3), int), "an array of int64, writable, with rows one after the other"),
        (floats[:, ::2], "an array of float64, writable, with another layout"),
        (frozen, "an array of float64, read-only, with rows one after the other"),
    ):
        with pytest.raises(ValueError, match=f"in_place needs a writable array of float32 or .* got {got}; instead"):
            jacobi(wrong, threads=1, iterations=1, in_place=True)


def test_progress_is_told_of_each_iteration() -> None:
    """Its number and, with a tolerance, the largest change; the last call is that of the last iteration."""
    grid = some_grid(12, 9)
    told: list[tuple[int, float | None]] = []
    jacobi(grid, threads=2, tolerance=1e-3, progress=lambda *what: told.append(what))
    changes = [np.abs(textbook(grid, number) - textbook(grid, number - 1)).max() for number in range(1, 82)]
    assert told == list(enumerate(changes, 1))
    told.clear()
    jacobi(grid, threads=2, iterations=3, progress=lambda *what: told.append(what))
    assert told == [(1, None), (2, None), (3, None)]


def _relaxation(parts: list[Callable[[list[int], list[int]], float]], **options: Any) -> Relaxation[list[int]]:
    return Relaxation([0], [0], parts, **{"iterations": 10, "tolerance": None, "barrier": Barrier, **options})


@pytest.mark.parametrize("failing", [0, 1, 2])
def test_a_failing_worker_stops_everybody(failing: int) -> None:
    """The caller gets that worker's exception, from its own thread's part or another's, and no thread is left."""
    before = threading.active_count()
    relaxation: Relaxation[list[int]]

    def part(number: int) -> Callable[[list[int], list[int]], float]:
        def sweep(source: list[int], target: list[int]) -> float:
            if number == failing and relaxation.iteration == 4:
                raise ZeroDivisionError(f"part {number}")
            return 0.0

        return sweep

    relaxation = _relaxation([part(number) for number in range(3)])
    with pytest.raises(ZeroDivisionError, match=f"part {failing}"):
        relaxation.run()
    assert relaxation.iteration == 4
    assert threading.active_count() == before


def test_a_thread_that_can_not_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller gets the error, and the threads that were started end."""
    before = threading.active_count()
    start = threading.Thread.start

    def refuse_the_second(thread: threading.Thread) -> None:
        if threading.active_count() > before:
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", refuse_the_second)
    with pytest.raises(RuntimeError, match="can't start new thread"):
        _relaxation([lambda source, target: 0.0] * 3).run()
    assert threading.active_count() == before


def test_a_barrier_that_breaks_by_itself_is_reported() -> None:
    """If no worker failed, the caller gets the BrokenBarrierError."""

    def impatient(parties: int, action: Callable[[], None]) -> Barrier:
        return Barrier(parties, action, timeout=0.01)

    gate = threading.Event()

    def slow(source: list[int], target: list[int]) -> float:
        gate.wait(0.2)
        return 0.0

    with pytest.raises(threading.BrokenBarrierError, match="timed out"):
        _relaxation([lambda source, target: 0.0, slow], barrier=impatient).run()


def test_no_infinity_is_reached() -> None:
    """With a tolerance a cell that becomes infinite or NaN is an error, not an endless loop."""
    grid = np.full((10, 10), math.inf)
    grid[5, 5] = 0.0
    with pytest.raises(ArithmeticError, match="iteration 1 made a cell infinite or NaN"), np.errstate(invalid="ignore"):
        jacobi(grid, threads=1, tolerance=1e-3)


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({}, TypeError, "would never stop: give iterations=, tolerance=, or both"),
        ({"iterations": -1}, ValueError, "iterations must be at least 0; got -1"),
        ({"iterations": 1.5}, TypeError, r"iterations must be an int; got 1\.5"),
        ({"tolerance": 0}, ValueError, "tolerance must be finite and greater than 0; got 0"),
        ({"tolerance": math.nan}, ValueError, "tolerance must be finite and greater than 0; got nan"),
        ({"tolerance": "1"}, TypeError, "tolerance must be a number; got '1'"),
        ({"iterations": 1, "progress": 3}, TypeError, "progress must be callable, or None; got 3"),
        ({"iterations": 1, "threads": 0}, ValueError, "threads must be at least 1; got 0"),
        ({"iterations": 1, "grid": np.zeros(9)}, ValueError, r"at least 3 rows and 3 columns, .* got shape \(9,\)"),
        ({"iterations": 1, "grid": np.zeros((2, 9))}, ValueError, r"got shape \(2, 9\)"),
        ({"iterations": 1, "grid": np.zeros((3, 3), complex)}, TypeError, "real numbers; got dtype complex128"),
    ],
)
def test_misuse_is_reported_at_once(arguments: dict[str, Any], kind: type[Exception], message: str) -> None:
    """A bad argument raises, naming itself and its value."""
    with pytest.raises(kind, match=message):
        jacobi(**{"grid": np.zeros((4, 4)), "threads": 2, **arguments})


def test_without_numpy_only_jacobi_is_missing() -> None:
    """The package is imported and used without NumPy; jacobi then says what to install."""
    program = (
        "import sys; sys.modules['numpy'] = None\n"
        "from phalanx import Barrier, jacobi\n"
        "assert Barrier(1).wait() == 0\n"
        "try: jacobi([[0.0] * 3] * 3, threads=1, iterations=1)\n"
        "except ImportError as error: print(error)"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert ended.stdout == "jacobi() needs NumPy, which is not installed; instead: pip install 'phalanx[bench]'\n"
