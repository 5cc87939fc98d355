"""Threads that are declared interchangeable: the outcomes of real scenarios stay the same, in fewer executions."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

import treadle
from tests.laws.generated import RandomDice
from tests.quality.worlds import explored, settled
from treadle.model.verdict import Ending, Status
from treadle.runtime import twins
from treadle.runtime.scenario import Scenario
from treadle.runtime.world import World
from treadle.semantics.locks import TryAcquire

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.laws.generated import Dice
    from treadle.model.verdict import Verdict
    from treadle.semantics.execution import Execution

STATEMENTS = [
    "a = cell[0]",
    "cell[0] = a + 1",
    "cell[0] = 7",
    "cell[1] = cell[0]",
    "if a == 0:\n            cell[2] = a + 1",
    "with lock:\n            cell[1] = cell[1] + 1",
    "if lock.acquire(blocking=False):\n            cell[2] = 5\n            lock.release()",
]
FORM = """
from threading import Lock, Thread

def scenario():
    cell, lock, seen = [0, 0, 0], Lock(), []

    def work():
        a = 0
        {work}
        with lock:
            seen.append(a)

    def other():
        {other}

    {starts}
    for thread in threads:
        thread.join()
    return tuple(cell), tuple(sorted(seen))
"""
EACH = "\n    for thread in threads:\n        thread.start()"
STARTS = [
    f"threads = [Thread(target=work), Thread(target=work)]{EACH}",
    f"threads = [Thread(target=work) for _ in range(3)]{EACH}",
    # A third thread between the twins; and another one before them, with a step of the starter's between.
    f"threads = [Thread(target=work), Thread(target=other), Thread(target=work)]{EACH}",
    """threads = [Thread(target=other), Thread(target=work), Thread(target=work)]
    threads[0].start()
    threads[1].start()
    cell[0] = 3
    threads[2].start()""",
]


def scenario(dice: Dice) -> str:
    """The text of a scenario in which two or three threads do the same."""
    work = "\n        ".join(dice.pick(STATEMENTS) for _ in range(dice.pick([1, 2, 3])))
    return FORM.format(work=work, other=dice.pick(STATEMENTS[2:4]), starts=dice.pick(STARTS))


def outcomes(path: Path, text: str, *, symmetry: bool) -> tuple[set[Any], Verdict]:
    """What the scenario can return, or how it can end, and the verdict of the last pass."""
    path.write_text(text, encoding="utf-8")
    world = World(Scenario.parse(f"{path}::scenario"), symmetry=symmetry, keep_going=True)
    found: set[Any] = set()

    def watch(execution: Execution, _verdict: Verdict) -> None:
        if execution.ending is not Ending.ASLEEP:
            found.add((execution.ending, world.result))

    verdict = settled(world, anew=found.clear, watch=watch)
    world.close()
    verdict.reasons += world.reasons
    return found, verdict


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_symmetry_keeps_the_outcomes_of_real_scenarios(tmp_path: Path, seed: int) -> None:
    """8 generated scenarios a seed: what they return, in any order of the twins; with fewer executions in all."""
    dice = RandomDice(random.Random(f"twins {seed}"))
    plain, ordered = 0, 0
    for number in range(8):
        text = scenario(dice)
        expected, all_orders = outcomes(tmp_path / f"plain{number}.py", text, symmetry=False)
        found, one_order = outcomes(tmp_path / f"twins{number}.py", text, symmetry=True)
        assert found == expected, text
        assert not one_order.reasons, text
        assert one_order.executions <= all_orders.executions, text
        plain += all_orders.executions
        ordered += one_order.executions
    assert ordered < plain


KEYED = """
from collections import defaultdict
from threading import Lock, Thread

def scenario():
    table, members, made, lock, seen = {{'here': 0}}, {{'here'}}, defaultdict(int, here=0), Lock(), []

    def work():
        a = {work}
        with lock:
            seen.append(a)

    threads = [Thread(target=work) for _ in range({threads})]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tuple(sorted(map(str, seen))), tuple(sorted([*table, *members, *made]))
"""


@pytest.mark.parametrize(
    ("work", "threads"),
    [
        ("table.setdefault('new', 1)", 3),
        ("table.setdefault('here', 1)", 2),
        ("table.pop('here', None)", 3),
        ("members.add('new')", 2),
        ("members.discard('here')", 2),
        ("made['new']", 2),
        ("(table.pop('here', None), table.setdefault('here', 1))", 2),
        ("(table.setdefault('new', 1), table.pop('new', None))", 2),
    ],
)
def test_who_finds_nothing_to_do_may_be_the_first_elsewhere(tmp_path: Path, work: str, threads: int) -> None:
    """What only looks after another twin has put or taken a key would be a mark before that, and waits for its turn."""
    text = KEYED.format(work=work, threads=threads)
    expected, all_orders = outcomes(tmp_path / "plain.py", text, symmetry=False)
    found, one_order = outcomes(tmp_path / "twins.py", text, symmetry=True)
    assert found == expected
    assert all_orders.reasons == one_order.reasons == []
    assert one_order.executions <= all_orders.executions


BARRIER = """
from threading import Barrier, Thread

def scenario():
    barrier, indices = Barrier({parties}), []

    def work():
        indices.append(barrier.wait())

    threads = [Thread(target=work) for _ in range({parties})]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tuple(sorted(indices))
"""


def test_the_orders_of_arrival_at_a_barrier_are_one(tmp_path: Path) -> None:
    """Three parties of the standard library's barrier: 12 orders of arriving and leaving, times those of appending."""
    found, plain = outcomes(tmp_path / "plain.py", BARRIER.format(parties=3), symmetry=False)
    same, ordered = outcomes(tmp_path / "twins.py", BARRIER.format(parties=3), symmetry=True)
    assert found == same == {(Ending.COMPLETE, (0, 1, 2))}
    assert plain.executions == 6 * ordered.executions
    assert ordered.redundant == 0


