"""Loops of real code that wait: parking them loses nothing that the same code with bounded loops can come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.laws.spins import author, breaches, found, scenario
from treadle.runtime.clock import Clock
from treadle.runtime.instrumentation import loops
from treadle.runtime.instrumentation.ledger import Ledger
from treadle.runtime.instrumentation.locations import Thing
from treadle.runtime.instrumentation.spent import Spent
from treadle.search.bounded import Bounded
from treadle.search.exhaustive import Exhaustive
from treadle.semantics import polling

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_loops_come_to_what_bounded_loops_come_to(seed: int, tmp_path: Path) -> None:
    """The same outcomes, endless turns included, nothing is cut, and nothing ends asleep: 6 scenarios a seed."""
    assert [*breaches(author, f"turns {seed}", 6, tmp_path)] == []


@pytest.mark.slow
def test_other_searches_come_to_the_same(tmp_path: Path) -> None:
    """Every interleaving, and a bound on preemptions that bounds nothing."""
    code = scenario("while not box.x:\n    pass\ntold_ME.append(box.y)", "box.y = 1\nbox.x = 1\nbox.y = 2")
    expected = found(tmp_path, code).outcomes
    assert expected == {"[[1], [], 1, 2]", "[[2], [], 1, 2]"}
    assert found(tmp_path, code, Exhaustive).outcomes == expected
    assert found(tmp_path, code, Unbounded).outcomes == expected


class Unbounded(Bounded):
    """The bounded search, with more preemptions than there can be."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(99)


SET = "box.x = 1"
WAITS = {
    # What waits for `box.x = 1`: how many traces. The write comes first; or one turn sees nothing, and the next one does.
    "while not box.x:\n    pass": 2,
    "while not box.x:\n    time.sleep(0)": 2,
    "while (seen := box.x) == 0:\n    pass": 2,
    "while True:\n    if box.x:\n        break": 2,
    "def ready():\n    return box.x\nwhile not ready():\n    pass": 2,
    # The value of the first turn is new, since there was none before: so the second one is the first that is idle.
    "seen = None\nwhile not seen:\n    seen = box.x": 3,
    # A generator of each turn is gone at its end.
    "while not any(box.x for _ in (0,)):\n    pass": 2,
    # The write comes before the first look, before the second, or after both.
    "while not box.x:\n    while not box.x:\n        pass": 3,
}


@pytest.mark.parametrize("wait", WAITS)
def test_one_write_ends_a_wait(wait: str, tmp_path: Path) -> None:
    """Every form of waiting for one write, with its number of traces."""
    seen = found(tmp_path, scenario(wait, SET))
    assert (seen.outcomes, seen.verdict.executions, seen.reasons) == ({"[[], [], 1, 0]"}, WAITS[wait], [])


def test_a_lock_is_waited_for_by_trying(tmp_path: Path) -> None:
    """Two sections, each after any number of attempts: both have happened in the end."""
    section = "while not m.acquire(blocking=False):\n    pass\nbox.x += 1\nm.release()"
    assert found(tmp_path, scenario(section, section)).outcomes == {"[[], [], 2, 0]"}


def test_who_waits_for_what_nobody_does_goes_round_for_ever(tmp_path: Path) -> None:
    """The write comes too early, or is taken back, or each waits for the other."""
    assert found(tmp_path, scenario("while box.x != 1:\n    pass", "box.x = 2")).outcomes == {"stuck"}
    back = found(tmp_path, scenario("while not box.x:\n    pass", "box.x = 1\nbox.x = 0"))
    assert back.outcomes == {"stuck", "[[], [], 0, 0]"}
    pair = scenario("while not box.x:\n    pass\nbox.y = 1", "while not box.y:\n    pass\nbox.x = 1")
    assert found(tmp_path, pair).outcomes == {"stuck"}


def test_who_waits_for_others_by_counting_them_sees_them_go(tmp_path: Path) -> None:
    """A question to the registry of threads is a look at it; so is one whether a thread is alive."""
    wait = "while threading.active_count() > 2:\n    pass\ntold_ME.append(box.x)"
    counted = found(tmp_path, scenario(wait, SET))
    assert counted.outcomes == {
        "[[0], [], 1, 0]",
        "[[1], [], 1, 0]",
    }  # before the other one is started, or after its end
    assert counted.reasons == []
    inner = "inner = threading.Thread(target=lambda: setattr(box, 'x', 1))\ninner.start()\n"
    wait = f"{inner}while inner.is_alive():\n    inner.join(0.1)\ntold_ME.append(box.x)"
    assert found(tmp_path, scenario(wait)).outcomes == {"[[1], 1, 0]"}


def test_a_condition_over_several_lines_is_one_loop(tmp_path: Path) -> None:
    """Where the loop begins and where it is asked again are not the same line."""
    wait = "while (\n    box.x == 0\n    and\n    box.y == 0\n):\n    pass"
    assert found(tmp_path, scenario(wait, SET)).reasons == []


def test_waiting_for_the_time_ends(tmp_path: Path) -> None:
    """The clock jumps for who does nothing but ask for the time, and for who sleeps in between."""
    for nap in ("pass", "time.sleep(0.01)"):
        wait = f"end = time.monotonic() + 60\nwhile not box.x and time.monotonic() < end:\n    {nap}"
        seen = found(tmp_path, scenario(f"{wait}\ntold_ME.append(box.x)", SET))
        assert seen.outcomes == {"[[0], [], 1, 0]", "[[1], [], 1, 0]"}
        assert seen.reasons == []


