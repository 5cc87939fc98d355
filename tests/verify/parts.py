"""What the contract leaves to words, as scenarios: actions that never overlap, exact timeouts, gates that are handed on.

`treadle` explores every interleaving of each; on real threads they run as well.
"""

from __future__ import annotations

import threading
import time
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import phalanx
from phalanx.gates import Gates, open_gate
from phalanx.stage import Stage, Turns
from tests.verify.promises import run

if TYPE_CHECKING:
    from collections.abc import Callable

LIMIT = 0.5


def actions_in_turn() -> None:
    """P4: an action that still runs although its generation was broken holds up the next generation's."""
    inside: list[int] = []

    def act() -> None:
        inside.append(1)
        assert len(inside) == 1, "two actions at a time"
        inside.pop()

    barrier = phalanx.Barrier(1, act)

    def wait() -> None:
        try:
            barrier.wait()
        except threading.BrokenBarrierError:
            return

    def reset_and_wait() -> None:
        barrier.reset()
        wait()

    run(wait, reset_and_wait)


def _slept(answers: list[object], told: list[float]) -> Callable[..., object]:
    """A wait with a time limit, which it notes: each takes half a second, and answers with the next of these."""

    def sleep(*_: object, seconds: float) -> object:
        told.append(seconds)
        time.sleep(LIMIT / 2)  # virtual
        answer = answers.pop(0)
        return answer() if callable(answer) else answer

    return sleep


def onlookers_in_time() -> None:
    """P7: who looked on has waited, and goes on with the rest of its time, or with none that is left."""
    _looks_on(before=0, seconds=LIMIT, rest=LIMIT / 2)
    _looks_on(before=1, seconds=LIMIT, rest=0.0)
    _looks_on(before=0, seconds=-1.0, rest=-1.0)


def _looks_on(before: int, seconds: float, rest: float) -> None:
    """One onlooker, who is late by so many limits."""
    barrier = phalanx.Barrier(1, lambda: None)
    generation = barrier._generation
    generation.tickets.clear()
    told: list[float] = []
    sleep = _slept([lambda: generation.settle(barrier._tripped(generation))], told)

    def look(_: int, seconds: float) -> object:
        time.sleep(before * LIMIT)  # virtual
        return sleep(seconds=seconds)

    generation.stage.onlookers = SimpleNamespace(sleep=look)  # type: ignore[union-attr]
    following, left = barrier._pass_over(generation, seconds)
    assert (following, left, told) == (generation.following, rest, [seconds]), (left, told)


def turns_in_time() -> None:
    """P7: who waits for its turn counts all that it has waited, and does not wait when its time is up."""
    for seconds, expected in ((LIMIT, [LIMIT, LIMIT / 2, 0.0, 0.0]), (-1.0, [-1.0] * 4)):
        turns, holder, stage, fate = Turns(), Stage(), Stage(), {}  # type: ignore[var-annotated]
        told: list[float] = []
        sleep = _slept([True, True, True, lambda found=fate: found.setdefault("verdict", 1)], told)
        stage.prompt = SimpleNamespace(acquire=lambda timeout, sleep=sleep: sleep(seconds=timeout))  # type: ignore[assignment]
        assert turns.take(holder, {}, -1.0)
        assert not turns.take(stage, fate, seconds)
        assert told == expected, told
        assert holder.waiting == [stage.prompt] * 4
        stage.prompt = SimpleNamespace(acquire=lambda timeout: timeout < 0)  # type: ignore[assignment]
        assert not turns.take(stage, {}, LIMIT)