@pytest.mark.parametrize("second", ["lambda: work()", "work, args=(1,)", "work, kwargs={'x': 1}"])
def test_threads_with_another_function_or_other_arguments_are_not_twins(tmp_path: Path, second: str) -> None:
    """As many executions with symmetry as without."""
    starts = f"threads = [Thread(target=work), Thread(target={second})]\n    [t.start() for t in threads]"
    text = FORM.format(work="cell[0] = 7", other="pass", starts=starts).replace("work():", "work(x=0):")
    _, plain = outcomes(tmp_path / "plain.py", text, symmetry=False)
    _, ordered = outcomes(tmp_path / "twins.py", text, symmetry=True)
    assert ordered.executions == plain.executions > 1


APART = BARRIER.replace("for thread in threads:\n        thread.join()", "{joins}")


@pytest.mark.parametrize(
    "joins",
    [
        "threads[0].join()\n    indices.append(9)\n    threads[1].join()",
        "threads[0].join(1.0)\n    threads[1].join()",
        "threads[1].is_alive()\n    threads[0].join()\n    threads[1].join()",
    ],
)
def test_who_tells_twins_apart_makes_the_verdict_incomplete(tmp_path: Path, joins: str) -> None:
    """A step between two joins, a join that may expire, a question: each could depend on which is which."""
    _, verdict = outcomes(tmp_path / "apart.py", APART.format(parties=2, joins=joins), symmetry=True)
    assert verdict.status is Status.INCOMPLETE
    assert verdict.reasons == ["main tells threads apart that were declared interchangeable"]
    _, verdict = outcomes(tmp_path / "plain.py", APART.format(parties=2, joins=joins), symmetry=False)
    assert verdict.reasons == []


def test_a_failure_under_symmetry_is_told_and_replayed_like_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The schedule fits the scenario without symmetry too."""
    monkeypatch.chdir(tmp_path)
    lost = FORM.format(work="a = cell[0]\n        cell[0] = a + 1", other="pass", starts=STARTS[0])
    (tmp_path / "lost.py").write_text(lost.replace("return", "assert cell[0] == 2\n    return"), encoding="utf-8")
    verdict = treadle.explore("lost.py::scenario", symmetry=True)
    assert verdict.notes["symmetry"] is True
    assert verdict.failure is not None
    assert verdict.failure.schedule is not None
    assert "assert cell[0] == 2" in treadle.tell(verdict.failure.schedule)


def test_a_thread_that_is_wrongly_merged_is_caught_by_the_law(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: threads with different functions are taken for twins; an outcome is lost."""
    starts = "threads = [Thread(target=work), Thread(target=other)]\n    [t.start() for t in threads]"
    text = FORM.format(work="cell[0] = 7", other="cell[0] = 8", starts=starts)
    expected, _ = outcomes(tmp_path / "plain.py", text, symmetry=False)
    assert outcomes(tmp_path / "twins.py", text, symmetry=True)[0] == expected
    always: Callable[[Any, Any], bool] = lambda _one, _other: True  # noqa: E731 - the fault
    monkeypatch.setattr(twins, "_same", always)
    assert outcomes(tmp_path / "faulty.py", text, symmetry=True)[0] < expected


STUCK = """
from threading import Lock, Thread

def scenario():
    first, second, turn, guard = Lock(), Lock(), [0], Lock()

    def work():
        with guard:
            turn[0] = turn[0] + 1
            mine = turn[0]
        one, other = (first, second) if mine == 1 else (second, first)
        with one:
            with other:
                pass

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""


def test_a_deadlock_of_twins_is_told_as_without_symmetry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for whom, up to which is which."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "stuck.py").write_text(STUCK, encoding="utf-8")
    for symmetry in (False, True):
        failure = treadle.explore("stuck.py::scenario", symmetry=symmetry).failure
        assert failure is not None
        assert failure.message == "deadlock: main.1 -> main.2 -> main.1, each waits for the next"


ATTEMPTS = """
from threading import Lock, Thread

class Box:
    flag, y = True, 0

def scenario():
    box, lock, got, seen = Box(), Lock(), [], []
    box.flag, box.y = True, 0

    def twin():
        if box.flag:
            box.y = 1
        else:
            got.append(lock.acquire(blocking=False))

    def lowers():
        box.flag = False

    def takes():
        lock.acquire()

    def looks():
        seen.append(box.y)

    threads = [Thread(target=body) for body in ({bodies})]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got, seen, box.y
"""


def attempts(tmp_path: Path, bodies: str) -> int:
    """The executions, where the threads stand in this order."""
    path = tmp_path / "attempts.py"
    path.write_text(ATTEMPTS.format(bodies=bodies), encoding="utf-8")
    found = explored("scenario", file=path, granularity="access", recorded=True, symmetry=True)
    assert found.outcomes == explored("scenario", file=path, granularity="access", recorded=True).outcomes
    assert found.verdict.redundant == 0
    return found.verdict.executions


def test_what_fails_here_and_would_be_a_mark_elsewhere_depends_on_the_mark_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An attempt that fails before the predecessor has made its mark reads it.

    If it did not, a trace would be lost, or not: by who stands first.
    """
    twins_first, twins_last = "twin, twin, lowers, takes, looks", "lowers, twin, twin, takes, looks"
    assert (attempts(tmp_path, twins_first), attempts(tmp_path, twins_last)) == (16, 14)
    monkeypatch.setattr(TryAcquire, "reading", True)  # a planted fault
    assert (attempts(tmp_path, twins_first), attempts(tmp_path, twins_last)) == (13, 14)
