"""Two who empty the same list commute, and nothing is lost by that."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from tests.laws.rules import ALL, Rules, all_is_found, assembled
from treadle.runtime.instrumentation import clearing

if TYPE_CHECKING:
    from pathlib import Path

    from tests.quality.worlds import Found

HEAD = '''
import threading
from collections import deque

class Loud:
    """Tells who drops it."""

    def __init__(self, told):
        self.told = told

    def __del__(self):
        self.told.append(threading.current_thread().name)

    def __repr__(self):
        return "loud"

def run(box, *bodies):
    logs, told = [[] for _ in bodies], []
    threads = [
        threading.Thread(target=body, args=(box, log, told), name=str(number))
        for number, (body, log) in enumerate(zip(bodies, logs))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left = len(box)
    box.clear()
    return logs, told, left

def take(box, log):
    try:
        log.append(str(box.pop()))
    except IndexError:
        log.append(None)
'''
DEEDS = {
    "clear": "box.clear()",
    "add": "box.append(7)",
    "add aloud": "box.append(Loud(told))",
    "take": "take(box, log)",
    "measure": "log.append(len(box))",
    "ask": "log.append('full' if box else 'empty')",
}
CHANGES = Rules(clearing, "CLEARED", frozenset())
"""No call empties."""
FEW, MANY = 4, 30
"""So many programs, quickly and slowly."""


def text(dice: random.Random, threads: int = 0) -> str:
    """A program: two or three threads do some of these things to one list, or one deque."""
    threads = threads or dice.choice((2, 2, 3))
    bodies = [
        [DEEDS[dice.choice(("clear", "clear", *DEEDS))] for _ in range(dice.randint(1, 2))] for _ in range(threads)
    ]
    box = dice.choice(("[1, 2]", "[]", "deque([1])"))
    return assembled(HEAD, bodies, "box, log, told", f"run({box}")


def compared(path: Path, source: str) -> tuple[Found, Found]:
    """What is found, and what is found where a clear changes the whole."""
    path.write_text(source, encoding="utf-8")
    return ALL.found(path), CHANGES.found(path)


@pytest.mark.parametrize(("seed", "programs"), [(0, FEW), pytest.param(1, MANY, marks=pytest.mark.slow)])
def test_the_same_is_found_as_with_changes(seed: int, programs: int, tmp_path: Path) -> None:
    """The outcomes of generated programs are the same, who drops what included, in no more executions."""
    dice = random.Random(seed)
    for _ in range(programs):
        source = text(dice)
        few, many = compared(tmp_path / "program.py", source)
        assert few.outcomes == many.outcomes, source
        assert few.reasons == many.reasons, source
        assert few.verdict.executions <= many.verdict.executions, source
        assert few.verdict.redundant == 0, source


@pytest.mark.slow
def test_the_same_is_found_in_every_interleaving(tmp_path: Path) -> None:
    """The outcomes of generated programs are those of all interleavings."""
    dice = random.Random(7)
    for _ in range(MANY // 3):
        path = tmp_path / "program.py"
        path.write_text(text(dice, threads=2), encoding="utf-8")
        all_is_found(path)


CLEARERS = """
def program():
    def clear(box, log, told):
        box.clear()
    def measure(box, log, told):
        log.append(len(box))
    return run(BOX, clear, clear, clear, measure)
"""


@pytest.mark.parametrize(("box", "few", "many"), [("[1]", 8, 24), ("[Loud([])]", 24, 24)])
def test_who_empties_it_first_makes_no_difference(box: str, few: int, many: int, tmp_path: Path) -> None:
    """Three who empty a list and one who looks: it is before or after each, 2 x 2 x 2; with changes, 4! orders.

    Where the list holds what has a finalizer, it makes a difference.
    """
    found = compared(tmp_path / "program.py", HEAD + CLEARERS.replace("BOX", box))
    assert [each.verdict.executions for each in found] == [few, many]
