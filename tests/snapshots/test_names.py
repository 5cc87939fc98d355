"""A reader meets the names that the program gives, never those that the checker needs."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from tests.snapshots.executions import execution_of
from treadle.report.names import Made, Names, made
from treadle.report.sources import line_of
from treadle.semantics.locks import Acquire
from treadle.semantics.threads import Start

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = dedent(
    """\
    class Account:
        def __init__(self):
            self.lock = Lock()  # guards the balance
            self.changed: Condition = threading.Condition(
                self.lock
            )

    a, b = Lock(), Lock()
    locks = [Lock() for _ in range(2)]
    ready = Event()
    answer = queue.get()
    changed.wait()
    raw = _thread.allocate_lock()
    use(Lock())
    """
)


@pytest.fixture
def file(tmp_path: Path) -> str:
    """The source above, in a file."""
    path = tmp_path / "bank.py"
    path.write_text(SOURCE, encoding="utf-8")
    return str(path)


def _names(file: str, *locks: str) -> Names:
    execution = execution_of(["main"], [(0, Acquire(lock)) for lock in locks])
    return Names(execution, {"bank.py": file}, {})


@pytest.mark.parametrize(
    ("stable", "told"),
    [
        ("lock main@bank.py:3", "Account.lock"),
        ("lock main@bank.py:3#2", "Account.lock"),
        ("rlock main@bank.py:4", "Account.changed"),
        ("rlock main@bank.py:5", "Account.changed"),
        ("lock import@bank.py:8", "a"),
        ("lock import@bank.py:8#2", "b"),
        ("lock import@bank.py:8#3", "the lock of bank.py:8"),
        ("lock import@bank.py:9", "locks"),
        ("lock import@bank.py:10", "the lock in ready"),
        ("lock main.1@bank.py:12", "the lock of bank.py:12"),
        ("lock import@bank.py:13", "raw"),
        ("lock import@bank.py:14", "the lock of bank.py:14"),
        ("lock main@elsewhere.py:3", "the lock of elsewhere.py:3"),
        ("Account main@bank.py:3.balance", "Account.balance"),
        ("Account main@bank.py:3#2.balance", "Account.balance"),
        ("list import@bank.py:9[0]", "locks[0]"),
        ("dict import@bank.py:9['a'].b", "locks['a'].b"),
        ("list import@bank.py:9 (keys)", "locks"),
        ("list import@bank.py:12[0]", "the list of bank.py:12[0]"),
        ("module bank import@?:0.total", "bank.total"),
        ("class bank.Account.shared", "class bank.Account.shared"),
        ("variables of transfers main@bank.py:3.count", "count of transfers"),
        ("x", "x"),
    ],
)
def test_an_object_has_the_name_that_its_maker_gave_it(file: str, stable: str, told: str) -> None:
    """It is read from the source line that made it; without one, the place is the name."""
    assert _names(file, stable).thing(stable) == told


@pytest.mark.parametrize(
    ("stable", "told"),
    [
        (["lock main@bank.py:3", "lock main@bank.py:3#2"], ["Account.lock #1", "Account.lock #2"]),
        (["lock main@bank.py:3#10", "lock main@bank.py:3#9"], ["Account.lock #2", "Account.lock #1"]),
        (["lock main.1@bank.py:3", "lock main@bank.py:3"], ["Account.lock #2", "Account.lock #1"]),
        (["Account main@bank.py:3.a", "Account main@bank.py:3.b"], ["Account.a", "Account.b"]),
        (["Account main@bank.py:3.a", "Account main@bank.py:4.a"], ["Account #1.a", "Account #2.a"]),
    ],
)
def test_two_objects_never_share_a_name(file: str, stable: list[str], told: list[str]) -> None:
    """They are numbered by who made them where, and as the how manieth; two parts of one thing need no number."""
    names = _names(file, *stable)
    assert [names.thing(name) for name in stable] == told


@pytest.mark.parametrize(
    ("stable", "owner"),
    [
        ("lock main.1@bank.py:12", "main.1"),  # changed.wait()
        ("lock main.1@bank.py:11", "main.1"),  # answer = queue.get()
        ("lock main@bank.py:3", None),
        ("lock import@bank.py:14", None),
        ("rlock main@bank.py:12", None),
        ("lock main@elsewhere.py:12", None),
        ("x", None),
    ],
)
def test_a_lock_that_is_made_in_passing_is_a_wakeup(file: str, stable: str, owner: str | None) -> None:
    """Only a plain lock, made in a line that calls no class."""
    assert _names(file, stable).wakeup_of(stable) == owner


def test_a_task_has_the_name_of_its_thread() -> None:
    """Where the thread has one, by number and by stable name."""
    execution = execution_of(["main", "main.1"], [(0, Start("main.1"))])
    names = Names(execution, {}, {1: "worker"})
    assert (names.task(0), names.task(1), names.thing("main.1")) == ("main", "worker", "worker")


def test_two_tasks_never_share_a_name() -> None:
    """Two threads of one name are numbered."""
    names = Names(execution_of(["main", "main.1", "main.2"], []), {}, {1: "worker", 2: "worker"})
    assert [names.task(task) for task in range(3)] == ["main", "worker #1", "worker #2"]


def test_a_source_line_is_shown_without_its_comment(file: str) -> None:
    """Indentation and comment go; a line that is not there is empty."""
    assert line_of(file, 3) == "self.lock = Lock()"
    assert line_of(file, 4_000) == ""
    assert line_of("nowhere.py", 1) == ""


def test_a_stable_name_is_taken_apart() -> None:
    """Kind, maker, place and number; other names have no parts."""
    assert made("lock main.1.2@bank.py:12#3") == Made("lock", "main.1.2", "bank.py:12", 3, "")
    assert made("list main@bank.py:12[0]") == Made("list", "main", "bank.py:12", 1, "[0]")
    assert made("x") is None