def handed_on() -> None:
    """P9: a gate that is opened once lets all its sleepers pass, and who has one of its own opens the next one's."""
    shared, apart, stage = Gates(3, chains=1), Gates(2, chains=2), Stage()
    passed: list[list[bool]] = [[] for _ in range(7)]
    sleeps = [
        *(partial(shared.sleep, index, -1) for index in range(3)),
        *(partial(apart.sleep, index, -1) for index in range(2)),
        *[partial(stage.onlookers.sleep, 0, -1)] * 2,
    ]

    def sleeper(index: int) -> None:
        passed[index].append(sleeps[index]())

    def ring() -> None:
        shared.open()
        stage.open()
        open_gate(apart._gates[0])  # whoever rings stops here

    run(*(partial(sleeper, index) for index in range(len(sleeps))), ring)
    assert passed == [[True]] * len(sleeps), passed
    assert not Gates(1).sleep(0, 0.0)
    assert not stage.prompt.locked(), "a leader that waits for its turn is not told of the verdict"


def late_sleeper_rings() -> None:
    """P7: one whose time is up, and whose generation has tripped, opens all gates: whoever rings may have stopped."""
    barrier = phalanx.Barrier(3)
    generation = barrier._generation
    generation.settle(barrier._tripped(generation))
    barrier._expire(generation)
    assert [generation.bell.sleep(index, 0.0, {}) for index in range(2)] == [True, True]


def overtaken_reading() -> None:
    """P12: who has found a generation that trips meanwhile says how the next one is."""
    barrier = phalanx.Barrier(1)
    generation = barrier._generation
    barrier.wait()
    barrier._current = lambda: generation  # type: ignore[method-assign]
    assert barrier.statistics() == phalanx.BarrierStatistics(1, 0, 0)


class StrikeError(BaseException):
    """What strikes."""


def _striking(work: Callable[..., Any], told: list[str], name: str) -> Callable[..., Any]:
    """The same, noted; but struck as soon as it is entered, the first time."""

    def struck(*arguments: Any) -> Any:
        told.append(name)
        if told.count(name) == 1:
            raise StrikeError(name)
        return work(*arguments)

    return struck


def struck_twice() -> None:
    """P10: one that is struck while it leaves a generation leaves it all the same, and ends by what struck it."""
    barrier = phalanx.Barrier(2)
    generation, told = barrier._generation, list[str]()
    barrier._leave = _striking(barrier._leave, told, "leave")  # type: ignore[method-assign]
    _ends_struck(lambda: barrier._withdraw(generation, StrikeError("first")))
    assert (told, barrier.broken, generation.tickets) == (["leave"] * 2, True, [])
    barrier = phalanx.Barrier(2)
    generation, told = barrier._generation, []
    generation.bell = SimpleNamespace(sleep=_striking(lambda *_: True, told, "sleep"), open_all=lambda: None)
    barrier._withdraw = _striking(barrier._withdraw, told, "withdraw")  # type: ignore[method-assign]
    _ends_struck(barrier.wait)
    assert (told, barrier.broken) == (["sleep", "withdraw", "withdraw"], True)


def struck_abort() -> None:
    """P6, P10: an abort that is struck breaks the generation all the same: first the verdict, then its end, whole."""
    for where in ("settle", "ring"):
        barrier, told = phalanx.Barrier(2), list[str]()
        generation = barrier._generation

        class Fate(dict[str, Any]):
            def setdefault(self, *arguments: Any, told: list[str] = told, where: str = where) -> Any:
                told.append("settle")
                if where == "settle" and told.count("settle") == 1:
                    raise StrikeError("settle")
                return super().setdefault(*arguments)

        def clear(found: Any = generation) -> None:
            assert found.fate, "the tickets are thrown away, and there is no verdict"

        def ring(told: list[str] = told, where: str = where) -> None:
            told.append("ring")
            if where == "ring" and told.count("ring") == 1:
                raise StrikeError("ring")

        generation.fate = Fate()
        generation.tickets = SimpleNamespace(clear=clear)  # type: ignore[assignment]
        generation.bell = SimpleNamespace(open_all=ring)
        _ends_struck(barrier.abort)
        assert barrier.broken
        assert told == {"settle": ["settle", "settle", "ring"], "ring": ["settle", "ring", "settle", "ring"]}[where]


def _ends_struck(work: Callable[[], object]) -> None:
    try:
        work()
    except StrikeError:
        return
    raise AssertionError("what struck was swallowed")
