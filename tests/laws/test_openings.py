"""A release whose failure makes no difference commutes with others, and nothing is lost by that."""

from __future__ import annotations

import ast
import random
from typing import TYPE_CHECKING

import pytest

from tests.laws.rules import ALL, Rules, all_is_found, assembled
from treadle.runtime.instrumentation import openings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.quality.worlds import Found

HEAD = """
import threading

def open_gate(gate):
    try:
        gate.release()
    except RuntimeError:
        return

def run(gates, *bodies):
    logs = [[] for _ in bodies]
    shared = []
    threads = [threading.Thread(target=body, args=(log, shared, *gates)) for body, log in zip(bodies, logs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return logs, shared, [gate.locked() for gate in gates]

def gates_of(closed):
    gates = [threading.Lock(), threading.Lock()]
    for gate, is_closed in zip(gates, closed):
        if is_closed:
            gate.acquire()
    return gates
"""
DEEDS = {
    "open": "open_gate(GATE)",
    "open here": "try:\n    GATE.release()\nexcept RuntimeError:\n    pass",
    "release": "try:\n    GATE.release()\nexcept RuntimeError:\n    log.append('open')",
    "acquire": "GATE.acquire()",
    "try": "log.append(GATE.acquire(False))",
    "timed": "log.append(GATE.acquire(timeout=1))",
    "locked": "log.append(GATE.locked())",
    "note": "shared.append(log)",
}
RELEASES = Rules(openings, "opened", lambda _node, *, last: None)
"""No release is an opening."""
FEW, MANY = 5, 30
"""So many programs, quickly and slowly."""


def text(dice: random.Random, threads: int = 0) -> str:
    """A program: two or three threads do some of these things to two gates, each of which is closed or open."""
    threads = threads or dice.choice((2, 2, 3))
    bodies = []
    for _ in range(threads):
        names = [dice.choice(("open", "open here", *DEEDS)) for _ in range(dice.randint(1, 2 if threads > 2 else 3))]
        bodies.append([DEEDS[name].replace("GATE", dice.choice(("one", "two"))) for name in names])
    closed = dice.choice(((True, True), (True, False), (False, False)))
    return assembled(HEAD, bodies, "log, shared, one, two", f"run(gates_of({closed})")


def compared(path: Path, source: str) -> tuple[Found, Found]:
    """What is found with openings, and without."""
    path.write_text(source, encoding="utf-8")
    return ALL.found(path), RELEASES.found(path)


@pytest.mark.parametrize(("seed", "programs"), [(0, FEW), pytest.param(1, MANY, marks=pytest.mark.slow)])
def test_the_same_is_found_as_with_releases(seed: int, programs: int, tmp_path: Path) -> None:
    """The outcomes of generated programs are the same, deadlocks included, and no execution is redundant."""
    dice = random.Random(seed)
    for _ in range(programs):
        source = text(dice)
        few, many = compared(tmp_path / "program.py", source)
        assert few.outcomes == many.outcomes, source
        assert few.reasons == many.reasons == [], source
        assert few.verdict.redundant == many.verdict.redundant == 0, source


@pytest.mark.slow
def test_the_same_is_found_in_every_interleaving(tmp_path: Path) -> None:
    """The outcomes of generated programs are those of all interleavings."""
    dice = random.Random(7)
    for _ in range(MANY // 3):
        path = tmp_path / "program.py"
        path.write_text(text(dice, threads=2), encoding="utf-8")
        all_is_found(path)


OPENERS = """
def program():
    def body(log, shared, one, two):
        open_gate(one)
        open_gate(two)
    return run(gates_of((True, True)), body, body, body)
"""


def test_who_opens_first_makes_no_difference(tmp_path: Path) -> None:
    """Three threads that open two gates have one trace; as releases, 3 x 3: who is first at each gate."""
    few, many = compared(tmp_path / "program.py", HEAD + OPENERS)
    assert few.verdict.executions == 1
    assert many.verdict.executions == 9


@pytest.mark.parametrize(
    ("statement", "lock"),
    [
        ("try:\n    l.release()\nexcept RuntimeError:\n    pass", "l"),
        ("try:\n    l.release()\nexcept RuntimeError:\n    return", None),  # something follows: the function goes on
        ("try:\n    l.release()\nexcept RuntimeError as e:\n    pass", None),
        ("try:\n    l.release()\nexcept Exception:\n    pass", None),
        ("try:\n    l.release()\nexcept RuntimeError:\n    missed += 1", None),
        ("try:\n    l.release()\nexcept RuntimeError:\n    pass\nelse:\n    count += 1", None),
        ("try:\n    l.release()\nexcept RuntimeError:\n    pass\nfinally:\n    done()", None),
        ("try:\n    l.release()\n    count += 1\nexcept RuntimeError:\n    pass", None),
        ("try:\n    self.l.release()\nexcept RuntimeError:\n    pass", None),
        ("try:\n    l.release()\nexcept RuntimeError:\n    return 1", None),
        ("try:\n    l.release(1)\nexcept RuntimeError:\n    pass", None),
        ("try:\n    l.acquire()\nexcept RuntimeError:\n    pass", None),
        ("try:\n    done = l.release()\nexcept RuntimeError:\n    pass", None),
    ],
)
def test_only_a_failure_that_changes_nothing_is_recognised(statement: str, lock: str | None) -> None:
    """What follows the release, or its failure, makes it a release like any other."""
    assert openings.opened(ast.parse(statement).body[0], last=False) == lock  # type: ignore[arg-type]
