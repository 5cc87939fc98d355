"""What is found by comparing spans is what the definition of a race says of all accesses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.laws.test_accesses import COUNTS, PROGRAMS
from tests.quality.worlds import settled
from treadle.runtime.instrumentation.reckoning import ALWAYS, Pair, Reckoning
from treadle.runtime.scenario import Scenario
from treadle.runtime.world import World
from treadle.search.exhaustive import Exhaustive
from treadle.search.exploration import Limits
from treadle.search.optimal import Optimal

if TYPE_CHECKING:
    from treadle.model.trace import Event
    from treadle.runtime.instrumentation.locations import Location

    Touched = list[tuple[int, int, set[tuple[str, str]]]]

BEGIN, RACES = Reckoning.begin, Reckoning.races
NAMES = [*COUNTS, "half_locked"]


def racing(reckoning: Reckoning) -> set[Location]:
    """The locations with two accesses of different tasks that conflict, neither of which happens before the other."""
    events = reckoning._order.events
    accesses = [
        (span.number, span.task, location, mode)
        for span in reckoning.written
        for plan in span.plans
        for location, mode in plan.records
    ]
    found: set[Location] = set()
    for index, (now, task, location, mode) in enumerate(accesses):
        past = events[now - 1].past if now else 0
        for then, whose, same, other in accesses[:index]:
            if same is location and whose != task and (mode != other or mode in ALWAYS):
                later = [event.position for event in events[then:] if event.task == whose]
                if not any(past >> position & 1 for position in later):
                    found.add(location)
    return found


def compare(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """From now on each reckoning is held against the definition; how many races each has found."""
    everything_is_written(monkeypatch)
    found: list[int] = []

    def races(self: Reckoning) -> list[Pair]:
        pairs = RACES(self)
        assert {pair.location for pair in pairs} == racing(self)
        found.append(len(pairs))
        return pairs

    monkeypatch.setattr(Reckoning, "races", races)
    return found


def everything_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on nothing counts as known: all that is touched is written down."""

    def begin(self: Reckoning, script: list[Event]) -> int:
        BEGIN(self, script)
        return -1

    monkeypatch.setattr(Reckoning, "begin", begin)


def run_all(granularity: str, names: list[str] = NAMES) -> None:
    """Each program."""
    for name in names:
        run(name, granularity)


def run(name: str, granularity: str, strategy: type[Optimal | Exhaustive] = Optimal) -> None:
    """Explore until nothing new is learned."""
    world = World(Scenario.parse(f"{PROGRAMS}::{name}"), granularity=granularity, keep_going=True)
    settled(world, strategy, limits=Limits(executions=200))


@pytest.mark.parametrize("granularity", ["access", "sync"])
def test_spans_are_compared_as_accesses_are(granularity: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In every execution of every program exactly the locations are found that race."""
    found = compare(monkeypatch)
    run_all(granularity)
    assert sum(map(bool, found)) > len(NAMES) // 2
    assert not all(found)


def test_the_pasts_are_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same holds under a strategy that knows no order of its own, and makes every event anew."""
    found = compare(monkeypatch)
    for name in ("counter_2", "message", "keys"):
        run(name, "sync", Exhaustive)
    assert any(found)


def test_many_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same holds where there are too many spans to be compared one by one."""
    monkeypatch.setattr("treadle.runtime.instrumentation.reckoning.MANY", 0)
    monkeypatch.setattr("treadle.runtime.instrumentation.reckoning.REMEMBERED", 1)
    compare(monkeypatch)
    run_all("access")


def touched(monkeypatch: pytest.MonkeyPatch, granularity: str, names: list[str] = NAMES) -> list[Touched]:
    """What each execution of these programs has touched in each stretch, as its reckoning knows in the end."""
    found: list[Touched] = []

    def races(self: Reckoning) -> list[Pair]:
        pairs = RACES(self)
        found.append(
            [
                (span.number, span.task, {(part.name, mode) for plan in span.plans for part, mode in plan.records})
                for span in self._spans
            ]
        )
        return pairs

    monkeypatch.setattr(Reckoning, "races", races)
    run_all(granularity, names)
    return found


@pytest.mark.parametrize("granularity", ["access", "sync"])
def test_what_is_known_is_what_would_be_touched_again(granularity: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where an execution repeats the last one, nothing but steps is made; and the same is known to be touched there."""
    known = touched(monkeypatch, granularity)
    everything_is_written(monkeypatch)
    assert known == touched(monkeypatch, granularity)


def test_one_stretch_too_many_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is touched after the first new step is not known."""
    monkeypatch.setattr(Reckoning, "begin", lambda self, script: BEGIN(self, script) + 1)
    known = touched(monkeypatch, "access", ["order_of_keys"])
    everything_is_written(monkeypatch)
    assert known != touched(monkeypatch, "access", ["order_of_keys"])


FAULTS = {
    "nothing conflicts": ("_conflicts", lambda *_: False),
    "everything is kept": ("_keep", lambda reckoning: len(reckoning._order.events)),
    "no event is anybody's": ("_past", lambda *_: 0),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_caught(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reckoning that forgets a pair, or orders none, is held to be wrong."""
    compare(monkeypatch)
    monkeypatch.setattr(Reckoning, *FAULTS[fault])
    with pytest.raises(AssertionError):
        run_all("sync")
