"""The books that `threading` keeps can be silent: what a program can see is the same as when they are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.quality.worlds import explored
from treadle.runtime.threads import Threads
from treadle.runtime.world import World

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType


class Literal(World):
    """A world in which `threading` keeps its books step by step, as it is written."""

    __slots__ = ()

    def _prepare(self) -> dict[str, Callable[[ModuleType], None]]:
        prepare = super()._prepare()
        del prepare["threading"]
        return prepare


@pytest.mark.parametrize(
    ("name", "executions"),
    [
        ("one_thread", 1),
        pytest.param("two_threads", 2, marks=pytest.mark.slow),
        ("impatient_join", 3),  # the thread ends before the join expires, before it is asked, or after both
        ("start_and_ask", 3),  # it ends before it is asked, before the join expires, or after both
        ("ends_early", 2),
        pytest.param("alive", 2, marks=pytest.mark.slow),
    ],
)
def test_silent_books_keep_every_outcome(name: str, executions: int) -> None:
    """Each outcome of the literal books is one of the silent books and the other way round, in fewer executions."""
    silent, literal = explored(name), explored(name, kind=Literal)
    assert silent.outcomes == literal.outcomes
    assert silent.verdict.executions == executions < literal.verdict.executions
    assert silent.verdict.redundant == literal.verdict.redundant == 0
    assert silent.reasons == literal.reasons == []


OUTLIVED = """
import threading

def joins():
    log = []
    def late():
        threading.main_thread().join()
        log.append("late")
    threading.Thread(target=late).start()
    return log

def asks():
    main = threading.main_thread()
    thread = threading.Thread(target=lambda: main.is_alive() or print("alone", end=""))
    thread.start()
    return main.is_alive()

def loses_patience():
    def impatient():
        threading.main_thread().join(1)
        assert not threading.main_thread().is_alive()
    threading.Thread(target=impatient).start()

def nobody_asks():
    log = []
    threads = [threading.Thread(target=log.append, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    return "done"
"""


@pytest.mark.parametrize(
    ("name", "executions", "spared"),
    [("joins", 1, False), ("asks", 2, False), ("loses_patience", 3, False), ("nobody_asks", 2, True)],
)
def test_the_end_of_the_main_thread_is_a_step_for_who_asks_for_it(
    name: str, executions: int, spared: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same is found as if it always were, deadlocks and failures included; where nobody asks it is none."""
    path = tmp_path / "outlived.py"
    path.write_text(OUTLIVED, encoding="utf-8")
    here = explored(name, file=path, granularity="access", recorded=True)
    monkeypatch.setattr(Threads, "_is_awaited", lambda *_: True)
    there = explored(name, file=path, granularity="access", recorded=True)
    assert here.outcomes == there.outcomes
    assert here.verdict.executions == there.verdict.executions == executions
    assert here.verdict.steps == there.verdict.steps - spared * executions
    assert here.reasons == there.reasons == []


def test_to_forget_that_somebody_waits_for_the_main_thread_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A planted fault: who asks is not heard, and so finds the main thread always ended, or never."""
    path = tmp_path / "outlived.py"
    path.write_text(OUTLIVED, encoding="utf-8")
    monkeypatch.setattr(Threads, "_awaits", lambda *_: None)
    assert explored("loses_patience", file=path).verdict.executions < 3
