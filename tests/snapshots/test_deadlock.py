"""A deadlock is told as who waits for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.snapshots.executions import execution_of
from treadle.report import deadlock
from treadle.report.names import Names
from treadle.semantics.cells import Await
from treadle.semantics.locks import Acquire
from treadle.semantics.threads import Begin, End, Join, Start

if TYPE_CHECKING:
    from pathlib import Path

    from treadle.model.operations import Operation

    Steps = list[tuple[int, Operation]]
    Pending = dict[int, Operation]

# Two threads that each hold a lock and want the other's; main joins the first.
CIRCLE: Steps = [(1, Acquire("a")), (2, Acquire("b"))]
WANTED: Pending = {0: Join("one"), 1: Acquire("b"), 2: Acquire("a")}


def _told(steps: Steps, pending: Pending, files: dict[str, str] | None = None) -> list[str]:
    execution = execution_of(["main", "one", "two"], steps, pending)
    names = Names(execution, files or {}, {})
    waits = deadlock.waits(execution, names)
    return [deadlock.sentence(waits, names), *(wait.sentence(names) for wait in waits)]


def test_a_circle_of_two() -> None:
    """The sentence names the circle; each wait says who holds what."""
    assert _told(CIRCLE, WANTED) == [
        "one and two wait for each other.",
        "main waits for one to end",
        "one waits for b, which two holds",
        "two waits for a, which one holds",
    ]


def test_a_circle_of_three() -> None:
    """It begins at the task with the smallest number."""
    steps: Steps = [(0, Acquire("a")), (1, Acquire("b")), (2, Acquire("c"))]
    pending: Pending = {0: Acquire("b"), 1: Acquire("c"), 2: Acquire("a")}
    assert _told(steps, pending)[0] == "main, one and two wait for each other in a circle."


def test_a_task_that_waits_for_itself() -> None:
    """A plain lock cannot be taken twice."""
    assert _told([(0, Acquire("a"))], {0: Acquire("a")}) == [
        "main waits for a, which it holds itself.",
        "main waits for a, which it holds itself",
    ]


def test_a_lock_that_was_never_given_back() -> None:
    """Its holder has ended; whoever waits for who waits for it is no cause."""
    steps: Steps = [(0, Start("one")), (1, Begin("one")), (1, Acquire("a")), (1, End("one"))]
    assert _told(steps, {0: Join("two"), 2: Acquire("a")}) == [
        "two waits for a, which one held when it ended.",
        "main waits for two to end",
        "two waits for a, which one held when it ended",
    ]


def test_a_wait_to_be_woken(tmp_path: Path) -> None:
    """Who made the lock in passing waits for nobody in particular."""
    path = tmp_path / "mail.py"
    path.write_text("arrived.wait()\n", encoding="utf-8")
    wakeup = Acquire("lock main@mail.py:1")
    told = "main waits to be woken, and nobody is left to do it"
    assert _told([(0, wakeup)], {0: wakeup}, {"mail.py": str(path)}) == [f"{told}.", told]


def test_several_that_wait_for_the_same() -> None:
    """They share the sentence."""
    steps: Steps = [(0, Acquire("a")), (0, End("main"))]
    assert (
        _told(steps, {1: Acquire("a"), 2: Acquire("a")})[0] == "one and two wait for a, which main held when it ended."
    )


def test_a_wait_for_another_kind_of_object() -> None:
    """It is told by its own name."""
    assert _told([], {0: Await("x", bool)}) == ["main waits for x (await).", "main waits for x (await)"]
