"""Loops of real code that wait with a timeout: what they come to, and which of their turns leave nothing behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.laws.expiring import author
from tests.laws.spins import breaches, found, scenario
from treadle.runtime import clock
from treadle.runtime.instrumentation import containers, loops
from treadle.runtime.instrumentation.lodgings import Lodgings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_loops_come_to_what_bounded_loops_come_to(seed: int, tmp_path: Path) -> None:
    """The same outcomes, endless turns included, nothing is cut, and nothing ends asleep: 8 scenarios a seed."""
    assert [*breaches(author, f"expiring {seed}", 8, tmp_path)] == []


GET = "while True:\n    try:\n        told_ME.append({}.get(timeout=1))\n        break\n    except queue.Empty:\n        continue"
ENDS: dict[str, tuple[str, str, int]] = {
    # What waits, what ends the wait, and in how many traces. The end comes first; or while it is waited for; or when the wait
    # has expired, and the waiter is about to say so; or when it stands where it stood.
    "event": ("while not e.wait(0.1):\n    pass", "e.set()", 4),
    "queue": (GET.format("q"), "q.put(5)", 4),
    # A wait for one of these is one step: it comes before or after.
    "simple queue": (GET.format("s"), "s.put(5)", 2),
    "lock": ("while not m.acquire(timeout=0.1):\n    pass\nm.release()", "m.acquire()\nm.release()", 3),
    "for ever": ("import itertools\nfor _ in itertools.count():\n    if box.x:\n        break", "box.x = 1", 2),
    "repeated": ("import itertools\nfor _ in itertools.repeat(None):\n    if box.x:\n        break", "box.x = 1", 2),
    # It asks once before the first turn begins.
    "asked": ("for _ in iter(lambda: box.x, 1):\n    pass", "box.x = 1", 3),
}


@pytest.mark.parametrize("name", ENDS)
def test_a_wait_that_expires_again_and_again_is_parked(name: str, tmp_path: Path) -> None:
    """Every form of waiting with a timeout, and every endless iterator that a loop alone has, with the number of traces."""
    wait, end, traces = ENDS[name]
    seen = found(tmp_path, scenario(wait, end))
    assert (seen.verdict.executions, seen.reasons) == (traces, [])
    assert "stuck" not in seen.outcomes


def test_several_may_wait_with_a_timeout_for_the_same(tmp_path: Path) -> None:
    """Each finds locks of the other in the queue when it leaves it, and neither has looked at them."""
    seen = found(tmp_path, scenario(*["while not e.wait(0.1):\n    pass"] * 2, "e.set()"))
    assert (seen.verdict.executions, seen.reasons) == (86, [])


def test_who_waits_with_a_timeout_for_nothing_goes_round_for_ever(tmp_path: Path) -> None:
    """Nobody sets the event, or it is set and cleared; a notification finds the waiter, or it comes between two turns."""
    wait = "while not e.wait(0.1):\n    pass"
    assert found(tmp_path, scenario(wait)).outcomes == {"stuck"}
    assert found(tmp_path, scenario(wait, "e.set()\ne.clear()")).outcomes == {"stuck", "[[], [], 0, 0]"}
    told = found(
        tmp_path,
        scenario("while True:\n    with c:\n        if c.wait(1):\n            break", "with c:\n    c.notify()"),
    )
    assert told.outcomes == {"stuck", "[[], [], 0, 0]"}


def test_a_deadline_ends_a_loop_of_waits_with_a_timeout(tmp_path: Path) -> None:
    """Who asks for the time itself is not parked: the clock jumps."""
    wait = "end = time.monotonic() + 3600\nwhile time.monotonic() < end:\n    if e.wait(0.1):\n        break"
    seen = found(tmp_path, scenario(f"{wait}\ntold_ME.append(e.is_set())", "pass"))
    assert (seen.outcomes, seen.reasons) == ({"[[False], [], 0, 0]"}, [])


LEFT: dict[str, str] = {
    "counts": "turns = 0\nwhile not e.wait(1):\n    turns += 1\ntold_ME.append(turns)",
    "counts for others": "while not e.wait(1):\n    box.y += 1",
    "counts by its iterator": "import itertools\nfor turn in itertools.count():\n    if e.wait(1):\n        break\ntold_ME.append(turn)",
    "moves an iterator of somebody else": "import itertools\nn = itertools.count()\nfor _ in n:\n    if e.wait(1):\n        break\nnext(n)",
    "stores the lock": "locks = []\nwhile not e.wait(1):\n    locks.append(threading.Lock())",
    "leaves a lock in the queue": "while not e.wait(1):\n    c._waiters.append(threading.Lock())",
    "takes another one out": "c._waiters.extend(threading.Lock() for _ in range(99))\nwhile not e.wait(1):\n    c._waiters.popleft()",
}


@pytest.mark.parametrize("name", LEFT)
def test_a_turn_that_leaves_something_behind_is_followed(name: str, tmp_path: Path) -> None:
    """Until it is cut, or until the code ends it, and nobody is said to go round for ever."""
    seen = found(tmp_path, scenario(LEFT[name], "e.set()"), steps=150)
    assert "stuck" not in seen.outcomes
    assert any("cut after 150 steps" in reason for reason in seen.reasons)


def test_an_end_of_repetitions_comes(tmp_path: Path) -> None:
    """A loop over an iterator with so many items left is not at the same place after one of them."""
    wait = "import itertools\nfor _ in itertools.repeat(None, 3):\n    if box.x:\n        break\nelse:\n    told_ME.append(3)"
    seen = found(tmp_path, scenario(wait, "box.x = 1"))
    assert (seen.outcomes, seen.verdict.executions, seen.reasons) == ({"[[], [], 1, 0]", "[[3], [], 1, 0]"}, 4, [])


SEEN = scenario(
    # Whoever finds a lock in the queue, then none, then one again, has seen two turns.
    "while True:\n    with c:\n        c.wait(1)\n    if box.x:\n        break",
    "a, b, d = [len(c._waiters) for _ in range(3)]\nbox.x = 1\ntold_ME.append((a, b, d))",
)
KEPT = scenario(
    "while not box.x:\n    if not m.acquire(blocking=False):\n        told_ME.append('mine')\n        break",
    "box.x = 1",
)
DEADLINE = scenario("end = time.monotonic() + 9\nwhile not box.x and time.monotonic() < end:\n    e.wait(1)", "pass")
ENDED = scenario(
    "import itertools\nfor _ in itertools.repeat(None, 3):\n    if box.x:\n        break\nelse:\n    told_ME.append(3)",
    "box.x = 1",
)
FAULTS: dict[str, tuple[str, Any, str, Any]] = {
    "whoever looks at a queue is not heard of": (SEEN, Lodgings, "look", lambda *_: None),
    "every lock is fresh": (KEPT, loops.Loop, "_fresh", lambda loop: frozenset(loop._ledger.turns.made)),
    "who asks for the time measures": (DEADLINE, clock, "ASKED", clock.MEASURED),
    "repetitions have no end": (ENDED, containers, "is_private_and_endless", lambda _: True),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_rule_is_seen(fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part of the rule is needed: without it some scenario comes to something else."""
    code, owner, name, wrong = FAULTS[fault]
    right = found(tmp_path, code)
    assert right.reasons == []
    monkeypatch.setattr(owner, name, wrong)
    assert found(tmp_path, code).outcomes != right.outcomes
