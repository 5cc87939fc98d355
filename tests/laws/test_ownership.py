"""To have a lock is no question where the answer is certain, and no step where a lock is taken as it is made."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from tests.laws.rules import ALL, Rules, all_is_found, assembled
from treadle.runtime import locks
from treadle.runtime.locks import Locks
from treadle.semantics.execution import Execution

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """
import collections
import threading

class Place:
    gate = table = seen = None

def run(taken, *bodies):
    lock = threading.Lock()
    if taken:
        lock.acquire()
    condition = threading.Condition(lock)
    place = Place()
    place.gate = None
    place.table = collections.defaultdict(threading.Lock)
    place.seen = []
    logs = [[] for _ in bodies]
    threads = [threading.Thread(target=body, args=(log, lock, condition, place)) for body, log in zip(bodies, logs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return logs, lock.locked(), place.gate is not None and place.gate.locked()
"""
DEEDS = {
    "acquire": "lock.acquire()",
    "notify": "try:\n    condition.notify()\n    log.append('notified')\nexcept RuntimeError:\n    log.append('not mine')",
    "notify with": "with condition:\n    condition.notify_all()",
    "release": "try:\n    lock.release()\nexcept RuntimeError:\n    log.append('free')",
    "open": "try:\n    lock.release()\nexcept RuntimeError:\n    pass",
    "try": "log.append(lock.acquire(False))",
    "wait": "with condition:\n    log.append(condition.wait(1))",
    "locked": "log.append(lock.locked())",
    "make": "gate = threading.Lock()\ngate.acquire()\nplace.gate = gate",
    "show": "gate = threading.Lock()\nplace.gate = gate\ngate.acquire()",
    "sleep": "gate = threading.Lock()\ngate.acquire()\nplace.gate = gate\nlog.append(gate.acquire(timeout=1))",
    "wake": "gate = place.gate\nif gate is not None:\n    try:\n        gate.release()\n    except RuntimeError:\n        log.append('open')",
    "keyed": "with place.table['key']:\n    log.append(len(place.seen))\n    place.seen.append(log)",
    "enter": "gate = place.gate\nlog.append(gate is not None and gate.acquire(False))",
}
ASKED = Rules(Locks, "is_had", lambda *_: False)
"""Whoever asks whether the caller has the lock makes a step."""
TAKEN = Rules(Locks, "is_born_taken", lambda *_: False)
"""A lock is taken in a step."""
FEW, MANY = 5, 25
"""So many programs, quickly and slowly."""


def text(dice: random.Random, threads: int = 0) -> str:
    """A program: two or three threads do some of these things to a lock and to a place where one may leave another."""
    threads = threads or dice.choice((2, 2, 3))
    bodies = [
        [DEEDS[dice.choice([*DEEDS])] for _ in range(dice.randint(1, 2 if threads > 2 else 3))] for _ in range(threads)
    ]
    return assembled(HEAD, bodies, "log, lock, condition, place", f"run({dice.random() < 0.2}")


@pytest.mark.parametrize(("seed", "programs"), [(0, FEW), pytest.param(1, MANY, marks=pytest.mark.slow)])
@pytest.mark.parametrize("rules", [ASKED, TAKEN], ids=["asked", "taken"])
def test_the_same_traces_are_found_as_with_steps(rules: Rules, seed: int, programs: int, tmp_path: Path) -> None:
    """Generated programs have the same outcomes, in as many executions, deadlocks included, and none is redundant."""
    dice = random.Random(seed)
    for _ in range(programs):
        source = text(dice)
        path = tmp_path / "program.py"
        path.write_text(source, encoding="utf-8")
        here, there = ALL.found(path), rules.found(path)
        assert here.outcomes == there.outcomes, source
        assert here.reasons == there.reasons == [], source
        assert here.verdict.executions == there.verdict.executions, source
        assert here.verdict.steps <= there.verdict.steps, source
        assert here.verdict.redundant == there.verdict.redundant == 0, source


@pytest.mark.slow
def test_the_same_is_found_in_every_interleaving(tmp_path: Path) -> None:
    """The outcomes of generated programs are those of all interleavings."""
    dice = random.Random(7)
    for _ in range(FEW // 2):
        path = tmp_path / "program.py"
        path.write_text(text(dice, threads=2), encoding="utf-8")
        all_is_found(path)


def found(rules: Rules, path: Path, *bodies: str) -> tuple[set[str], int]:
    """The outcomes of threads that do these things, one after the other, and the executions."""
    deeds = [[DEEDS[name] for name in body.split(", ")] for body in bodies]
    path.write_text(assembled(HEAD, deeds, "log, lock, condition, place", "run(False"), encoding="utf-8")
    here = rules.found(path)
    return here.outcomes, here.verdict.executions


def test_who_has_a_lock_makes_no_step_to_find_that_out(tmp_path: Path) -> None:
    """Two threads that notify, each with the lock, have 2 traces, as ever; of 13 steps, not of 15."""
    path = tmp_path / "program.py"
    few, many = (found(rules, path, "notify with", "notify with") for rules in (ALL, ASKED))
    assert few == many == ({"([[], []], False, False)"}, 2)
    assert (ALL.found(path).verdict.steps, ASKED.found(path).verdict.steps) == (2 * 13, 2 * 15)


def test_a_lock_that_others_let_go_is_asked_about_in_steps(tmp_path: Path) -> None:
    """One thread has the lock and notifies, another lets it go, before or after: then the first one has it no more."""
    outcomes, _ = found(ALL, tmp_path / "program.py", "acquire, notify", "release")
    assert outcomes == {
        "([['notified'], []], False, False)",
        "([['not mine'], []], False, False)",
        "([['notified'], ['free']], True, False)",
    }
    opened, _ = found(ALL, tmp_path / "program.py", "acquire, notify", "open")
    assert opened == {text.replace("'free'", "") for text in outcomes}
    for release, all_of_them in (("release", outcomes), ("open", opened)):
        missed, _ = found(Rules(Locks, "_hand", lambda *_: None), tmp_path / "program.py", "acquire, notify", release)
        assert missed < all_of_them


def test_a_lock_that_may_have_been_seen_is_taken_in_a_step(tmp_path: Path) -> None:
    """Who shows a lock before taking it may find that another one has it, for good; who takes it first does not."""
    path = tmp_path / "program.py"
    harmless, deadlock = "([[], [False]], False, True)", "deadlock: main, main.1 wait for ever"
    assert found(ALL, path, "show", "enter")[0] == {harmless, deadlock}
    assert found(ALL, path, "make", "enter")[0] == {harmless}
    assert found(Rules(Locks, "is_born_taken", at_once), path, "show", "enter")[0] == {harmless}


def test_a_lock_that_a_step_has_made_may_have_been_seen(tmp_path: Path) -> None:
    """Two threads take a lock that whoever looks first makes: first one, or the other, whoever made it."""
    path = tmp_path / "program.py"
    outcomes = {f"([[{first}], [{1 - first}]], False, False)" for first in (0, 1)}
    assert found(ALL, path, "keyed", "keyed") == (outcomes, 4)
    assert found(Rules(locks, "QUIET", Everything()), path, "keyed", "keyed") == (outcomes, 2)


class Everything:
    """A planted fault: every kind of step is one in which nothing is run."""

    def __contains__(self, kind: str) -> bool:
        return True


def at_once(self: Locks, words: Any) -> bool:
    """A planted fault: it does not ask whether the lock may have been seen."""
    self.turns.execution.bear(words.name, self.turns.current)
    return True


def test_a_lock_that_is_born_taken_is_taken_wherever_the_search_looks(tmp_path: Path) -> None:
    """Who sleeps with a timeout is woken, or gives up before; a search that takes the lock for a free one loses that."""
    path = tmp_path / "program.py"
    woken, late, never = "([[True], []], False, True)", "([[False], []], False, False)", "([[False], []], False, True)"
    assert found(ALL, path, "sleep", "wake") == ({woken, late, never}, 3)
    assert found(Rules(Execution, "bear", bear_late), path, "sleep", "wake")[0] == {late, never}


def bear_late(self: Execution, name: str, state: Any) -> None:
    """A planted fault: what an object was born as is not remembered."""
    self.state[name] = state