def test_the_time_after_a_loop_that_sleeps_is_a_guess(tmp_path: Path) -> None:
    """Nobody knows how often it slept, so who asks makes the verdict incomplete."""
    wait = "while not box.x:\n    time.sleep(1)"
    assert found(tmp_path, scenario(wait, SET)).reasons == []
    asked = found(tmp_path, scenario(f"{wait}\ntold_ME.append(time.monotonic() > 1002)", SET))
    assert asked.reasons == ["the time was asked for after a loop in which a task slept again and again"]


IMPURE = {
    "counts": "turns = 0\nwhile not box.x:\n    turns += 1\ntold_ME.append(turns)",
    "toggles": "while not box.x:\n    box.y = 1 - box.y",
    "appends": "while not box.x:\n    told_ME.append(0)",
    "moves an iterator": "numbers = iter(range(9_999))\nwhile not box.x:\n    next(numbers)",
    "holds": "m.acquire()\nm.release()\nr = threading.RLock()\nr.acquire()\nwhile not box.x:\n    r.acquire()",
    "draws": "import random\nwhile not box.x:\n    random.random()",
    "shows its variables": "while not box.x:\n    locals()",
    "yields": "def turns():\n    while not box.x:\n        yield\nfor _ in turns():\n    pass",
}


@pytest.mark.parametrize("name", IMPURE)
def test_a_turn_that_leaves_something_behind_is_not_idle(name: str, tmp_path: Path) -> None:
    """It is followed until it is cut, and the verdict is incomplete."""
    seen = found(tmp_path, scenario(IMPURE[name], SET), steps=60)
    assert "stuck" not in seen.outcomes
    assert any("cut after 60 steps" in reason for reason in seen.reasons)


OBSERVED = scenario(
    # Whoever looks at the lock while it is held knows that a turn goes on: so two turns may be seen.
    "while True:\n    with m:\n        if box.x:\n            break",
    "a = m.acquire(blocking=False)\nif a:\n    m.release()\nwith m:\n    box.y = 1\n"
    "b = m.acquire(blocking=False)\nif b:\n    m.release()\nwith m:\n    box.x = 1\ntold_ME.append((a, b))",
)
LOCKED = scenario("while True:\n    with m:\n        if box.x:\n            break", "with m:\n    box.x = 1")
FAULTS: dict[str, tuple[str, Any, str, Any]] = {
    "what is read but is no step is forgotten": (LOCKED, Ledger, "gathered", lambda *_: []),
    "a lock that was seen held counts as unseen": (OBSERVED, polling, "idle_iteration", None),
    "variables are not compared": (
        scenario("turns = 0\nwhile not box.x and turns < 2:\n    turns += 1\ntold_ME.append(turns)", SET),
        loops.Loop,
        "lap",
        lambda loop, *_: loop._lap(()),
    ),
    "the time is not asked for": (
        scenario("end = time.monotonic() + 9\nwhile not box.x and time.monotonic() < end:\n    time.sleep(1)", "pass"),
        Clock,
        "read",
        Clock.elapsed,
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_rule_is_seen(fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part of the rule is needed: without it some scenario comes to something else."""
    code, owner, name, wrong = FAULTS[fault]
    right = found(tmp_path, code)
    assert right.reasons == []
    if owner is polling:
        owner, wrong = loops, _blind
    monkeypatch.setattr(owner, name, wrong)
    assert found(tmp_path, code).outcomes != right.outcomes


def _blind(events: Any, task: int) -> Any:
    """The rule that forgets what others do."""
    return polling.idle_iteration([event for event in events if event.task == task], task)


def test_a_generator_that_goes_on_is_not_spent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it stands decides how long the loop goes on; if it counted as gone, the loop would be taken to be endless."""
    code = scenario(
        "tries = (n for n in (1, 2))\nwhile not box.x and next(tries, 0):\n    pass\ntold_ME.append(box.x)", SET
    )
    right = found(tmp_path, code)
    assert right.outcomes == {"[[0], [], 1, 0]", "[[1], [], 1, 0]"}
    monkeypatch.setattr(Thing, "is_gone", lambda _: True)
    monkeypatch.setattr(Spent, "gone", lambda spent, task, since: sum(deed > since for deed, _ in spent._moved[task]))
    assert found(tmp_path, code).outcomes != right.outcomes


def test_deeds_that_are_not_counted_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop that toggles something is cut; if its writes did not count, it would be taken to be idle."""
    code = scenario(IMPURE["toggles"].replace("box.y = 1 - box.y", "told_ME.append(0)"), SET)
    assert found(tmp_path, code, steps=60).reasons
    original = loops.Loop._lap

    def forgetful(loop: Any, values: Any) -> bool:
        loop._ledger.turns.deeds = 0
        return original(loop, values)

    monkeypatch.setattr(loops.Loop, "_lap", forgetful)
    assert found(tmp_path, code, steps=60).outcomes != found(tmp_path, scenario("pass", SET)).outcomes
