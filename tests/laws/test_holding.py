"""Loops that hold a lock and let it go to wait with a timeout: what they come to, and when they are parked in their wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import treadle
from tests.laws.holding import author
from tests.laws.spins import breaches, found, scenario
from treadle.model.operations import BLOCKED
from treadle.model.verdict import Status
from treadle.runtime.instrumentation import loops
from treadle.runtime.instrumentation.lodgings import Lodgings
from treadle.semantics.polling import Poll

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_loops_come_to_what_bounded_loops_come_to(seed: int, tmp_path: Path) -> None:
    """The same outcomes, endless turns included, nothing is cut, and nothing ends asleep: 12 scenarios a seed."""
    assert [*breaches(author, f"holding {seed}", 12, tmp_path)] == []


WITH = "with c:\n    while not box.x:\n        c.wait(0.1)\ntold_ME.append(box.y)"
TOLD = "with c:\n    while not c.wait(0.1):\n        pass"
# The end of the wait comes first. Or while it is waited for: then the waiter is told. Or when the timeout has expired, and
# the waiter is about to take the lock again. Or in one of these two places a turn later, where it is parked.
ENDS: dict[str, tuple[str, str, int]] = {
    "told": (WITH, "with c:\n    box.x = 1\n    c.notify()", 5),
    "not told": (WITH, "with c:\n    box.x = 1", 3),
    "without the lock": (WITH, "box.x = 1", 3),
    "a plain lock": (
        "with e._cond:\n    while not e._flag:\n        e._cond.wait(0.1)",
        "e.set()",
        5,
    ),
    "a queue's": ("with q.not_empty:\n    while not q._qsize():\n        q.not_empty.wait(1)", "q.put(5)", 5),
    "a predicate": (
        "with c:\n    while not c.wait_for(lambda: box.x, 0.1):\n        pass",
        "with c:\n    box.x = 1",
        3,
    ),
    "any of some": (
        "with c:\n    while not any(x for x in (box.x, box.y)):\n        c.wait(1)",
        "with c:\n    box.x = 1",
        3,
    ),
    "a lock inside": (
        "with c:\n    while True:\n        with m:\n            if box.x:\n                break\n        c.wait(1)",
        "with m:\n    box.x = 1",
        3,
    ),
}


@pytest.mark.parametrize("name", ENDS)
def test_a_wait_with_a_lock_around_is_parked(name: str, tmp_path: Path) -> None:
    """Every form of it, with the number of traces."""
    wait, end, traces = ENDS[name]
    seen = found(tmp_path, scenario(wait, end))
    assert (seen.verdict.executions, seen.reasons) == (traces, [])
    assert "stuck" not in seen.outcomes


def test_who_is_never_told_goes_round_for_ever(tmp_path: Path) -> None:
    """Nobody changes what it looks at, or a notification comes when it has given up the wait before."""
    assert found(tmp_path, scenario(WITH)).outcomes == {"stuck"}
    assert found(tmp_path, scenario(TOLD, "with c:\n    c.notify()")).outcomes == {"stuck", "[[], [], 0, 0]"}


def test_the_lock_is_free_meanwhile(tmp_path: Path) -> None:
    """Others may take it, again and again, while the waiter is parked, and see it in the queue."""
    work = "for _ in range(2):\n    with c:\n        box.y += 1\nwith c:\n    told_ME.append(len(c._waiters))\n    box.x = 1"
    seen = found(tmp_path, scenario(WITH, work))
    assert (seen.outcomes, seen.reasons) == ({"[[2], [0], 1, 2]", "[[2], [1], 1, 2]"}, [])


def test_a_deadline_ends_a_loop_with_a_lock_around(tmp_path: Path) -> None:
    """Who asks for the time is not parked: the clock jumps."""
    wait = (
        "end = time.monotonic() + 3600\nwith c:\n    while not box.x and time.monotonic() < end:\n        c.wait(0.1)"
    )
    seen = found(tmp_path, scenario(f"{wait}\ntold_ME.append(box.x)", "pass"))
    assert (seen.outcomes, seen.reasons) == ({"[[0], [], 0, 0]"}, [])


LEFT: dict[str, str] = {
    "counts": "turns = 0\nwith c:\n    while not box.x:\n        c.wait(1)\n        turns += 1\ntold_ME.append(turns)",
    "counts for others": "with c:\n    while not box.x:\n        c.wait(1)\n        box.y += 1",
    "keeps what it waits for": "with c:\n    while not box.x:\n        c.wait(1)\n        e._cond._waiters.append(threading.Lock())",
}


@pytest.mark.parametrize("name", LEFT)
def test_a_turn_that_leaves_something_behind_is_followed(name: str, tmp_path: Path) -> None:
    """Until it is cut, or until the code ends it, and nobody is said to go round for ever."""
    seen = found(tmp_path, scenario(LEFT[name], "with c:\n    box.x = 1"), steps=150)
    assert "stuck" not in seen.outcomes
    assert any("cut after 150 steps" in reason for reason in seen.reasons)


def test_two_that_go_behind_each_other_are_given_up(tmp_path: Path) -> None:
    """Each turn of one puts it behind the other in the queue: the verdict is incomplete, soon, and says why."""
    seen = found(tmp_path, scenario(WITH, WITH, "with c:\n    box.x = 1"))
    assert len(seen.reasons) == 2
    assert all("go behind each other" in reason for reason in seen.reasons)
    assert seen.outcomes == {"[[0], [0], [], 1, 0]"}


def test_one_that_waits_behind_another_is_parked(tmp_path: Path) -> None:
    """A wait that is no loop: who goes round is behind it after one turn, and stays there."""
    seen = found(
        tmp_path, scenario(WITH, "with c:\n    told_ME.append(c.wait(1))", "with c:\n    box.x = 1\n    c.notify()")
    )
    assert seen.reasons == []
    assert "stuck" not in seen.outcomes
    assert {"[[0], [True], [], 1, 0]", "[[0], [False], [], 1, 0]"} == seen.outcomes


def test_at_synchronisation_it_is_said_at_once(tmp_path: Path) -> None:
    """A read that is no step cannot be waited for."""
    file = tmp_path / "waits.py"
    file.write_text(scenario(WITH, "with c:\n    box.x = 1"), encoding="utf-8")
    verdict = treadle.explore(f"{file}::scenario", granularity="sync")
    assert verdict.status is Status.INCOMPLETE
    assert "granularity access follows it" in verdict.reasons[0]


class Deaf(Poll):
    """A poll that nothing ends."""

    __slots__ = ()

    def alternatives(self, task: int, look: Any) -> Any:  # noqa: ARG002
        """None, ever."""
        return BLOCKED


# Whoever finds a lock in the queue, then none, then one again, then none, has seen two turns.
SEEN = scenario(
    "with c:\n    while not box.x:\n        c.wait(1)",
    "told_ME.append([len(c._waiters) for _ in range(4)])\nbox.x = 1",
)
FAULTS: dict[str, tuple[str, Any, str, Any]] = {
    "whoever looks at a queue is not heard of": (SEEN, Lodgings, "look", lambda *_: None),
    "nothing ends a wait": (scenario(WITH, "with c:\n    box.x = 1"), loops, "Poll", Deaf),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_rule_is_seen(fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part of the rule is needed: without it some scenario comes to something else."""
    code, owner, name, wrong = FAULTS[fault]
    right = found(tmp_path, code)
    assert right.reasons == []
    monkeypatch.setattr(owner, name, wrong)
    assert found(tmp_path, code).outcomes != right.outcomes
